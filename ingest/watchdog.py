"""A time limit on work in this process, in whatever thread it runs.

One thread watches. When the limit is over, `TookTooLong` is raised inside the watched thread (at its next
bytecode); when that does not end it within the grace (C code that never returns), the process ends
itself: its leases run out, the supervisor starts another, and the message that did it is claimed alone
from then on. Signals would be simpler but work in the main thread only and collide with RQ's own alarm.
"""

import ctypes
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

EX_SOFTWARE = 70


class TookTooLong(BaseException):
    """The limit is over. No Exception, so that no handler inside the watched work swallows it."""


class Watchdog:
    """Watches one piece of work at a time per thread; one instance per process is enough."""

    def __init__(self, *, grace: float = 5.0, give_up: Callable[[], None] | None = None) -> None:
        """`grace`: seconds between the exception and `give_up`, which ends the process by default."""
        self._grace = grace
        self._give_up = give_up or _end_process
        self._deadlines: dict[int, float] = {}
        self._interrupted: dict[int, float] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raises TookTooLong in the calling thread when the block takes longer than `seconds`."""
        me = threading.get_ident()
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            self._deadlines[me] = time.monotonic() + seconds
        try:
            yield
        finally:
            with self._changed:
                self._deadlines.pop(me, None)
                late = self._interrupted.pop(me, None)
            if late is not None:
                # Interrupted at the very end: take the exception here, not somewhere later.
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(me), None)

    def _watch(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(0.25)
                now = time.monotonic()
                for thread, deadline in list(self._deadlines.items()):
                    if now < deadline:
                        continue
                    del self._deadlines[thread]
                    self._interrupted[thread] = now
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(
                        ctypes.c_ulong(thread), ctypes.py_object(TookTooLong)
                    )
                stuck = any(now - since > self._grace for since in self._interrupted.values())
            if stuck:
                self._give_up()
                return


def _end_process() -> None:
    log.critical("a message cannot be interrupted: this process ends, another will take over")
    os._exit(EX_SOFTWARE)
