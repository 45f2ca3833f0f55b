"""One client's connection: bytes in, replies out, and when it ends. What commands mean, `ingest.listening.smtp` says.

`aiosmtpd.smtp.SMTP` is the frame. What is done differently from its release 1.4.6, and why:

    reading      Bytes come to `data_received`: commands into a small inbox, a message into a `DataReader`.
                 aiosmtpd reads a message line by line through a buffer of 2 KB (0.3 s of everyone's time for
                 10 MB) and refuses lines over 1,001 bytes.
    end of file  A client that closes its sending side still gets the replies it waits for; aiosmtpd cancels
                 the session, even one that waits for a commit.
    time         The listener calls `check` each second; aiosmtpd's timer does not run anew during DATA.
    errors       aiosmtpd answers a fault of its own with a permanent 500 that shows the exception.
    STARTTLS     by `loop.start_tls`, which leaves no moment in which clear text could be taken for a command.

Nothing is ever cancelled: a lost connection wakes what waits for the client; what waits for a commit goes on.
"""

import asyncio
import logging
from typing import ClassVar, Final, cast

from aiosmtpd.smtp import SMTP

from ingest.listening import replies
from ingest.listening.data import DataReader
from ingest.listening.floor import Floor
from ingest.listening.frame import Frame
from ingest.listening.gate import Refusal, Room
from ingest.listening.limits import Patience
from ingest.listening.pace import Pace, Step

log = logging.getLogger(__name__)

_LONGEST_COMMAND: Final = 4096
_INBOX: Final = 64 * 1024
_TLS_SECONDS: Final = 30.0
_FAREWELL_SECONDS: Final = 2.0


