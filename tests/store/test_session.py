"""Transactions: nothing is lost between concurrent writers, what is read is one picture, the clock is one."""

import random
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Executable, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from store.driver import sqlite_driver
from store.ids import new_id
from store.session import Database, across, clock, is_deadlock, is_unavailable, now
from store.tables.leads import contact_addresses, contacts
from store.tables.people import accounts, deployment_keys, user_addresses
from tests.support.accounts import MadeAccount, make_account
from tests.support.rows import rows

ROOT = Path(__file__).parents[2]


def number(database: Database, account: MadeAccount) -> int:
    with database.read() as connection:
        statement = select(accounts.c.last_lead_number).where(accounts.c.id == account.id)
        return int(connection.execute(statement).scalar_one())


def raise_number(database: Database, account_id: str, times: int) -> None:
    """Reads, then writes what was read plus one, as a careless writer does; the row locked on PostgreSQL."""
    for _ in range(times):
        with database.write() as connection:
            statement = (
                select(accounts.c.last_lead_number).where(accounts.c.id == account_id).with_for_update()
            )
            seen = connection.execute(statement).scalar_one()
            connection.execute(
                update(accounts).where(accounts.c.id == account_id).values(last_lead_number=seen + 1)
            )


def test_of_1800_concurrent_read_modify_writes_none_is_lost(database: Database, account: MadeAccount) -> None:
    threads = [threading.Thread(target=raise_number, args=(database, account.id, 300)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert number(database, account) == 1800


def test_nor_between_processes(database: Database, account: MadeAccount) -> None:
    program = (
        "import sys; from store.session import Database; from tests.store.test_session import raise_number\n"
        "raise_number(Database(sys.argv[1]), sys.argv[2], 50)"
    )
    command = [sys.executable, "-c", program, database.url, account.id]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    raise_number(database, account.id, 50)
    assert [process.wait() for process in processes] == [0, 0]
    assert number(database, account) == 150


def change_and_die(database: Database, change: Executable) -> None:
    with database.write() as connection:
        connection.execute(change)
        raise ZeroDivisionError


def test_an_exception_rolls_back(database: Database, account: MadeAccount) -> None:
    change = update(accounts).where(accounts.c.id == account.id).values(last_lead_number=7)
    with pytest.raises(ZeroDivisionError):
        change_and_die(database, change)
    assert number(database, account) == 0


def test_tables_too_are_made_and_unmade_by_transactions(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        change_and_die(database, text("CREATE TABLE made_by_mistake (x INTEGER)"))
    with database.read() as connection, pytest.raises(Exception, match="made_by_mistake"):
        connection.execute(text("SELECT * FROM made_by_mistake"))


def test_a_reader_waits_for_no_writer(database: Database, account: MadeAccount) -> None:
    with database.write() as connection:
        connection.execute(update(accounts).where(accounts.c.id == account.id).values(last_lead_number=5))
        begun = time.monotonic()
        assert number(database, account) == 0
        assert time.monotonic() - begun < 1.0
    assert number(database, account) == 5


def test_a_reader_on_sqlite_sees_one_picture(sqlite_database: Database) -> None:
    account = make_account(sqlite_database)
    with sqlite_database.read() as connection:
        statement = select(accounts.c.last_lead_number).where(accounts.c.id == account.id)
        assert connection.execute(statement).scalar_one() == 0
        raise_number(sqlite_database, account.id, 1)
        assert connection.execute(statement).scalar_one() == 0


def test_a_transaction_happens_at_one_moment_of_the_databases_clock(database: Database) -> None:
    with database.read() as connection:
        first = now(connection)
        assert first.tzinfo is UTC
        assert abs(first - datetime.now(UTC)) < timedelta(seconds=2)
        time.sleep(0.02)
        assert now(connection) == first
    with database.read() as connection:
        assert timedelta(milliseconds=10) < now(connection) - first < timedelta(seconds=5)


def test_the_clock_itself_runs_within_a_transaction(database: Database) -> None:
    with database.read() as connection:
        begun = now(connection)
        time.sleep(0.02)
        later = connection.execute(select(clock(connection, timedelta(hours=-2)).label("then"))).scalar_one()
        assert timedelta(milliseconds=10) < later - begun + timedelta(hours=2) < timedelta(seconds=2)


def test_the_clock_compares_with_stored_times(database: Database, account: MadeAccount) -> None:
    with database.read() as connection:
        old = accounts.c.created_at <= clock(connection, timedelta(seconds=1))
        young = accounts.c.created_at > clock(connection, timedelta(minutes=-1))
        found = connection.execute(select(accounts.c.slug).where(accounts.c.id == account.id, old, young))
        assert found.scalar_one() == "acme"


def test_a_row_cannot_name_a_row_of_another_account(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(
            insert(user_addresses).values(
                account_id=other_account.id,
                id=new_id(),
                user_id=account.admin.id,
                address="x@example.com",
                created_at=now(connection),
            )
        )


@pytest.mark.parametrize("nasty", ["a\x00b", "a\ud800b", "\udcff", "ok 😀 \u2028"])
def test_any_text_of_a_mail_can_be_stored(database: Database, account: MadeAccount, nasty: str) -> None:
    contact_id = new_id()
    with database.write() as connection:
        values = {"account_id": account.id, "id": contact_id, "created_at": now(connection)}
        connection.execute(insert(contacts).values(**values, name=nasty, phones=[nasty, {nasty: nasty}]))
        connection.execute(
            insert(contact_addresses).values(
                account_id=account.id, id=new_id(), contact_id=contact_id, address=nasty, written=nasty
            )
        )
    (stored,) = rows(database, contacts)
    expected = nasty.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").replace("\udcff", "\ufffd")
    assert stored["name"] == expected
    assert stored["phones"] == [expected, {expected: expected}]


def test_sqlite_waits_for_the_disk_and_checks_foreign_keys(sqlite_database: Database) -> None:
    for engine in sqlite_database.engines:
        with engine.connect() as connection:
            asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
            assert found == ["wal", 2, 1, 10000]


def test_sqlite_is_a_newer_one_than_the_interpreters_where_a_wheel_exists() -> None:
    driver = sqlite_driver()
    if driver is not sqlite3:
        assert driver.sqlite_version_info >= (3, 51, 3), "with the fix of the write-ahead log"


def test_a_database_that_cannot_be_asked_is_told_from_a_mistake(database: Database, tmp_path: Path) -> None:
    gone = Database(f"sqlite:///{tmp_path}/nowhere/x.sqlite3")
    with pytest.raises(OperationalError) as nowhere, gone.write():
        pass
    refused = Database("postgresql://nobody@127.0.0.1:1/x")
    with pytest.raises(OperationalError) as closed, refused.write():
        pass
    with pytest.raises(Exception, match="nonsense") as mistake, database.read() as connection:
        connection.execute(text("SELECT nonsense"))
    assert is_unavailable(nowhere.value)
    assert is_unavailable(closed.value)
    assert not is_unavailable(mistake.value) or database.is_sqlite  # SQLite says OperationalError to both
    assert not is_unavailable(ValueError())


def test_nothing_is_opened_before_the_first_transaction(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/x.sqlite3").close()
    Database("postgresql://nobody@127.0.0.1:1/x").close()
    assert list(tmp_path.iterdir()) == []


def test_a_value_too_long_for_an_index_is_no_fault_of_the_database(database: Database) -> None:
    fault = _fault_of_a_long_key(database)
    assert (fault is None) == database.is_sqlite
    assert fault is None or not (is_unavailable(fault) or is_deadlock(fault))


def _fault_of_a_long_key(database: Database) -> DBAPIError | None:
    key = random.Random(1).randbytes(20_000)
    try:
        with database.write() as connection:
            values = {"key_hash": key, "created_at": now(connection)}
            connection.execute(across(insert(deployment_keys).values(values), "deployment"))
    except DBAPIError as fault:
        return fault
    return None
