"""The values that are handed from step to step while a message becomes an outcome.

Nothing here is changed after it is made: each step takes what the steps before it found, and gives a
value of its own or a `Stop`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingest.trust.judgement import Judgement
from parsers.message import Mailbox, Message
from store.arriving import rank
from store.contacts import Person
from store.directory import Directory, InboundAddress
from store.folding import fold
from store.leases import Key

ANSWER = "answer"
"""By what a user is known who answered a mail of ours (`ingest.identify`)."""
LONGEST_TAG = 100
"""Characters of a sub-address that become a tag: as many as a person may give one."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One receipt of the message: by which door, for whom."""

    door: str
    kind: str
    address_id: str | None
    recipient: str
    tag: str | None
    mail_from: str
    auth_user: str | None
    client_ip: str | None
    helo: str | None
    trusted_hop: bool
    source_key: str = ""
    id: str = ""
    received_at: datetime | None = None
    junk: bool = False  # it lay in a folder for spam
    trust: str | None = None  # what was found out about the sender from it; None: nothing yet


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message with everything a decision about it may depend on."""

    key: Key
    received_at: datetime
    arrivals: tuple[Arrival, ...]
    attempts: int
    trust: str | None  # as stored by an earlier decision: never judged anew
    acting_user_id: str | None  # whom that decision found it was, `trust` being verified
    decided_before: bool  # it had an outcome already
    error: str | None  # of the attempt before
    raw: bytes | None  # None when the bytes are gone
    directory: Directory
    judgement: Judgement | None  # of its sender's domain: the stored one, or what `trust` found out just now
    held_for: str | None = None  # the reason for which it is held, when it is to be decided again
    found: Mapping[str, str] = field(
        default_factory=dict
    )  # arrival id → trust, as `trust` found out just now
    not_spam_by: str | None = None  # the name of the person who said that it is no spam

    @property
    def id(self) -> str:
        return self.key[1]

    @property
    def arrival(self) -> Arrival:
        """The arrival that decides: the first of the most specific kind."""
        return min(self.arrivals, key=lambda arrival: rank(arrival.kind))

    @property
    def kind(self) -> str:
        return self.arrival.kind

    @property
    def unjudged(self) -> tuple[Arrival, ...]:
        """The arrivals by which nobody has looked at the sender yet."""
        if self.judgement is None:
            return self.arrivals
        return tuple(arrival for arrival in self.arrivals if arrival.trust is None)

    @property
    def junk(self) -> bool:
        """Whether it came by folders for spam alone."""
        return all(arrival.junk for arrival in self.arrivals)

    @property
    def by_post(self) -> bool:
        """Whether it is a form post, and no mail."""
        return self.arrivals[0].door == "form"

    @property
    def inbound(self) -> InboundAddress | None:
        """The inbound address of the arrival that decides; None for computed ones."""
        address_id = self.arrival.address_id
        return self.directory.inbound.get(address_id) if address_id else None

    @property
    def source_name(self) -> str:
        """What people call the source of the arrival that decides: the address's or the mailbox's name."""
        kind, _, source_id = self.arrival.source_key.partition(":")
        name = self.directory.mailboxes.get(source_id) if kind == "mailbox" else None
        return name or (self.inbound.name if self.inbound else "")

    @property
    def owner_id(self) -> str | None:
        """Whose the leads of its source become, if that user is still there."""
        owner = self.inbound.owner_id if self.inbound else None
        return owner if owner in self.directory.names else None

    @property
    def tags(self) -> tuple[str, ...]:
        """Those of its source, and the sub-addresses it was sent to, as far as they can be tags."""
        inbound = self.inbound
        written = ((arrival.tag or "")[:LONGEST_TAG] for arrival in self.arrivals)
        tags = (*(inbound.tags if inbound else ()), *written)
        return tuple({fold(tag): tag for tag in reversed(tags) if fold(tag)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Stop:
    """A step's verdict that no further reading or matching is needed."""

    outcome: str  # held ignored failed
    reason: str
    data: Mapping[str, Any] = field(default_factory=dict)
    user_id: str | None = None  # whose hold it is
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sent it, as far as it is known: `user_id` only when that user may be acted as."""

    judged: Judgement
    user_id: str | None = None
    owner_hint: str | None = None  # the user whose personal address a stranger wrote to
    exposed: tuple[str, ...] = ()  # ids of personal addresses that this mail shows to strangers
    stop: Stop | None = None  # a person has to say who it was
    forwarder: str | None = None  # it failed, and came through this one, which an admin listed
    unproven: bool = False  # `user_id` is what From says: the address accepts that

    @property
    def trust(self) -> str:
        """verified, unknown or failed."""
        return self.judged.trust

    @property
    def answers(self) -> bool:
        """Whether the user is known by the answer address alone: good for a note on that lead, and nothing else."""
        return self.judged.by == ANSWER


@dataclass(frozen=True, slots=True)
class Reading:
    """What the mail says, ready to be matched: who outside it is about, and the entry it makes."""

    direction: str  # in out
    people: tuple[Person, ...]  # outside; the first is the main contact; none: a note for colleagues
    author: Person | None  # who wrote it, when somebody outside did
    subject: str
    text: str
    user_id: str | None = None  # whose mail it is, when outgoing
    forwarded_by: str | None = None
    note: str = ""
    forwarded: Mapping[str, Any] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    owner_id: str | None = None  # of a new lead
    tags: tuple[str, ...] = ()  # beside those of the letter
    team_id: str | None = None  # to whom a new lead is offered; None: as the letter's source says
    creates: bool = True  # else held as `unmatched`
    unmatched: str = "unmatched"  # the reason then
    called: str = ""  # who it is about, where nobody may have an address
    proposed: tuple[str, ...] = ()  # outside participants of a forward: proposed, not added
    forwarder: str | None = None  # by whom it came that failed its check: a new lead, its sender unconfirmed
    answers: bool = False  # a note: it answers a mail of ours about the lead


Read = Reading | Stop


def person(mailbox: Mailbox) -> Person:
    """A mailbox of the parser as a person; the caller has seen that it has an address."""
    return Person(address=mailbox.address or "", name=mailbox.name or "")


def who(message: Message) -> str:
    """The sender as a sentence names him."""
    sender = message.sender
    return (sender.address or sender.name or "?") if sender else "?"
