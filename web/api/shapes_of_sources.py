"""What calls about addresses and partners give, and how any source fares."""

from datetime import datetime
from typing import Literal

from web.api.shapes import Shape


class Fares(Shape):
    """How a source fares. `silent_since`: its last message, while it is silent for longer than its own rhythm lets one
    expect; `silent_after_seconds`: that much."""

    last_message: datetime | None
    messages: int
    silent_since: datetime | None
    silent_after_seconds: int | None


class Address(Fares):
    """An inbound address. `accepts_unknown`: a user may act through it although nothing proves who wrote;
    `exposed_at`: since when strangers know it; `accepted_until`: of a replaced one."""

    id: str
    kind: Literal["personal", "bcc", "leads", "partner", "form"]
    address: str
    name: str
    enabled: bool
    accepts_unknown: bool
    user_id: str | None
    form_id: str | None
    partner_id: str | None
    owner_id: str | None
    team_id: str | None
    tags: list[str]
    exposed_at: datetime | None
    accepted_until: datetime | None
    replaced_by: str | None
    created_at: datetime


class Partner(Fares):
    """A partner. `address`: where its mail goes; `senders`: who may send it."""

    id: str
    name: str
    address: str
    enabled: bool
    senders: list[str]
    owner_id: str | None
    team_id: str | None
    tags: list[str]
    created_at: datetime
