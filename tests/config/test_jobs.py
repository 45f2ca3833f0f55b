"""Draining: batch after batch, ringing for what is left; and when the scheduler steps in."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import pytest

from config import jobs
from config.part import Part
from config.parts import Parts, Role
from config.settings import load
from config.sweeper import Standstill, _Helper, _sweep
from store.doorbell import Work


class Bell:
    def __init__(self) -> None:
        self.rung: list[Work] = []

    def ring(self, work: Work) -> None:
        self.rung.append(work)


class Bench:
    """Parts whose batches are a list of numbers; `then` is called by each batch."""

    def __init__(self, batches: Sequence[int], *, held: bool = False) -> None:
        self.stopping = threading.Event()
        self.doorbell = Bell()
        self.left = list(batches)
        self.then: Callable[[], None] = lambda: None
        self.work: dict[Work, Callable[[], int]] = dict.fromkeys(Work, self._batch)
        self.held = held

    def _batch(self) -> int:
        self.then()
        return self.left.pop(0) if self.left else 0

    def oldest_due(self, work: Work) -> datetime:
        del work
        return datetime(2026, 1, 1, tzinfo=UTC)

    def in_hand(self, work: Work) -> bool:
        del work
        return self.held


def part_with(bench: Bench) -> Part:
    return Part(Role.WORKER, "worker-1", load({}), cast(Parts, bench))


def test_it_works_until_nothing_is_due_and_rings_for_others_once() -> None:
    bench = Bench([50, 50, 3])
    assert jobs.drain(part_with(bench), [Work.MESSAGES]) == 103
    assert bench.doorbell.rung == [Work.MESSAGES]


def test_a_small_batch_calls_nobody() -> None:
    bench = Bench([3])
    assert jobs.drain(part_with(bench), [Work.EVENTS]) == 3
    assert bench.doorbell.rung == []


def test_when_its_time_is_up_it_rings_and_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE_SECONDS", 0)
    bench = Bench([5, 5])
    assert jobs.drain(part_with(bench), [Work.DELIVERIES]) == 5
    assert bench.doorbell.rung == [Work.DELIVERIES]
    assert bench.left == [5]


def test_when_it_is_to_stop_it_finishes_the_batch_and_rings_for_the_rest() -> None:
    bench = Bench([5, 5])
    bench.then = bench.stopping.set
    assert jobs.drain(part_with(bench), [Work.MESSAGES]) == 5
    assert bench.doorbell.rung == [Work.MESSAGES]


def test_kinds_of_work_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail that never ends does not keep the events waiting."""
    monkeypatch.setattr(jobs, "LINGER_SECONDS", -1)
    bench = Bench([])
    done: list[Work] = []
    left = {Work.MESSAGES: [50, 50, 50], Work.EVENTS: [100, 20]}

    def batch(work: Work) -> int:
        done.append(work)
        return left[work].pop(0) if left[work] else 0

    bench.work = {work: partial(batch, work) for work in left}
    assert jobs.drain(part_with(bench), [Work.MESSAGES, Work.EVENTS]) == 270
    assert done == [Work.MESSAGES, Work.EVENTS] * 4
    assert bench.doorbell.rung == [Work.MESSAGES, Work.EVENTS]


def test_a_job_that_found_work_looks_for_more_for_a_moment() -> None:
    bench = Bench([3, 0, 0, 2])
    assert jobs.drain(part_with(bench), [Work.MESSAGES]) == 5
    assert bench.left == []


def test_a_job_that_found_nothing_does_not_stay() -> None:
    bench = Bench([0, 2])
    assert jobs.drain(part_with(bench), [Work.MESSAGES]) == 0


def test_work_that_fails_is_raised_after_the_other_had_its_turn() -> None:
    bench = Bench([7])

    def fails() -> int:
        raise ZeroDivisionError

    bench.work = {Work.MESSAGES: fails, Work.EVENTS: bench._batch}
    with pytest.raises(ZeroDivisionError):
        jobs.drain(part_with(bench), [Work.MESSAGES, Work.EVENTS])
    assert bench.left == []


def test_of_several_faults_none_goes_unseen(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench([])

    def fails(fault: Exception) -> int:
        raise fault

    bench.work = {
        Work.MESSAGES: partial(fails, ZeroDivisionError("mail")),
        Work.EVENTS: partial(fails, KeyError("events")),
    }
    with pytest.raises(ZeroDivisionError):
        jobs.drain(part_with(bench), [Work.MESSAGES, Work.EVENTS])
    assert "KeyError: 'events'" in caplog.text


@pytest.mark.parametrize("work", list(Work))
def test_the_job_functions_bear_the_names_of_the_queues(work: Work) -> None:
    bench = Bench([2])
    jobs.install(part_with(bench))
    job: Any = getattr(jobs, work.value)
    assert job() == 2


def test_a_standstill_lasts_as_long_as_the_oldest_thing_is_the_same() -> None:
    clock = [0.0]
    standstill = Standstill(now=lambda: clock[0])
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)

    def at(seconds: float, oldest: datetime | None) -> float:
        clock[0] = seconds
        return standstill.look(oldest)

    assert at(100, None) == 0, "nothing waits"
    assert at(101, first) == 0
    assert at(104, first) == 3
    assert at(105, second) == 0, "a long queue that moves needs no help"
    assert at(108.5, second) == 3.5
    assert at(109, None) == 0


@pytest.mark.parametrize(
    ("still", "held", "helps"),
    [(2.0, False, False), (3.0, False, True), (14.0, True, False), (15.0, True, True)],
)
def test_the_scheduler_helps_where_nobody_works(
    still: float, held: bool, helps: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "config.sweeper")
    bench = Bench([], held=held)
    clock = [0.0]
    standstill = Standstill(now=lambda: clock[0])
    part = part_with(bench)
    helper = _Helper(part, (Work.MESSAGES,))
    _sweep(part, Work.MESSAGES, standstill, helper)
    clock[0] = still
    _sweep(part, Work.MESSAGES, standstill, helper)
    assert helper.called.is_set() == helps
    assert ("nobody works on" in caplog.text) == (helps and not held), "said only where it is true"
