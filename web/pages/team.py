"""The account's users, for admins: who they are, new ones with an invitation, and a link for a lost password."""

from store.user_requests import add_user, users_json
from web.pages import passwords
from web.pages.route import Answer, Show, Visit


def team(visit: Visit) -> Answer:
    """The users, those who are still there first."""
    users = sorted(users_json(visit.connection, visit.viewer), key=lambda user: not user["active"])
    return Show("team.html", {"users": users, "only_one": visit.viewer.edition == "solo"})


def invite(visit: Visit) -> Answer:
    """A new user, and the link by which they set their password."""
    made = add_user(
        visit.connection,
        visit.viewer,
        visit.call.origin(),
        email=visit.given("email"),
        name=visit.given("name"),
        level="admin" if visit.given("level") == "admin" else "user",
        password_hash=None,
    )
    return passwords.shown(visit, made["id"], invites=True)
