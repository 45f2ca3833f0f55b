"""How a client uses its time: silent, slow, or a step nearer to its next message. Times are seconds of the loop's."""

from dataclasses import dataclass
from enum import IntEnum

from ingest.listening.limits import Patience


class Step(IntEnum):
    """How far a client has got with its next message."""

    HELLO = 1
    TLS = 2
    SENDER = 3
    RECIPIENT = 4
    DATA = 5


@dataclass(slots=True)
class Pace:
    """What is remembered of one client's time."""

    heard_at: float
    """When it last said something that was waited for, or was answered."""
    without_message_since: float
    got_on_at: float
    furthest: int = 0
    data_since: float = 0.0

    @classmethod
    def starting(cls, now: float) -> "Pace":
        """Of a client that arrives, or is greeted."""
        return cls(now, now, now)

    def get_on(self, step: Step, now: float) -> None:
        """It took a step; one that it took before with this message is none."""
        if step > self.furthest:
            self.furthest, self.got_on_at = step, now

    def data_begins(self, now: float) -> None:
        """It may send its message now."""
        self.heard_at = self.data_since = now
        self.get_on(Step.DATA, now)

    def message_done(self, now: float) -> None:
        """Its message was stored: time and steps are counted anew."""
        self.without_message_since = self.got_on_at = now
        self.furthest = Step.HELLO

    def crawls(self, received: int, now: float, patience: Patience) -> bool:
        """Whether the `received` bytes of its message are too few by now."""
        return received < (now - self.data_since - patience.seconds) * patience.bytes_per_second
