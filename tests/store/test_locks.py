"""Locks of the effect transaction: two at once on one prospect take turns, and never wait in a circle."""

import threading
import time

from store.locks import acquire, contact_key, thread_key
from store.session import Database


def test_the_same_key_waits_until_the_transaction_ends(database: Database) -> None:
    order: list[str] = []
    held = threading.Event()

    def first() -> None:
        with database.write() as connection:
            acquire(connection, [contact_key("acme", "jan@example.com")])
            held.set()
            time.sleep(0.15)
            order.append("first")

    def second() -> None:
        held.wait()
        with database.write() as connection:
            acquire(connection, [thread_key("acme", "<1@x>"), contact_key("acme", "jan@example.com")])
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]


def test_other_keys_do_not_wait_on_postgresql(postgresql_database: Database) -> None:
    with postgresql_database.write() as one, postgresql_database.write() as other:
        acquire(one, [contact_key("acme", "jan@example.com")])
        begun = time.monotonic()
        acquire(other, [contact_key("acme", "eva@example.com"), contact_key("globex", "jan@example.com")])
        acquire(other, [thread_key("acme", "jan@example.com")])
        assert time.monotonic() - begun < 1.0


def test_keys_in_any_order_make_no_circle(database: Database) -> None:
    names = [f"p{number}@example.com" for number in range(12)]
    failed: list[Exception] = []

    def worker(turn: int) -> None:
        for _ in range(15):
            mine = names[turn:] + names[:turn]
            try:
                with database.write() as connection:
                    acquire(
                        connection, [contact_key("acme", name) for name in (mine if turn % 2 else mine[::-1])]
                    )
            except Exception as error:  # noqa: BLE001  a deadlock would be one
                failed.append(error)

    threads = [threading.Thread(target=worker, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_no_keys_are_no_statement(database: Database) -> None:
    with database.read() as connection:
        acquire(connection, [])
