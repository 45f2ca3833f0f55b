"""The supervisor: one process tree, started and stopped in order, with every dead part restarted.

It loads neither the store nor Redis and does nothing but start, watch and stop processes, so there is
little in it that could fail. Each part is a fresh interpreter (no fork shares a connection or a lock)
in a process group of its own, so that Ctrl-C in a terminal reaches the supervisor alone and the order of
stopping holds. No part outlives it (`config.lifeline`).

A part that ends is started again: at once the first time, then after growing pauses of up to 5 seconds,
until it has run steadily for a while. Only a part that says at its first start that restarting is no
help (its address is taken, its settings are wrong) ends the whole, with its sentence and its code.

Stopping is `STOP_STAGES`, in that order, at most ten seconds in all; a stage that takes too long is
killed, which loses nothing. A second Ctrl-C kills what is left.
"""

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.lifeline import VARIABLE as LIFELINE
from config.lifeline import Lifeline
from config.part import NAME, READY, say

STOP_STAGES: tuple[tuple[frozenset[str], float], ...] = (
    (frozenset({"smtp", "imap", "migrate"}), 3.0),
    (frozenset({"web"}), 1.2),
    (frozenset({"worker", "sender", "scheduler"}), 4.0),
    (frozenset({"redis"}), 0.5),
)
RESTART_PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 10.0
HOPELESS = frozenset({1, os.EX_UNAVAILABLE, os.EX_SOFTWARE, os.EX_CONFIG})
"""At a first start, where the same would happen again. Not 75: a database that is still starting."""
FIRST_ALONE_SECONDS = 8.0
"""How long the others wait at most for the first part to be ready: on a slow machine mail still comes first."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Member:
    """One process of the tree: its command, and how it has fared."""

    name: str
    word: str
    once: bool = False
    optional: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    due: float | None = None
    deaths: int = 0
    was_ready: bool = False

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.returncode is None


@dataclass(slots=True)
class Supervisor:
    """Runs `members` until it is told to stop. The first one is given a head start."""

    members: Sequence[Member]
    environ: Mapping[str, str]
    inherit: Sequence[int] = ()
    """Descriptors that every part inherits: the instance's locks."""
    _line: Lifeline = field(default_factory=Lifeline)
    _stop_asked: float | None = None
    _exit_code: int = os.EX_OK
    _heard: bytes = b""

    def run(self) -> int:
        """The life of the tree; returns the exit code. Call it in the main thread, once."""
        ready_read, self_ready = os.pipe()
        os.set_blocking(ready_read, False)
        wake = _wake_on_signals(self._asked_to_stop)
        with selectors.DefaultSelector() as selector:
            selector.register(wake, selectors.EVENT_READ)
            selector.register(ready_read, selectors.EVENT_READ)
            try:
                now = time.monotonic()
                for place, member in enumerate(self.members):
                    member.due = now if place == 0 or member.once else now + FIRST_ALONE_SECONDS
                while self._stop_asked is None:
                    self._start_what_is_due(self_ready)
                    selector.select(self._pause())
                    _empty(wake)
                    self._hear(ready_read)
                    self._see_the_dead()
                if self._exit_code == os.EX_OK:
                    say("leadgate stops; what is in hand is finished first.")
                self._stop(selector, wake)
            finally:
                for member in self.members:
                    _kill(member)
                self._line.close()
        return self._exit_code

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop_asked is None:
            self._stop_asked = time.monotonic()
        elif time.monotonic() - self._stop_asked > 1.0:  # a wrapper may pass on the same Ctrl-C
            for member in self.members:
                _kill(member)

    def _start_what_is_due(self, ready_write: int) -> None:
        for member in self.members:
            if member.due is None or member.due > time.monotonic():
                continue
            member.due = None
            member.started = time.monotonic()
            told = {NAME: member.name, READY: str(ready_write), LIFELINE: str(self._line.read_end)}
            member.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "config", member.word],
                env={**_findable(self.environ), **told},
                stdin=subprocess.DEVNULL,
                pass_fds=(self._line.read_end, ready_write, *self.inherit),
                process_group=0,
            )

    def _pause(self) -> float:
        due = min((m.due for m in self.members if m.due is not None), default=time.monotonic() + 5.0)
        return max(0.0, due - time.monotonic())

    def _hear(self, ready_read: int) -> None:
        self._heard += _empty(ready_read)
        *lines, self._heard = self._heard.split(b"\n")
        for line in lines:
            told = json.loads(line)
            (member,) = (m for m in self.members if m.name == told["part"])
            if not member.was_ready:
                member.was_ready = True
                say(*told["sentences"])
                if member is self.members[0]:
                    self._let_the_others_start()
                if all(m.was_ready for m in self.members if not (m.once or m.optional)):
                    say("leadgate runs; Ctrl-C stops it.")

    def _let_the_others_start(self) -> None:
        for member in self.members:
            if member.due is not None and member.deaths == 0:
                member.due = time.monotonic()

    def _see_the_dead(self) -> None:
        _reap_strangers({m.process.pid for m in self.members if m.process is not None and m.alive})
        for member in self.members:
            if member.alive and member.process is not None and member.process.poll() is not None:
                self._bury(member, member.process.returncode)

    def _bury(self, member: Member, code: int) -> None:
        if member.once and code == os.EX_OK:
            return
        first_start = not member.was_ready and not member.optional
        if first_start and code in HOPELESS:
            say(f"leadgate stops, because its part {member.name} could not be started.")
            self._exit_code = code if code > 0 else os.EX_SOFTWARE
            self._stop_asked = time.monotonic()
            return
        if time.monotonic() - member.started > STEADY_SECONDS:
            member.deaths = 0
        pause = RESTART_PAUSES[min(member.deaths, len(RESTART_PAUSES) - 1)]
        member.deaths += 1
        member.due = time.monotonic() + pause
        if not member.optional or member.deaths in {1, len(RESTART_PAUSES)}:
            log.warning("%s ended with code %d and is started again in %.1f s", member.name, code, pause)

    def _stop(self, selector: selectors.BaseSelector, wake: int) -> None:
        for words, seconds in STOP_STAGES:
            stage = [m for m in self.members if m.word in words and m.alive]
            deadline = time.monotonic() + seconds
            for member in stage:
                _signal(member, signal.SIGTERM)
            while _still(stage) and time.monotonic() < deadline:
                selector.select(min(0.05, max(0.0, deadline - time.monotonic())))
                _empty(wake)
            for member in _still(stage):
                log.warning("%s did not stop within %.1f s and is killed", member.name, seconds)
                _kill(member)


