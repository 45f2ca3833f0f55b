"""The sockets on which SMTP and LMTP clients arrive, in one event loop that runs in the calling thread.

In this order: `open` binds (and says in a sentence what cannot be bound), `run` serves until `stop`. From `open`
on the kernel queues clients, so none is refused between the two. When it stops, the sockets close first,
sessions without a message under way hear 421, those with one have `stop_seconds` to end it; what is not
committed then was never answered 250 and stays with its sender. The acceptor belongs to the caller, who closes
it after `run`.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from ingest.accept import AddressBook
from ingest.listening import frame, replies
from ingest.listening.floor import Floor
from ingest.listening.gate import Gate, ListenerHealth, Refusal
from ingest.listening.known_recipients import Directory
from ingest.listening.limits import ListenerOptions
from ingest.listening.lmtp import LmtpSession
from ingest.listening.smtp import SmtpSession, Submits

_BACKLOG: Final = 512
_TICK: Final = 1.0
_REPORT: Final = 60.0
_CROWDED: Final = {Refusal.CONNECTIONS, Refusal.CROWDED_OUT, Refusal.NO_ROOM}
_HINTS: Final = {
    errno.EADDRINUSE: "another program listens there already",
    errno.EACCES: "ports below 1024 need the right to bind them (on Linux CAP_NET_BIND_SERVICE)",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


log = logging.getLogger(__name__)


class CannotListen(Exception):
    """An address cannot be bound; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An address that is listened on, with the port it really has."""

    door: str
    host: str
    port: int


class Listener:
    """SMTP and LMTP on any number of addresses."""

    def __init__(self, options: ListenerOptions, book: AddressBook, acceptor: Submits) -> None:
        self._options = options
        self._book = book
        self._acceptor = acceptor
        self._gate = Gate(options)
        self._sockets: list[tuple[type[SmtpSession], socket.socket]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._stop_asked = False

    def open(self) -> tuple[Bound, ...]:
        """Bind every address, or none: then CannotListen says why. The answer names the real ports."""
        for session, addresses in ((SmtpSession, self._options.smtp), (LmtpSession, self._options.lmtp)):
            for host, port in addresses:
                try:
                    found = _bind(host, port, self._options.reuse_port)
                except OSError as error:
                    self._close_sockets()
                    reason = _HINTS.get(error.errno or 0, error.strerror or str(error))
                    where = f"{session.door.upper()} on {host}:{port}"
                    raise CannotListen(f"Cannot listen for {where}: {reason}.") from error
                self._sockets += [(session, bound) for bound in found]
        return self.bound

    @property
    def bound(self) -> tuple[Bound, ...]:
        """What is listened on, between `open` and the end of `run`."""
        return tuple(Bound(session.door, *bound.getsockname()[:2]) for session, bound in self._sockets)

    def run(self) -> None:
        """Serve in this thread until `stop` is called; `open`s first if nobody did."""
        if not self._sockets:
            self.open()
        try:
            with asyncio.Runner(loop_factory=_new_event_loop) as runner:
                runner.run(self._serve())
        finally:
            self._loop = None
            self._close_sockets()

    def stop(self) -> None:
        """End `run` in good order. Returns at once; may be called from a signal handler, any thread, and twice."""
        self._stop_asked = True
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed just now: what was asked for has happened
                loop.call_soon_threadsafe(self._stopping.set)

    def health(self) -> ListenerHealth:
        """The figures now; may be called from any thread."""
        return self._gate.health()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        floor = Floor(self._options, self._gate, loop, frame.attributes(self._options.hostname, loop))
        directory = Directory(self._book)
        servers = [
            await loop.create_server(
                partial(session, floor, directory, self._acceptor), sock=bound, backlog=_BACKLOG
            )
            for session, bound in self._sockets
        ]
        self._loop = loop
        if self._stop_asked:
            self._stopping.set()
        try:
            await self._watch(floor)
        finally:
            for server in servers:
                server.close()
            await self._finish(floor)
            directory.close()

    async def _watch(self, floor: Floor) -> None:
        """Part with clients that keep us waiting, until it is time to stop; say in the log whom we turned away."""
        report_at = floor.loop.time() + _REPORT
        refused = self.health().refused
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _TICK)
            patience = self._gate.patience()
            now = floor.loop.time()
            for conversation in floor.everybody():
                conversation.check(now, patience)
            if now >= report_at:
                report_at = now + _REPORT
                refused = self._report(refused)

    def _report(self, before: Mapping[Refusal, int]) -> Mapping[Refusal, int]:
        """One line for a minute's refusals, if there were any; the figures now."""
        refused = self.health().refused
        news = {why: count - before[why] for why, count in refused.items() if count > before[why]}
        if news:
            level = logging.WARNING if news.keys() & _CROWDED else logging.INFO
            told = ", ".join(f"{why} {count}" for why, count in news.items())
            log.log(level, "Refused in the last minute: %s", told)
        return refused

    async def _finish(self, floor: Floor) -> None:
        floor.close()
        conversations = tuple(floor.everybody())
        for conversation in conversations:
            conversation.finish()
        endings = [asyncio.ensure_future(conversation.ended()) for conversation in conversations]
        if not endings:
            return
        _, late = await asyncio.wait(endings, timeout=self._options.stop_seconds)
        if late:
            for conversation in tuple(floor.everybody()):
                conversation.part(replies.SHUTTING_DOWN)
            await asyncio.wait(late, timeout=_TICK)

    def _close_sockets(self) -> None:
        for _, bound in self._sockets:
            bound.close()
        self._sockets.clear()


def _bind(host: str, port: int, reuse_port: bool) -> list[socket.socket]:
    """A listening socket for each address that `host` has here; OSError if there is none."""
    failure: OSError | None = None
    sockets: list[socket.socket] = []
    known = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, _, _, _, address in dict.fromkeys(known):
        try:
            sockets.append(
                socket.create_server(
                    (str(address[0]), int(address[1])), family=family, backlog=_BACKLOG, reuse_port=reuse_port
                )
            )
        except OSError as error:
            failure = error
    # A name such as localhost may have an address of a family that is switched off here: one that works will do.
    if failure is not None and not (sockets and failure.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)):
        for bound in sockets:
            bound.close()
        raise failure
    return sockets


def _new_event_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
