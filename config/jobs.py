"""RQ's entry points. Their dotted names are wire format: jobs of an older version may wait in Redis.

A job has no arguments and says only "look into the database". It works batch after batch until nothing
is due or SLICE_SECONDS have passed, and rings again where it leaves something behind: after a large
batch so that another worker joins in, and at its end when there may be more.

A job that raises is tried again by RQ (`Retry`); what it had claimed comes back when its lease ends.
"""

import logging
import time
from collections.abc import Sequence

from config.part import Part
from config.parts import WORK_OF
from store.doorbell import Work

SLICE_SECONDS = 5.0
LINGER_SECONDS = 0.05
"""How long a job that found work looks for more: what RQ does around a job costs more than ten mails."""
LINGER_LOOK_SECONDS = 0.01
MANY = 10
"""A batch of this size or more suggests that more is waiting."""

log = logging.getLogger(__name__)

_installed: list[Part] = []


def install(part: Part) -> None:
    """Names the part that this process's jobs work with. Called once, by the role that runs jobs."""
    _installed[:] = [part]


def process_pending() -> int:
    """Works on pending messages, and the events beside them; returns how many were handled."""
    return _drain_installed(Work.MESSAGES)


def automate_pending() -> int:
    """Works on pending events, and the messages beside them; returns how many were handled."""
    return _drain_installed(Work.EVENTS)


def deliver_pending() -> int:
    """Works on deliveries that are due; returns how many were handled."""
    return _drain_installed(Work.DELIVERIES)


def mail_pending() -> int:
    """Sends mail that is due; returns how many attempts ended."""
    return _drain_installed(Work.MAILS)


def drain(part: Part, works: Sequence[Work]) -> int:
    """Batches of `works` in turns, so that none waits for all of another, until nothing is due, the slice is over or
    the part is to stop. What one kind of work raises is raised after the others had their turn; of several the others
    are logged."""
    deadline = time.monotonic() + SLICE_SECONDS
    handled, worked = 0, float("-inf")
    while not part.stopping.is_set():
        numbers, faults = _round(part, works)
        if handled == 0:
            for work in works:
                if numbers.get(work, 0) >= MANY:
                    part.parts.doorbell.ring(work)
        handled += sum(numbers.values())
        for fault in faults[1:]:
            log.error("another kind of work failed too", exc_info=fault)
        if faults:
            raise faults[0]
        if any(numbers.values()):
            worked = time.monotonic()
        elif time.monotonic() - worked > LINGER_SECONDS:
            return handled
        else:
            part.stopping.wait(LINGER_LOOK_SECONDS)
        if time.monotonic() >= deadline:
            break
    for work in works:
        part.parts.doorbell.ring(work)
    return handled


def _round(part: Part, works: Sequence[Work]) -> tuple[dict[Work, int], list[Exception]]:
    """A batch of each; how many things were handled, and what was raised."""
    numbers: dict[Work, int] = {}
    faults: list[Exception] = []
    for work in works:
        if part.stopping.is_set():
            break
        try:
            with part.busy():
                numbers[work] = part.parts.work[work]()
        except Exception as fault:  # noqa: BLE001  raised by `drain`
            faults.append(fault)
    return numbers, faults


def _drain_installed(work: Work) -> int:
    """All work of the role that does `work`: whoever rings for one kind often leaves some of the other."""
    (part,) = _installed
    return drain(part, next(works for works in WORK_OF.values() if work in works))
