"""What is done to the processes: SIGKILL at random moments, and what is done to Redis."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from config import embedded_redis
from tests.support import processes
from tests.support.deployment import Deployment, free_port

ALLOWED_TO_START = 0.8
"""How often a new tree may begin to accept mail before the next kill; else it may die while it starts."""
KINDS = frozenset({"serve", "smtp", "web", "worker", "sender", "scheduler"})
SUPERVISOR = 0.3
"""How often the supervisor is among those that may be drawn: with it, everything else goes, too."""


@dataclass(slots=True)
class Killer:
    """Kills a random process of a deployment, every `tree_every`th time all of them, and starts it again.

    The supervisor is one of the random ones: then the rest must go by themselves. Of each kind one is killed before
    any kind is a second time.
    """

    deployment: Deployment
    dice: random.Random
    tree_every: int = 10
    pauses: tuple[float, float] = (0.1, 1.2)
    say: Callable[[str], None] = print
    killed: Counter[str] = field(default_factory=Counter)
    longest_start: float = 0.0

    def run(self, kills: int) -> None:
        """That many kills. Afterwards the deployment runs and is ready."""
        for number in range(1, kills + 1):
            time.sleep(self.dice.uniform(*self.pauses))
            whole = number % self.tree_every == 0
            what = self._whole_tree() if whole else self._one()
            self.killed[what] += 1
            if number % 10 == 0 or number == kills:
                self.say(f"{number} of {kills} kills: {dict(self.killed)}")
            if not self.deployment.runs():
                self._nobody_is_left()
                self.deployment.start(wait=False)
                if self.dice.random() < ALLOWED_TO_START:
                    took = self.deployment.wait_until(self.deployment.accepts_mail, 180)
                    self.longest_start = max(self.longest_start, took)
        self.deployment.wait_until(self.deployment.accepts_mail, 180)
        self.deployment.wait_until(self.deployment.is_ready, 120)

    def _one(self) -> str:
        while tree := self.deployment.tree():
            missing = KINDS - self.killed.keys()
            parts = sorted(pid for pid, word in tree.items() if word in missing)
            if missing and not parts:
                time.sleep(0.05)  # they are being started
                continue
            if not missing:
                parts = sorted(pid for pid, word in tree.items() if word != "serve")
                if not parts or self.dice.random() < SUPERVISOR:
                    parts = sorted(tree)
            pid = self.dice.choice(parts)
            if self.deployment.kill(pid):
                if tree[pid] == "serve":
                    self.deployment.wait_for_its_end()
                return tree[pid]
        raise AssertionError(f"the tree ended by itself:\n{self.deployment.last_words()}")

    def _whole_tree(self) -> str:
        self.deployment.kill_tree()
        return "whole tree"

    def _nobody_is_left(self) -> None:
        """No process outlives its supervisor; some seconds are granted."""
        deadline = time.monotonic() + 8
        while left := self.deployment.survivors():
            assert time.monotonic() < deadline, f"outlived the supervisor by 8 s: {left}"
            time.sleep(0.05)


class OwnRedis:
    """A Redis as an operator would run it, on a port; and what can happen to it."""

    _command: list[str | Path]

    def __init__(self, place: Path) -> None:
        server = embedded_redis.find_server()
        assert server is not None, "no redis-server on this machine"
        self._port = free_port()
        self._command = [
            server,
            "--port",
            str(self._port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            place,
        ]
        self._log = place / "redis.log"
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._client = Redis.from_url(self.url, socket_timeout=5)
        self._process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = processes.start(
                self._command, at_our_death=signal.SIGKILL, environment=os.environ, output=log
            )
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.05)

    def flushall(self) -> None:
        self._client.flushall()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    def close(self) -> None:
        self._client.close()
        self.kill()

    def _answers(self) -> bool:
        try:
            return bool(self._client.ping())
        except (RedisError, OSError):
            return False
