"""What calls about leads give: the lead, its contacts and its history."""

from datetime import datetime
from typing import Any, Literal

from web.api.shapes import Shape, Source, UserName


class LeadContact(Shape):
    """A contact of a lead; the main one stands first."""

    id: str
    name: str
    emails: list[str]
    phones: list[str]
    organisation: str | None


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
    sender_unconfirmed: bool
    next_action_at: datetime | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    source: Source
    address: str | None = None


class NotALead(Shape):
    """The addresses that are blocked now."""

    blocked: list[str]


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
