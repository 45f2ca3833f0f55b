"""Many claimants at once: every row is taken and written once, and a slow one delays nobody."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from store.leases import Key, Turns, claim
from store.session import Database
from store.tables.mail import messages
from tests.store.claims import LONG, finish, put, states, take, take_again
from tests.support.accounts import MadeAccount, make_account


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
    lease = timedelta(milliseconds=50)
    put(database, account, 40)
    written: list[Key] = []

    def worker(number: int) -> None:
        turns, idle, late = Turns(), 0, []
        while idle < 8:
            held = take(database, turns, 5, lease) or take_again(database, lease)
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
    while held := take_again(database):
        written.extend(finish(database, held, held.keys))
    assert [number for number in Counter(written).values() if number != 1] == []
    assert {state for state, _ in states(database)} == {"done"}
    assert len(written) == 40


def test_on_postgresql_a_row_that_is_being_claimed_delays_nobody(postgresql_database: Database) -> None:
    account = make_account(postgresql_database)
    keys = put(postgresql_database, account, 4)
    with postgresql_database.write() as slow:
        held = claim(slow, messages, Turns(), limit=2, lease=LONG)
        # the other's transaction is open: whoever waited for its rows would run into the lock's timeout
        assert take(postgresql_database, Turns()).keys == keys[2:]
        assert held.keys == keys[:2]
