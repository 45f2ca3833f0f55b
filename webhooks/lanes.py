"""Who is sent to next: one lane per endpoint, so that one which is slow or dead delays nobody else. Pure.

- An endpoint has at most `AT_ONCE` requests running; one in trouble (its last attempt failed) has one.
- All together `MOST_RUNNING`, of which those in trouble get at most `MOST_TROUBLED`: however many endpoints hang
  until their deadline, the others find room.
- Lanes take turns, beginning after the one that was served last.
- How many deliveries a lane may *hold* (claimed from the store, with a lease that runs) grows with every quick
  success, from `AT_ONCE` to `MOST_AHEAD`, and falls back with a slow one: a quick endpoint is served in large
  claims, a slow one never holds more than it can send before the lease ends. What a lane holds beyond that, or
  cannot start in time, goes back to the store unsent (`surplus`).
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from store.leases import Key
from store.outbox import Due, DueEndpoint

AT_ONCE = 4
MOST_RUNNING = 64
MOST_TROUBLED = 32
MOST_AHEAD = 64
MOST_HELD = 256
MOST_LANES = 1_000
QUICK_MILLISECONDS = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A claimed delivery; it must be started before `start_by` (seconds of the caller's monotonic clock)."""

    due: Due
    endpoint: DueEndpoint
    start_by: float


@dataclass(slots=True)
class _Lane:
    troubled: bool
    ahead: int = AT_ONCE
    running: int = 0
    waiting: deque[Held] = field(default_factory=deque)

    @property
    def held(self) -> int:
        return self.running + len(self.waiting)

    @property
    def may_hold(self) -> int:
        return 1 if self.troubled else self.ahead

    @property
    def may_run(self) -> int:
        return 1 if self.troubled else AT_ONCE


@dataclass(frozen=True, slots=True)
class Room:
    """How many deliveries may be claimed: `left` in all, `free` for each lane that is known. A snapshot."""

    left: int
    free: Mapping[Key, int]
    served_last: Key

    def share(self, endpoints: Sequence[DueEndpoint]) -> list[tuple[DueEndpoint, int]]:
        """How many to claim for each of these endpoints, which have some due."""
        left = self.left
        wanted = []
        by_key = {(endpoint.account_id, endpoint.id): endpoint for endpoint in endpoints if endpoint.open}
        for key in _after(self.served_last, by_key):
            unknown = 1 if by_key[key].failing else AT_ONCE
            most = min(self.free.get(key, unknown), left)
            if most > 0:
                wanted.append((by_key[key], most))
                left -= most
        return wanted


NO_ROOM = Room(0, {}, ("", ""))


class Lanes:
    """The lanes of one process. Belongs to one thread."""

    def __init__(self) -> None:
        self._lanes: dict[Key, _Lane] = {}
        self._claimed_last: Key = ("", "")
        self._started_last: Key = ("", "")
        self.running = 0
        self._troubled_running = 0

    @property
    def waiting(self) -> int:
        """How many claimed deliveries have not been started."""
        return sum(len(lane.waiting) for lane in self._lanes.values())

    def room(self) -> Room:
        """What may be claimed now. Until it is, lanes only get emptier."""
        free = {key: max(lane.may_hold - lane.held, 0) for key, lane in self._lanes.items()}
        return Room(max(MOST_HELD - self.running - self.waiting, 0), free, self._claimed_last)

    def take(self, dues: Iterable[Due], endpoints: Sequence[DueEndpoint], start_by: float) -> None:
        """Puts claimed deliveries into their lanes."""
        by_key = {(endpoint.account_id, endpoint.id): endpoint for endpoint in endpoints}
        for due in dues:
            endpoint = by_key[_lane_of(due)]
            lane = self._lanes.setdefault(_lane_of(due), _Lane(endpoint.failing))
            lane.waiting.append(Held(due, endpoint, start_by))
            self._claimed_last = _lane_of(due)

    def start(self, now: float) -> list[Held]:
        """The deliveries to send now, which count as running from here on."""
        started: list[Held] = []
        ready = {key: lane for key, lane in self._lanes.items() if lane.waiting}
        while ready and self.running < MOST_RUNNING:
            for key in _after(self._started_last, ready):
                lane = ready[key]
                full = lane.running >= lane.may_run
                if full or (lane.troubled and self._troubled_running >= MOST_TROUBLED):
                    del ready[key]
                    continue
                held = lane.waiting.popleft()
                if not lane.waiting:
                    del ready[key]
                if held.start_by < now:
                    lane.waiting.appendleft(held)  # `surplus` takes it out, with all behind it
                    ready.pop(key, None)
                    continue
                self._count(lane, 1)
                self._started_last = key
                started.append(held)
                if self.running >= MOST_RUNNING:
                    break
        return started

    def finished(self, due: Due, *, delivered: bool, milliseconds: int) -> None:
        """A delivery that was started has come to its end."""
        lane = self._lanes[_lane_of(due)]
        self._count(lane, -1)
        self._set_trouble(lane, not delivered)
        if delivered and milliseconds <= QUICK_MILLISECONDS:
            lane.ahead = min(lane.ahead * 2, MOST_AHEAD)
        else:
            lane.ahead = AT_ONCE

    def surplus(self, now: float, *, everything: bool = False) -> list[Due]:
        """Takes out what is to go back to the store unsent: held beyond what the lane may, or too late to start."""
        out: list[Due] = []
        for lane in self._lanes.values():
            while lane.waiting:
                last = lane.waiting[-1]
                if not everything and lane.held <= lane.may_hold and lane.waiting[0].start_by >= now:
                    break
                out.append(last.due)
                lane.waiting.pop()
        if len(self._lanes) > MOST_LANES:
            self._lanes = {key: lane for key, lane in self._lanes.items() if lane.held}
        return out

    def _count(self, lane: _Lane, step: int) -> None:
        lane.running += step
        self.running += step
        if lane.troubled:
            self._troubled_running += step

    def _set_trouble(self, lane: _Lane, troubled: bool) -> None:
        if lane.troubled != troubled:
            self._troubled_running += lane.running if troubled else -lane.running
            lane.troubled = troubled


def _lane_of(due: Due) -> Key:
    return due.account_id, due.endpoint_id


def _after(last: Key, keys: Iterable[Key]) -> list[Key]:
    """The keys in order, beginning after the one that was served last."""
    ordered = sorted(keys)
    return [key for key in ordered if key > last] + [key for key in ordered if key <= last]
