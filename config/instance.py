"""One instance per data: locks that end with their process, and sentences for those who come second.

`serve` holds `instance.lock` in the data directory; with an SQLite file elsewhere, also a lock beside
that file. The lock belongs to the open file (flock), which every part inherits: it lasts until the last
process of the old tree is gone, so a new `serve` never works beside the remains of a killed one.

With SQLite a listener, a worker, a sender and a mailbox reader hold a lock of their own role, whether `serve` started
them or a person: one listener process, one worker (architecture §2).
"""

import fcntl
import os
import time
from pathlib import Path

from config.parts import Role
from config.settings import Settings

PATIENCE_SECONDS = 5.0
_ONE_ON_SQLITE = {
    Role.SMTP: "listener",
    Role.WORKER: "worker",
    Role.SENDER: "sender",
    Role.IMAP: "mailbox reader",
}


class SecondInstanceError(Exception):
    """Another process holds the lock; the text is the sentence to show."""


class DataDirectoryError(Exception):
    """The data directory cannot be used by this user; the text is the sentence to show."""


class Lock:
    """A file locked for as long as some process has it open."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def release(self) -> None:
        """Closes this process's copy; inherited ones keep the lock."""
        os.close(self.descriptor)


def claim_instance(settings: Settings, patience: float = PATIENCE_SECONDS) -> list[Lock]:
    """The locks of `serve`. Raises SecondInstanceError after `patience` seconds of waiting."""
    make_data_dir(settings)
    held: list[Lock] = []
    for path, what in _instance_files(settings):
        lock = _claim(path, patience)
        if lock is None:
            raise SecondInstanceError(
                f"Another leadgate ({_holder(path)}) already works with {what}; stop it first, or give "
                "this one a data directory and a database of its own."
            )
        held.append(lock)
    return held


def make_data_dir(settings: Settings) -> None:
    """Makes the data directory, readable by this user only, if it isn't there. Raises DataDirectoryError."""
    place = settings.data_dir
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        usable = os.access(place, os.R_OK | os.W_OK | os.X_OK)
        reason = "this user may not write into it"
    except OSError as error:
        usable, reason = False, error.strerror or str(error)
    if not usable:
        raise DataDirectoryError(
            f"The data directory {place} cannot be used: {reason}. Name another with LEADGATE_DATA_DIR, or let "
            f"this user have it: sudo chown -R $(id -un) {place}"
        )


def claim_role(settings: Settings, role: Role, patience: float = PATIENCE_SECONDS) -> Lock | None:
    """The role's lock where SQLite allows one such process, else None. Raises SecondInstanceError."""
    database = settings.sqlite_file
    if database is None or role not in _ONE_ON_SQLITE:
        return None
    path = _beside(settings, database, f"{role}.lock")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = _claim(path, patience)
    if lock is None:
        raise SecondInstanceError(
            f"A {_ONE_ON_SQLITE[role]} ({_holder(path)}) already runs on {database}, and SQLite takes one; "
            "for more of them, on this or other machines, use PostgreSQL (LEADGATE_DATABASE_URL)."
        )
    return lock


def runs(settings: Settings, role: Role) -> bool | None:
    """Whether a process of this role holds its lock on SQLite's file; None where there is no such lock."""
    database = settings.sqlite_file
    if database is None or role not in _ONE_ON_SQLITE:
        return None
    path = _beside(settings, database, f"{role}.lock")
    if not path.exists():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # given back when the file is closed
        except BlockingIOError:
            return True
    return False


def _instance_files(settings: Settings) -> list[tuple[Path, str]]:
    files = [(settings.data_dir / "instance.lock", f"the data in {settings.data_dir}")]
    database = settings.sqlite_file
    if database is not None and database.parent != settings.data_dir:
        files.append((_beside(settings, database, "instance.lock"), f"the database {database}"))
    return files


def _beside(settings: Settings, database: Path, name: str) -> Path:
    in_data_dir = database.parent == settings.data_dir
    return settings.data_dir / name if in_data_dir else database.with_name(f"{database.name}.{name}")


def _claim(path: Path, patience: float) -> Lock | None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.05)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return Lock(descriptor)


def _holder(path: Path) -> str:
    text = path.read_text(encoding="ascii", errors="replace").strip()
    return f"process {text}" if text.isdigit() else "a process that has just started"
