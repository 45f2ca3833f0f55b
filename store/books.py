"""The books: proofs from independent records that nothing was lost or counted twice (product §3).

Each proof is one query for rows that contradict each other; what it finds is told in a sentence that
names the row. Read in one transaction, so a system at work proves clean too. `PROOFS` is the list; the
letters are those of product §3. Proof (f), of mailboxes, joins with the mailboxes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, and_, func, or_, select

from store.session import across
from store.tables.automation import events, plans
from store.tables.leads import history_entries, leads
from store.tables.mail import arrivals, holds, message_parsed, messages, raw_chunks, source_counters

FILED = ("lead_created", "history_added")
LARGEST_REPORT = 20
"""Sentences per proof; a broken machine should not print a million lines."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two records that contradict each other. `proof` is the letter of product §3."""

    proof: str
    account_id: str
    sentence: str


def prove(connection: Connection) -> list[Contradiction]:
    """Everything that is wrong with the books of all accounts; empty when they balance."""
    found: list[Contradiction] = []
    for name, proof in PROOFS.items():
        for number, contradiction in enumerate(proof(connection)):
            if number == LARGEST_REPORT:
                found.append(Contradiction(name[0], contradiction.account_id, "… and more of this kind"))
                break
            found.append(contradiction)
    return found


def _rows(connection: Connection, statement: Any) -> Iterator[Any]:
    marked: Executable = across(statement.limit(LARGEST_REPORT + 1), "deployment")
    yield from connection.execute(marked)


def _sources(connection: Connection) -> Iterator[Contradiction]:
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
    for row in _rows(connection, statement):
        yield Contradiction(
            "a",
            row.account_id,
            f"source {row.source_key} accepted {row.counted} messages, but {row.number} arrivals are there",
        )


def _arrivals(connection: Connection) -> Iterator[Contradiction]:
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
    for row in _rows(connection, statement):
        yield Contradiction(
            "a",
            row.account_id,
            f"message {row.id} counts {row.arrivals} arrivals, but {row.number} are there",
        )


def _bytes(connection: Connection) -> Iterator[Contradiction]:
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
    for row in _rows(connection, statement):
        yield Contradiction(
            "a", row.account_id, f"message {row.id} has lost bytes ({row.pieces} pieces are there)"
        )


def _receipts(connection: Connection) -> Iterator[Contradiction]:
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
    for row in _rows(connection, statement):
        yield Contradiction("b", row.account_id, f"message {row.id} is done without a whole receipt")


def _filed(connection: Connection) -> Iterator[Contradiction]:
    """(b) every message that says it is on a lead has an entry there."""
    statement = (
        select(messages.c.account_id, messages.c.id, messages.c.outcome)
        .outerjoin(
            history_entries,
            and_(
                history_entries.c.account_id == messages.c.account_id,
                history_entries.c.message_id == messages.c.id,
                history_entries.c.kind.in_(("email", "form", "bounce")),
            ),
        )
        .where(messages.c.state == "done", messages.c.outcome.in_(FILED), history_entries.c.id.is_(None))
    )
    for row in _rows(connection, statement):
        yield Contradiction(
            "b", row.account_id, f"message {row.id} is {row.outcome}, but no lead has its entry"
        )


def _entries(connection: Connection) -> Iterator[Contradiction]:
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
        .where(history_entries.c.kind == "email", messages.c.id.is_(None))
    )
    for row in _rows(connection, statement):
        yield Contradiction("b", row.account_id, f"e-mail entry {row.id} has no message that was filed")
    columns = (history_entries.c.account_id, history_entries.c.lead_id, history_entries.c.message_id)
    twice = (
        select(*columns, func.count().label("number"))
        .where(history_entries.c.kind == "email")
        .group_by(*columns)
        .having(func.count() > 1)
    )
    for row in _rows(connection, twice):
        yield Contradiction(
            "b", row.account_id, f"message {row.message_id} stands {row.number} times on lead {row.lead_id}"
        )


