"""The rhythm of a source: busy ones, sparse ones, working days; and none without a history."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from store.rhythm import Rhythm, rhythm_of, waited

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 10, 5, 0, 0, tzinfo=BERLIN)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def days(number: int, at: Callable[[datetime], Iterator[datetime]]) -> list[datetime]:
    """What comes on `number` days from MONDAY on."""
    return [moment for day in range(number) for moment in at(MONDAY + day * DAY)]


def office(day: datetime) -> Iterator[datetime]:
    """A hundred on a working day, from eight to five."""
    if day.weekday() < 5:
        yield from (day + 8 * HOUR + n * timedelta(minutes=5.4) for n in range(100))


def twice_a_week(day: datetime) -> Iterator[datetime]:
    """On Tuesdays and Fridays at about ten."""
    if day.weekday() in (1, 4):
        yield day + 10 * HOUR + timedelta(minutes=day.day)


def always(day: datetime) -> Iterator[datetime]:
    """Every twenty minutes, day and night."""
    yield from (day + n * timedelta(minutes=20) for n in range(72))


def rhythm(came: list[datetime]) -> Rhythm:
    found = rhythm_of(came, BERLIN)
    assert found is not None
    return found


def test_a_busy_office_is_silent_after_a_working_day_and_not_over_night_or_weekend() -> None:
    found, last = rhythm(days(28, office)), MONDAY + 25 * DAY + 17 * HOUR  # a Friday at five
    assert found.quiet == {5, 6}
    assert not found.is_silent(last, last + 12 * HOUR), "at night"
    assert not found.is_silent(last, last + 2 * DAY + 15 * HOUR), "on Monday at eight"
    assert found.is_silent(last, last + 4 * DAY), "on Tuesday at five"


def test_two_a_week_may_be_away_for_days() -> None:
    found = rhythm(days(84, twice_a_week))
    last = days(84, twice_a_week)[-1]
    assert not found.is_silent(last, last + 4 * DAY)
    assert found.is_silent(last, last + 14 * DAY)


def test_one_that_never_sleeps_is_missed_within_hours() -> None:
    found, came = rhythm(days(21, always)), days(21, always)
    assert found.allowed == 4 * HOUR and found.quiet == frozenset()
    assert not found.is_silent(came[-1], came[-1] + 4 * HOUR)
    assert found.is_silent(came[-1], came[-1] + 5 * HOUR)


def test_one_long_silence_of_before_does_not_make_it_deaf() -> None:
    came = [moment for moment in days(28, always) if not 10 <= (moment - MONDAY).days < 15]
    assert rhythm(came).allowed == 4 * HOUR


@pytest.mark.parametrize(
    "came",
    [
        [],
        [MONDAY],
        days(14, twice_a_week),
        days(7, office),
        [MONDAY + n * timedelta(seconds=1) for n in range(1000)],
        [MONDAY + (n % 2) * 30 * DAY + n * timedelta(seconds=1) for n in range(1000)],
    ],
    ids=["nothing", "one", "four", "a week", "one burst", "two bursts"],
)
def test_too_little_history_is_no_rhythm(came: list[datetime]) -> None:
    assert rhythm_of(came, BERLIN) is None


def test_time_is_counted_without_quiet_days_in_the_accounts_zone() -> None:
    saturday, sunday = 5, 6
    friday = MONDAY + 4 * DAY + 12 * HOUR
    quiet = frozenset({saturday, sunday})
    assert waited(friday, friday + 3 * DAY, quiet, BERLIN) == DAY
    assert waited(friday, friday + DAY, quiet, BERLIN) == 12 * HOUR
    assert waited(friday + DAY, friday + DAY + HOUR, quiet, BERLIN) == timedelta(0)
    assert waited(friday, friday - DAY, quiet, BERLIN) == timedelta(0)
    in_utc = friday.astimezone(UTC)
    assert waited(in_utc, in_utc + 3 * DAY, quiet, BERLIN) == DAY
    assert waited(friday, friday + 3 * DAY, frozenset(), BERLIN) == 3 * DAY
