"""The JSON that calls give, as models: for the description, and for the tests, which hold answers against them.

Answers are made by `store`; nothing is converted through these models.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Base of all shapes."""

    model_config = ConfigDict(extra="forbid")


class Id(Shape):
    """The id of something made."""

    id: str


class AccountName(Shape):
    """Which account."""

    id: str
    slug: str
    domain: str


class AdminName(Shape):
    """The first admin; `address` is the personal inbound address."""

    id: str
    email: str
    address: str


class AccountAddresses(Shape):
    """Addresses that everybody of the account uses."""

    bcc: str
    leads: str


class MadeAccount(Shape):
    """An account as `leadgate init` tells of it; the key is null when the account was there already."""

    account: AccountName
    admin: AdminName
    addresses: AccountAddresses
    api_key: str | None


class Account(Shape):
    """Settings of an account."""

    id: str
    slug: str
    domain: str
    edition: Literal["solo", "essentials", "expert"]
    teams_enabled: bool
    visibility: Literal["all", "team", "own"]
    internal_domains: list[str]
    never_log: list[str] | None
    bcc_unmatched: Literal["create", "hold"]
    users_assign: bool
    locale: str
    timezone: str
    addresses: AccountAddresses


class User(Shape):
    """A user; `address` and `visibility` (of own mail) for admins and that user only."""

    id: str
    email: str
    name: str
    level: Literal["admin", "user"]
    active: bool
    address: str | None
    visibility: Literal["shared", "team", "private"] | None


class UserName(Shape):
    """Which user."""

    id: str
    name: str
    email: str


class ApiKey(Shape):
    """A key, shown once."""

    key: str
    name: str
    read_only: bool


class Team(Shape):
    """A team, with user ids."""

    id: str
    name: str
    members: list[str]
    managers: list[str]
    created_at: datetime


class LeadContact(Shape):
    """A contact of a lead; the main one stands first."""

    id: str
    name: str
    emails: list[str]
    phones: list[str]
    organisation: str | None


class Source(Shape):
    """Where something came from."""

    kind: str
    name: str


class Lead(Shape):
    """A lead. `address`, its own inbound address, where one lead is answered, not in lists."""

    id: str
    number: int
    title: str
    status: Literal["todo", "standby", "won", "lost", "cancelled"]
    step: str | None
    pipeline: str | None
    amount: float | None
    currency: str | None
    probability: int | None
    owner: UserName | None
    tags: list[str]
    contacts: list[LeadContact]
    fields: dict[str, str]
    starred: bool
    next_action_at: datetime | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    source: Source
    address: str | None = None


class Author(Shape):
    """Who wrote an entry: a user, or somebody outside without an id."""

    id: str | None
    name: str | None
    email: str | None


class HistoryEntry(Shape):
    """A line of a timeline. Of somebody else's private mail all but time, kind and direction is null."""

    id: str
    kind: str
    direction: Literal["in", "out"] | None
    at: datetime
    author: Author | None
    subject: str | None
    text: str | None
    message_id: str | None
    visibility: Literal["shared", "team", "private"]
    rule_id: str | None
    data: Any


class Envelope(Shape):
    """How a message was handed over."""

    mail_from: str
    recipient: str
    client_ip: str | None
    helo: str | None
    tls: bool
    auth_user: str | None


class Arrival(Envelope):
    """One receipt of a message by a door."""

    id: str
    door: str
    kind: str
    tag: str | None
    source_key: str
    trusted_hop: bool
    received_at: datetime


class TrailLine(Shape):
    """One step of the way to the outcome."""

    model_config = ConfigDict(extra="allow")

    step: str
    result: str | None = None
    detail: str | None = None


class Candidate(Shape):
    """A lead that a held message may belong to."""

    id: str
    number: int
    title: str


class Message(Shape):
    """A message with its receipt, as far as the caller may see it: what they may not is null or empty."""

    id: str
    received_at: datetime
    direction: Literal["in", "out"] | None
    visibility: Literal["shared", "team", "private"]
    source: Source | None
    envelope: Envelope | None
    arrivals: list[Arrival]
    trust: str | None
    trust_detail: Any
    acting_user: UserName | None
    outcome: Literal["pending", "lead_created", "history_added", "held", "ignored", "failed"] | None
    reason: str | None
    sentence: str | None
    error: str | None
    duplicate_of: str | None
    candidates: list[Candidate]
    trail: list[TrailLine]
    parsed: dict[str, Any] | None
    lead_ids: list[str]
    history_ids: list[str]
    parts: list[Any]


class Reprocessed(Shape):
    """What reading again changes: name → [old, new]."""

    applied: bool
    outcome: str | None
    changes: dict[str, list[Any]]


class Webhook(Shape):
    """A webhook."""

    id: str
    url: str
    events: list[str]
    enabled: bool
    disabled_reason: str | None
    failing_since: datetime | None
    created_at: datetime


class MadeWebhook(Webhook):
    """A new webhook with its secret, shown once."""

    secret: str


class WebhookSecret(Shape):
    """A new secret, shown once."""

    id: str
    secret: str


class Attempt(Shape):
    """One try of a delivery; `detail` and `answer` where one delivery is answered."""

    at: datetime
    status: int | None
    error: str | None
    ms: int
    detail: Any = None
    answer: str | None = None


class Delivery(Shape):
    """One event for one webhook; `body` where one delivery is answered."""

    id: str
    event_id: str
    event_type: str
    state: Literal["pending", "delivered", "failing", "exhausted"]
    attempts: list[Attempt]
    next_attempt_at: datetime | None
    created_at: datetime
    body: str | None = None


class TestEvent(Shape):
    """The test event that was sent."""

    __test__ = False
    event_id: str


class Rule(Shape):
    """A rule; see the rule language."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    events: list[str]
    enabled: bool
    position: int
    version: int
    created_at: datetime
    updated_at: datetime


class RuleVersion(Shape):
    """How a rule was."""

    version: int
    definition: dict[str, Any]
    enabled: bool
    changed_at: datetime
    changed_by: dict[str, Any] | None


class Actor(Shape):
    """Who did it."""

    kind: Literal["user", "rule", "sender", "system"]
    id: str | None
    name: str | None


class RuleAction(Shape):
    """An intended action, and what became of it."""

    action: dict[str, Any]
    result: str
    detail: Any
    at: datetime | None


class RuleResult(Shape):
    """What a rule made of an event."""

    rule_id: str
    name: str
    version: int
    result: str
    reason: str | None
    sentence: str | None
    trace: list[dict[str, Any]]
    actions: list[RuleAction]


class Event(Shape):
    """Something that happened. `causes`: "<kind>:<id>", root first; `data`: the snapshot and what changed."""

    id: str
    type: str
    at: datetime
    sequence: int | None
    lead_id: str | None
    message_id: str | None
    actor: Actor
    causes: list[str]
    data: dict[str, Any]
    state: Literal["pending", "done"]
    error: str | None
    rules: list[RuleResult]


class Problem(Shape):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] | None = None
