"""Demo data: which mails are of it, and taking it away without a trace.

Demo mails are counted under a source of their own, which nobody outside can name: that alone makes a mail one of the
demo, whatever tags, addresses or senders look like it. Removing them takes everything that they made: messages with
their bytes and receipts, the leads made of them with all that happened to those, contacts that are on no other lead,
events, plans and deliveries. Nothing else goes: a lead that somebody else's mail or another lead has joined by then
stays, without the demo's lines and without its tag, and so does whatever a demo mail was put on by hand.

The books stay balanced: the source's counter says how many arrivals were taken away.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select, update

from store.events import Origin
from store.lead_ops import LeadEditor
from store.scope import AccountScope, Viewer
from store.session import Refused
from store.tables.automation import deliveries, delivery_attempts, events, plan_actions, plans
from store.tables.leads import (
    contact_addresses,
    contacts,
    history_entries,
    lead_contacts,
    lead_fields,
    lead_tags,
    leads,
)
from store.tables.mail import arrivals, holds, message_parsed, messages, raw_chunks, source_counters
from store.tables.sources import lead_offers

SOURCE = "demo"
"""The key that arrivals of demo mails are counted under."""
TAG = "leadgate-demo"
AT_ONCE = 500
"""Ids in one statement."""


def is_loaded(connection: Connection, scope: AccountScope) -> bool:
    """Whether the account has demo mails."""
    statement = select(arrivals.c.id).where(
        arrivals.c.account_id == scope.account_id, arrivals.c.source_key == SOURCE
    )
    return connection.execute(statement.limit(1)).first() is not None


def remove(connection: Connection, viewer: Viewer, origin: Origin) -> int:
    """Takes the demo data away; how many mails that were. Refused to all but admins."""
    if not viewer.is_admin:
        raise Refused("Only admins remove demo data.")
    scope = viewer.scope
    mails = _mails(connection, scope)
    made = _made_of(connection, scope, mails)
    shared = _joined_by_others(connection, scope, mails, made)
    gone = [lead_id for lead_id in made if lead_id not in shared]
    _forget_events(connection, scope, mails, gone)
    people = _people_of(connection, scope, gone)
    for table in (lead_fields, lead_tags, lead_contacts, lead_offers, history_entries):
        _delete(connection, scope, table, "lead_id", gone)
    _delete(connection, scope, history_entries, "message_id", mails)
    _delete(connection, scope, leads, "id", gone)
    _forget_people(connection, scope, people)
    for some in _parts(mails):
        copies = and_(messages.c.account_id == scope.account_id, messages.c.duplicate_of.in_(some))
        connection.execute(update(messages).where(copies).values(duplicate_of=None))
    _count_erased(connection, scope, mails)
    for table in (message_parsed, raw_chunks, holds, arrivals):
        _delete(connection, scope, table, "message_id", mails)
    _delete(connection, scope, messages, "id", mails)
    editor = LeadEditor(connection, scope, origin)
    for lead_id in sorted(shared):
        editor.tag(lead_id, remove=[TAG])
    editor.finish()
    return len(mails)


def _mails(connection: Connection, scope: AccountScope) -> list[str]:
    """The demo's messages, locked: whoever is just deciding about one is done before, or finds it gone."""
    came = select(arrivals.c.message_id).where(
        arrivals.c.account_id == scope.account_id, arrivals.c.source_key == SOURCE
    )
    statement = (
        select(messages.c.id)
        .where(messages.c.account_id == scope.account_id, messages.c.id.in_(came))
        .order_by(messages.c.id)
        .with_for_update()
    )
    return list(connection.execute(statement).scalars())


def _made_of(connection: Connection, scope: AccountScope, mails: Sequence[str]) -> list[str]:
    """The leads that were made of these messages, locked."""
    found: set[str] = set()
    for some in _parts(mails):
        statement = select(events.c.lead_id).where(
            events.c.account_id == scope.account_id,
            events.c.type == "lead.created",
            events.c.message_id.in_(some),
            events.c.lead_id.is_not(None),
        )
        found.update(connection.execute(statement).scalars())
    for some in _parts(sorted(found)):
        locked = select(leads.c.id).where(leads.c.account_id == scope.account_id, leads.c.id.in_(some))
        connection.execute(locked.order_by(leads.c.id).with_for_update()).all()
    return sorted(found)


