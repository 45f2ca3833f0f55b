"""Backup and restore: the whole deployment as one file, from a system at work, for either database.

The file is a ZIP of one member per table (`store.archive`), the secret key where leadgate made it itself, and a
`manifest.json` that counts the rows. It is as confidential as the data directory: readable by its owner only.
It gets its name when it is whole and on the disk; a backup that breaks off leaves nothing behind.

A restored deployment is paused: it takes and files mail, but sends nothing until `leadgate resume`, so that a
copy made for a look, or restored from last night, does not repeat what has been sent. Everything is put into
the database in one transaction: a restore that breaks off can simply be started again.
"""

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from config import __version__, keys, secret_check
from config.settings import Settings
from store import archive, deployment
from store import migrate as schema
from store.books.proofs import prove
from store.session import Database

FORMAT = 1
MANIFEST = "manifest.json"


class CannotRestoreError(Exception):
    """Nothing was changed in the database; the text is the sentence to show."""


def backup(settings: Settings, database: Database, file: Path) -> Mapping[str, int]:
    """Writes the backup to `file` (replaced only when the new one is whole); rows by table. Raises OSError."""
    descriptor, draft = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}-")  # 0600
    try:
        with os.fdopen(descriptor, "w+b") as target:
            rows = _write(settings, database, target)
            target.flush()
            os.fsync(target.fileno())
        Path(draft).replace(file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    with database.write() as connection:
        deployment.note(connection, deployment.LAST_BACKUP, file.name)
    return rows


def restore(settings: Settings, file: Path) -> Mapping[str, int]:
    """Fills an empty data directory and database from `file`, and pauses; rows by table.

    Raises CannotRestoreError with a sentence. The caller holds the instance's locks.
    """
    try:
        with zipfile.ZipFile(file) as source:
            manifest = json.loads(source.read(MANIFEST))
            _need_fitting(manifest)
            _put_key(settings, manifest, source)
            database = Database(settings.database_url)
            try:
                return _fill(database, manifest, source)
            finally:
                database.close()
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, IntegrityError) as fault:
        raise CannotRestoreError(f"{file} is no whole backup of leadgate: {fault}.") from fault


def _write(settings: Settings, database: Database, target: Any) -> Mapping[str, int]:
    rows: dict[str, int] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        with archive.snapshot(database) as connection:
            for table in archive.tables():
                rows[table.name] = 0
                with made.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                    for line in archive.dump(connection, table):
                        member.write(line)
                        rows[table.name] += 1
        if settings.secret_key is None:
            made.writestr(keys.FILE_NAME, keys.read_or_make(settings.data_dir) + "\n")
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "schema": schema.HEAD,
            "at": datetime.now(UTC).isoformat(),
            "secret_key": secret_check.fingerprint(settings),
            "rows": rows,
        }
        made.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return rows


def _need_fitting(manifest: Mapping[str, Any]) -> None:
    if manifest["format"] != FORMAT or manifest["schema"] != schema.HEAD:
        raise CannotRestoreError(
            f"This backup was made by leadgate {manifest['version']} with schema {manifest['schema']}, and this is "
            f"{__version__} with {schema.HEAD}: restore it with that version, then start this one on its data."
        )


def _put_key(settings: Settings, manifest: Mapping[str, Any], source: zipfile.ZipFile) -> None:
    """The secret key in its place, or a sentence why the one at hand does not fit."""
    file = settings.data_dir / keys.FILE_NAME
    if settings.secret_key is None and not file.exists():
        if keys.FILE_NAME not in source.namelist():
            raise CannotRestoreError(
                "The backup holds no secret key, because it was given from outside: "
                "give the same one as LEADGATE_SECRET_KEY."
            )
        keys.put(settings.data_dir, source.read(keys.FILE_NAME).decode("ascii").strip())
    if secret_check.fingerprint(settings) != manifest["secret_key"]:
        where = "LEADGATE_SECRET_KEY" if settings.secret_key is not None else str(file)
        raise CannotRestoreError(f"The secret key in {where} is not the one this backup was made with.")


def _fill(database: Database, manifest: Mapping[str, Any], source: zipfile.ZipFile) -> Mapping[str, int]:
    if not schema.is_current(database):
        schema.upgrade(database)
    with database.read() as connection:
        if not archive.is_empty(connection):
            raise CannotRestoreError(
                "There is a leadgate with accounts in this database already; restore into an empty one."
            )
    rows: dict[str, int] = {}
    with database.write() as connection, archive.foreign_keys_at_the_end(connection):
        deployment.forget(connection, deployment.SECRET_KEY)
        for table in archive.tables():
            with source.open(f"{table.name}.jsonl") as lines:
                rows[table.name] = archive.load(connection, table, lines)
            if rows[table.name] != manifest["rows"][table.name]:
                raise ValueError(f"{table.name} has {rows[table.name]} rows")
        deployment.note(connection, deployment.SECRET_KEY, manifest["secret_key"])
        deployment.note(connection, deployment.PAUSED, f"restored from a backup of {manifest['at']}")
        wrong = prove(connection)
        if wrong:
            raise ValueError(f"its books do not balance: {wrong[0].sentence}")
    return rows
