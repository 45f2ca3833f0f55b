"""Passwords: one's own changed, and the links by which one is set: an hour for one that is lost, a week to begin with.

No mail is sent yet: an admin makes the link on the team's page, or whoever runs leadgate does with
`leadgate user reset-link`, and hands it over. A new password ends the user's sessions on the server.
"""

from flask_babel import gettext as _

from store import password_links, sessions
from store.accounts import get_user
from store.passwords import LONGEST, SHORTEST, hash_password
from store.session import Invalid, NotFound
from store.user_requests import change_user
from web.logging_in import TooMany, who_logs_in
from web.pages.route import Answer, Go, Show, Visit
from web.problems import Problem


def change(visit: Visit) -> Answer:
    """Another password, for who knows the present one. The user's other sessions end."""
    database = visit.services.database
    password = _given(visit)
    try:
        known = who_logs_in(
            database, visit.throttle, visit.session.email, _typed(visit, "current"), visit.client
        )
    except TooMany as refused:
        raise Problem(429, headers=refused.rate.headers) from refused
    if not any(login.user_id == visit.viewer.user_id for login in known):
        raise Invalid("current", "is not your password")
    hashed = hash_password(password)
    with database.write() as connection:
        values = {"password_hash": hashed}
        change_user(connection, visit.viewer, visit.viewer.user_id, values, session_id=visit.session.id)
    return Go("/you", "password_changed")


def link(visit: Visit) -> Answer:
    """Where a link leads: the form for a new password."""
    token = visit.asked("token") or visit.given("token")
    context = {"link_token": token, "user": _find(visit, token), "shortest": SHORTEST}
    return Show("password.html", context)


def set_by_link(visit: Visit) -> Answer:
    """Sets the password, once, and logs its user in."""
    token = visit.given("token")
    _find(visit, token)
    password = _given(visit)
    hashed = hash_password(password)
    with visit.services.database.write() as connection:
        found = password_links.use(connection, token, visit.services.address_key, hashed)
        begun = sessions.begin(connection, found.scope, found.user_id, client=visit.browser)
    return Go("/", "password_changed", token=begun)


def make_link(visit: Visit, user_id: str) -> Answer:
    """A link for a user who has lost the password; its admin hands it over."""
    return shown(visit, user_id, invites=False)


def shown(visit: Visit, user_id: str, *, invites: bool) -> Show:
    """The page that shows a new link, this once."""
    scope = visit.viewer.scope
    lasts = password_links.INVITATION if invites else password_links.RESET
    user = get_user(visit.connection, scope, user_id)
    token = password_links.make(visit.connection, scope, user_id, visit.services.address_key, lasts)
    return Show(
        "password_link.html",
        {"user": user, "link": password_links.url(visit.services.public_url, token), "invites": invites},
    )


def _find(visit: Visit, token: str) -> password_links.Invited:
    with visit.services.database.read() as connection:
        try:
            return password_links.find(connection, token, visit.services.address_key)
        except NotFound as fault:
            told = _("This link has ended or was used. Ask an admin for another one.")
            raise Problem(404, told, translated=True) from fault


def _given(visit: Visit) -> str:
    password = _typed(visit, "password")
    if len(password) < SHORTEST:
        raise Invalid("password", f"at least {SHORTEST} characters")
    return password


def _typed(visit: Visit, name: str) -> str:
    """As typed: blanks belong to a password."""
    return visit.request.form.get(name, "")[:LONGEST]
