"""The schedule and the decision after an attempt."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from webhooks.attempt import ERRORS, GONE, TIMED_OUT, Attempt, error_of_status
from webhooks.retry import (
    JITTER,
    LONGEST_RETRY_AFTER,
    MOST_ATTEMPTS,
    SCHEDULE,
    Delivered,
    Disable,
    Exhausted,
    RetryAt,
    decide,
    failing_too_long,
    retry_after,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def answered(status: int, **headers: str) -> Attempt:
    head = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Attempt(status=status, error=error_of_status(status), ms=1, head=head)


FAILED = Attempt(status=None, error=TIMED_OUT, ms=15_000)


def wait(attempt_number: int, attempt: Attempt, chance: float = 0.0) -> timedelta:
    decision = decide(attempt_number, attempt, NOW, lambda: chance)
    assert isinstance(decision, RetryAt)
    return decision.at - NOW


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_only_2xx_is_delivered(status: int) -> None:
    assert decide(1, answered(status), NOW, lambda: 0.5) == Delivered()


@pytest.mark.parametrize("status", [101, 199, 300, 301, 302, 304, 307, 400, 401, 404, 429, 500, 503, 999])
def test_everything_else_is_tried_again_redirects_too(status: int) -> None:
    assert isinstance(decide(1, answered(status), NOW, lambda: 0.5), RetryAt)


def test_gone_disables_at_once() -> None:
    assert answered(410).error == GONE
    assert decide(1, answered(410), NOW, lambda: 0.5) == Disable()
    assert decide(10, answered(410), NOW, lambda: 0.5) == Disable()


def test_ten_attempts_over_about_three_days_the_first_retry_after_five_seconds() -> None:
    waits = [wait(number, FAILED) for number in range(1, MOST_ATTEMPTS)]
    assert MOST_ATTEMPTS == 10
    assert waits == list(SCHEDULE) == sorted(SCHEDULE)
    assert waits[0] == timedelta(seconds=5)
    assert timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=3.5)
    assert decide(10, FAILED, NOW, lambda: 0.5) == Exhausted()
    assert decide(11, FAILED, NOW, lambda: 0.5) == Exhausted()


def test_jitter_spreads_and_is_bounded() -> None:
    assert wait(2, FAILED, 0.0) == SCHEDULE[1]
    assert SCHEDULE[1] < wait(2, FAILED, 0.5) < wait(2, FAILED, 0.999) < SCHEDULE[1] * (1 + JITTER)


def test_retry_after_puts_off_and_never_forward() -> None:
    assert wait(1, answered(429, Retry_After="120")) == timedelta(minutes=2)
    assert wait(1, answered(503, retry_after="1")) == SCHEDULE[0]
    assert wait(1, answered(503, Retry_After="Mon, 23 Nov 2026 09:00:00 GMT")) == timedelta(hours=1)
    assert wait(1, answered(503, Retry_After="99999999999")) == LONGEST_RETRY_AFTER
    assert wait(9, answered(503, Retry_After="60")) == SCHEDULE[8]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Mon, 99 Nov 2026 09:00:00 GMT", None),
        ("x" * 10_000, None),
        ("0", timedelta()),
        (" 30 ", timedelta(seconds=30)),
        ("Mon, 23 Nov 2026 07:00:00 GMT", timedelta()),
        ("Mon, 23 Nov 2026 09:30:00 +0100", timedelta(minutes=30)),
        ("Monday, 23-Nov-26 08:10:00 GMT", timedelta(minutes=10)),
        ("9" * 64, LONGEST_RETRY_AFTER),
    ],
)
def test_readings_of_retry_after(value: str | None, expected: timedelta | None) -> None:
    assert retry_after(value, NOW) == expected


@settings(deadline=None)
@given(
    some.text(max_size=70)
    | some.from_regex(r"[0-9]{1,3} (Jan|FEB) [0-9:]{1,14} [0-9 +:A-Z]{0,12}", fullmatch=True)
)
def test_no_retry_after_is_too_odd(value: str) -> None:
    found = retry_after(value, NOW)
    assert found is None or timedelta() <= found <= LONGEST_RETRY_AFTER


def test_five_days_of_failure_are_too_long() -> None:
    assert not failing_too_long(None, NOW)
    assert not failing_too_long(NOW - timedelta(days=4, hours=23), NOW)
    assert failing_too_long(NOW - timedelta(days=5), NOW)


def test_every_error_has_its_sentence() -> None:
    assert all(Attempt(status=None, error=code, ms=0).sentence == text for code, text in ERRORS.items())
    assert Attempt(status=200, error=None, ms=0).sentence is None
    assert Attempt(status=500, error="not_2xx", ms=0, detail="status 500").sentence == (
        "The endpoint did not answer with a success status (status 500)"
    )
