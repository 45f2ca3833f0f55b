"""Messages to claim, and claims of them as a worker makes them, each committed on its own."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from store.ids import new_id
from store.leases import Claim, Key, Turns, claim, claim_again, fence
from store.session import Database, clock, now
from store.tables.mail import messages
from tests.support.accounts import MadeAccount
from tests.support.rows import everything, rows

LONG = timedelta(minutes=5)
"""A lease that lasts as long as any test, however slow the machine."""
SHORT = timedelta(milliseconds=1)
"""A lease that has run out before anybody looks; `wait_until_due` makes sure of it."""
PAST = timedelta(seconds=1)


def put(
    database: Database, account: MadeAccount, count: int, *, due_in: timedelta = timedelta(0)
) -> list[Key]:
    """That many pending messages; their keys in the order in which they are due."""
    keys = [(account.id, new_id()) for _ in range(count)]
    with database.write() as connection:
        moment = now(connection)
        due = moment + due_in - PAST
        connection.execute(
            insert(messages),
            [
                {
                    "account_id": account_id,
                    "id": message_id,
                    "raw_key": message_id.encode(),
                    "size": 1,
                    "received_at": moment,
                    "state": "pending",
                    "due_at": due + timedelta(microseconds=number),
                    "attempts": 0,
                    "arrivals": 1,
                }
                for number, (account_id, message_id) in enumerate(keys)
            ],
        )
    return keys


def wait_until_due(database: Database, number: int = 1, seconds: float = 60) -> None:
    """Waits until that many rows are due by the database's own clock, held ones among them."""
    deadline = time.monotonic() + seconds
    while True:
        with database.read() as connection:
            due = (messages.c.state != "done", messages.c.due_at <= clock(connection))
            found = connection.execute(everything(select(func.count()).select_from(messages).where(*due)))
            if found.scalar_one() >= number:
                return
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def take(database: Database, turns: Turns, limit: int = 10, lease: timedelta = LONG) -> Claim:
    """A claim of fresh rows."""
    with database.write() as connection:
        return claim(connection, messages, turns, limit=limit, lease=lease)


def take_again(database: Database, lease: timedelta = LONG, limit: int = 1) -> Claim:
    """A claim of rows that came back."""
    with database.write() as connection:
        return claim_again(connection, messages, lease=lease, limit=limit)


def finish(database: Database, held: Claim, keys: Sequence[Key]) -> set[Key]:
    """Writes the results that the fence lets through; their keys."""
    with database.write() as connection:
        ours = fence(connection, messages, held, keys, LONG)
        for account_id, message_id in ours:
            connection.execute(
                update(messages)
                .where(messages.c.account_id == account_id, messages.c.id == message_id)
                .values(state="done", outcome="ignored")
            )
    return ours


def states(database: Database) -> Counter[tuple[str, int]]:
    """How many rows there are of each (state, attempts)."""
    found = rows(database, select(messages.c.state, messages.c.attempts))
    return Counter((row["state"], row["attempts"]) for row in found)
