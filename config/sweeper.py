"""The scheduler: rings again for whatever waits, and works itself where nobody comes.

Once a second it asks the database, for each kind of work, since when the oldest thing waits. If anything
does, it rings: that is what makes every lost ring (Redis emptied, killed, a worker killed with a job in
hand) cost a second and no more. If the oldest thing has not changed for STUCK_SECONDS and nobody holds a
lease of that kind of work, nobody is working on it (no worker alive, all of them hanging on Redis): then
the scheduler drains that work itself until things move. A long queue that moves is no reason, nor is a slow
batch that somebody has in hand: help from here would only compete with the workers. Whoever holds a lease
may have died with it, so after HELD_SECONDS without a change the scheduler helps all the same.

Mail and events are drained on one thread and what leaves on another, so that an endpoint that hangs
delays no mail here either. Every UPKEEP_SECONDS it looks after the database (`store.planner`), every
WATCH_SECONDS after sources (`store.source_watch`) and texts whose time is over (`store.outgoing_retention`): CHORES.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from config import jobs
from config.part import Part
from config.parts import WORK_OF, Parts
from store.doorbell import Work

LOOK_SECONDS = 1.0
STUCK_SECONDS = 3.0
HELD_SECONDS = 15.0
UPKEEP_SECONDS = 5.0
WATCH_SECONDS = 300.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """What is asked for every `seconds`; `fails`: what the log says when the database is away and it is not done."""

    seconds: float
    do: Callable[[Parts], object]
    fails: str


CHORES = (
    Chore(UPKEEP_SECONDS, lambda parts: parts.look_after_database(), "the database cannot be looked after"),
    Chore(WATCH_SECONDS, lambda parts: parts.watch_sources(), "sources cannot be looked at"),
    Chore(WATCH_SECONDS, lambda parts: parts.forget_texts(), "old texts of mails cannot be forgotten"),
)


@dataclass(slots=True)
class Standstill:
    """How long the oldest waiting thing of one kind of work has been the same."""

    now: Callable[[], float] = time.monotonic
    _oldest: datetime | None = None
    _since: float = 0.0

    def look(self, oldest: datetime | None) -> float:
        """`oldest`: since when the longest waiting thing waits. For how many seconds that has not changed;
        0 when nothing waits."""
        if oldest != self._oldest:
            self._oldest, self._since = oldest, self.now()
        return self.now() - self._since if oldest is not None else 0.0


@dataclass(slots=True)
class _Helper:
    """A thread that drains some kinds of work whenever it is called."""

    part: Part
    works: tuple[Work, ...]
    called: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.part.stopping.is_set():
            if not self.called.wait(LOOK_SECONDS):
                continue
            self.called.clear()
            try:
                jobs.drain(self.part, self.works)
            except Exception:
                log.exception("%s failed", " or ".join(self.works))


def serve(part: Part) -> None:
    """Rings and helps until the part is to stop."""
    helpers = [_Helper(part, works) for works in WORK_OF.values()]
    threads = [threading.Thread(target=h.run, name=f"help-{h.works[0]}", daemon=True) for h in helpers]
    for thread in threads:
        thread.start()
    standstills = {work: Standstill() for work in Work}
    part.ready()
    began = time.monotonic()
    done = dict.fromkeys(CHORES, began)  # what came while nobody could take it needs a while to come again
    while not part.stopping.wait(LOOK_SECONDS):
        for chore in CHORES:
            if time.monotonic() - done[chore] >= chore.seconds:
                do_chore(part.parts, chore)
                done[chore] = time.monotonic()
        for helper in helpers:
            for work in helper.works:
                _sweep(part, work, standstills[work], helper)
    for thread in threads:
        thread.join()


def do_chore(parts: Parts, chore: Chore) -> None:
    """Does it; a fault is logged, and the chore is done again when its time has come."""
    try:
        chore.do(parts)
    except Exception as error:  # noqa: BLE001  the database is away, mostly: done again in some seconds or minutes
        log.warning("%s: %s: %s", chore.fails, type(error).__name__, error)


def _sweep(part: Part, work: Work, standstill: Standstill, helper: _Helper) -> None:
    try:
        oldest = part.parts.oldest_due(work)
        still = standstill.look(oldest)
        in_hand = still >= STUCK_SECONDS and part.parts.in_hand(work)
    except Exception as error:  # noqa: BLE001  the database is away: asked again in a second
        log.warning("the database cannot be asked what waits: %s", error)
        return
    if oldest is not None:
        part.parts.doorbell.ring(work)
    if still < (HELD_SECONDS if in_hand else STUCK_SECONDS) or helper.called.is_set():
        return
    if in_hand:
        log.info("%s has not moved for %d s though somebody holds some; the scheduler helps", work, still)
    else:
        log.info("nobody works on %s; the scheduler does", work)
    helper.called.set()