def _created(connection: Connection) -> Iterator[Contradiction]:
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
    for row in _rows(connection, statement):
        yield Contradiction("b", row.account_id, f"lead {row.id} has {row.number} lead.created events")
    created = (
        select(events.c.account_id, events.c.message_id, func.count().label("number"))
        .where(events.c.type == "lead.created", events.c.message_id.is_not(None))
        .group_by(events.c.account_id, events.c.message_id)
        .having(func.count() > 1)
    )
    for row in _rows(connection, created):
        yield Contradiction("b", row.account_id, f"message {row.message_id} made {row.number} leads")


def _holds(connection: Connection) -> Iterator[Contradiction]:
    """(c) every open hold has one held message, every held message one open hold."""
    unresolved = and_(
        holds.c.account_id == messages.c.account_id,
        holds.c.message_id == messages.c.id,
        holds.c.resolved_at.is_(None),
    )
    held = and_(messages.c.state == "done", messages.c.outcome == "held")
    number = func.count(holds.c.id)
    statement = (
        select(messages.c.account_id, messages.c.id, number.label("number"))
        .outerjoin(holds, unresolved)
        .where(held)
        .group_by(messages.c.account_id, messages.c.id)
        .having(number != 1)
    )
    for row in _rows(connection, statement):
        yield Contradiction("c", row.account_id, f"held message {row.id} has {row.number} open holds")
    orphaned = (
        select(holds.c.account_id, holds.c.id)
        .join(messages, unresolved)
        .where(messages.c.state == "done", messages.c.outcome != "held")
    )
    for row in _rows(connection, orphaned):
        yield Contradiction("c", row.account_id, f"hold {row.id} is open, but its message is not held")


def _duplicates(connection: Connection) -> Iterator[Contradiction]:
    """(d) duplicate_of ends at a message that is no duplicate."""
    statement = select(messages.c.account_id, messages.c.id, messages.c.duplicate_of).where(
        messages.c.duplicate_of.is_not(None)
    )
    copies = {
        (row.account_id, row.id): row.duplicate_of
        for row in connection.execute(across(statement, "deployment"))
    }
    for (account_id, message_id), target in copies.items():
        seen, following = {message_id}, target
        while following is not None and following not in seen:
            seen.add(following)
            following = copies.get((account_id, following))
        if following is not None:
            yield Contradiction("d", account_id, f"message {message_id} is a duplicate in a circle")
    original = messages.alias("original")
    wrong = (
        select(messages.c.account_id, messages.c.id)
        .join(
            original,
            and_(original.c.account_id == messages.c.account_id, original.c.id == messages.c.duplicate_of),
        )
        .where(messages.c.outcome != "ignored")
    )
    for row in _rows(connection, wrong):
        yield Contradiction("d", row.account_id, f"message {row.id} names an original, but isn't ignored")


def _plans(connection: Connection) -> Iterator[Contradiction]:
    """(e) every event that is done has a plan for each rule it was evaluated with, or an error."""
    number = func.count(plans.c.rule_id)
    statement = (
        select(events.c.account_id, events.c.id, events.c.planned, number.label("number"))
        .outerjoin(plans, and_(plans.c.account_id == events.c.account_id, plans.c.event_id == events.c.id))
        .where(events.c.state == "done", events.c.error.is_(None))
        .group_by(events.c.account_id, events.c.id, events.c.planned)
        .having(or_(events.c.planned.is_(None), events.c.planned != number))
    )
    for row in _rows(connection, statement):
        yield Contradiction(
            "e",
            row.account_id,
            f"event {row.id} was evaluated with {row.planned} rules, but has {row.number} plans",
        )


PROOFS: Mapping[str, Callable[[Connection], Iterator[Contradiction]]] = {
    "a: sources": _sources,
    "a: arrivals": _arrivals,
    "a: bytes": _bytes,
    "b: receipts": _receipts,
    "b: filed messages": _filed,
    "b: e-mail entries": _entries,
    "b: leads": _created,
    "c: holds": _holds,
    "d: duplicates": _duplicates,
    "e: plans": _plans,
}
