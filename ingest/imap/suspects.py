"""Mails at which the connection broke, remembered by a process: one that a server cannot give holds up no other.

A server that crashes over a mail, stalls in the middle of it, or sends more than it said, does so again when it is
asked again. So whatever a connection broke at comes after all other mail from then on, alone and in pieces. Where it
broke alone as often as STRIKES, the mail is left for REST and counts as unreadable until then. Most such mail has done
nothing: the network broke. It is taken a moment later, and forgotten here.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

STRIKES = 3
REST = 3_600.0
"""Seconds."""

Mail = tuple[str, int, int]
"""Mailbox, UIDVALIDITY, UID."""


@dataclass(slots=True)
class Suspects:
    """Of all mailboxes of a process; each mailbox is one thread's."""

    clock: Callable[[], float] = time.monotonic
    _broke: dict[Mail, tuple[int, float]] = field(default_factory=dict)
    """How often the connection broke at it alone, and when last."""

    def broke_at(self, mails: Collection[Mail]) -> None:
        """The connection broke while these were fetched together."""
        for mail in mails:
            strikes, _ = self._broke.get(mail, (0, 0.0))
            self._broke[mail] = (strikes + (len(mails) == 1), self.clock())

    def came(self, mails: Collection[Mail]) -> None:
        """These came whole."""
        for mail in mails:
            self._broke.pop(mail, None)

    def suspects(self, mail: Mail) -> bool:
        """Whether the connection broke at it."""
        return mail in self._broke

    def rests(self, mail: Mail) -> bool:
        """Whether it is not to be fetched for now."""
        strikes, last = self._broke.get(mail, (0, 0.0))
        return strikes >= STRIKES and self.clock() < last + REST
