"""Why somebody sees a lead, or doesn't: the table of product §7 told for every user of the account.

`access` decides; this only explains. A test holds both against each other for every kind of account.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from store.access import has_teams, is_editable, visible_among
from store.accounts import list_users
from store.scope import Viewer
from store.session import NotFound, Refused
from store.tables.leads import leads
from store.tables.people import team_people, teams
from store.tables.sources import lead_offers

ADMIN, OWNER, ALL, MANAGES, TEAM, UNASSIGNED = "admin", "owner", "all", "manages", "team", "unassigned"
OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground for seeing a lead, ADMIN to OFFERED above, and the teams it rests on."""

    kind: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sees:
    """An active user, why they see the lead (nothing: they don't), and whether they may change it."""

    user_id: str
    name: str
    grounds: tuple[Ground, ...]
    edits: bool


def who_sees(connection: Connection, viewer: Viewer, lead_id: str) -> list[Sees]:
    """Every active user with the grounds. For admins: Refused to others, NotFound for a lead they don't see."""
    if not viewer.is_admin:
        raise Refused("Only admins see who sees a lead.")
    if not visible_among(connection, viewer, [lead_id]):
        raise NotFound("lead")
    owner: str | None = connection.execute(
        select(leads.c.owner_id).where(leads.c.account_id == viewer.account_id, leads.c.id == lead_id)
    ).scalar()
    parts = _parts(connection, viewer) if has_teams(viewer) else {}
    offered = _offered(connection, viewer, lead_id) if owner is None else None
    found = []
    for user in list_users(connection, viewer.scope):
        if user.active:
            they = replace(viewer, user_id=user.id, level=user.level)
            edits = is_editable(connection, they, lead_id)
            found.append(Sees(user.id, user.name, tuple(_grounds(they, owner, parts, offered)), edits))
    return found


def _grounds(
    they: Viewer, owner: str | None, parts: dict[str, dict[str, set[str]]], offered: str | None
) -> list[Ground]:
    found = []
    if they.is_admin:
        found.append(Ground(ADMIN))
    if owner == they.user_id:
        found.append(Ground(OWNER))
    if they.visibility == "all":
        found.append(Ground(ALL))
    mine = parts.get(they.user_id, {})
    managed = {team for team, played in mine.items() if "manager" in played}
    theirs = parts.get(owner or "", {})
    over = sorted(team for team in managed if "member" in theirs.get(team, ()))
    if over:
        found.append(Ground(MANAGES, tuple(over)))
    if they.visibility == "team" and owner != they.user_id and set(mine) & set(theirs):
        found.append(Ground(TEAM, tuple(sorted(set(mine) & set(theirs)))))
    if they.visibility == "team" and owner is None and managed:
        found.append(Ground(UNASSIGNED, tuple(sorted(managed))))
    if offered is not None and offered in mine:
        found.append(Ground(OFFERED, (offered,)))
    return found


def _offered(connection: Connection, viewer: Viewer, lead_id: str) -> str | None:
    """The name of the team that the lead's source offered it to."""
    name: str | None = connection.execute(
        select(teams.c.name)
        .join_from(
            lead_offers,
            teams,
            (teams.c.account_id == lead_offers.c.account_id) & (teams.c.id == lead_offers.c.team_id),
        )
        .where(lead_offers.c.account_id == viewer.account_id, lead_offers.c.lead_id == lead_id)
    ).scalar()
    return name


def _parts(connection: Connection, viewer: Viewer) -> dict[str, dict[str, set[str]]]:
    """user id → name of a team → the parts played in it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = connection.execute(
        select(team_people.c.user_id, team_people.c.part, teams.c.name)
        .join_from(
            team_people,
            teams,
            (teams.c.account_id == team_people.c.account_id) & (teams.c.id == team_people.c.team_id),
        )
        .where(team_people.c.account_id == viewer.account_id)
    )
    for row in rows:
        found[row.user_id][row.name].add(row.part)
    return {user_id: dict(played) for user_id, played in found.items()}
