"""A second process that reads the mails of the next batch while this one writes what came of the last.

Deciding mails is one process's work on SQLite, and reading them a quarter of it that another core can do meanwhile.
It is a help and no more: what it does not answer (it is still starting, it was killed, it hung, a mail is large) is
read here as if there were none, with the limits that hold here. So a mail that ends it ends nothing else.

The other end is `serve`: it is asked over a socket, one batch at a time, and ends with it.
"""

import logging
import os
import socket
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection

from ingest.letter import Letter
from ingest.prepare import PARSE_SECONDS, Understand, options_of
from parsers.message import Message
from parsers.understand import ParseOptions
from store.leases import Key

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a mail that is sent to the other process; a larger one would be held in memory twice."""
START_PAUSE = 5.0
"""Seconds between two starts."""
_READY = "ready"
_Asked = tuple[bytes, ParseOptions]


class ReadAhead:
    """Asks the process that `command` starts; the number of its socket is added behind. From one thread only."""

    def __init__(self, command: Sequence[str], *, patience: float = PARSE_SECONDS) -> None:
        """`patience`: seconds that a batch may take before the process is ended."""
        self._command = command
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._is_ready = False
        self._started = float("-inf")
        self._asked: list[Key] = []

    def begin(self, letters: Sequence[Letter]) -> None:
        """Has these read, those of them that may be. Starts the process if there is none. Never raises."""
        wanted = [letter for letter in letters if _may_be_sent(letter)]
        if not wanted or not self._is_there() or self._line is None:
            return
        try:
            self._line.send([(letter.raw or b"", options_of(letter)) for letter in wanted])
            self._asked = [letter.key for letter in wanted]
        except OSError as fault:
            self._end(f"it does not listen ({fault})")

    def take(self) -> Mapping[Key, Message]:
        """What it read of those it was asked for last; nothing where it has no answer. Never raises."""
        asked, self._asked = self._asked, []
        if not asked or self._line is None:
            return {}
        try:
            if not self._line.poll(self._patience):
                self._end(f"it gave no answer in {self._patience:g} s")
                return {}
            answers: list[Message | None] = self._line.recv()
        except (EOFError, OSError):
            self._end("it ended")
            return {}
        return {key: message for key, message in zip(asked, answers, strict=True) if message is not None}

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._end("")

    def _is_there(self) -> bool:
        """Whether it is up and may be asked; has it started where it is not."""
        if self._line is None:
            if time.monotonic() - self._started < START_PAUSE:
                return False
            self._start()
        elif not self._is_ready:
            try:
                self._is_ready = self._line.poll() and self._line.recv() == _READY
            except (EOFError, OSError):
                self._end("it did not start")
        return self._is_ready

    def _start(self) -> None:
        self._started = time.monotonic()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            os.set_inheritable(theirs.fileno(), True)
            try:
                self._process = subprocess.Popen(
                    [*self._command, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                )
            except OSError as fault:
                log.warning("mails are read by the worker alone: %s", fault)
                return
            for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # one that is stopped stops nobody else
                ours.setsockopt(socket.SOL_SOCKET, way, _timeval(self._patience))
            self._line = Connection(ours.detach())

    def _end(self, why: str) -> None:
        if why:
            log.warning("the process that reads ahead is started anew: %s", why)
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self._line, self._is_ready, self._asked = None, None, False, []


def _timeval(seconds: float) -> bytes:
    """As setsockopt takes it: struct timeval of Linux and macOS on 64 bits."""
    whole = int(seconds)
    return struct.pack("ll", whole, int((seconds - whole) * 1_000_000))


def _may_be_sent(letter: Letter) -> bool:
    """A mail that was never begun. What came back may be what ended somebody."""
    raw = letter.raw
    return raw is not None and len(raw) <= LARGEST and letter.attempts == 1 and not letter.by_post


def serve(descriptor: int, understand: Understand) -> None:
    """Reads what is asked for over the socket `descriptor` until its other end is closed."""
    with Connection(descriptor) as line, suppress(EOFError, ConnectionResetError, BrokenPipeError):
        line.send(_READY)
        while True:
            asked: list[_Asked] = line.recv()
            answers = [_read(understand, raw, options) for raw, options in asked]
            line.send(answers)


def _read(understand: Understand, raw: bytes, options: ParseOptions) -> Message | None:
    try:
        return understand(raw, options)
    except (
        Exception
    ):  # the parser's door here: the worker reads it too, and says on the receipt what became of it
        log.exception("a mail could not be read ahead")
        return None
