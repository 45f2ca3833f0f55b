"""The account's people, for admins: users, invitations, levels, removal, and teams with their managers.

Managers see the teams they manage. Removing a user asks separately for open and closed leads, and shows where the user
is named. Teams exist in the expert edition while they are switched on; what was set up stays when they are switched
off, and gives nobody anything.
"""

from typing import Any

from flask_babel import gettext as _

from store import teams as store
from store.access import has_teams
from store.leaving import belongings
from store.session import Invalid
from store.user_requests import (
    ROUND_ROBIN,
    UNASSIGNED,
    add_user,
    change_user,
    remove_user,
    user_json,
    users_json,
)
from web.pages import passwords
from web.pages.route import Answer, Go, Show, Visit
from web.problems import Problem

KEEP = "keep"
"""Closed leads keep the former owner's name."""


def team(visit: Visit) -> Answer:
    """The users, those who are still there first, and the teams; for managers the teams they manage."""
    if not visit.viewer.is_admin:
        return _managed(visit)
    users = sorted(users_json(visit.connection, visit.viewer), key=lambda user: not user["active"])
    teams = store.list_teams(visit.connection, visit.viewer)
    parts = {user["id"]: _parts_of(teams, user["id"]) for user in users}
    context = {
        "users": users,
        "names": {user["id"]: user["name"] for user in users},
        "people": _choices(users),
        "teams": teams,
        "parts": parts,
        "only_one": visit.viewer.edition == "solo",
        "has_teams": has_teams(visit.viewer),
    }
    return Show("team.html", context)


def invite(visit: Visit) -> Answer:
    """A new user, and the link by which they set their password."""
    made = add_user(
        visit.connection,
        visit.viewer,
        visit.call.origin(),
        email=visit.given("email"),
        name=visit.given("name"),
        level=visit.given("level") or "user",
        password_hash=None,
    )
    return passwords.shown(visit, made["id"], invites=True)


def user(visit: Visit, user_id: str) -> Answer:
    """One user: name and level, teams, and removal with what hangs on it."""
    found = user_json(visit.connection, visit.viewer, user_id)
    everybody = users_json(visit.connection, visit.viewer)
    others = [each for each in everybody if each["active"] and each["id"] != user_id]
    admins = [each for each in everybody if each["active"] and each["level"] == "admin"]
    context = {
        "user": found,
        "has": belongings(visit.connection, visit.viewer, user_id),
        "others": _choices(others),
        "last_admin": found["active"] and [each["id"] for each in admins] == [user_id],
        "has_teams": has_teams(visit.viewer),
        "round_robin": ROUND_ROBIN,
        "unassigned": UNASSIGNED,
        "keep": KEEP,
    }
    return Show("user.html", context)


def change(visit: Visit, user_id: str) -> Answer:
    """Another name or level. The last admin stays one."""
    values = {"name": visit.given("name"), "level": visit.given("level")}
    if len(values["name"]) > 300:
        raise Invalid("name", "at most 300 characters")
    change_user(visit.connection, visit.viewer, user_id, values)
    if user_id == visit.viewer.user_id and values["level"] != "admin":
        return Go("/leads", "no_admin_any_more")
    return Go(f"/team/{user_id}", "saved")


def remove(visit: Visit, user_id: str) -> Answer:
    """Removes a user: open and closed leads go where the form says."""
    closed = visit.given("closed_to")
    remove_user(
        visit.connection,
        visit.viewer,
        visit.call.origin(),
        user_id,
        visit.given("open_to") or None,
        None if closed in ("", KEEP) else closed,
    )
    if user_id == visit.viewer.user_id:
        return Go("/login", "user_removed", leaves=True)
    return Go("/team", "user_removed")


def create_team(visit: Visit) -> Answer:
    """A new team."""
    people = _people(visit)
    store.create_team(visit.connection, visit.viewer, name=_name(visit), **people)
    return Go("/team", "team_created")


def one_team(visit: Visit, team_id: str) -> Answer:
    """One team, to be changed or deleted."""
    users = users_json(visit.connection, visit.viewer)
    found = store.get_team(visit.connection, visit.viewer, team_id)
    former = [each["name"] for each in users if not each["active"] and each["id"] in found["members"]]
    context = {
        "team": found,
        "people": _choices(users),
        "former": former,
        "has_teams": has_teams(visit.viewer),
    }
    return Show("team_of.html", context)


def change_team(visit: Visit, team_id: str) -> Answer:
    """Another name, other members, other managers."""
    store.change_team(visit.connection, visit.viewer, team_id, name=_name(visit), **_people(visit))
    return Go(f"/team/teams/{team_id}", "saved")


def delete_team(visit: Visit, team_id: str) -> Answer:
    """Deletes a team; its people and leads stay."""
    store.delete_team(visit.connection, visit.viewer, team_id)
    return Go("/team", "team_deleted")


def _managed(visit: Visit) -> Show:
    """The teams that the viewer manages, with their people. Problem 403 for who manages none."""
    teams = store.list_teams(visit.connection, visit.viewer) if has_teams(visit.viewer) else []
    mine = [each for each in teams if visit.viewer.user_id in each["managers"]]
    if not mine:
        raise Problem(403, _("This page is for admins and team managers."), translated=True)
    users = {user["id"]: user for user in users_json(visit.connection, visit.viewer)}
    return Show("team_managed.html", {"teams": mine, "people": users})


def _name(visit: Visit) -> str:
    name = visit.given("name")
    if len(name) > 300:
        raise Invalid("name", "at most 300 characters")
    return name


def _people(visit: Visit) -> dict[str, list[str]]:
    return {part: visit.request.form.getlist(part)[:1_000] for part in ("members", "managers")}


def _choices(users: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(user["id"], user["name"]) for user in users if user["active"]]


def _parts_of(teams: list[dict[str, Any]], user_id: str) -> list[tuple[str, bool]]:
    """(name of a team, whether the user manages it) for each of a user's teams."""
    return [
        (team["name"], user_id in team["managers"])
        for team in teams
        if user_id in (*team["members"], *team["managers"])
    ]
