"""RQ's entry points. Their dotted names are wire format: jobs of an older version may wait in Redis.

A job has no arguments and says only "look into the database". It works batch after batch until nothing
is due or SLICE_SECONDS have passed, and rings again where it leaves something behind: after a large
batch so that another worker joins in, and at its end when there may be more.

A job that raises is tried again by RQ (`Retry`); what it had claimed comes back when its lease ends.
"""

import time

from config.part import Part
from store.doorbell import Work

SLICE_SECONDS = 5.0
MANY = 10
"""A batch of this size or more suggests that more is waiting."""

_installed: list[Part] = []


def install(part: Part) -> None:
    """Names the part that this process's jobs work with. Called once, by the role that runs jobs."""
    _installed[:] = [part]


def process_pending() -> int:
    """Works on pending messages; returns how many were handled."""
    return _drain_installed(Work.MESSAGES)


def automate_pending() -> int:
    """Works on pending events; returns how many were handled."""
    return _drain_installed(Work.EVENTS)


def deliver_pending() -> int:
    """Works on deliveries that are due; returns how many were handled."""
    return _drain_installed(Work.DELIVERIES)


def drain(part: Part, work: Work) -> int:
    """Batch after batch of `work` until nothing is due, the slice is over or the part is to stop."""
    deadline = time.monotonic() + SLICE_SECONDS
    handled = 0
    while not part.stopping.is_set():
        with part.busy():
            number = part.parts.work[work]()
        if number == 0:
            return handled
        if handled == 0 and number >= MANY:
            part.parts.doorbell.ring(work)
        handled += number
        if time.monotonic() >= deadline:
            break
    part.parts.doorbell.ring(work)
    return handled


def _drain_installed(work: Work) -> int:
    (part,) = _installed
    return drain(part, work)
