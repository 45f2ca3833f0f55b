"""Claiming work: turns between accounts, fencing, leases that run out, rows that come back, many claimants."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from store import leases
from store.ids import new_id
from store.leases import Claim, Key, Turns, claim, claim_again, fence, give_back, release
from store.session import Database, now
from store.tables.mail import messages
from tests.support.accounts import MadeAccount, make_account
from tests.support.rows import everything, rows

LONG = timedelta(minutes=5)
SHORT = timedelta(milliseconds=800)


def put(
    database: Database, account: MadeAccount, count: int, *, due_in: timedelta = timedelta(0)
) -> list[Key]:
    """That many pending messages; their keys in the order in which they are due."""
    keys = [(account.id, new_id()) for _ in range(count)]
    with database.write() as connection:
        moment = now(connection)
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
                    "due_at": moment + due_in + timedelta(microseconds=number),
                    "attempts": 0,
                    "arrivals": 1,
                }
                for number, (account_id, message_id) in enumerate(keys)
            ],
        )
    time.sleep(0.005)  # the clock is precise to a millisecond: now they are due
    return keys


def take(database: Database, turns: Turns, limit: int = 10, lease: timedelta = LONG) -> Claim:
    with database.write() as connection:
        return claim(connection, messages, turns, limit=limit, lease=lease)


def take_again(database: Database, lease: timedelta = LONG, limit: int = 1) -> Claim:
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
    found = rows(database, select(messages.c.state, messages.c.attempts))
    return Counter((row["state"], row["attempts"]) for row in found)


def test_what_is_due_is_claimed_once_oldest_first(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 5)
    turns = Turns()
    first, second, third = take(database, turns, 3), take(database, turns, 3), take(database, turns, 3)
    assert first.keys == keys[:3]
    assert second.keys == keys[3:]
    assert not third
    assert first.token != second.token
    assert first.attempts == dict.fromkeys(keys[:3], 1)
    assert states(database) == {("claimed", 1): 5}


def test_what_is_not_due_is_left(database: Database, account: MadeAccount) -> None:
    put(database, account, 2, due_in=timedelta(hours=1))
    assert not take(database, Turns())
    assert not take_again(database)
    with database.read() as connection:
        assert not leases.waiting(connection, messages)


def test_waiting_tells_how_long(database: Database, account: MadeAccount) -> None:
    put(database, account, 1)
    with database.read() as connection:
        assert leases.waiting(connection, messages)
        assert not leases.waiting(connection, messages, for_longer_than=timedelta(seconds=30))


def test_accounts_take_turns(database: Database, account: MadeAccount, other_account: MadeAccount) -> None:
    put(database, account, 100)
    late = put(database, other_account, 3)
    turns = Turns()
    shares = [Counter(account_id for account_id, _ in take(database, turns, 10).keys) for _ in range(2)]
    assert sum(share[other_account.id] for share in shares) == len(late), "within two batches"
    assert all(share[account.id] >= 5 for share in shares), "and the other one goes on"


def test_every_account_is_served_though_there_are_more_than_a_batch_holds(database: Database) -> None:
    accounts = [make_account(database, f"a{number}") for number in range(7)]
    for one in accounts:
        put(database, one, 4)
    turns = Turns()
    batches = [[account_id for account_id, _ in take(database, turns, 3).keys] for _ in range(7)]
    assert all(len(set(batch)) == 3 for batch in batches)
    assert Counter(account_id for batch in batches for account_id in batch) == {one.id: 3 for one in accounts}


def test_a_lease_that_ran_out_comes_back_alone(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 3)
    lost = take(database, Turns(), lease=SHORT)
    assert not take_again(database), "not while the lease lasts"
    time.sleep(SHORT.total_seconds() + 0.05)
    assert not take(database, Turns()), "what came back is never claimed beside others"
    back = [take_again(database) for _ in range(4)]
    assert [claimed.keys for claimed in back] == [[keys[0]], [keys[1]], [keys[2]], []]
    assert all(claimed.attempts[claimed.keys[0]] == 2 for claimed in back[:3])
    assert lost.token not in {claimed.token for claimed in back}


def test_who_was_overtaken_writes_nothing(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 2)
    first = take(database, Turns(), lease=SHORT)
    time.sleep(SHORT.total_seconds() + 0.05)
    second = take_again(database)
    assert second.keys == keys[:1]
    assert finish(database, first, keys) == set(keys[1:]), "the one overtaken is not among them"
    assert finish(database, second, keys) == set(keys[:1]), "a claim holds its own rows only"
    assert finish(database, second, keys) == set(), "nothing is written twice"
    assert states(database) == {("done", 1): 1, ("done", 2): 1}


def test_a_lease_that_ran_out_may_still_write_until_somebody_took_it(
    database: Database, account: MadeAccount
) -> None:
    keys = put(database, account, 1)
    held = take(database, Turns(), lease=SHORT)
    time.sleep(SHORT.total_seconds() + 0.05)
    assert finish(database, held, keys) == set(keys)
    assert not take_again(database)


def test_the_fence_renews_the_lease(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 1)
    held = take(database, Turns(), lease=SHORT)
    with database.write() as connection:
        assert fence(connection, messages, held, keys, LONG) == set(keys)
    time.sleep(SHORT.total_seconds() + 0.05)
    assert not take_again(database)


def test_released_rows_are_as_if_never_claimed(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 3)
    held = take(database, Turns())
    with database.write() as connection:
        release(connection, messages, held, keys[:2])
        release(connection, messages, held, keys[2:], delay=LONG)
    time.sleep(0.005)
    assert states(database) == {("pending", 0): 3}
    assert sorted(take(database, Turns()).keys) == sorted(keys[:2])
    assert finish(database, held, keys) == set(), "the old token is worth nothing"


def test_release_and_give_back_leave_alone_what_somebody_else_holds(
    database: Database, account: MadeAccount
) -> None:
    keys = put(database, account, 1)
    first = take(database, Turns(), lease=SHORT)
    time.sleep(SHORT.total_seconds() + 0.05)
    second = take_again(database)
    with database.write() as connection:
        release(connection, messages, first, keys)
        give_back(connection, messages, first, keys[0], delay=timedelta(0), error="late")
    assert finish(database, second, keys) == set(keys)


def test_given_back_rows_count_the_attempt_and_wait(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 1)
    held = take(database, Turns())
    with database.write() as connection:
        give_back(connection, messages, held, keys[0], delay=timedelta(milliseconds=80), error="boom")
    assert not take_again(database), "not before its delay"
    time.sleep(0.12)
    assert not take(database, Turns()), "and alone"
    assert take_again(database).attempts == {keys[0]: 2}
    assert rows(database, select(messages.c.error))[0]["error"] == "boom"


def test_a_claim_that_is_not_committed_claims_nothing(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 1)

    def die_before_the_commit() -> None:
        with database.write() as connection:
            assert claim(connection, messages, Turns(), limit=1, lease=LONG).keys == keys
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die_before_the_commit()
    assert take(database, Turns()).keys == keys


def together(count: int, work: Callable[[int], None]) -> None:
    """Runs `work(number)` in that many threads at once; the first exception of any is raised."""
    failed: list[Exception] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001  raised below, in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def test_four_workers_at_once_take_every_row_exactly_once(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    keys = put(database, account, 150) + put(database, other_account, 50)
    taken: list[Key] = []

    def worker(_number: int) -> None:
        turns, empty = Turns(), 0
        while empty < 3:
            held = take(database, turns, 7)
            empty = 0 if held else empty + 1
            taken.extend(finish(database, held, held.keys))

    together(4, worker)
    assert sorted(taken) == sorted(keys)
    assert states(database) == {("done", 1): 200}


def test_workers_that_stop_in_the_middle_and_are_overtaken_write_each_row_once(
    database: Database, account: MadeAccount
) -> None:
    """Every third claim is abandoned and written late; leases are so short that they overtake each other."""
    put(database, account, 40)
    written: list[Key] = []

    def worker(number: int) -> None:
        turns, idle, late = Turns(), 0, []
        while idle < 8:
            held = take(database, turns, 5, SHORT) or take_again(database, SHORT)
            if not held:
                idle += 1
                time.sleep(0.02)
                continue
            idle = 0
            if (held.token + number) % 3 == 0:
                late.append(held)
                time.sleep(0.08)
            else:
                written.extend(finish(database, held, held.keys))
        for held in late:
            written.extend(finish(database, held, held.keys))

    together(3, worker)
    while held := take_again(database, SHORT):
        written.extend(finish(database, held, held.keys))
    assert [number for number in Counter(written).values() if number != 1] == []
    assert {state for state, _ in states(database)} == {"done"}
    assert len(written) == 40


def test_on_postgresql_a_row_that_is_being_claimed_delays_nobody(postgresql_database: Database) -> None:
    account = make_account(postgresql_database)
    keys = put(postgresql_database, account, 4)
    with postgresql_database.write() as slow:
        held = claim(slow, messages, Turns(), limit=2, lease=LONG)
        begun = time.monotonic()
        assert take(postgresql_database, Turns()).keys == keys[2:]
        assert time.monotonic() - begun < 1.0
        assert held.keys == keys[:2]


def test_a_claim_looks_only_at_open_work(database: Database, account: MadeAccount) -> None:
    """10,000 finished rows make a claim no slower: the partial index holds the open ones only."""
    plan = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    put(database, account, 300)
    with database.write() as connection:
        connection.execute(everything(update(messages).values(state="done")))
    put(database, account, 2)
    with database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
        statement = (
            f"{plan} SELECT account_id, id FROM messages WHERE state <> 'done' AND state = 'pending' "
            f"AND attempts = 0 AND account_id = '{account.id}' AND due_at <= 1 ORDER BY due_at, id LIMIT 5"
        )
        lines = str(connection.exec_driver_sql(statement).all())
    assert "ix_messages_open" in lines
