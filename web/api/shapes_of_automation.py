"""What calls about automation give: webhooks with their deliveries, rules, and events with what the rules did."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

from web.api.shapes import Shape


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
