"""The lead list of a viewer: filtered, counted, ordered, in pages.

The API's order is the newest lead first, which never changes. People may order by other things (`ORDERS`); there a
lead that is changed between two pages may show on both or on neither, as it does in every list ordered so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, false, literal, or_, select, true

from store.access import Condition, editable_leads, visible_leads
from store.addresses import normal
from store.folding import fold, search_term
from store.leads import lead_json
from store.masking import masks_for
from store.paging import Page, count_up_to
from store.scope import Viewer
from store.tables.leads import contact_addresses, lead_contacts, lead_tags, leads

UNASSIGNED = "unassigned"
ME = "me"


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """What a list is cut to; None leaves it whole.

    `email`: a contact has this address. `owner`: a user id, "me" or "unassigned". `q`: stands in the title
    or in a contact's address, or is the lead's number. `source`: the kind it came by first.
    """

    email: str | None = None
    statuses: tuple[str, ...] | None = None
    q: str | None = None
    owner: str | None = None
    tag: str | None = None
    source: str | None = None
    number: int | None = None
    trashed: bool = False  # of the trash, those that the viewer may restore


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by, then by id. Where `column` may be null (`gaps`), those without come last.

    The two kinds are read one after the other: an index gives either in its order, but not both in this one.
    """

    column: ColumnElement[Any]
    falls: bool
    gaps: bool = False


ORDERS: Mapping[str, Order] = {
    "newest": Order(leads.c.id, falls=True),
    "oldest": Order(leads.c.id, falls=False),
    "changed": Order(leads.c.updated_at, falls=True),
    "next": Order(leads.c.next_action_at, falls=False, gaps=True),
    "title": Order(leads.c.title_folded, falls=False),
    "amount": Order(leads.c.amount_cents, falls=True, gaps=True),
}


def list_leads(
    connection: Connection,
    viewer: Viewer,
    wanted: LeadFilter,
    *,
    limit: int,
    after: str | None = None,
    order: str = "newest",
) -> Page:
    """The leads the viewer sees, from after the lead with the id `after`; `last` is (id,). `order`: of ORDERS."""
    seen = editable_leads(viewer, trashed=True) if wanted.trashed else visible_leads(viewer)
    rows = select(leads.c.id).where(seen, *_conditions(viewer, wanted))
    total, exact = count_up_to(connection, rows)
    by = ORDERS[order]
    ids: list[str] = []
    for stretch, columns in _stretches(connection, viewer, by, after):
        if len(ids) <= limit:
            ordered = rows.where(stretch).order_by(*columns).limit(limit + 1 - len(ids))
            ids += connection.execute(ordered).scalars()
    shown = ids[:limit]
    items = masks_for(connection, viewer).json(list(lead_json(connection, viewer, shown).values()))
    return Page(items, (shown[-1],) if len(ids) > limit else None, total, exact)


def _stretches(
    connection: Connection, viewer: Viewer, by: Order, after: str | None
) -> list[tuple[Condition, list[ColumnElement[Any]]]]:
    """The pieces a list is read in, each with its order: from behind the lead with the id `after`, wherever that stands
    now; its id decides when it is gone."""
    columns = [by.column] if by.column is leads.c.id else [by.column, leads.c.id]
    ordered: list[ColumnElement[Any]] = [column.desc() if by.falls else column.asc() for column in columns]
    without = (by.column.is_(None), ordered[-1:])
    if after is None:
        return [(by.column.is_not(None), ordered), without] if by.gaps else [(true(), ordered)]
    behind = leads.c.id < after if by.falls else leads.c.id > after
    last = None if by.column is leads.c.id else _value(connection, viewer, by, after)
    if last is None:
        return [(behind, ordered)]
    value = last[0]
    if value is None:
        return [(and_(by.column.is_(None), behind), ordered[-1:])]
    within = by.column <= value if by.falls else by.column >= value  # what an index can look for
    further = and_(within, or_(by.column != value, behind))
    return [(further, ordered), without] if by.gaps else [(further, ordered)]


def _value(connection: Connection, viewer: Viewer, by: Order, lead_id: str) -> Row[Any] | None:
    statement = select(by.column).where(leads.c.account_id == viewer.account_id, leads.c.id == lead_id)
    return connection.execute(statement).first()


def _conditions(viewer: Viewer, wanted: LeadFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.email is not None:
        found.append(_has_contact(contact_addresses.c.address == normal(wanted.email)))
    if wanted.statuses is not None:
        found.append(leads.c.status.in_(wanted.statuses))
    if wanted.owner == UNASSIGNED:
        found.append(leads.c.owner_id.is_(None))
    elif wanted.owner is not None:
        found.append(leads.c.owner_id == (viewer.user_id if wanted.owner == ME else wanted.owner))
    if wanted.tag is not None:
        found.append(
            exists(
                select(literal(1)).where(
                    lead_tags.c.account_id == leads.c.account_id,
                    lead_tags.c.lead_id == leads.c.id,
                    lead_tags.c.tag_folded == fold(wanted.tag),
                )
            )
        )
    if wanted.number is not None:
        found.append(leads.c.number == wanted.number)
    if wanted.source is not None:
        found.append(leads.c.source_kind == wanted.source)
    if wanted.q is not None and wanted.q.strip():
        found.append(_mentions(wanted.q))
    return found


def _mentions(text: str) -> Condition:
    term = search_term(text)
    if not term:
        return leads.c.id.is_(None)
    number = term.removeprefix("#")
    is_number = number.isdecimal() and number.isascii() and len(number) <= 9
    return or_(
        leads.c.title_folded.contains(term, autoescape=True),
        _has_contact(contact_addresses.c.address.contains(term, autoescape=True)),
        leads.c.number == int(number) if is_number else false(),
    )


def _has_contact(condition: Condition) -> Condition:
    return exists(
        select(literal(1))
        .select_from(
            lead_contacts.join(
                contact_addresses,
                and_(
                    contact_addresses.c.account_id == lead_contacts.c.account_id,
                    contact_addresses.c.contact_id == lead_contacts.c.contact_id,
                ),
            )
        )
        .where(
            lead_contacts.c.account_id == leads.c.account_id, lead_contacts.c.lead_id == leads.c.id, condition
        )
        .correlate(leads)
    )
