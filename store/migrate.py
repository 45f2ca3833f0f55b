"""Brings a database's tables to what this version of leadgate expects.

`is_current` compares one row with a constant and imports no Alembic, so a start that has nothing to do costs
a millisecond. `upgrade` may be called by any number of processes at once: the first one works, the others
wait for it and find nothing left to do (PostgreSQL: an advisory lock; SQLite: BEGIN IMMEDIATE). All steps run
in one transaction, so a start that is killed meanwhile has changed nothing.
"""

import time
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from store.session import Database, StoreError

HEAD = "0009"
"""The newest step in `migrations/versions`; a test compares."""

NEWER = "made by a newer leadgate"
"""Stands in the sentence about a database that no migration of this version helps."""

PATIENCE = 300.0
"""Seconds to wait for another process that is migrating."""

_LOCK = 0x6C656164_67617465  # "leadgate", as PostgreSQL's advisory lock


class NewerDatabase(StoreError):
    """The database was brought to a schema that this version does not know."""


def is_current(database: Database) -> bool:
    """True if the tables are what this version expects. OperationalError if the database cannot be asked."""
    with database.read() as connection:
        return _version(connection) == HEAD


def problem(database: Database) -> str | None:
    """Why this version cannot work on the tables as they are, as a sentence; None when it can.

    OperationalError if the database cannot be asked.
    """
    with database.read() as connection:
        version = _version(connection)
    if version == HEAD:
        return None
    if version is not None and version > HEAD:
        return _newer(version)
    found = "has no tables of leadgate yet" if version is None else f"has the older schema {version}"
    return f"The database {found}: run `leadgate migrate`, or start `leadgate serve`."


def _newer(version: str) -> str:
    return f"The database has schema {version}, {NEWER}; this one knows up to {HEAD}: start the newer one."


def upgrade(database: Database) -> None:
    """Brings the tables to HEAD. NewerDatabase if a later version of leadgate made them.

    OperationalError if the database cannot be asked, or another process migrates for longer than PATIENCE.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with database.write() as connection:
                _wait_for_others(connection)
                _run(connection)
        except OperationalError as error:
            # SQLite's wait for its write lock ends after the driver's 10 seconds; switching a new file to WAL
            # does not wait at all. PostgreSQL waits in `_wait_for_others`.
            if "database is locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _run(connection: Connection) -> None:
    version = _version(connection)
    if version == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise NewerDatabase(_newer(version))
    command.upgrade(config, "head")


def _wait_for_others(connection: Connection) -> None:
    """Waits until no other process migrates; the lock goes with the transaction."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE:.0f}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
