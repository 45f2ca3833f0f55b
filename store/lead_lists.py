"""The lead list of a viewer: filtered, counted, in pages. Newest lead first."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, exists, false, literal, or_, select

from store.access import Condition, visible_leads
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
    or in a contact's address, or is the lead's number.
    """

    email: str | None = None
    statuses: tuple[str, ...] | None = None
    q: str | None = None
    owner: str | None = None
    tag: str | None = None


def list_leads(
    connection: Connection, viewer: Viewer, wanted: LeadFilter, *, limit: int, after: str | None = None
) -> Page:
    """The leads the viewer sees, from after the lead `after`; `last` is (id,)."""
    rows = select(leads.c.id).where(visible_leads(viewer), *_conditions(viewer, wanted))
    total, exact = count_up_to(connection, rows)
    page = rows if after is None else rows.where(leads.c.id < after)
    ids = list(connection.execute(page.order_by(leads.c.id.desc()).limit(limit + 1)).scalars())
    shown = ids[:limit]
    items = masks_for(connection, viewer).json(list(lead_json(connection, viewer, shown).values()))
    return Page(items, (shown[-1],) if len(ids) > limit else None, total, exact)


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