def _joined_by_others(
    connection: Connection, scope: AccountScope, mails: Sequence[str], made: Sequence[str]
) -> set[str]:
    """Those of the leads that carry a mail which is none of the demo's, or that another lead was merged into."""
    ours, found = set(mails), set()
    for some in _parts(made):
        entries = select(history_entries.c.lead_id, history_entries.c.message_id).where(
            history_entries.c.account_id == scope.account_id,
            history_entries.c.lead_id.in_(some),
            history_entries.c.message_id.is_not(None),
        )
        found |= {row.lead_id for row in connection.execute(entries) if row.message_id not in ours}
        merged = select(leads.c.merged_into).where(
            leads.c.account_id == scope.account_id, leads.c.merged_into.in_(some), leads.c.id.not_in(made)
        )
        found.update(connection.execute(merged).scalars())
    return found


def _forget_events(
    connection: Connection, scope: AccountScope, mails: Sequence[str], gone: Sequence[str]
) -> None:
    """Events of these leads and messages with all that came of them. A lead that stays keeps its beginning."""
    found: set[str] = set()
    for some in _parts(gone):
        found.update(_event_ids(connection, scope, events.c.lead_id.in_(some)))
    for some in _parts(mails):
        stays = and_(events.c.type == "lead.created", events.c.lead_id.not_in(gone))
        beginnings = and_(events.c.account_id == scope.account_id, events.c.message_id.in_(some), stays)
        connection.execute(update(events).where(beginnings).values(message_id=None))
        found.update(_event_ids(connection, scope, events.c.message_id.in_(some)))
    ids = sorted(found)
    for some in _parts(ids):
        sent = select(deliveries.c.id).where(
            deliveries.c.account_id == scope.account_id, deliveries.c.event_id.in_(some)
        )
        attempts = and_(
            delivery_attempts.c.account_id == scope.account_id, delivery_attempts.c.delivery_id.in_(sent)
        )
        connection.execute(delete(delivery_attempts).where(attempts))
    for table in (deliveries, plan_actions, plans):
        _delete(connection, scope, table, "event_id", ids)
    _delete(connection, scope, events, "id", ids)


def _event_ids(connection: Connection, scope: AccountScope, condition: ColumnElement[bool]) -> list[str]:
    statement = select(events.c.id).where(events.c.account_id == scope.account_id, condition)
    return list(connection.execute(statement.order_by(events.c.id).with_for_update()).scalars())


def _people_of(connection: Connection, scope: AccountScope, gone: Sequence[str]) -> list[str]:
    """The contacts that are on no lead but these."""
    found: set[str] = set()
    for some in _parts(gone):
        statement = select(lead_contacts.c.contact_id).where(
            lead_contacts.c.account_id == scope.account_id, lead_contacts.c.lead_id.in_(some)
        )
        found.update(connection.execute(statement).scalars())
    left = set(gone)
    for some in _parts(sorted(found)):
        statement = select(lead_contacts.c.contact_id, lead_contacts.c.lead_id).where(
            lead_contacts.c.account_id == scope.account_id, lead_contacts.c.contact_id.in_(some)
        )
        found -= {row.contact_id for row in connection.execute(statement) if row.lead_id not in left}
    return sorted(found)


def _forget_people(connection: Connection, scope: AccountScope, people: Sequence[str]) -> None:
    _delete(connection, scope, contact_addresses, "contact_id", people)
    _delete(connection, scope, contacts, "id", people)


def _count_erased(connection: Connection, scope: AccountScope, mails: Sequence[str]) -> None:
    """Says in the counters how many arrivals go; also of whoever sent the very bytes once more by another way."""
    for some in _parts(mails):
        mine = and_(arrivals.c.account_id == scope.account_id, arrivals.c.message_id.in_(some))
        statement = select(arrivals.c.source_key, func.count().label("number")).where(mine)
        for row in connection.execute(statement.group_by(arrivals.c.source_key)).all():
            counter = and_(
                source_counters.c.account_id == scope.account_id,
                source_counters.c.source_key == row.source_key,
            )
            more = source_counters.c.erased + row.number
            connection.execute(update(source_counters).where(counter).values(erased=more))


def _delete(
    connection: Connection, scope: AccountScope, table: Table, column: str, ids: Iterable[str]
) -> None:
    for some in _parts(list(ids)):
        rows = and_(table.c.account_id == scope.account_id, table.c[column].in_(some))
        connection.execute(delete(table).where(rows))


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
