"""How often something may happen, per client: so many at once, and as many again in each span of time.

A token bucket for each client. Nothing survives a restart; the clients that came longest ago are forgotten first.
"""

from collections.abc import Callable
from typing import Final

from ingest.listening.limits import Rate

CLIENTS_REMEMBERED: Final = 10_000


class Allowance:
    """What each client has left of a rate."""

    def __init__(self, rate: Rate, now: Callable[[], float]) -> None:
        """`now`: seconds that only grow."""
        self._rate = rate
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> bool:
        """Whether the client may do it once more; if so, it is counted."""
        now = self._now()
        left, at = self._left.pop(key, (float(self._rate.number), now))
        left = min(float(self._rate.number), left + (now - at) * self._rate.number / self._rate.seconds)
        if len(self._left) >= CLIENTS_REMEMBERED:
            del self._left[next(iter(self._left))]
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        return allowed
