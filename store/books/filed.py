"""Proof (b): receipts, leads and entries name each other, once."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select

from store.books.contradiction import FILED, Contradiction, rows
from store.tables.automation import events
from store.tables.leads import history_entries, leads
from store.tables.mail import message_parsed, messages


def receipts(connection: Connection) -> Iterator[Contradiction]:
    """(b) every message that is done has exactly one outcome with its reason, and what was read of it."""
    statement = (
        select(messages.c.account_id, messages.c.id, messages.c.outcome)
        .outerjoin(
            message_parsed,
            and_(
                message_parsed.c.account_id == messages.c.account_id,
                message_parsed.c.message_id == messages.c.id,
            ),
        )
        .where(
            messages.c.state == "done",
            or_(
                messages.c.outcome.is_(None),
                messages.c.reason.is_(None),
                and_(messages.c.outcome.in_(FILED), message_parsed.c.message_id.is_(None)),
            ),
        )
    )
    for row in rows(connection, statement):
        yield Contradiction("b", row.account_id, f"message {row.id} is done without a whole receipt")


def filed(connection: Connection) -> Iterator[Contradiction]:
    """(b) every message that says it is on a lead has an entry there."""
    statement = (
        select(messages.c.account_id, messages.c.id, messages.c.outcome)
        .outerjoin(
            history_entries,
            and_(
                history_entries.c.account_id == messages.c.account_id,
                history_entries.c.message_id == messages.c.id,
                history_entries.c.kind.in_(("email", "form", "bounce", "comment", "note")),
            ),
        )
        .where(messages.c.state == "done", messages.c.outcome.in_(FILED), history_entries.c.id.is_(None))
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "b", row.account_id, f"message {row.id} is {row.outcome}, but no lead has its entry"
        )


def entries(connection: Connection) -> Iterator[Contradiction]:
    """(b) every e-mail entry has one message that says so, and stands once on its lead."""
    statement = (
        select(history_entries.c.account_id, history_entries.c.id)
        .outerjoin(
            messages,
            and_(
                messages.c.account_id == history_entries.c.account_id,
                messages.c.id == history_entries.c.message_id,
                messages.c.outcome.in_(FILED),
            ),
        )
        .where(history_entries.c.kind.in_(("email", "form")), messages.c.id.is_(None))
    )
    for row in rows(connection, statement):
        yield Contradiction("b", row.account_id, f"e-mail entry {row.id} has no message that was filed")
    columns = (history_entries.c.account_id, history_entries.c.lead_id, history_entries.c.message_id)
    twice = (
        select(*columns, func.count().label("number"))
        .where(history_entries.c.kind.in_(("email", "form")))
        .group_by(*columns)
        .having(func.count() > 1)
    )
    for row in rows(connection, twice):
        yield Contradiction(
            "b", row.account_id, f"message {row.message_id} stands {row.number} times on lead {row.lead_id}"
        )


def created(connection: Connection) -> Iterator[Contradiction]:
    """(b) no lead was made twice of one message, and each has its lead.created event."""
    statement = (
        select(leads.c.account_id, leads.c.id, func.count(events.c.id).label("number"))
        .outerjoin(
            events,
            and_(
                events.c.account_id == leads.c.account_id,
                events.c.lead_id == leads.c.id,
                events.c.type == "lead.created",
            ),
        )
        .group_by(leads.c.account_id, leads.c.id)
        .having(func.count(events.c.id) != 1)
    )
    for row in rows(connection, statement):
        yield Contradiction("b", row.account_id, f"lead {row.id} has {row.number} lead.created events")
    created = (
        select(events.c.account_id, events.c.message_id, func.count().label("number"))
        .where(events.c.type == "lead.created", events.c.message_id.is_not(None))
        .group_by(events.c.account_id, events.c.message_id)
        .having(func.count() > 1)
    )
    for row in rows(connection, created):
        yield Contradiction("b", row.account_id, f"message {row.message_id} made {row.number} leads")
