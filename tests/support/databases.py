"""A fresh database per test in milliseconds: a copy of one that was made once per test process.

SQLite's file lies on a memory file system where there is one, with leadgate's own settings: every commit
still waits for its sync, which costs nothing there.
"""

import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from store import migrate
from store.session import Database
from store.tables.everything import metadata
from tests.support.postgres import PostgresServer, find_binaries

PREFIX = "leadgate-tests-"
SQLITE, SQLITE_OF_PYTHON, POSTGRESQL = "sqlite", "sqlite-of-python", "postgresql"


def quick_directory() -> str | None:
    """Where temporary files are quickest: memory, if there is a file system of it; else None, the default."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None


class _Compiled(dict[Any, Any]):
    """SQLAlchemy's compiled statements, kept for all databases of a kind: each engine alone would begin with none.

    A key begins with the engine's dialect, an object; what is compiled depends on its class and driver only.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._of_all(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._of_all(key), compiled)

    @staticmethod
    def _of_all(key: Any) -> Any:
        dialect, *rest = key
        return type(dialect), dialect.dbapi, *rest


class Databases:
    """Makes databases with the present schema (or none) for one test process; `close` removes everything."""

    def __init__(self) -> None:
        base = quick_directory() or tempfile.gettempdir()
        _remove_what_dead_ones_left(Path(base))
        self._place = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
        self._place.chmod(0o711)  # PostgreSQL, as nobody, has a directory of its own in it
        self._numbers = itertools.count(1)
        self._server: PostgresServer | None = None
        self._template: Path | None = None
        self._compiled = _Compiled()

    @contextmanager
    def sqlite(self, *, schema: bool = True, of_python: bool = False) -> Iterator[Database]:
        """A database in a file; `of_python`: through the interpreter's own sqlite3."""
        file = self._place / f"{next(self._numbers)}.sqlite3"
        if schema:
            shutil.copyfile(self._sqlite_template(), file)
        database = self._sharing(Database(f"sqlite:///{file}", driver=sqlite3 if of_python else None))
        try:
            yield database
        finally:
            database.close()
            for path in self._place.glob(f"{file.name}*"):
                path.unlink()

    @contextmanager
    def postgresql(self, *, schema: bool = True) -> Iterator[Database]:
        """A database of this process's server, which is started when first needed."""
        server = self.server
        name = f"test_{next(self._numbers)}"
        database = self._sharing(
            Database(server.create(name, template="leadgate" if schema else "template0"))
        )
        try:
            yield database
        finally:
            database.close()
            server.drop(name)

    @property
    def server(self) -> PostgresServer:
        """The PostgreSQL server, with the template database `leadgate` in it."""
        if self._server is None:
            self._server = PostgresServer(self._place)
            _make_schema(Database(self._server.create("leadgate")))
        return self._server

    def close(self) -> None:
        """Ends the server and removes the files."""
        if self._server is not None:
            self._server.close()
        shutil.rmtree(self._place, ignore_errors=True)

    def _sharing(self, database: Database) -> Database:
        for engine in database.engines:
            engine.update_execution_options(compiled_cache=self._compiled)
        return database

    def _sqlite_template(self) -> Path:
        if self._template is None:
            self._template = self._place / "template.sqlite3"
            _make_schema(Database(f"sqlite:///{self._template}"))
        return self._template


def _remove_what_dead_ones_left(base: Path) -> None:
    """Test processes that were killed could not clean up; their directories carry their pid."""
    for left in base.glob(f"{PREFIX}*-*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (ValueError, PermissionError):
            continue  # somebody else's


def has_postgresql() -> bool:
    """Whether the wheel with PostgreSQL is installed."""
    return find_binaries() is not None


@cache
def migrated_file() -> bytes:
    """SQLite's file as `leadgate migrate` makes it, once per test process: each step of it costs."""
    with tempfile.TemporaryDirectory(prefix="leadgate-migrated-", dir=quick_directory()) as place:
        file = Path(place) / "made.sqlite3"
        database = Database(f"sqlite:///{file}")
        migrate.upgrade(database)
        database.close()
        return file.read_bytes()


def _make_schema(database: Database) -> None:
    with database.write() as connection:
        metadata.create_all(connection)
    database.close()  # the last connection of SQLite's folds the write-ahead log into the file
