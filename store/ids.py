"""Opaque, time-ordered ids: ULIDs in lower case (26 characters of Crockford's base32).

48 bits of milliseconds, then 80 random bits. Ids made by one process within one millisecond count
upwards, so rows of one batch sort in the order in which they were made. Made by us and not by the
database, so that a batch of rows and what points to them is written without asking in between.
"""

import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_RANDOM_BITS = 80


class _Clock:
    """The last id given, so that the next one of the same millisecond is greater."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._random = 0

    def next(self) -> int:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._milliseconds:
                self._milliseconds = now
                # The top bit stays free, so that counting up within a millisecond cannot overflow.
                self._random = secrets.randbits(_RANDOM_BITS - 1)
            else:
                self._random += 1 + secrets.randbits(16)
            return (self._milliseconds << _RANDOM_BITS) | self._random


_clock = _Clock()


def new_id() -> str:
    """A new id, greater than every earlier one of this process."""
    number = _clock.next()
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])
