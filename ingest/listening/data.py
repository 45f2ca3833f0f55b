"""The message between DATA and its end: found, measured and un-stuffed in chunks as they come.

RFC 5321 §4.1.1.4: the message ends at CR LF "." CR LF and nowhere else. A "." between bare line feeds or bare
carriage returns is text: were it an end to us and not to a relay before us, a second message could be smuggled
through that relay. §4.5.2: of every line that begins with "." that dot is removed; a line begins after CR LF, so
nothing else is touched and bare CR, bare LF and NUL come out as they went in.

No network and no clock in here. The cost is linear in the bytes, however they are cut: each chunk is searched
once, from four bytes before it, and nothing is done line by line. A message that is refused is read to its
end, because the sender listens only then (RFC 5321 §4.2.5), but not kept.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

_LINE_END: Final = b"\r\n"
_END: Final = b"\r\n.\r\n"
_STUFFED: Final = b"\r\n."


class Fate(Enum):
    """What is to become of the message being read."""

    KEPT = auto()
    TOO_LARGE = auto()
    LINE_TOO_LONG = auto()
    NO_ROOM = auto()


class DataReader:
    """One message in the making.

    `limit` and `line_limit` are bytes as stored, the latter without the line's end. `room(total)` is asked before
    `total` received bytes are held, and says whether memory is there for them.
    """

    __slots__ = ("_buffer", "_dots", "_limit", "_line_limit", "_room", "fate", "received")

    def __init__(self, limit: int, line_limit: int, room: Callable[[int], bool]) -> None:
        # Read as if the line end of the DATA command stood before it: the first line is no exception then.
        self._buffer = bytearray(_LINE_END)
        self._limit = limit
        self._line_limit = line_limit
        self._room = room
        self._dots = 0
        self.fate = Fate.KEPT
        self.received = 0

    def feed(self, chunk: bytes) -> bytes | None:
        """Take the next bytes from the wire: None while the end is to come, then what followed the end."""
        buffer = self._buffer
        if self.fate is Fate.KEPT and not self._room(self.received + len(chunk)):
            self.fate = Fate.NO_ROOM
        held = len(buffer)
        buffer += chunk
        end = buffer.find(_END, max(0, held - len(_END) + 1))
        if end >= 0:
            rest = bytes(buffer[end + len(_END) :])
            del buffer[end + len(_LINE_END) :]
            self.received += len(chunk) - len(rest)
            return rest
        self.received += len(chunk)
        if self.fate is Fate.KEPT:
            # Dots that will be taken out do not count against the limit (RFC 1870 §5).
            self._dots += buffer.count(_STUFFED, max(0, held - len(_STUFFED) + 1))
            if self.received - self._dots > self._limit + len(_END):
                self.fate = Fate.TOO_LARGE
        if self.fate is not Fate.KEPT:
            del buffer[: 1 - len(_END)]
        return None

    def finish(self) -> bytes:
        """The message as it is to be stored; empty, with `fate` saying why, if it is refused. Once only."""
        if self.fate is not Fate.KEPT:
            self._buffer.clear()
            return b""
        if self._buffer.find(_STUFFED) >= 0:
            self._buffer = self._buffer.replace(_STUFFED, _LINE_END)
        with memoryview(self._buffer) as whole:
            raw = bytes(whole[len(_LINE_END) :])
        self._buffer.clear()
        if len(raw) > self._limit:
            self.fate = Fate.TOO_LARGE
        elif has_longer_line(raw, self._line_limit):
            self.fate = Fate.LINE_TOO_LONG
        return raw if self.fate is Fate.KEPT else b""


def has_longer_line(raw: bytes, limit: int) -> bool:
    """Whether a line has more than `limit` bytes without its end.

    A bare LF or CR ends a line here, though not a message: mail of careless programs, with bare line feeds
    throughout, is stored as it came and is no endless line. Jumps from the last line end within reach to the
    next: a few searches in all, not one for each line.
    """
    start = 0
    while len(raw) - start > limit:
        reach = start + limit + 1
        end = max(raw.rfind(b"\n", start, reach), raw.rfind(b"\r", start, reach))
        if end < 0:
            return True
        start = end + 1
    return False
