"""A wiring for tests of the process tree: real processes, real sockets, real SQLite, and work that is a row.

A connection to the listener sends one line and is told `250` once the row is committed. Working on a row
marks it done. The process that did it is written beside it. `SMALL_SCHEMA=old` keeps the schema old.
"""

import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import embedded_redis
from config.parts import Role
from config.settings import Settings
from ingest.listening.listener import Bound, CannotListen
from store.doorbell import Doorbell, RqDoorbell, SilentDoorbell, Work
from store.figures import Figures
from store.heartbeats import Heartbeat

BATCH = 20
SCHEMA = """
CREATE TABLE IF NOT EXISTS work (
    id INTEGER PRIMARY KEY, kind TEXT, text TEXT, due REAL, done INTEGER NOT NULL DEFAULT 0, by TEXT
);
CREATE TABLE IF NOT EXISTS beats (role TEXT, name TEXT PRIMARY KEY, at REAL);
"""


@contextmanager
def database(data_dir: Path) -> Iterator[sqlite3.Connection]:
    """The small database; committed at the end."""
    with closing(sqlite3.connect(data_dir / "small.db", timeout=20)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        yield connection


class SmallListener:
    """Takes one line per connection and answers 250 after the commit."""

    def __init__(self, parts: "SmallParts") -> None:
        self._parts = parts
        self._socket: socket.socket | None = None
        self._stop = False

    def open(self) -> Sequence[Bound]:
        where = self._parts.settings.smtp
        assert where is not None
        try:
            self._socket = socket.create_server((where.host, where.port))
        except OSError as error:
            raise CannotListen(f"Cannot listen on {where}: {error.strerror}.") from error
        self._socket.settimeout(0.05)
        return [Bound("smtp", *self._socket.getsockname()[:2])]

    def run(self) -> None:
        assert self._socket is not None
        while not self._stop:
            try:
                client, _ = self._socket.accept()
            except TimeoutError:
                continue
            client.settimeout(5)
            with closing(client):
                text = client.recv(1000).decode().strip()
                self._parts.put(Work.MESSAGES, [text])
                client.sendall(b"250 stored\r\n")
        self._socket.close()
        (self._parts.settings.data_dir / "stopped-smtp").write_text(str(time.monotonic()))

    def stop(self) -> None:
        self._stop = True


class SmallParts:
    """Rows as work."""

    def __init__(self, settings: Settings, role: Role) -> None:
        self.settings = settings
        self.role = role
        self.stopping = threading.Event()
        url = embedded_redis.client_url(settings, os.environ)
        self.doorbell: Doorbell = RqDoorbell(url) if url is not None else SilentDoorbell()
        self.work: Mapping[Work, Callable[[], int]] = {work: self._working(work) for work in Work}
        self.listener = SmallListener(self)

    @property
    def acceptor(self) -> Any:
        raise NotImplementedError

    @property
    def address_book(self) -> Any:
        raise NotImplementedError

    def put(self, work: Work, texts: Sequence[str]) -> None:
        with database(self.settings.data_dir) as connection:
            rows = [(work.value, text, time.time()) for text in texts]
            connection.executemany("INSERT INTO work (kind, text, due) VALUES (?, ?, ?)", rows)
        threading.Thread(target=self.doorbell.ring, args=(work,)).start()  # never in the reply's way

    def _working(self, work: Work) -> Callable[[], int]:
        def batch() -> int:
            with database(self.settings.data_dir) as connection:
                connection.execute("BEGIN IMMEDIATE")
                found = connection.execute(
                    "SELECT id, text FROM work WHERE kind = ? AND done = 0 ORDER BY id LIMIT ?",
                    (work.value, BATCH),
                ).fetchall()
                for number, text in found:
                    if text == "hang":
                        time.sleep(3600)
                    by = f"{self.role}:{os.getpid()}"
                    connection.execute("UPDATE work SET done = done + 1, by = ? WHERE id = ?", (by, number))
            if found and work is Work.MESSAGES:
                self.put(Work.EVENTS, [f"event of {text}" for _, text in found])
            if found and work is Work.EVENTS:
                self.put(Work.DELIVERIES, [f"delivery of {text}" for _, text in found])
                self.put(Work.MAILS, [f"mail of {text}" for _, text in found])
            return len(found)

        return batch

    def oldest_due(self, work: Work) -> datetime | None:
        with database(self.settings.data_dir) as connection:
            (oldest,) = connection.execute(
                "SELECT min(due) FROM work WHERE kind = ? AND done = 0", (work.value,)
            ).fetchone()
        return datetime.fromtimestamp(oldest, UTC) if oldest is not None else None

    def forget_texts(self) -> None:
        """There are no mails."""

    def watch_sources(self) -> None:
        """There are no sources."""

    def look_after_database(self) -> None:
        """SQLite needs none."""

    def in_hand(self, work: Work) -> bool:
        return False  # a batch is one transaction here: nothing is ever held between two

    def beat(self, role: str, name: str) -> None:
        with database(self.settings.data_dir) as connection:
            connection.execute("REPLACE INTO beats VALUES (?, ?, ?)", (role, name, time.time()))

    def read_mailboxes(self, holder: str) -> None:
        self.stopping.wait()

    def has_no_account(self) -> bool:
        return False

    def web_app(self) -> Any:
        def app(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ["PATH_INFO"] == "/slow":
                time.sleep(0.5)
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"pages"]

        return app

    def close(self) -> None:
        (self.settings.data_dir / f"closed-{self.role}-{os.getpid()}").touch()

    def init_account(self, **given: Any) -> Mapping[str, Any]:
        if given["domain"] == "wrong":
            raise ValueError("wrong is no mail domain.")
        return {
            "account": {"id": "1", "slug": given["account"], "domain": given["domain"]},
            "admin": {"id": "2", "email": given["admin_email"], "address": "a.secret@acme.test"},
            "addresses": {"bcc": "bcc@acme.test", "leads": "leads@acme.test"},
            "api_key": given["admin_password"],
        }

    def integrity(self) -> Sequence[str]:
        return []

    def figures(self) -> Figures:
        moment = datetime.now(UTC)
        with database(self.settings.data_dir) as connection:
            beats = connection.execute(
                "SELECT name, role, at FROM beats WHERE at > ?", (time.time() - 15,)
            ).fetchall()
        return Figures(
            at=moment,
            messages={},
            accepted={},
            deliveries={},
            oldest_due={work: self.oldest_due(work) for work in Work},
            alive=tuple(
                Heartbeat(name, role, moment, datetime.fromtimestamp(at, UTC)) for name, role, at in beats
            ),
            database_bytes=0,
            paused_since=None,
            last_backup=None,
            first_account=None,
        )

    def check(self) -> Sequence[str]:
        return self.settings.hostname.split(".")[1:]


def build(settings: Settings, role: Role) -> SmallParts:
    return SmallParts(settings, role)


def database_problem(settings: Settings) -> str | None:
    return os.environ.get("SMALL_DATABASE")


def schema_problem(settings: Settings) -> str | None:
    if os.environ.get("SMALL_SCHEMA") != "old" and (settings.data_dir / "migrated").exists():
        return None
    return "The database's schema is old; `leadgate serve` or `leadgate migrate` brings it up to date."


def key_problem(settings: Settings) -> str | None:
    return None


def migrate(settings: Settings) -> None:
    with database(settings.data_dir) as connection:
        connection.executescript(SCHEMA)
    (settings.data_dir / "migrated").touch()
