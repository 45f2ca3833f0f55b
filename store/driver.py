"""Which driver talks to the database, and with which settings. The only room that knows.

SQLite: pysqlite3 (a newer SQLite than the interpreter's, with the WAL fix of 3.51.3) where its wheel
exists, else the interpreter's own `sqlite3`. WAL, synchronous=FULL (a commit is on the disk before
250 is said), foreign keys on, 10 s of patience with other writers. The driver's own transaction
handling is switched off and every write transaction begins with BEGIN IMMEDIATE: with the deferred
default, concurrent read-modify-writes are lost without an error.

PostgreSQL: psycopg 3, READ COMMITTED; 10 s lock timeout, so that a stuck lock is an error and no
endless wait; a connection idle within a transaction for 60 s is ended by the server.
"""

import importlib
import importlib.util
import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.url import URL

from store.types import dump_json

PATIENCE_SECONDS = 10
TURN_SECONDS = 0.001
IMMEDIATE = "BEGIN IMMEDIATE"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",  # KiB
)
POSTGRESQL_OPTIONS = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"


def sqlite_driver() -> Any:
    """The DB-API module used for SQLite: pysqlite3's or the interpreter's."""
    newer = importlib.util.find_spec("pysqlite3")
    return importlib.import_module("pysqlite3.dbapi2") if newer else sqlite3


def make_engines(url: str, *, driver: Any = None) -> tuple[Engine, Engine]:
    """(engine for writing, engine for reading) for `url`; they differ only on SQLite.

    `driver`: another DB-API module for SQLite (tests run on the interpreter's own too).
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, driver, IMMEDIATE), _sqlite(parsed, driver, "BEGIN")
    engine = _postgresql(parsed)
    return engine, engine


def _sqlite(url: URL, driver: Any, begin: str) -> Engine:
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        module=driver or sqlite_driver(),
        connect_args={"timeout": PATIENCE_SECONDS, "check_same_thread": False},
        json_serializer=dump_json,
        hide_parameters=True,  # a fault must not carry values into a log
        pool_size=4,
        max_overflow=16,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        if begin == IMMEDIATE:
            _wait_for_turn(connection)
        else:
            connection.exec_driver_sql(begin)

    return engine


def _wait_for_turn(connection: Connection) -> None:
    """BEGIN IMMEDIATE, asked for again at short and even intervals.

    SQLite's own waiting sleeps longer and longer, up to 100 ms a time, so whoever has waited for long is passed by all
    who have just come: with three processes that write, one in a hundred transactions waited for most of a second.
    """
    cursor, refused = connection.connection.cursor(), connection.dialect.loaded_dbapi.OperationalError
    until = time.monotonic() + PATIENCE_SECONDS
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                cursor.execute(IMMEDIATE)
            except refused as fault:
                if "locked" not in str(fault):
                    break  # asked once more below, for the error as SQLAlchemy tells it
                time.sleep(TURN_SECONDS)
            else:
                return
        connection.exec_driver_sql(IMMEDIATE)
    finally:
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
        cursor.close()


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": 5, "options": POSTGRESQL_OPTIONS},
        json_serializer=dump_json,
        hide_parameters=True,  # a fault must not carry values into a log
        pool_size=5,
        max_overflow=15,
        pool_pre_ping=True,
        pool_recycle=1800,
    )
