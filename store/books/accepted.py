"""Proof (a): what the doors counted is there, whole: arrivals and bytes."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select

from store.books.contradiction import Contradiction, rows
from store.tables.mail import arrivals, messages, raw_chunks, source_counters


def sources(connection: Connection) -> Iterator[Contradiction]:
    """(a) what each source's counter says was accepted = the arrivals there are + the erased ones."""
    there = (
        select(arrivals.c.account_id, arrivals.c.source_key, func.count().label("number"))
        .group_by(arrivals.c.account_id, arrivals.c.source_key)
        .subquery()
    )
    counted = func.coalesce(source_counters.c.accepted, 0) - func.coalesce(source_counters.c.erased, 0)
    statement = (
        select(
            func.coalesce(there.c.account_id, source_counters.c.account_id).label("account_id"),
            func.coalesce(there.c.source_key, source_counters.c.source_key).label("source_key"),
            counted.label("counted"),
            func.coalesce(there.c.number, 0).label("number"),
        )
        .select_from(source_counters)
        .join(
            there,
            and_(
                there.c.account_id == source_counters.c.account_id,
                there.c.source_key == source_counters.c.source_key,
            ),
            full=True,
        )
        .where(counted != func.coalesce(there.c.number, 0))
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "a",
            row.account_id,
            f"source {row.source_key} accepted {row.counted} messages, but {row.number} arrivals are there",
        )


def arrivals_of_messages(connection: Connection) -> Iterator[Contradiction]:
    """(a) every message has as many arrivals as it says, and at least one."""
    number = func.count(arrivals.c.id)
    statement = (
        select(messages.c.account_id, messages.c.id, messages.c.arrivals, number.label("number"))
        .outerjoin(
            arrivals,
            and_(arrivals.c.account_id == messages.c.account_id, arrivals.c.message_id == messages.c.id),
        )
        .group_by(messages.c.account_id, messages.c.id, messages.c.arrivals)
        .having(or_(number != messages.c.arrivals, number == 0))
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "a",
            row.account_id,
            f"message {row.id} counts {row.arrivals} arrivals, but {row.number} are there",
        )


def bytes_of_messages(connection: Connection) -> Iterator[Contradiction]:
    """(a) every message has its bytes, in pieces without a gap."""
    pieces, last = func.count(raw_chunks.c.number), func.coalesce(func.max(raw_chunks.c.number), -1)
    statement = (
        select(messages.c.account_id, messages.c.id, pieces.label("pieces"))
        .outerjoin(
            raw_chunks,
            and_(raw_chunks.c.account_id == messages.c.account_id, raw_chunks.c.message_id == messages.c.id),
        )
        .group_by(messages.c.account_id, messages.c.id)
        .having(or_(pieces == 0, pieces != last + 1))
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "a", row.account_id, f"message {row.id} has lost bytes ({row.pieces} pieces are there)"
        )
