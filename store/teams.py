"""Teams: users plus their managers. They give rights only while the account has them (`access.has_teams`)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from store.access import has_teams
from store.address_details import forget_team
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
    name = _free_name(connection, viewer, name)
    for place, people in (("members", members), ("managers", managers)):
        _require_users(connection, viewer, place, people)
    team_id = new_id()
    connection.execute(
        insert(teams).values(account_id=viewer.account_id, id=team_id, name=name, created_at=now(connection))
    )
    _put_people(connection, viewer, team_id, {"member": members, "manager": managers})
    return get_team(connection, viewer, team_id)


def change_team(
    connection: Connection,
    viewer: Viewer,
    team_id: str,
    *,
    name: str | None = None,
    members: Sequence[str] | None = None,
    managers: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Another name, other members or managers; None: as it is. Who was removed from the account stays in the team, so
    that its managers still see those leads. NotFound, Conflict and Invalid as when it is made."""
    _require_admin(viewer)
    found = get_team(connection, viewer, team_id)
    require_teams(viewer)
    here = (teams.c.account_id == viewer.account_id, teams.c.id == team_id)
    connection.execute(select(teams.c.id).where(*here).with_for_update())
    if name is not None:
        connection.execute(
            update(teams).where(*here).values(name=_free_name(connection, viewer, name, but=team_id))
        )
    for place, part, people in (("members", "member", members), ("managers", "manager", managers)):
        if people is None:
            continue
        _require_users(connection, viewer, place, [user for user in people if user not in found[place]])
        gone = [
            user for user in found[place] if user not in people and user not in _removed(connection, viewer)
        ]
        _take_people(connection, viewer, team_id, part, gone)
        _put_people(
            connection, viewer, team_id, {part: [user for user in people if user not in found[place]]}
        )
    return get_team(connection, viewer, team_id)


def delete_team(connection: Connection, viewer: Viewer, team_id: str) -> None:
    """Deletes a team; its people and leads stay. NotFound if there is none."""
    _require_admin(viewer)
    get_team(connection, viewer, team_id)
    connection.execute(
        delete(team_people).where(
            team_people.c.account_id == viewer.account_id, team_people.c.team_id == team_id
        )
    )
    forget_team(connection, viewer.scope, team_id)
    connection.execute(delete(teams).where(teams.c.account_id == viewer.account_id, teams.c.id == team_id))


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


def _free_name(connection: Connection, viewer: Viewer, name: str, but: str | None = None) -> str:
    """The name in its plain form. Invalid when empty, Conflict when a team other than `but` has it."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", "must not be empty")
    taken = select(teams.c.id).where(teams.c.account_id == viewer.account_id, teams.c.name == name)
    if connection.execute(taken).scalar() not in (None, but):
        raise Conflict(f"a team {name} exists already", "name")
    return name


def _removed(connection: Connection, viewer: Viewer) -> set[str]:
    return set(
        connection.execute(
            select(users.c.id).where(users.c.account_id == viewer.account_id, users.c.active.is_(False))
        ).scalars()
    )


def _put_people(
    connection: Connection, viewer: Viewer, team_id: str, parts: Mapping[str, Sequence[str]]
) -> None:
    rows = [
        {
            "account_id": viewer.account_id,
            "id": new_id(),
            "team_id": team_id,
            "user_id": user_id,
            "part": part,
        }
        for part, people in parts.items()
        for user_id in dict.fromkeys(people)
    ]
    if rows:
        connection.execute(insert(team_people), rows)


def _take_people(
    connection: Connection, viewer: Viewer, team_id: str, part: str, people: Sequence[str]
) -> None:
    connection.execute(
        delete(team_people).where(
            team_people.c.account_id == viewer.account_id,
            team_people.c.team_id == team_id,
            team_people.c.part == part,
            team_people.c.user_id.in_(people),
        )
    )


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
