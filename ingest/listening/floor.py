"""All conversations of one listener: who has a place, who waits for one, and who loses it.

Whoever opens connections and holds them costs the others their place: slow senders, scanners, a client that forgot to
say goodbye. So there are `max_connections` places, and up to `waiting_connections` more clients wait for their greeting
(RFC 5321 §4.5.3.2.1 has them wait five minutes for it; a 421 would only make them call again at once).

A place is free when a conversation ends. When somebody has waited for `waiting_fair_seconds`, it is also taken from
whoever has got no further for longest, if that is `spared_seconds` at least: that one hears 421, which every mail
server takes for "try again". Who takes the steps towards a message, and sends it at a fair pace, is spared.

First come, first served; but clients that delivered a message before go ahead of all others. So under a flood from
addresses of its own a known client does not notice it; and even where all come from one address, everybody is tried
before long: with 200 places and 0.3 seconds for each that says nothing, 900 of them are through in a second and a half.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, Protocol

from ingest.listening.gate import Client, Gate, Refusal
from ingest.listening.limits import ListenerOptions, Patience

_LOOK: Final = 0.01
"""Seconds from one look at who waits to the next: a flood shall cost no more than a part of the loop's time."""


class Guest(Protocol):
    """A conversation, as far as the floor knows it."""

    client: Client

    def begin(self) -> None:
        """It has a place: greet it."""

    def check(self, now: float, patience: Patience) -> None:
        """Part with a client that keeps us waiting."""

    def kept_us(self, now: float) -> float:
        """For how many seconds it has got no further."""

    def give_way(self, why: Refusal) -> None:
        """Leave at once."""

    def finish(self) -> None:
        """Part as soon as no message is under way."""

    def part(self, reply: str) -> None:
        """Say a last word and hang up."""

    async def ended(self) -> None:
        """Wait until nothing is under way any more."""


@dataclass(slots=True)
class Floor:
    """The listener's side of all conversations: one loop, one gate, and who is here."""

    options: ListenerOptions
    gate: Gate
    loop: asyncio.AbstractEventLoop
    frame: Mapping[str, object]
    """What every conversation begins with (`ingest.listening.frame`)."""
    seated: set[Guest] = field(default_factory=set)
    _known: dict[Guest, float] = field(default_factory=dict)
    _unknown: dict[Guest, float] = field(default_factory=dict)
    """Who waits, since when by the loop's clock, the longest first."""
    _next_look: asyncio.TimerHandle | None = None
    _closed: bool = False

    def everybody(self) -> Iterator[Guest]:
        """Who is here now, with a place or without."""
        yield from (*self.seated, *self._known, *self._unknown)

    def arrive(self, guest: Guest) -> Refusal | None:
        """A client is at the door: it gets a place, or waits for one, until `leave`; or is refused."""
        refusal = self.gate.enter(guest.client)
        if refusal is not None:
            return refusal
        if len(self.seated) < self.options.max_connections:
            self._seat(guest)
            return None
        known = self.gate.delivers(guest.client)
        if len(self._known) + len(self._unknown) >= self.options.waiting_connections:
            if not (known and self._unknown):
                self.gate.leave(guest.client)
                return self.gate.refuse(Refusal.CONNECTIONS)
            next(reversed(self._unknown)).give_way(Refusal.CONNECTIONS)
        (self._known if known else self._unknown)[guest] = self.loop.time()
        if self._next_look is None:
            self._look()
        return None

    def leave(self, guest: Guest) -> None:
        """The client is gone, or as good as gone; more than once does no harm."""
        if guest in self.seated:
            self.seated.remove(guest)
            self._seat_the_next()
        elif guest in self._known:
            del self._known[guest]
        elif guest in self._unknown:
            del self._unknown[guest]
        else:
            return
        self.gate.leave(guest.client)
        self.gate.sessions = len(self.seated)

    def close(self) -> None:
        """Nobody is seated any more."""
        self._closed = True

    def _seat(self, guest: Guest) -> None:
        self.seated.add(guest)
        self.gate.sessions = len(self.seated)
        guest.begin()

    def _seat_the_next(self) -> None:
        waiting = self._known or self._unknown
        if waiting and not self._closed:
            guest = next(iter(waiting))
            del waiting[guest]
            self._seat(guest)

    def _look(self) -> None:
        """Take places from the idlest for those who have waited for long; goes on while somebody waits."""
        self._next_look = None
        if self._closed or not (self._known or self._unknown):
            return
        now = self.loop.time()
        kept = {guest: guest.kept_us(now) for guest in self.seated}
        idle = sorted(
            (guest for guest in kept if kept[guest] > self.options.spared_seconds), key=kept.__getitem__
        )
        for _ in range(self._due(now)):
            if not idle:
                break
            idle.pop().give_way(Refusal.CROWDED_OUT)
        self._next_look = self.loop.call_later(_LOOK, self._look)

    def _due(self, now: float) -> int:
        """How many have waited for long."""
        since = now - self.options.waiting_fair_seconds
        lines = (takewhile(lambda at: at <= since, line.values()) for line in (self._known, self._unknown))
        return sum(1 for line in lines for _ in line)
