"""Who sees and edits which leads, as SQL conditions: the table of product §7, written once.

Every list, page, count and check uses these conditions, so a row that may not be seen is never read.
Rights are a union. Teams count only in the expert edition and while they are switched on; what is left
in `team_people` otherwise gives nobody anything.

Trashed and merged leads are nobody's to see. Unassigned ones: admins always, everybody under `all`,
managers under `team`, the members of a team that its source offers it to. Seeing is not editing: editing is for the
owner, the managers of the owner's
teams and admins. Messages and timelines: `store.message_access`.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, literal, or_, select

from store.scope import Viewer
from store.session import NotFound, Refused
from store.tables.leads import leads
from store.tables.people import team_people
from store.tables.sources import lead_offers

Condition = ColumnElement[bool]


def has_teams(viewer: Viewer) -> bool:
    """Whether teams give rights at all."""
    return viewer.teams_enabled and viewer.edition == "expert"


def managed_by(viewer: Viewer) -> Select[tuple[str]]:
    """The ids of the members of the teams the viewer manages. Only with `has_teams`."""
    mine, theirs = team_people.alias("mine"), team_people.alias("theirs")
    return _together(viewer, mine, theirs).where(mine.c.part == "manager", theirs.c.part == "member")


def team_mates_of(viewer: Viewer) -> Select[tuple[str]]:
    """The ids of everybody in the viewer's teams, managers too. Only with `has_teams`."""
    return _together(viewer, team_people.alias("mine"), team_people.alias("theirs"))


def is_manager(connection: Connection, viewer: Viewer) -> bool:
    """Whether the viewer manages a team."""
    return has_teams(viewer) and _is(connection, _manages_any(viewer))


def visible_leads(viewer: Viewer, *, trashed: bool = False) -> Condition:
    """The rows of `leads` that the viewer sees. `trashed`: would see, were they not in the trash."""
    in_trash = leads.c.trashed_at.is_not(None) if trashed else leads.c.trashed_at.is_(None)
    here = and_(leads.c.account_id == viewer.account_id, in_trash, leads.c.merged_into.is_(None))
    if viewer.is_admin or viewer.visibility == "all":
        return here
    seen: list[Condition] = [leads.c.owner_id == viewer.user_id]
    if has_teams(viewer):
        seen.append(leads.c.owner_id.in_(managed_by(viewer)))
        seen.append(and_(leads.c.owner_id.is_(None), _offered(viewer)))
        if viewer.visibility == "team":
            seen.append(leads.c.owner_id.in_(team_mates_of(viewer)))
            seen.append(and_(leads.c.owner_id.is_(None), _manages_any(viewer)))
    return and_(here, or_(*seen))


def editable_leads(viewer: Viewer, *, trashed: bool = False) -> Condition:
    """The rows of `leads` that the viewer may change or delete; all of them visible. `trashed`: may restore."""
    if viewer.is_admin:
        return visible_leads(viewer, trashed=trashed)
    mine: list[Condition] = [leads.c.owner_id == viewer.user_id]
    if has_teams(viewer):
        mine.append(leads.c.owner_id.in_(managed_by(viewer)))
    return and_(visible_leads(viewer, trashed=trashed), or_(*mine))


def visible_among(connection: Connection, viewer: Viewer, lead_ids: Iterable[str]) -> set[str]:
    """Those of `lead_ids` that the viewer sees."""
    statement = select(leads.c.id).where(leads.c.id.in_(list(lead_ids)), visible_leads(viewer))
    return set(connection.execute(statement).scalars())


def is_editable(connection: Connection, viewer: Viewer, lead_id: str) -> bool:
    """Whether the viewer may change the lead, as pages ask before they offer it."""
    statement = select(leads.c.id).where(leads.c.id == lead_id, editable_leads(viewer))
    return connection.execute(statement).first() is not None


def require_visible(connection: Connection, viewer: Viewer, lead_id: str) -> None:
    """NotFound unless the viewer sees the lead."""
    statement = select(leads.c.id).where(leads.c.id == lead_id, visible_leads(viewer))
    if connection.execute(statement).first() is None:
        raise NotFound("lead")


def require_editable(connection: Connection, viewer: Viewer, lead_id: str) -> None:
    """NotFound unless the viewer sees the lead, Refused unless they may change it. Locks its row."""
    if not _look(connection, viewer, lead_id).editable:
        raise Refused("You see this lead, but only its owner, a manager of its owner and admins change it.")