class Conversation(Frame):
    """A connection from greeting to goodbye. Subclasses answer the commands in `obey`."""

    protocol: ClassVar[str]

    def __init__(self, floor: Floor) -> None:
        super().__init__(floor.frame, floor.loop)
        self._floor = floor
        self.gate = floor.gate
        self.options = floor.options
        self.secured = False
        self._stream: asyncio.Transport | None = None
        self._running: asyncio.Task[None] | None = None
        self._inbox = bytearray()
        self._held_back = False  # reading is paused; `_paused` is asyncio's word for writing
        self._line_awaited: asyncio.Future[None] | None = None
        self._message: DataReader | None = None
        self._message_awaited: asyncio.Future[bool] | None = None
        self._no_more_bytes = self._over = self._finishing = self._handshaking = False
        self.our_turn = False
        """True while the client waits for us, so that its time does not run."""
        self.pace = Pace.starting(floor.loop.time())
        self._commands_left = floor.options.commands_per_message
        self._errors_left = floor.options.errors_per_session

    # -- the connection, as the event loop tells of it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the client in, or tell it to come back later."""
        super(SMTP, self).connection_made(transport)
        # uvloop's is a transport only by its methods
        self.transport = self._stream = cast(asyncio.Transport, transport)
        self.client = self.gate.client(transport.get_extra_info("peername"))
        if refusal := self._floor.arrive(self):
            self.part(replies.LAST_WORDS[refusal])

    def begin(self) -> None:
        """Greet the client; what it sent while it waited is read then."""
        self.pace = Pace.starting(self.loop.time())
        self._running = self.loop.create_task(self._handle_client())

    def connection_lost(self, error: Exception | None) -> None:
        """Wake whatever waits for the client."""
        super(SMTP, self).connection_lost(error)
        self.transport = self._stream = None
        self._over = self._no_more_bytes = True
        self._wake()
        self._floor.leave(self)

    def eof_received(self) -> bool:
        """The client sends no more. What it sent is still answered, but under TLS, which cannot half close."""
        self._no_more_bytes = True
        self._wake()
        tired_of_waiting = self._running is None and not self._inbox
        return not (self.secured or tired_of_waiting)

    def data_received(self, data: bytes) -> None:
        """Bytes of a message go to its reader; everything else is commands."""
        if self._over:
            return
        if self._message is not None:
            self.pace.heard_at = self.loop.time()
            rest = self._message.feed(data)
            if rest is None:
                if self._message.received > 2 * self.options.max_message_bytes:
                    self.gate.refuse(Refusal.MESSAGE_TOO_LARGE)
                    self.part(replies.MESSAGE_TOO_LARGE.format(message=self.options.max_message_bytes))
                return
            self._message = None
            data = rest
        self._inbox += data
        self._wake()
        most = _INBOX if self._running else _LONGEST_COMMAND
        if len(self._inbox) > most and not self._held_back and self._stream is not None:
            self._stream.pause_reading()
            self._held_back = True

    def _wake(self) -> None:
        if self._line_awaited is not None and not self._line_awaited.done():
            self._line_awaited.set_result(None)
        if self._message_awaited is not None and not self._message_awaited.done():
            self._message_awaited.set_result(self._message is None)

    # -- the listener's hand on it

    def check(self, now: float, patience: Patience) -> None:
        """Part with a client that keeps us waiting; called each second with the event loop's time."""
        if self._over:
            if now - self.pace.heard_at > _FAREWELL_SECONDS and self._stream is not None:
                self._stream.abort()
        elif self._running is None and now - self.pace.heard_at > self.options.waiting_seconds:
            self.turn_away(Refusal.CONNECTIONS)
        elif self.our_turn or self._running is None:
            return
        elif now - self.pace.heard_at > patience.seconds or self._crawls(now, patience):
            self.turn_away(Refusal.TOO_SLOW)
        elif self._message is None and now - self.pace.without_message_since > self.options.talk_seconds:
            self.turn_away(Refusal.TOO_MUCH_TALK)

    def _crawls(self, now: float, patience: Patience) -> bool:
        return self._message is not None and self.pace.crawls(self._message.received, now, patience)

    def kept_us(self, now: float) -> float:
        """Seconds without getting further; 0 while a message comes at a fair pace, or the client waits for us."""
        comes = self._message is not None and not self._crawls(now, self.options.pace_when_full)
        return 0.0 if comes or self.our_turn or self._over else now - self.pace.got_on_at

    def give_way(self, why: Refusal) -> None:
        """Part for another client's sake: the place is free at once, whether this one listens or not."""
        self.turn_away(why)
        self._floor.leave(self)
        if self._stream is not None:
            self.loop.call_later(_FAREWELL_SECONDS, self._stream.abort)

    def finish(self) -> None:
        """Part as soon as no message is under way: at once, or after its reply."""
        self._finishing = True
        if self._line_awaited is not None or self._running is None:
            self.part(replies.SHUTTING_DOWN)

    async def ended(self) -> None:
        """Wait until nothing is under way any more, not even a commit."""
        await (self._running or asyncio.sleep(0))

    # -- talking

    async def _handle_client(self) -> None:
        await self.push(replies.HELLO.format(hostname=self.hostname, protocol=self.protocol))
        while (line := await self._next_line()) is not None:
            word, _, argument = line.decode("utf-8", "surrogateescape").partition(" ")
            self._commands_left -= 1
            if self._commands_left < 0:
                self.turn_away(Refusal.TOO_MUCH_TALK)
                break
            try:
                await self.obey(word.upper(), argument.strip(" \t"))
            except Exception as error:  # noqa: BLE001 - the one catch-all; handle_exception logs it
                await self.push(await self.handle_exception(error))
        if self._stream is not None:
            self._stream.close()

    async def obey(self, word: str, argument: str) -> None:
        """Run one command. Bytes that are not UTF-8 are surrogates in `argument`."""
        raise NotImplementedError

    async def _next_line(self) -> bytes | None:
        """The next command without its line end (a bare LF will do); None when there will be no more."""
        searched = 0
        self.pace.heard_at = self.loop.time()
        while not self._over:
            end = self._inbox.find(b"\n", searched)
            if self._finishing:
                self.part(replies.SHUTTING_DOWN)
            elif (len(self._inbox) if end < 0 else end) > _LONGEST_COMMAND:
                self.gate.refuse(Refusal.TOO_MUCH_JUNK)
                self.part(replies.COMMAND_TOO_LONG)
            elif end >= 0:
                line = bytes(self._inbox[:end])
                del self._inbox[: end + 1]
                self._resume()
                return line.rstrip(b"\r")
            elif self._no_more_bytes:
                return None
            else:
                searched = len(self._inbox)
                self._line_awaited = self.loop.create_future()
                await self._line_awaited
                self._line_awaited = None
        return None

    def _resume(self) -> None:
        if self._held_back and len(self._inbox) <= _INBOX and self._stream is not None:
            self._stream.resume_reading()
            self._held_back = False

    async def handle_exception(self, error: Exception) -> str:
        """Our own fault goes to the log; the client hears a 451, so that the sender keeps the message."""
        self.gate.refuse(Refusal.OUR_FAULT)
        log.error("An %s session failed", self.protocol, exc_info=error)
        return replies.OUR_FAULT

    async def push(self, status: str | bytes) -> None:
        """Say `status`, and wait while the client does not listen. To a client that is gone, say nothing."""
        if self._over or self._stream is None:
            return
        reply = status if isinstance(status, bytes) else status.encode()
        self._stream.write(reply + b"\r\n")
        self.pace.heard_at = self.loop.time()
        if reply.startswith(b"50"):  # what RFC 5321 §4.2.1 calls syntax
            self._errors_left -= 1
            if self._errors_left < 0:
                self.turn_away(Refusal.TOO_MUCH_JUNK)
        try:
            await self._writer.drain()
        except ConnectionError:
            self._over = True

    def turn_away(self, why: Refusal) -> None:
        """Count a refusal, say its last word and hang up."""
        self.gate.refuse(why)
        self.part(replies.LAST_WORDS[why])

    def part(self, reply: str) -> None:
        """Say a last word and hang up; no further command is run."""
        if self._stream is not None and not self._over:
            if not self._handshaking:
                self._stream.write(reply.encode() + b"\r\n")
            self._stream.close()
        self.pace.heard_at = self.loop.time()
        self._over = True
        self._inbox.clear()
        self._wake()

    def message_done(self) -> None:
        """A message was stored: the client's commands, time and steps are counted anew."""
        self._commands_left = self.options.commands_per_message
        self.pace.message_done(self.loop.time())

    # -- more than a line

    async def read_message(self, room: Room) -> DataReader | None:
        """Say 354 and read up to the end of DATA; None if the connection ends before. `finish` is the caller's."""
        reader = DataReader(self.options.max_message_bytes, self.options.max_line_bytes, room.need)
        early = bytes(self._inbox)
        self._inbox.clear()
        self._resume()
        self._message = reader
        self._message_awaited = self.loop.create_future()
        self.pace.data_begins(self.loop.time())
        if self._stream is not None:
            self._stream.write(replies.GO_AHEAD.encode() + b"\r\n")
        self.data_received(early)
        if self._no_more_bytes or self._over:
            self._wake()
        complete = await self._message_awaited
        self._message = self._message_awaited = None
        if not complete:
            self._over = True
        return reader if complete else None

    async def start_tls(self) -> None:
        """Say 220 and go on under TLS (RFC 3207). Clear text sent behind STARTTLS is dropped (§6)."""
        assert self._stream is not None and self.options.tls is not None
        self.pace.get_on(Step.TLS, self.loop.time())
        self._stream.write(replies.READY_FOR_TLS.encode() + b"\r\n")
        self._inbox.clear()
        self._resume()
        self.secured = self._handshaking = True
        try:
            # Up to its first wait this runs in one go, so that no byte can come between.
            stream = await self.loop.start_tls(
                self._stream, self, self.options.tls(), server_side=True, ssl_handshake_timeout=_TLS_SECONDS
            )
        except OSError as error:
            log.info("TLS handshake failed: %s", error)
            self._over = True
            return
        finally:
            self._handshaking = False
        assert stream is not None
        self.transport = self._stream = stream
        self._writer = asyncio.StreamWriter(stream, self, None, self.loop)
