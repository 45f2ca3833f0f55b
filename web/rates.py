"""How often somebody may ask: fixed windows (a minute where nothing else is said), counted in this process.

Generous on purpose: a limit that keeps one program from starving the others, not a business rule. What is
counted is bounded, so that a flood of made-up clients costs no memory; when the book is full, a new
window begins for all. With several web processes each counts for itself.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 60
MOST_COUNTED = 50_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Where somebody stands: `limit` per window, `left` in this one, which ends after `resets` seconds."""

    limit: int
    left: int
    resets: int
    exceeded: bool
    window: int = WINDOW_SECONDS

    @property
    def headers(self) -> dict[str, str]:
        """The headers of draft-ietf-httpapi-ratelimit-headers-07, and Retry-After where it is exceeded."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.resets),
            "RateLimit-Policy": f"{self.limit};w={self.window}",
        }
        return told | ({"Retry-After": str(self.resets)} if self.exceeded else {})


class Rates:
    """Counts by name; thread-safe. A limit of 0 counts nothing."""

    def __init__(
        self, limit: int, now: Callable[[], float] = time.monotonic, *, seconds: int = WINDOW_SECONDS
    ) -> None:
        """`seconds`: the length of a window."""
        self._limit = limit
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._window = 0
        self._counted: dict[str, int] = {}

    def count(self, name: str) -> Rate | None:
        """Counts one for `name`; where it stands then, None without a limit."""
        return self._look(name, 1)

    def look(self, name: str) -> Rate | None:
        """Where `name` stands, as if one more were counted."""
        return self._look(name, 0)

    def _look(self, name: str, add: int) -> Rate | None:
        if not self._limit:
            return None
        now = self._now()
        window = int(now // self._seconds)
        with self._lock:
            if window != self._window or len(self._counted) >= MOST_COUNTED:
                self._window, self._counted = window, {}
            number = self._counted.get(name, 0) + 1
            if add:
                self._counted[name] = number
        resets = max(1, round((window + 1) * self._seconds - now))
        return Rate(self._limit, max(0, self._limit - number), resets, number > self._limit, self._seconds)
