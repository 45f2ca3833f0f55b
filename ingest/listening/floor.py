"""All conversations of one listener, and whose place is given to the next client when there is none left.

Whoever opens connections and holds them costs the others their place: slow senders, scanners, a client that forgot to
say goodbye. So at `max_connections` the one that has kept its place for longest without a message to show for it hears
421, which every mail server takes for "try again", and the new client is let in. Who is sending at a fair pace is
spared, and everybody for `spared_seconds`.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from ingest.listening.gate import Gate, ListenerOptions, Patience


class Guest(Protocol):
    """A conversation, as far as the floor knows it."""

    def check(self, now: float, patience: Patience) -> None:
        """Part with a client that keeps us waiting."""

    def kept_us(self, now: float) -> float:
        """For how many seconds it has kept its place for nothing."""

    def give_way(self) -> None:
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
    conversations: set[Guest] = field(default_factory=set)

    def make_room(self) -> bool:
        """Part with whoever has sent no message for longest, if that is long enough; whether there was one."""
        now = self.loop.time()
        idlest = max(self.conversations, key=lambda one: one.kept_us(now), default=None)
        if idlest is None or idlest.kept_us(now) <= self.options.spared_seconds:
            return False
        idlest.give_way()
        return True
