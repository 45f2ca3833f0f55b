"""All rows of all tables as lines of JSON, and back: what a backup is made of, the same for both databases.

`dump` reads one consistent picture in a transaction that stops nobody (SQLite: a snapshot beside the write-ahead
log; PostgreSQL: REPEATABLE READ), however long it takes and whatever flows in meanwhile. `load` writes into
empty tables, within the caller's transaction: all or nothing. Foreign keys are checked at its end, because rows
of one table may refer to later ones.

A value is written as the database keeps it: times as microseconds, bytes as base64.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, func, insert, select, text

from store.session import Database, across
from store.tables.everything import metadata
from store.tables.operation import deployment_facts, heartbeats
from store.types import Instant, from_microseconds, to_microseconds

NOT_KEPT = frozenset({heartbeats.name})
"""Says something about processes that will not be there."""
NOTED_AT_START = frozenset({deployment_facts.name})
"""May hold rows in a database that is empty otherwise."""
_MAY_PAUSE = text("SET LOCAL idle_in_transaction_session_timeout = 0")
"""The server ends whoever is silent within a transaction for a minute (`store.driver`). Here that is no forgotten
one: between two batches their bytes are packed and written to a disk that may be slow."""
ROWS_AT_ONCE = 100
"""Of messages' bytes up to 25 MiB."""


def tables() -> list[Table]:
    """What is kept, those that are referred to first."""
    return [table for table in metadata.sorted_tables if table.name not in NOT_KEPT]


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A reading transaction that sees one moment, from its first statement to its end."""
    if database.is_sqlite:
        with database.read() as connection:
            yield connection
        return
    with database.engines[0].connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        connection.execute(_MAY_PAUSE)
        yield connection


def dump(connection: Connection, table: Table) -> Iterator[bytes]:
    """A line per row of `table`."""
    writers = [(column.name, _writer(column)) for column in table.columns]
    statement = across(select(table), "deployment").execution_options(yield_per=ROWS_AT_ONCE)
    for row in connection.execute(statement):
        values = {name: write(value) for (name, write), value in zip(writers, row, strict=True)}
        yield json.dumps(values, separators=(",", ":")).encode() + b"\n"


def load(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Inserts the rows; how many. ValueError or KeyError for lines that are none of this table's."""
    readers = {column.name: _reader(column) for column in table.columns}
    number = 0
    waiting: list[dict[str, Any]] = []
    for line in lines:
        waiting.append({name: readers[name](value) for name, value in json.loads(line).items()})
        if len(waiting) == ROWS_AT_ONCE:
            connection.execute(insert(table), waiting)
            number, waiting = number + len(waiting), []
    if waiting:
        connection.execute(insert(table), waiting)
    return number + len(waiting)


def is_empty(connection: Connection) -> bool:
    """Whether nothing but notes of a first start is in the tables."""
    return not any(
        connection.execute(across(select(func.count()).select_from(table), "deployment")).scalar()
        for table in tables()
        if table.name not in NOTED_AT_START
    )


@contextmanager
def foreign_keys_at_the_end(connection: Connection) -> Iterator[None]:
    """Within, rows may refer to what comes later; at its end every reference is checked."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))  # until COMMIT, which checks
        yield
        return
    constraints = [
        (table.name, str(constraint.name))
        for table in tables()
        for constraint in sorted(table.foreign_key_constraints, key=lambda found: str(found.name))
    ]
    connection.execute(_MAY_PAUSE)
    _alter(connection, constraints, "DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    _alter(connection, constraints, "NOT DEFERRABLE")


def _alter(connection: Connection, constraints: list[tuple[str, str]], how: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for table, name in constraints:
        connection.execute(text(f"ALTER TABLE {quote(table)} ALTER CONSTRAINT {quote(name)} {how}"))


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, Instant):
        return lambda value: None if value is None else to_microseconds(value)
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64encode(value).decode("ascii")
    return lambda value: value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, Instant):
        return lambda value: None if value is None else from_microseconds(value)
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value, validate=True)
    return lambda value: value
