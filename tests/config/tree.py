"""A running `leadgate serve` for tests: started, watched and ended from outside, by its processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from store.doorbell import Work
from tests.config.real_redis import wait_for
from tests.config.small_wiring import database

ROOT = Path(__file__).resolve().parents[2]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """An environment without any other setting, for processes that use the small wiring."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("LEADGATE_", "_LEADGATE_"))
    }
    return {
        **clean,
        "PYTHONPATH": str(ROOT),
        "_LEADGATE_WIRING": "tests.config.small_wiring",
        "LEADGATE_DATA_DIR": str(data_dir),
        "LEADGATE_HTTP": f"127.0.0.1:{free_port()}",
        "LEADGATE_SMTP": f"127.0.0.1:{free_port()}",
        "LEADGATE_LOG": "json",
        **more,
    }


def free_port() -> int:
    """A port that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def leadgate(word: str, *arguments: str, env: Mapping[str, str]) -> "subprocess.Popen[str]":
    """One command, as a process."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "config", word, *arguments],
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]", seconds: float = 30) -> tuple[int, str, str]:
    """Waits for a command: its exit code, standard output and standard error."""
    output, said = process.communicate(timeout=seconds)
    return process.returncode, output, said


def processes() -> dict[int, tuple[int, str]]:
    """All processes that are no zombies: pid to (parent, command line)."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    found = {}
    for line in listing.stdout.splitlines():
        pid, parent, state, command = line.split(maxsplit=3)
        if not state.startswith("Z"):
            found[int(pid)] = (int(parent), command)
    return found


class Tree:
    """`leadgate serve` and its descendants."""

    def __init__(self, data_dir: Path, env: Mapping[str, str]) -> None:
        self.data_dir = data_dir
        self.env = env
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self._start()

    def _start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "config", "serve"], env=dict(self.env), stdout=log, stderr=log
            )

    def restart(self) -> None:
        """Another start on the same data, at once."""
        self._start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def output(self) -> str:
        return self.log.read_text()

    def descendants(self) -> dict[int, str]:
        """pid to command line of every process below the supervisor."""
        known = processes()
        inside = {self.pid}
        while more := {pid for pid, (parent, _) in known.items() if parent in inside} - inside:
            inside |= more
        return {pid: known[pid][1] for pid in inside - {self.pid} if pid in known}

    def pid_of(self, word: str) -> int | None:
        """The pid of a part by its command, or of redis-server."""
        ending = "redis-server" if word == "redis-server" else f"-m config {word}"
        for pid, command in self.descendants().items():
            if command.endswith(ending) or (word == "redis-server" and "redis-server" in command):
                return pid
        return None

    def wait_until_running(self, *words: str) -> None:
        wait_for(lambda: all(self.pid_of(word) for word in words), 60)

    def wait_until_ready(self) -> None:
        wait_for(lambda: "leadgate runs" in self.output() or self.process.poll() is not None, 90)
        assert self.process.poll() is None, self.output()

    def send(self, text: str, patience: float = 20) -> float:
        """Hands one message over, trying again as a mail server would; the time the reply took."""
        host, _, port = self.env["LEADGATE_SMTP"].rpartition(":")
        deadline = time.monotonic() + patience
        while True:
            begun = time.monotonic()
            try:
                with socket.create_connection((host, int(port)), timeout=10) as client:
                    client.sendall(f"{text}\r\n".encode())
                    if client.recv(100).startswith(b"250"):
                        return time.monotonic() - begun
            except OSError:
                assert time.monotonic() < deadline, self.output()
                time.sleep(0.05)

    def undone(self) -> int:
        with database(self.data_dir) as connection:
            (number,) = connection.execute("SELECT count(*) FROM work WHERE done = 0").fetchone()
        return int(number)

    def done(self, work: Work) -> list[str]:
        with database(self.data_dir) as connection:
            rows = connection.execute(
                "SELECT text FROM work WHERE kind = ? AND done = 1", (work.value,)
            ).fetchall()
        return [text for (text,) in rows]

    def wait_until_drained(self, number: int, seconds: float = 10) -> None:
        """Until `number` messages, their events and deliveries are done."""
        wait_for(
            lambda: all(len(set(self.done(work))) >= number for work in Work) and self.undone() == 0, seconds
        )

    def end(self) -> None:
        """Whatever happened: nothing is left."""
        left = self.descendants()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in left.keys() & processes().keys():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def tree(tmp_path: Path, **more: str) -> Iterator[Tree]:
    """A started `leadgate serve`."""
    data_dir = tmp_path / "data"
    running = Tree(data_dir, environment(data_dir, **more))
    try:
        yield running
    finally:
        running.end()
