"""What a rule intends: effects as frozen values. Nothing is done here.

`Assign` carries a `Choose`: who is drawn from which pool, and how. The drawing is done by whoever carries the
effect out, in that transaction, so that evaluating stays pure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class How(StrEnum):
    """How somebody is drawn from a pool."""

    USER = "user"
    TEAM = "team"
    RANDOM = "random"
    ROUND_ROBIN = "round_robin"


class NotifyTo(StrEnum):
    """Who is notified."""

    OWNER = "owner"
    TEAM_MANAGER = "team_manager"
    USER = "user"
    TEAM = "team"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Choose:
    """Somebody to be drawn: `user` takes the pool's only user, `random` and `round_robin` draw from `users`,
    `team` draws in turn from the members of `team_id`."""

    how: How
    users: tuple[str, ...] = ()
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddTag:
    """Give the lead this tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class RemoveTag:
    """Take this tag from the lead."""

    tag: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the lead to whoever is drawn."""

    choose: Choose


@dataclass(frozen=True, slots=True)
class SetStatus:
    """One of the five statuses."""

    status: str


@dataclass(frozen=True, slots=True)
class SetStep:
    """A step, by its id or name."""

    step: str


@dataclass(frozen=True, slots=True)
class SetPipeline:
    """A pipeline, by its id or name."""

    pipeline: str


@dataclass(frozen=True, slots=True)
class SetAmount:
    """`currency` None leaves the lead's as it is."""

    amount: Decimal
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class SetNextAction:
    """Either a fixed time or a span from the event's time on."""

    at: datetime | None = None
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SetField:
    """A key field of the account; None clears it."""

    field: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Star:
    """Star the lead, or take the star away."""

    starred: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """Add this comment to the lead."""

    text: str


@dataclass(frozen=True, slots=True)
class Trash:
    """Move the lead to the trash."""


@dataclass(frozen=True, slots=True)
class Notify:
    """`target` is the user's or team's id or the address; None for owner and team_manager."""

    to: NotifyTo
    target: str | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """Deliver the event to this endpoint, whatever the endpoint subscribes to."""

    webhook_id: str


Effect = (
    AddTag
    | RemoveTag
    | Assign
    | SetStatus
    | SetStep
    | SetPipeline
    | SetAmount
    | SetNextAction
    | SetField
    | Star
    | Comment
    | Trash
    | Notify
    | CallWebhook
)
