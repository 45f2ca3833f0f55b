"""When to try again: the schedule as data, and the decision after one attempt (product §8). Pure.

Ten attempts over about three days. Only 2xx is delivered; a redirect is a failure. `Retry-After` (RFC 9110
§10.2.3, seconds or an HTTP date) can put the next attempt off, up to a day, never forward. 410 Gone disables
the endpoint at once; an endpoint on which nothing succeeded for five days is disabled too (`failing_too_long`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from webhooks.attempt import GONE, Attempt

SCHEDULE: tuple[timedelta, ...] = (
    # the wait after attempt 1, 2, …; after the last attempt there is none
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(SCHEDULE) + 1
JITTER = 0.1
"""Each wait is lengthened by up to this share of it, so that retries after an outage do not come all at once."""
LONGEST_RETRY_AFTER = timedelta(days=1)
DISABLE_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The endpoint took it."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again, not before `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Exhausted:
    """That was the last attempt; makes `delivery.exhausted`."""


@dataclass(frozen=True, slots=True)
class Disable:
    """The endpoint says that it is gone: disable it and give this delivery up."""


Decision = Delivered | RetryAt | Exhausted | Disable


def decide(attempt_number: int, attempt: Attempt, now: datetime, random: Callable[[], float]) -> Decision:
    """What follows from attempt `attempt_number` (the first is 1), which ended at `now` (aware).

    `random` gives numbers from 0.0 up to 1.0 (`random.random`).
    """
    if attempt.delivered:
        return Delivered()
    if attempt.error == GONE:
        return Disable()
    if attempt_number >= MOST_ATTEMPTS:
        return Exhausted()
    wait = SCHEDULE[max(attempt_number, 1) - 1]
    asked = retry_after(attempt.header("Retry-After"), now)
    if asked is not None and asked > wait:
        wait = asked
    return RetryAt(now + wait * (1 + JITTER * random()))


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a `Retry-After` asks to wait from `now`, 0 to LONGEST_RETRY_AFTER; None if there is nothing
    readable."""
    text = (value or "").strip()
    if not text or len(text) > 64:
        return None
    if text.isascii() and text.isdigit():
        asked = timedelta(seconds=int(text[:9]))
    else:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        asked = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(asked, timedelta()), LONGEST_RETRY_AFTER)


def failing_too_long(failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint whose attempts all failed since then (None: the last succeeded) is to be disabled."""
    return failing_since is not None and now - failing_since >= DISABLE_AFTER
