"""The schedule of mails."""

from datetime import timedelta

from webhooks.mail.retry import MOST_ATTEMPTS, SCHEDULE, Again, GiveUp, decide


def test_ten_attempts_over_about_three_days() -> None:
    assert MOST_ATTEMPTS == 10
    assert timedelta(days=2.5) < sum(SCHEDULE, timedelta()) < timedelta(days=3.5)
    assert list(SCHEDULE) == sorted(SCHEDULE)


def test_each_failure_waits_longer_and_the_last_gives_up() -> None:
    for number, wait in enumerate(SCHEDULE, 1):
        assert decide(number, ends=False, random=lambda: 0.0) == Again(wait)
        assert decide(number, ends=False, random=lambda: 1.0) == Again(wait * 1.1)
    assert decide(MOST_ATTEMPTS, ends=False, random=lambda: 0.0) == GiveUp()


def test_what_is_refused_for_good_is_not_tried_again() -> None:
    assert decide(1, ends=True, random=lambda: 0.0) == GiveUp()
