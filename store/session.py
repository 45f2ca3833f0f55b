"""Engines, transactions and the database's clock.

`Database.write()` and `Database.read()` are the only ways to a connection. A write transaction on
SQLite holds the one write lock from its first moment (BEGIN IMMEDIATE), so nothing slow may happen
inside: no parsing, no network.

Statements name their account. Those that cannot, because their work is to find rows of any account,
say so with `across(statement, reason)`, and the reason must stand in ACROSS_ACCOUNTS; a test parses
every statement that runs and fails for any other without account_id.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, Engine, Executable, Select, literal_column, select, type_coerce
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.sql.elements import ColumnElement

from store.driver import make_engines
from store.types import Instant

S = TypeVar("S", bound=Executable)

_MOMENT = "leadgate.moment"
_SQLITE_CLOCK = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000"
_POSTGRESQL_CLOCK = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

ACROSS_ACCOUNTS = {
    "claim": "finding and claiming work that is due, of whatever account",
    "door": "finding the account of an inbound address, an API key or a login",
    "deployment": "what concerns the whole deployment: making accounts, status figures, the books",
}


class StoreError(Exception):
    """Base of what `store` raises.

    StoreError
    ├── Conflict      the state is not what the caller believes (409)
    ├── NotFound      no such row for this scope or viewer (404)
    ├── Refused       the viewer may see but not do this (403)
    └── Invalid       a value that cannot be stored (422); `place` names the field
    """


class Conflict(StoreError):
    """The state is not what the caller believes; `place` names the field that is taken, if it is about one."""

    def __init__(self, told: str, place: str = "") -> None:
        super().__init__(told)
        self.place = place


class NotFound(StoreError):
    """No such row for this scope or viewer."""


class Refused(StoreError):
    """The viewer may see, but not do this."""


class Invalid(StoreError):
    """A value that cannot be stored; `place` names the field."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


def across(statement: S, reason: str) -> S:
    """`statement`, marked as one that names no account. KeyError for a reason not listed."""
    ACROSS_ACCOUNTS[reason]
    return statement.execution_options(across_accounts=reason)


class Database:
    """A database by URL. Nothing is opened before the first transaction."""

    def __init__(self, url: str, *, driver: Any = None) -> None:
        self.url = url
        self._writing, self._reading = make_engines(url, driver=driver)
        self.is_sqlite = self._writing.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write: committed at the end, rolled back on an exception."""
        with self._writing.begin() as connection:
            connection.info.pop(_MOMENT, None)
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent picture on SQLite, and no lock taken."""
        with self._reading.connect() as connection:
            connection.info.pop(_MOMENT, None)
            yield connection

    @property
    def engines(self) -> tuple[Engine, ...]:
        """The engines, for migrations and for tests that watch statements."""
        return (self._writing,) if self._writing is self._reading else (self._writing, self._reading)

    def close(self) -> None:
        """Closes every pooled connection; a later transaction opens new ones."""
        for engine in self.engines:
            engine.dispose()


def clock(connection: Connection, plus: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """The database's own clock, `plus` a period, as an SQL expression.

    Leases of many machines compare with one clock. julianday() exists in every SQLite (unixepoch with
    fractions only since 3.42) and is precise to 1 ms.
    """
    return clock_of(connection.dialect.name, plus)


def clock_of(dialect: str, plus: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """`clock` for a statement that is kept: `dialect` is "sqlite" or "postgresql"."""
    sql = _SQLITE_CLOCK if dialect == "sqlite" else _POSTGRESQL_CLOCK
    return type_coerce(literal_column(sql, BigInteger) + plus // timedelta(microseconds=1), Instant)


def clock_after(dialect: str, microseconds: ColumnElement[int]) -> ColumnElement[datetime]:
    """`clock_of` plus a bound number of microseconds."""
    sql = _SQLITE_CLOCK if dialect == "sqlite" else _POSTGRESQL_CLOCK
    return type_coerce(literal_column(sql, BigInteger) + microseconds, Instant)


def now(connection: Connection) -> datetime:
    """The database's clock, read once in a transaction: whatever it writes happened at one moment."""
    moment: datetime | None = connection.info.get(_MOMENT)
    if moment is None:
        moment = connection.execute(_now(connection.dialect.name)).scalar_one()
        connection.info[_MOMENT] = moment
    return moment


@cache
def _now(dialect: str) -> Select[Any]:
    return select(clock_of(dialect).label("now"))


def is_deadlock(error: BaseException) -> bool:
    """True when PostgreSQL ended the transaction because two waited for each other: simply begin it again."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in ("40P01", "40001")


def why_of(error: BaseException) -> str:
    """What the database said about `error`, on one line and without a full stop: for people."""
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    return said.partition(" Is the server running")[0].rstrip(" .")


def is_damaged(error: BaseException) -> bool:
    """True when `error` says that SQLite's file is broken, or is no database at all."""
    said = str(getattr(error, "orig", ""))
    return isinstance(error, DatabaseError) and any(
        sign in said for sign in ("malformed", "not a database", "disk image")
    )


def is_unavailable(error: BaseException) -> bool:
    """True when `error` says that the database cannot be asked just now (gone, locked, full).

    PostgreSQL's class 54 (a limit exceeded: a value too long for an index, too many parameters) comes as the
    same exception, but lies in what was asked: asked again, the answer would be the same.
    """
    if not isinstance(error, DBAPIError):
        return False
    beyond_a_limit = str(getattr(error.orig, "sqlstate", None) or "").startswith("54")
    return error.connection_invalidated or (isinstance(error, OperationalError) and not beyond_a_limit)
