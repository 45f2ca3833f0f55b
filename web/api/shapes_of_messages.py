"""What calls about messages give: the message with its receipt, and what reading again changes."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

from web.api.shapes import Shape, Source, UserName


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
    trust: str | None
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
