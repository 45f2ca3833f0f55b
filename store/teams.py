"""Teams: users plus their managers. They give rights only while the account has them (`access.has_teams`)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from store.access import has_teams
from store.ids import new_id
from store.leads import iso
from store.scope import Viewer
from store.session import Conflict, Invalid, NotFound, Refused, now
from store.tables.people import team_people, teams, users


def create_team(
    connection: Connection, viewer: Viewer, *, name: str, members: Sequence[str], managers: Sequence[str]
) -> dict[str, Any]:
    """A new team. Conflict with the reason when the account has no teams, or has one of that name."""
    _require_admin(viewer)
    require_teams(viewer)
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", "must not be empty")
    taken = select(teams.c.id).where(teams.c.account_id == viewer.account_id, teams.c.name == name)
    if connection.execute(taken).first():
        raise Conflict(f"a team {name} exists already", "name")
    for place, people in (("members", members), ("managers", managers)):
        _require_users(connection, viewer, place, people)
    team_id = new_id()
    connection.execute(
        insert(teams).values(account_id=viewer.account_id, id=team_id, name=name, created_at=now(connection))
    )
    rows = [
        {
            "account_id": viewer.account_id,
            "id": new_id(),
            "team_id": team_id,
            "user_id": user_id,
            "part": part,
        }
        for part, people in (("member", members), ("manager", managers))
        for user_id in dict.fromkeys(people)
    ]
    if rows:
        connection.execute(insert(team_people), rows)
    return get_team(connection, viewer, team_id)


def list_teams(connection: Connection, viewer: Viewer) -> list[dict[str, Any]]:
    """All teams for admins, their own for others, by name."""
    people: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"member": [], "manager": []})
    for row in connection.execute(
        select(team_people.c.team_id, team_people.c.user_id, team_people.c.part)
        .where(team_people.c.account_id == viewer.account_id)
        .order_by(team_people.c.id)
    ):
        people[row.team_id][row.part].append(row.user_id)
    found = connection.execute(
        select(teams).where(teams.c.account_id == viewer.account_id).order_by(teams.c.name)
    )
    return [
        {
            "id": team.id,
            "name": team.name,
            "members": people[team.id]["member"],
            "managers": people[team.id]["manager"],
            "created_at": iso(team.created_at),
        }
        for team in found
        if viewer.is_admin or viewer.user_id in people[team.id]["member"] + people[team.id]["manager"]
    ]


def get_team(connection: Connection, viewer: Viewer, team_id: str) -> dict[str, Any]:
    """One team. NotFound unless it is among `list_teams`."""
    found = next((team for team in list_teams(connection, viewer) if team["id"] == team_id), None)
    if found is None:
        raise NotFound("team")
    return found


def require_teams(viewer: Viewer) -> None:
    """Conflict with the reason when the account has no teams."""
    if viewer.edition != "expert":
        raise Conflict(f"Teams exist in the expert edition only; this account is {viewer.edition}.")
    if not has_teams(viewer):
        raise Conflict("Teams are switched off in the account's settings.")


def _require_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Refused("Only admins make teams.")


def _require_users(connection: Connection, viewer: Viewer, place: str, user_ids: Sequence[str]) -> None:
    known = set(
        connection.execute(
            select(users.c.id).where(
                users.c.account_id == viewer.account_id, users.c.id.in_(list(user_ids)), users.c.active
            )
        ).scalars()
    )
    for number, user_id in enumerate(user_ids):
        if user_id not in known:
            raise Invalid(f"{place}[{number}]", "no active user of this account")