def _still(members: Iterable[Member]) -> list[Member]:
    return [m for m in members if m.process is not None and m.process.poll() is None]


def _signal(member: Member, number: int) -> None:
    if member.process is not None and member.process.poll() is None:
        member.process.send_signal(number)


def _kill(member: Member) -> None:
    _signal(member, signal.SIGKILL)
    if member.process is not None:
        member.process.wait()


def _findable(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ`, with the folder of our packages on PYTHONPATH where they are not installed.

    The parts are started with -P: a folder `config` in the directory of the start is never taken for ours.
    """
    home = str(Path(__file__).resolve().parent.parent)
    if Path(home).name in {"site-packages", "dist-packages"}:
        return dict(environ)
    before = environ.get("PYTHONPATH")
    return {**environ, "PYTHONPATH": os.pathsep.join([home, before] if before else [home])}


def _wake_on_signals(stop: "signal._HANDLER") -> int:
    """A descriptor that becomes readable with every signal, so that waiting ends at once."""
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # nohup means it; a shell that ignores SIGINT for what it puts into the background does not
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    return wake_read


def _empty(descriptor: int) -> bytes:
    got = b""
    try:
        while chunk := os.read(descriptor, 65536):
            got += chunk
    except BlockingIOError:
        pass  # all has been read
    return got


def _reap_strangers(ours: set[int]) -> None:
    """As process 1 of a container: orphans become our children, and stay as zombies if nobody waits."""
    if os.getpid() != 1 or not hasattr(os, "waitid"):
        return
    while True:
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if found is None or found.si_pid in ours:
            return  # one of ours is first in line; strangers are seen the next time
        os.waitpid(found.si_pid, os.WNOHANG)
