"""The JSON that calls give, as models: for the description, and for the tests, which hold answers against them.

Answers are made by `store`; nothing is converted through these models. Here stand those of accounts, users and
teams, and what every noun shares; `shapes_of_leads`, `shapes_of_messages` and `shapes_of_automation` have the rest.
"""

from datetime import datetime
from typing import Literal

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
    forwarders: list[str] | None
    allowed_senders: list[str] | None
    blocked_senders: list[str] | None
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


class MadeUser(User):
    """A new user. `invitation`: mailed; delayed, while the mail server takes nothing; or why none was: there is no
    mail server, the user has a password, or no mail can be sent to that address."""

    invitation: Literal["mailed", "delayed", "no_mail_server", "not_needed", "not_possible"]


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


class Source(Shape):
    """Where something came from."""

    kind: str
    name: str


class Problem(Shape):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] | None = None
