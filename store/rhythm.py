"""How often a source sends, told from when it has sent: after how long a silence it is worth a look. Pure.

Every source has its own rhythm: a portal sends a hundred mails a day and none at night, a partner two a week, a form
something most working days. So the measure is neither a number for all nor the usual gap (a busy source has a short
one, and a long one every night), but the longest gap of each day on which something came: of these the one that nine
of ten days keep within, and half as much again. Weekdays on which hardly anything ever comes do not count as time.

RHYTHM is the policy. A source without enough history has no rhythm, and is never called silent.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """When there is a rhythm, and how far it may be stretched."""

    look_back: timedelta = timedelta(days=180)
    least_messages: int = 20
    least_days: int = 8  # on which something came
    least_span: timedelta = timedelta(days=14)  # from the first to the last
    quiet_share: float = 0.1  # a weekday on which something came no more often is no time to wait
    least_weeks: int = 3  # of a weekday, before it may be called quiet
    quantile: float = 0.9  # of the days' longest gaps
    factor: float = 1.5
    least: timedelta = timedelta(hours=4)  # a shorter silence is never worth a look


RHYTHM = Policy()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`allowed`: how long a silence may last, without the weekdays `quiet` (0 is Monday) in `zone`."""

    allowed: timedelta
    quiet: frozenset[int]
    zone: tzinfo

    def is_silent(self, last: datetime, now: datetime) -> bool:
        """Whether nothing since `last` is longer than the rhythm allows."""
        return waited(last, now, self.quiet, self.zone) > self.allowed


def rhythm_of(came: Iterable[datetime], zone: tzinfo, policy: Policy = RHYTHM) -> Rhythm | None:
    """The rhythm of a source whose messages came at these moments; None while there are too few to tell."""
    moments = sorted(came)
    days = Counter(moment.astimezone(zone).date() for moment in moments)
    if (
        len(moments) < policy.least_messages
        or len(days) < policy.least_days
        or moments[-1] - moments[0] < policy.least_span
    ):
        return None
    quiet = _quiet(sorted(days), policy)
    longest: dict[date, timedelta] = {}
    for before, after in pairwise(moments):
        day = after.astimezone(zone).date()
        longest[day] = max(longest.get(day, timedelta(0)), waited(before, after, quiet, zone))
    gaps = sorted(longest.values())
    usual = gaps[math.ceil(policy.quantile * len(gaps)) - 1]
    return Rhythm(max(policy.least, usual * policy.factor), quiet, zone)


def waited(since: datetime, until: datetime, quiet: frozenset[int], zone: tzinfo) -> timedelta:
    """The time between two moments, without the weekdays `quiet`."""
    whole = max(timedelta(0), until - since)
    if not quiet or whole == timedelta(0):
        return whole
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    left_out = timedelta(0)
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if day.weekday() in quiet:
            begins = max(since, datetime.combine(day, time(), zone))
            ends = min(until, datetime.combine(day + DAY, time(), zone))
            left_out += max(timedelta(0), ends - begins)
    return whole - left_out


def _quiet(days: Sequence[date], policy: Policy) -> frozenset[int]:
    """Weekdays on which hardly anything came between the first day and the last; never all of them."""
    span = (days[-1] - days[0]).days + 1
    there = Counter((days[0] + number * DAY).weekday() for number in range(span))
    came = Counter(day.weekday() for day in days)
    return frozenset(
        weekday
        for weekday, number in there.items()
        if number >= policy.least_weeks and came[weekday] <= policy.quiet_share * number
    )
