"""What every part does around its own work: lifeline, lock, schema, signals, heartbeat, exit code.

A part is one process: the listener, the pages, a worker, the sender, the scheduler. `serve` starts
them, and each is a command of its own. `run` is the whole life of one; the body it is given does the
role's work until `part.stopping` is set, and returns.

SIGTERM and SIGINT set `stopping` and nothing more. They do so through a queue and a thread: an Event
set by a signal handler deadlocks when the signal comes while the main thread is inside `wait`.

Exit codes (sysexits.h): 0 stopped as asked · 69 it cannot be started like this, restarting is no help ·
70 it broke · 75 something it needs is away just now · 78 the settings are wrong.
"""

import json
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from config import instance, lifeline, logs
from config.parts import Parts, Role, Wiring, wiring
from config.settings import Settings, load, unknown_names

NAME = "_LEADGATE_PART"
READY = "_LEADGATE_READY"
BEAT_SECONDS = 5.0
STUCK_SECONDS = 120.0
"""A batch that takes longer hangs: the process ends, its leases run out, another takes over."""
SCHEMA_SECONDS = 300.0
"""How long a part waits for the supervisor's migration."""
SCHEMA_LOOK_SECONDS = 0.2
NOTED_SECONDS = 2.0

log = logging.getLogger(__name__)


class CannotStartError(Exception):
    """The part cannot be started like this; the text is the sentence to show."""


class AwayError(Exception):
    """Something the part needs cannot be reached just now; the text is the sentence to show."""


class Part:
    """One running part: its settings, its wiring, and how it tells that it works."""

    def __init__(self, role: Role, name: str, settings: Settings, parts: Parts) -> None:
        self.role = role
        self.name = name
        self.settings = settings
        self.parts = parts
        self.stopping = parts.stopping
        self.interrupt: Callable[[], None] | None = None
        """Called in the main thread by the signal that stops the part; may raise to leave a wait."""
        self._busy_since: dict[int, float] = {}

    def ready(self, *sentences: str) -> None:
        """The part works from now on. `sentences` tell people where it is found."""
        told = os.environ.get(READY)
        if told is not None:
            os.write(int(told), json.dumps({"part": self.name, "sentences": sentences}).encode() + b"\n")
        else:
            say(*sentences)
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Around one batch: if it never ends, the process does."""
        thread = threading.get_ident()
        self._busy_since[thread] = time.monotonic()
        try:
            yield
        finally:
            self._busy_since.pop(thread, None)

    def _beat(self) -> None:
        host_and_name = f"{socket.gethostname()}/{self.name}"
        while True:
            try:
                self.parts.beat(self.role, host_and_name)
            except Exception as error:  # noqa: BLE001  a heartbeat that is not written is seen as missing
                log.warning("the heartbeat could not be written: %s", error)
            if self.stopping.wait(BEAT_SECONDS):
                return
            oldest = min(self._busy_since.copy().values(), default=time.monotonic())
            if time.monotonic() - oldest > STUCK_SECONDS:
                log.critical("a batch has taken more than %d seconds; this process ends", STUCK_SECONDS)
                os._exit(os.EX_SOFTWARE)


def run(role: Role, body: Callable[[Part], None]) -> int:
    """The life of a part; returns its exit code. Raises what `config.cli` turns into sentences."""
    supervised = lifeline.hold(os.environ)
    settings = load()
    name = os.environ.get(NAME, f"{role}-{os.getpid()}")
    logs.configure(settings.log, part=name)
    if not supervised:
        say(*unknown_names(os.environ))
    lock = instance.claim_role(settings, role)
    wire = wiring()
    _need_schema(wire, settings, patience=SCHEMA_SECONDS if supervised else 0.0)
    if (problem := wire.key_problem(settings)) is not None:
        raise CannotStartError(problem)
    parts = wire.build(settings, role)
    part = Part(role, name, settings, parts)
    _stop_on_signals(part)
    try:
        body(part)
    finally:
        parts.close()
        if lock is not None:
            lock.release()
    # a signal interrupts the body itself; the thread that notes it may come a moment later
    return os.EX_OK if part.stopping.wait(NOTED_SECONDS) else os.EX_SOFTWARE


def say(*sentences: str) -> None:
    """Sentences for the person who started leadgate, on stderr, one per line."""
    try:
        sys.stderr.write("".join(f"{sentence}\n" for sentence in sentences))
        sys.stderr.flush()
    except OSError:
        log.info("nobody reads: the terminal is gone")  # to the same stderr; logging swallows that itself


def need_database(wire: Wiring, settings: Settings) -> None:
    """Raises AwayError when the database cannot be asked: it may be about to start, as after a reboot."""
    if not settings.is_sqlite and (away := wire.database_problem(settings)) is not None:
        raise AwayError(away)


def _need_schema(wire: Wiring, settings: Settings, *, patience: float) -> None:
    deadline = time.monotonic() + patience
    while (problem := wire.schema_problem(settings)) is not None:
        if time.monotonic() >= deadline:
            need_database(wire, settings)
            raise CannotStartError(problem)
        time.sleep(SCHEMA_LOOK_SECONDS)


def _stop_on_signals(part: Part) -> None:
    received: queue.SimpleQueue[int] = queue.SimpleQueue()  # its put may interrupt itself

    def note(number: int, _frame: FrameType | None) -> None:
        received.put(number)
        if part.interrupt is not None:
            part.interrupt()

    def pass_on() -> None:
        received.get()
        part.stopping.set()

    threading.Thread(target=pass_on, name="stop", daemon=True).start()
    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
