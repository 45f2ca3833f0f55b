"""Claiming work: turns between accounts, fencing, leases that run out, rows that come back."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from store import leases
from store.leases import Turns, claim, fence, give_back, release
from store.session import Database
from store.tables.mail import messages
from tests.store.claims import LONG, SHORT, finish, put, states, take, take_again, wait_until_due
from tests.support.accounts import MadeAccount, make_account
from tests.support.rows import everything, rows


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


def test_waiting_tells_what_is_due(database: Database, account: MadeAccount) -> None:
    put(database, account, 1)
    with database.read() as connection:
        assert leases.waiting(connection, messages)


def test_work_is_in_hand_while_a_lease_lasts(database: Database, account: MadeAccount) -> None:
    def in_hand() -> bool:
        with database.read() as connection:
            return leases.in_hand(connection, messages)

    put(database, account, 1)
    assert not in_hand(), "it waits, nobody has it"
    (key,) = take(database, Turns()).keys
    assert in_hand()
    with database.write() as connection:
        connection.execute(
            update(messages)
            .where(messages.c.account_id == key[0], messages.c.id == key[1])
            .values(due_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
    assert not in_hand(), "whoever had it let the lease run out"


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
    lost = take(database, Turns())
    assert not take_again(database), "not while the lease lasts"
    with database.write() as connection:
        assert fence(connection, messages, lost, keys, SHORT) == set(keys)
    wait_until_due(database, 3)
    assert not take(database, Turns()), "what came back is never claimed beside others"
    back = [take_again(database) for _ in range(4)]
    assert [claimed.keys for claimed in back] == [[keys[0]], [keys[1]], [keys[2]], []]
    assert all(claimed.attempts[claimed.keys[0]] == 2 for claimed in back[:3])
    assert lost.token not in {claimed.token for claimed in back}


def test_who_was_overtaken_writes_nothing(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 2)
    first = take(database, Turns(), lease=SHORT)
    wait_until_due(database, len(keys))
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
    wait_until_due(database)
    assert finish(database, held, keys) == set(keys)
    assert not take_again(database)


def test_the_fence_renews_the_lease(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 1)
    held = take(database, Turns(), lease=SHORT)
    with database.write() as connection:
        assert fence(connection, messages, held, keys, LONG) == set(keys)
    time.sleep(0.1)  # far longer than the first lease
    assert not take_again(database)


def test_released_rows_are_as_if_never_claimed(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 3)
    held = take(database, Turns())
    with database.write() as connection:
        release(connection, messages, held, keys[:2])
        release(connection, messages, held, keys[2:], delay=LONG)
    assert states(database) == {("pending", 0): 3}
    assert sorted(take(database, Turns()).keys) == sorted(keys[:2])
    assert finish(database, held, keys) == set(), "the old token is worth nothing"


def test_release_and_give_back_leave_alone_what_somebody_else_holds(
    database: Database, account: MadeAccount
) -> None:
    keys = put(database, account, 1)
    first = take(database, Turns(), lease=SHORT)
    wait_until_due(database, len(keys))
    second = take_again(database)
    with database.write() as connection:
        release(connection, messages, first, keys)
        give_back(connection, messages, first, keys[0], delay=timedelta(0), error="late")
    assert finish(database, second, keys) == set(keys)


def test_given_back_rows_count_the_attempt_and_wait(database: Database, account: MadeAccount) -> None:
    soon, later = put(database, account, 2)
    held = take(database, Turns())
    with database.write() as connection:
        give_back(connection, messages, held, later, delay=LONG, error="boom")
        give_back(connection, messages, held, soon, delay=SHORT, error="boom")
    wait_until_due(database)
    assert not take(database, Turns()), "alone"
    assert take_again(database).attempts == {soon: 2}
    assert not take_again(database), "not before its delay"
    assert [row["error"] for row in rows(database, select(messages.c.error))] == ["boom", "boom"]


def test_a_claim_that_is_not_committed_claims_nothing(database: Database, account: MadeAccount) -> None:
    keys = put(database, account, 1)

    def die_before_the_commit() -> None:
        with database.write() as connection:
            assert claim(connection, messages, Turns(), limit=1, lease=LONG).keys == keys
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die_before_the_commit()
    assert take(database, Turns()).keys == keys


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
