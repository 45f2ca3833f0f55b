"""Events: what happened to a lead, a message or the deployment, and why (product §8).

The catalogue is data. An event knows the chain of causes that led to it, as a tuple of strings
`"<kind>:<id>"`, **root first, nearest cause last**:

    message:m1                                   lead.created made by reading message m1
    message:m1 event:e1 rule:r1                  lead.tagged, because rule r1 fired on event e1
    message:m1 event:e1 rule:r1 event:e2 rule:r2 and so on

Kinds (`CauseKind`): `message` a received message, `event` an earlier event, `rule` the rule whose action this
is (always directly after the event it fired on), `user` a person's doing, `api` a call with a key,
`reprocess` a message read again (the id is the message's). `Event.causes_of(rule_id)` makes the chain of what
a rule does; nobody else should put chains together by hand, because the loop guard reads them: the number of
`rule` causes is the depth, a rule found among them is not run again (`rules.engine`).

`Event.data` is the snapshot taken in the transaction that wrote the event. Keys this folder reads:
`changes`: `{"status": ["todo", "won"], "fields.budget": [null, "5000"]}`, old first, new second.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from typing_extensions import override

from rules.exceptions import InvalidEvent

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"


class SubjectKind(StrEnum):
    """What an event is about; `Event.subject_id` is an id of this kind of thing."""

    LEAD = "lead"
    MESSAGE = "message"
    CONTACT = "contact"
    SOURCE = "source"
    TEMPLATE = "template"
    DELIVERY = "delivery"
    USER = "user"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class EventType:
    """One line of the catalogue. `sentence` says in plain words when it happens."""

    name: str
    subject: SubjectKind
    sentence: str

    @property
    def may_have_lead(self) -> bool:
        """Whether an event of this type can carry a lead that an action could change."""
        return self.subject in (SubjectKind.LEAD, SubjectKind.MESSAGE)


_CATALOGUE = (
    EventType("lead.created", SubjectKind.LEAD, "A lead was created"),
    EventType("lead.deleted", SubjectKind.LEAD, "A lead was moved to the trash or deleted"),
    EventType("lead.updated", SubjectKind.LEAD, "Something of a lead was changed"),
    EventType("lead.status.changed", SubjectKind.LEAD, "A lead's status was changed"),
    EventType("lead.step.changed", SubjectKind.LEAD, "A lead's step was changed"),
    EventType("lead.assigned", SubjectKind.LEAD, "A lead was given to a user"),
    EventType("lead.unassigned", SubjectKind.LEAD, "A lead was taken from its owner"),
    EventType("lead.commented", SubjectKind.LEAD, "Somebody commented on a lead"),
    EventType("lead.tagged", SubjectKind.LEAD, "A lead's tags were changed"),
    EventType("lead.email.received", SubjectKind.LEAD, "An incoming e-mail was added to a lead"),
    EventType("lead.email.sent", SubjectKind.LEAD, "An outgoing e-mail was added to a lead"),
    EventType("lead.email.withdrawn", SubjectKind.LEAD, "A user took an e-mail back"),
    EventType("lead.merged", SubjectKind.LEAD, "Another lead was merged into this one"),
    EventType("lead.split", SubjectKind.LEAD, "A message was split off into a lead of its own"),
    EventType("lead.unattended", SubjectKind.LEAD, "Nothing happened on a lead for some time"),
    EventType("lead.next_action.due", SubjectKind.LEAD, "A lead's next action is due"),
    EventType("lead.manual.trigger", SubjectKind.LEAD, "Somebody pressed the button on the lead"),
    EventType("message.held", SubjectKind.MESSAGE, "A message waits for a person's decision"),
    EventType("message.failed", SubjectKind.MESSAGE, "A message could not be processed"),
    EventType("message.bounced", SubjectKind.MESSAGE, "A mail came back as undeliverable"),
    EventType("message.moved", SubjectKind.MESSAGE, "A message was moved to another lead"),
    EventType("message.spam", SubjectKind.MESSAGE, "A message was put aside as spam"),
    EventType("contact.erased", SubjectKind.CONTACT, "A person's data was erased"),
    EventType("source.silent", SubjectKind.SOURCE, "Nothing came from a source for longer than usual"),
    EventType("source.failing", SubjectKind.SOURCE, "A source cannot be read"),
    EventType("template.drifted", SubjectKind.TEMPLATE, "A partner's mails no longer fit their template"),
    EventType("delivery.exhausted", SubjectKind.DELIVERY, "A webhook could not be delivered at all"),
    EventType("user.created", SubjectKind.USER, "A user was created"),
    EventType("user.deactivated", SubjectKind.USER, "A user was deactivated"),
    EventType("system.warning", SubjectKind.SYSTEM, "The deployment needs somebody's attention"),
)
EVENT_TYPES: Mapping[str, EventType] = MappingProxyType({entry.name: entry for entry in _CATALOGUE})


class ActorKind(StrEnum):
    """Who did it."""

    USER = "user"
    RULE = "rule"
    SENDER = "sender"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a user or a rule by id, a sender by name, or leadgate itself.

    `name` is for people (a user's or sender's name, a rule's name); it may be None.
    """

    kind: ActorKind
    id: str | None = None
    name: str | None = None

    def to_json(self) -> dict[str, JSON]:
        """`{"kind", "id", "name"}`, as stored and as sent in webhooks."""
        return {"kind": self.kind.value, "id": self.id, "name": self.name}


