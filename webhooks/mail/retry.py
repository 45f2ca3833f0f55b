"""When to try a mail again: the schedule as data, and the decision after one attempt. Pure.

Ten attempts over about three days. What the server refused for good (5xx in answer to the mail itself) is not tried
again; what it refused for now, and every fault of the connection, is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

SCHEDULE: tuple[timedelta, ...] = (
    # the wait after attempt 1, 2, …; after the last attempt there is none
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=26),
)
MOST_ATTEMPTS = len(SCHEDULE) + 1
JITTER = 0.1
"""Each wait is lengthened by up to this share of it, so that retries after an outage do not come all at once."""


@dataclass(frozen=True, slots=True)
class Again:
    """Try again after this time."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class GiveUp:
    """That was the last attempt."""


def decide(attempt_number: int, *, ends: bool, random: Callable[[], float]) -> Again | GiveUp:
    """What follows from attempt `attempt_number` (the first is 1), which failed.

    `ends`: the server refused the mail for good. `random` gives numbers from 0.0 up to 1.0 (`random.random`).
    """
    if ends or attempt_number >= MOST_ATTEMPTS:
        return GiveUp()
    return Again(SCHEDULE[max(attempt_number, 1) - 1] * (1 + JITTER * random()))
