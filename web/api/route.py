"""Types of the route table: a route, a call of it, an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from store.doorbell import Work
from store.events import Origin
from store.lead_requests import origin_of
from store.scope import AccountScope, Viewer
from web.services import Services


class Who(StrEnum):
    """Who may call a route."""

    DEPLOYMENT = "deployment"  # a deployment key
    USER = "user"  # any user's key; what they see is the view's question to the store
    ADMIN = "admin"  # an admin's key


class Transaction(StrEnum):
    """Which transaction the view runs in."""

    READ = "read"
    WRITE = "write"
    OWN = "own"  # none: the view calls services that have their own


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view answers: JSON, or bytes with their media type."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    mimetype: str = "application/json"


@dataclass(slots=True)
class Call:
    """One call: who asks for what, and the transaction it runs in."""

    services: Services
    viewer_or_none: Viewer | None
    connection_or_none: Connection | None
    cause: str  # "api:<request id>", the root cause of every event this call makes
    client_ip: str | None
    https: bool
    path: str
    rings: set[Work] = field(default_factory=set)

    @property
    def viewer(self) -> Viewer:
        """The user behind the key; every route but those of deployment keys has one."""
        assert self.viewer_or_none is not None
        return self.viewer_or_none

    @property
    def scope(self) -> AccountScope:
        return self.viewer.scope

    @property
    def connection(self) -> Connection:
        """The transaction of a READ or WRITE route."""
        assert self.connection_or_none is not None
        return self.connection_or_none

    def origin(self) -> Origin:
        """The viewer as the one who acts, for lead changes; its events are told to the workers after the commit."""
        self.rings.add(Work.EVENTS)
        return origin_of(self.connection, self.viewer, self.cause)


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table. `body`: a model, `bytes` for a raw message, None for nothing.

    `gives`: the shape of a successful answer, for the description. `secret`: the answer holds something that
    is shown once, so it is never kept for a repeated request.
    """

    method: str
    path: str
    view: Callable[..., Answer]
    who: Who
    transaction: Transaction
    summary: str
    status: int = 200
    body: type[BaseModel] | type[bytes] | None = None
    query: type[BaseModel] | None = None
    gives: Any = None
    paged: bool = False
    secret: bool = False

    @property
    def name(self) -> str:
        """The operation's name: module and function of its view."""
        return f"{self.view.__module__.rpartition('.')[2]}.{self.view.__name__}"