def actor_from_json(value: Mapping[str, object]) -> Actor:
    """The way back from `Actor.to_json`; raises InvalidEvent."""
    try:
        kind = ActorKind(str(value.get("kind")))
    except ValueError as fault:
        raise InvalidEvent(f"unknown kind of actor {value.get('kind')!r}") from fault
    actor_id, name = value.get("id"), value.get("name")
    return Actor(kind, None if actor_id is None else str(actor_id), None if name is None else str(name))


class CauseKind(StrEnum):
    """What a link in a chain of causes points to; see the module docstring."""

    MESSAGE = "message"
    EVENT = "event"
    RULE = "rule"
    USER = "user"
    API = "api"
    REPROCESS = "reprocess"


@dataclass(frozen=True, slots=True)
class Cause:
    """One link of a chain of causes. `str(cause)` is its stored form `"<kind>:<id>"`."""

    kind: CauseKind
    id: str

    @override
    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"


def cause(kind: CauseKind, cause_id: str) -> str:
    """The stored form of a cause; raises InvalidEvent for an empty id."""
    if not cause_id:
        raise InvalidEvent("a cause needs an id")
    return str(Cause(kind, cause_id))


def parse_cause(text: str) -> Cause:
    """Read the stored form of a cause; raises InvalidEvent."""
    kind, colon, cause_id = text.partition(":")
    if not colon or not cause_id or kind not in _CAUSE_KINDS:
        raise InvalidEvent(f"{text!r} is not a cause")
    return Cause(CauseKind(kind), cause_id)


_CAUSE_KINDS = frozenset(kind.value for kind in CauseKind)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Immutable once written.

    `at` is aware; `sequence` counts the events of one lead from 1 and is None where there is no lead;
    `causes` is root first (module docstring). Raises InvalidEvent on an unknown type, a naive time or a
    malformed cause.
    """

    id: str
    type: str
    at: datetime
    account_id: str
    subject_type: SubjectKind
    subject_id: str
    data: Mapping[str, JSON]
    actor: Actor
    causes: tuple[str, ...] = ()
    sequence: int | None = None

    def __post_init__(self) -> None:
        if self.type not in EVENT_TYPES:
            raise InvalidEvent(f"{self.type!r} is not an event type")
        if self.at.tzinfo is None:
            raise InvalidEvent("an event's time must have an offset")
        for link in self.causes:
            parse_cause(link)

    @property
    def changes(self) -> Mapping[str, JSON]:
        """What changed: name -> [old, new]; empty where nothing did."""
        found = self.data.get("changes")
        return found if isinstance(found, dict) else {}

    @property
    def depth(self) -> int:
        """How many rules stand in the chain that led here; 0 for what people and messages did."""
        return len(self.rules_in_chain)

    @property
    def rules_in_chain(self) -> tuple[str, ...]:
        """The ids of the rules in the chain that led here, root first."""
        prefix = f"{CauseKind.RULE.value}:"
        return tuple(link.removeprefix(prefix) for link in self.causes if link.startswith(prefix))

    def causes_of(self, rule_id: str) -> tuple[str, ...]:
        """The chain of causes of whatever rule `rule_id` does because of this event."""
        return (*self.causes, cause(CauseKind.EVENT, self.id), cause(CauseKind.RULE, rule_id))


def filter_problem(pattern: str) -> str | None:
    """Why an event filter is not acceptable, as a sentence, or None if it is.

    A filter is an event type (`lead.created`), everything below a prefix (`lead.*`, `lead.email.*`) or `*`.
    """
    if pattern in EVENT_TYPES or pattern == "*":
        return None
    if pattern.endswith(".*") and any(name.startswith(pattern[:-1]) for name in EVENT_TYPES):
        return None
    return f"{pattern[:60]!r} is neither an event type nor a filter like 'lead.*'"


def filter_matches(patterns: Iterable[str], event_type: str) -> bool:
    """Whether one of the filters takes this event type."""
    return any(
        pattern in ("*", event_type) or (pattern.endswith(".*") and event_type.startswith(pattern[:-1]))
        for pattern in patterns
    )


def expand_filters(patterns: Iterable[str]) -> frozenset[str]:
    """Every event type of the catalogue that one of the filters takes."""
    wanted = tuple(patterns)
    return frozenset(name for name in EVENT_TYPES if filter_matches(wanted, name))
