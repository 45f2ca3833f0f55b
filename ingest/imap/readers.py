"""All mailboxes that one process reads: claims what is due, a thread for each, keeps their leases.

New and changed mailboxes are found by looking: a change takes the lease away and makes the mailbox due. The keeper
renews leases every few seconds and ends what is lost or hangs, so a process that stops (or is stopped, SIGSTOP) is
overtaken within `mailbox_leases.LEASE`.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from store import mailbox_leases
from store.leases import Turns
from store.session import Database

if TYPE_CHECKING:
    from ingest.imap.reader import Desk, Reader

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
KEEP_SECONDS = 5.0
LAST_SECONDS = 2.0
"""What readers get to give their mailboxes back when the process stops."""


@dataclass(slots=True)
class _Running:
    reader: "Reader"
    thread: threading.Thread


class Readers:
    """The readers of this process. `desk` is made when there is a mailbox to read: until then little is loaded."""

    def __init__(
        self,
        database: Database,
        desk: "Callable[[], Desk]",
        holder: str,
        stopping: threading.Event,
        paused: Callable[[], bool],
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """`holder`: the name of this process, shown to people. `paused`: nothing is to be read just now."""
        self._look_seconds = look_seconds
        self._database, self._desk, self._holder = database, desk, holder
        self._stopping, self._paused = stopping, paused
        self._turns = Turns()
        self._running: list[_Running] = []
        self._kept = time.monotonic()

    def run(self, *, alone: bool) -> None:
        """Reads until the process is to stop. `alone`: nobody else reads, so leases found here are a dead one's."""
        if alone:
            with self._database.write() as connection:
                mailbox_leases.free_all(connection)
        while not self._stopping.is_set():
            try:
                self._look()
            except SQLAlchemyError as fault:
                log.warning("the database could not be asked for mailboxes: %s", type(fault).__name__)
            self._stopping.wait(self._look_seconds)
        until = time.monotonic() + LAST_SECONDS
        for one in self._running:
            one.thread.join(max(0.0, until - time.monotonic()))

    def _look(self) -> None:
        self._running = [one for one in self._running if one.thread.is_alive()]
        if self._running and time.monotonic() - self._kept > KEEP_SECONDS:
            self._keep()
        with self._database.read() as connection:
            due = mailbox_leases.any_due(connection)
        if due and not self._paused():
            self._begin()

    def _begin(self) -> None:
        from ingest.imap.reader import Reader  # and all that speaks IMAP: not before there is a mailbox

        with self._database.write() as connection:
            held = mailbox_leases.claim(connection, self._turns, self._holder)
        for each in held:
            reader = Reader(self._desk(), each, self._stopping.is_set)
            thread = threading.Thread(target=reader.read, name=f"mailbox-{each.id}", daemon=True)
            self._running.append(_Running(reader, thread))
            thread.start()

    def _keep(self) -> None:
        """Renews the leases; breaks the connection of readers that lost theirs, or that hang."""
        readers = [one.reader for one in self._running]
        caught_up = {reader.held.key for reader in readers if reader.caught_up}
        with self._database.write() as connection:
            kept = mailbox_leases.renew(connection, [reader.held for reader in readers], caught_up)
        self._kept = time.monotonic()
        for reader in readers:
            if reader.held.key not in kept:
                reader.lost = True
                reader.abort()
            elif reader.silent_for() > reader.desk.options.stuck:
                log.warning("mailbox %s makes no progress; its connection is broken", reader.held.id)
                reader.abort()
