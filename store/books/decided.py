"""Proofs (c), (d), (e): holds, duplicates and plans fit the messages and events they belong to."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select

from store.books.contradiction import Contradiction, rows
from store.session import across
from store.tables.automation import events, plans
from store.tables.mail import holds, messages


def open_holds(connection: Connection) -> Iterator[Contradiction]:
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
    for row in rows(connection, statement):
        yield Contradiction("c", row.account_id, f"held message {row.id} has {row.number} open holds")
    orphaned = (
        select(holds.c.account_id, holds.c.id)
        .join(messages, unresolved)
        .where(messages.c.state == "done", messages.c.outcome != "held")
    )
    for row in rows(connection, orphaned):
        yield Contradiction("c", row.account_id, f"hold {row.id} is open, but its message is not held")


def duplicates(connection: Connection) -> Iterator[Contradiction]:
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
    for row in rows(connection, wrong):
        yield Contradiction("d", row.account_id, f"message {row.id} names an original, but isn't ignored")


def stored_plans(connection: Connection) -> Iterator[Contradiction]:
    """(e) every event that is done has a plan for each rule it was evaluated with, or an error."""
    number = func.count(plans.c.rule_id)
    statement = (
        select(events.c.account_id, events.c.id, events.c.planned, number.label("number"))
        .outerjoin(plans, and_(plans.c.account_id == events.c.account_id, plans.c.event_id == events.c.id))
        .where(events.c.state == "done", events.c.error.is_(None))
        .group_by(events.c.account_id, events.c.id, events.c.planned)
        .having(or_(events.c.planned.is_(None), events.c.planned != number))
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "e",
            row.account_id,
            f"event {row.id} was evaluated with {row.planned} rules, but has {row.number} plans",
        )