def require_restorable(connection: Connection, viewer: Viewer, lead_id: str) -> Row[Any]:
    """The lead's row, locked, of one in the trash that the viewer may restore. NotFound for any other."""
    row = connection.execute(
        select(leads)
        .where(leads.c.id == lead_id, editable_leads(viewer, trashed=True))
        .with_for_update(of=leads)
    ).first()
    if row is None:
        raise NotFound("lead in the trash")
    return row


def require_assignable(connection: Connection, viewer: Viewer, lead_id: str, user_id: str | None) -> None:
    """NotFound unless the viewer sees the lead, Refused unless they may give it to `user_id` (None: nobody).

    Admins: to anyone. Managers: what they may edit and unassigned ones, to members of their teams. Users:
    their own to those whose leads they see, if the account lets them; and whoever sees an unassigned
    lead may take it. Locks the lead's row.
    """
    lead = _look(connection, viewer, lead_id)
    if viewer.is_admin or (lead.owner_id is None and user_id == viewer.user_id):
        return
    if (lead.editable or lead.owner_id is None) and _in_managed_teams(connection, viewer, user_id):
        return
    if lead.owner_id == viewer.user_id and viewer.users_assign and sees_leads_of(connection, viewer, user_id):
        return
    raise Refused("You may not give this lead to that user.")


def require_creatable(connection: Connection, viewer: Viewer, owner_id: str | None) -> None:
    """Refused unless the viewer may make a lead for `owner_id` (None: for nobody): as giving away an own one."""
    if viewer.is_admin or owner_id == viewer.user_id or _in_managed_teams(connection, viewer, owner_id):
        return
    if not (viewer.users_assign and sees_leads_of(connection, viewer, owner_id)):
        raise Refused("You may not make a lead for that user.")


def sees_leads_of(connection: Connection, viewer: Viewer, user_id: str | None) -> bool:
    """Whether the viewer sees the leads of `user_id` (None: the unassigned ones)."""
    if viewer.is_admin or viewer.visibility == "all" or user_id == viewer.user_id:
        return True
    if not has_teams(viewer):
        return False
    if user_id is None:
        return viewer.visibility == "team" and _is(connection, _manages_any(viewer))
    seen: Condition = literal(user_id).in_(managed_by(viewer))
    if viewer.visibility == "team":
        seen = or_(seen, literal(user_id).in_(team_mates_of(viewer)))
    return _is(connection, seen)


def _together(viewer: Viewer, mine: Any, theirs: Any) -> Select[tuple[str]]:
    return (
        select(theirs.c.user_id)
        .join_from(
            mine,
            theirs,
            and_(theirs.c.account_id == mine.c.account_id, theirs.c.team_id == mine.c.team_id),
        )
        .where(mine.c.account_id == viewer.account_id, mine.c.user_id == viewer.user_id)
    )


def _manages_any(viewer: Viewer) -> Condition:
    return exists(
        select(literal(1)).where(
            team_people.c.account_id == viewer.account_id,
            team_people.c.user_id == viewer.user_id,
            team_people.c.part == "manager",
        )
    )


def _offered(viewer: Viewer) -> Condition:
    """Whether a row of `leads` came by a source that offers its leads to one of the viewer's teams."""
    return exists(
        select(literal(1))
        .select_from(
            lead_offers.join(
                team_people,
                and_(
                    team_people.c.account_id == lead_offers.c.account_id,
                    team_people.c.team_id == lead_offers.c.team_id,
                ),
            )
        )
        .where(
            lead_offers.c.account_id == leads.c.account_id,
            lead_offers.c.lead_id == leads.c.id,
            team_people.c.account_id == viewer.account_id,
            team_people.c.user_id == viewer.user_id,
        )
        .correlate(leads)
    )


def _look(connection: Connection, viewer: Viewer, lead_id: str) -> Any:
    """(owner_id, editable) of a lead, its row locked. NotFound unless the viewer sees it."""
    row = connection.execute(
        select(leads.c.owner_id, editable_leads(viewer).label("editable"))
        .where(leads.c.id == lead_id, visible_leads(viewer))
        .with_for_update(of=leads)
    ).first()
    if row is None:
        raise NotFound("lead")
    return row


def _in_managed_teams(connection: Connection, viewer: Viewer, user_id: str | None) -> bool:
    """Whether a manager may give to `user_id`: a member of the teams managed, the manager, or nobody."""
    if not has_teams(viewer):
        return False
    if user_id is None or user_id == viewer.user_id:
        return _is(connection, _manages_any(viewer))
    return _is(connection, literal(user_id).in_(managed_by(viewer)))


def _is(connection: Connection, condition: Condition) -> bool:
    return connection.execute(select(literal(1)).where(condition)).first() is not None
