"""A running leadgate, used from outside: started as an operator starts it, spoken to by SMTP and HTTP.

Its process tree can be looked at and killed; only processes that it started are ever touched, by pid.
"""

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from store.session import Database
from tests.support import processes
from tests.support.api import Api, Made
from tests.support.databases import migrated_file

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"
"""For those that log in as the admin (`admin_password=PASSWORD`); others need none, and hashing it costs."""
SECRET_KEY = "0123456789abcdef" * 4


class Deployment:
    """`leadgate serve` with a data directory of its own; `settings` are further LEADGATE_* without the prefix."""

    def __init__(
        self,
        place: Path,
        *,
        database_url: str | None = None,
        wiring: str | None = None,
        data_dir: Path | None = None,
        **settings: str,
    ) -> None:
        self.place = place
        self.data_dir = data_dir or place / "data"
        self.smtp_port, self.http_port = free_port(), free_port()
        self.base = f"http://127.0.0.1:{self.http_port}"
        clean = {n: v for n, v in os.environ.items() if not n.lstrip("_").startswith("LEADGATE_")}
        self.environment = clean | {
            "PYTHONPATH": str(ROOT),
            "LEADGATE_DATA_DIR": str(self.data_dir),
            "LEADGATE_SMTP": f"127.0.0.1:{self.smtp_port}",
            "LEADGATE_HTTP": f"127.0.0.1:{self.http_port}",
            "LEADGATE_WEBHOOK_ALLOW": "127.0.0.1/32",
            "LEADGATE_DNS": "off",
            "LEADGATE_LOG": "json",
        }
        if database_url is not None:
            self.environment |= {"LEADGATE_DATABASE_URL": database_url, "LEADGATE_SECRET_KEY": SECRET_KEY}
        if wiring is not None:
            self.environment["_LEADGATE_WIRING"] = wiring
        self.environment |= {f"LEADGATE_{name.upper()}": value for name, value in settings.items()}
        self.database_url = database_url or f"sqlite:///{self.data_dir}/leadgate.sqlite3"
        self.log = place / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._seen: dict[int, str] = {}
        self._databases: list[Database] = []

    # ------------------------------------------------------------------------------------------ running it
    def command(self, word: str, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Runs `leadgate <word> …` to its end."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "config", word, *arguments],
            env=self.environment,
            cwd=self.place,
            input=given,
            capture_output=True,
            check=False,
        )

    def init(self, slug: str = "acme", *arguments: str, admin: str = "anna@{slug}.example") -> Made:
        """Makes an account with the mail domain <slug>.test. SQLite's file lies there with its schema already."""
        file = self.data_dir / "leadgate.sqlite3"
        if self.database_url == f"sqlite:///{file}" and not file.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.write_bytes(migrated_file())
        email = admin.format(slug=slug)
        words = ("--account", slug, "--domain", f"{slug}.test", "--admin-email", email, "--json", *arguments)
        done = self.command("init", *words)
        assert done.returncode == 0, done.stderr.decode()
        return Made.from_json(json.loads(done.stdout))

    def start(self, *, wait: bool = True) -> None:
        """Starts `serve`; waits until it accepts mail and says that it is ready."""
        with self.log.open("ab") as log:
            self._process = processes.start(
                [sys.executable, "-P", "-m", "config", "serve"],
                at_our_death=signal.SIGKILL,
                environment=self.environment,
                output=log,
                directory=self.place,
            )
        if wait:
            self.wait_until(self.accepts_mail, 60)
            self.wait_until(self.is_ready, 60)

    def api(self, made: Made) -> Api:
        return Api(self.base, made.api_key)

    def accepts_mail(self) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=5) as client:
                return client.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def is_ready(self) -> bool:
        try:
            return self.readiness()[0] == 200
        except requests.RequestException:
            return False

    def readiness(self) -> tuple[int, Any]:
        """/readyz: status and JSON."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{self.base}/readyz", timeout=5)
            return answer.status_code, answer.json()

    def wait_until(self, condition: Callable[[], Any], seconds: float, pause: float = 0.05) -> float:
        """Waits until `condition()` is true; how long that took. AssertionError with the log's end otherwise."""
        begun = time.monotonic()
        while not condition():
            assert self.runs(), (
                f"serve ended with {self._process and self._process.returncode}:\n{self.last_words()}"
            )
            took = time.monotonic() - begun
            assert took < seconds, f"not within {seconds} s: {condition}\n{self.last_words()}"
            time.sleep(pause)
        return time.monotonic() - begun

    def last_words(self, lines: int = 40) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    # ----------------------------------------------------------------------------------------- its processes
    def runs(self) -> bool:
        """Whether the supervisor lives."""
        return self._process is not None and self._process.poll() is None

    def tree(self) -> dict[int, str]:
        """The supervisor and all its descendants: pid → the word it was started with, or its program."""
        if self._process is None or self._process.poll() is not None:
            return {}
        living = _living()
        found: dict[int, str] = {}
        waiting = [self._process.pid]
        while waiting:
            above = waiting.pop()
            if above in living:
                command = living[above][1]
                found[above] = (
                    command[command.index("config") + 1] if "config" in command else Path(command[0]).name
                )
            waiting += [pid for pid, (parent, _) in living.items() if parent == above]
        self._seen |= found
        return found

    def cpu(self) -> dict[str, float]:
        """CPU seconds that the tree has used so far (Linux), by the word each process was started with."""
        used: dict[str, float] = {}
        for pid, word in self.tree().items():
            used[word] = used.get(word, 0.0) + _cpu(pid)
        return used

    def kill(self, pid: int) -> bool:
        """SIGKILL to one process of the tree; False if it was gone already."""
        if pid not in self.tree():
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def kill_tree(self) -> int:
        """SIGKILL to every process of the tree at once, supervisor first; how many that were."""
        doomed = self.tree()
        for pid in doomed:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if self._process is not None:
            self._process.wait()
        deadline = time.monotonic() + 5
        while _living().keys() & doomed and time.monotonic() < deadline:
            time.sleep(0.02)  # a killed process lets go of its files a moment later
        return len(doomed)

    def wait_for_its_end(self, seconds: float = 10) -> None:
        """Waits until the supervisor is gone."""
        if self._process is not None:
            self._process.wait(seconds)

    def survivors(self) -> dict[int, str]:
        """Processes of this deployment that live though the supervisor does not: they name its data directory."""
        if self.runs():
            return {}
        living = _living()
        return {
            pid: " ".join(living[pid][1])
            for pid in living.keys() & self._seen
            if (environment := _environment(pid)) is not None
            and f"LEADGATE_DATA_DIR={self.data_dir}" in environment
        }

    def stop(self, seconds: float = 15) -> int:
        """SIGTERM, and the exit code; AssertionError if it does not end in time or leaves a process."""
        assert self._process is not None
        members = self.tree().keys()
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(seconds)
        finally:
            left = _living().keys() & members
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        assert not left, f"processes outlived serve: {left}"
        return code

    def close(self) -> None:
        """Ends whatever still runs, at once, and lets go of its database."""
        if self._process is not None:
            self.kill_tree()
        for database in self._databases:
            database.close()

    def database(self) -> Database:
        """Its database, for looking in beside it; let go of at the latest by `close`."""
        self._databases.append(Database(self.database_url))
        return self._databases[-1]


def free_port() -> int:
    """A port that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def send(port: int, sender: str, recipients: list[str] | str, raw: bytes, *, tls: bool = False) -> None:
    """One mail by SMTP, with STARTTLS or without; raises smtplib's exceptions when it isn't taken."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=30) as client:
        if tls:
            client.starttls()  # whatever the certificate, as mail servers do (RFC 7435)
        client.sendmail(sender, recipients, raw)


def _living() -> dict[int, tuple[int, list[str]]]:
    """All processes that are no zombies: pid → (parent, command line). One listing, for each costs a process."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    found = {}
    for line in listing.stdout.splitlines():
        pid, parent, state, *command = line.split()
        if not state.startswith("Z"):
            found[int(pid)] = (int(parent), command)
    return found


def _environment(pid: int) -> list[str] | None:
    """The environment a process was started with (Linux); None when it is gone, a zombie or not ours."""
    try:
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return None
        return Path(f"/proc/{pid}/environ").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return None


def _cpu(pid: int) -> float:
    """User and system CPU seconds of a process (proc(5), fields 14 and 15 of stat); 0 for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
