"""Types of the page table: a route, a visit of it, and the three kinds of answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import Request
from sqlalchemy import Connection

from store.scope import Viewer
from store.sessions import Session
from web.api.route import Call, Transaction
from web.logging_in import Throttle
from web.services import Services


class Who(StrEnum):
    """Who may open a page."""

    ANYONE = "anyone"
    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Show:
    """A page made from a template."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Go:
    """On to another page (303). `notice`: a word of `words.NOTICES` told there.

    `token`: the session that begins; `leaves`: it ends. `theme`: light, dark, or "" for the system's, from now on.
    """

    to: str
    notice: str | None = None
    token: str | None = None
    leaves: bool = False
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes with their media type and headers."""

    body: bytes
    mimetype: str
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Show | Go | Send


@dataclass(slots=True)
class Visit:
    """One visit: who comes, what they sent, and the transaction it runs in."""

    call: Call
    request: Request
    session_or_none: Session | None
    throttle: Throttle

    @property
    def services(self) -> Services:
        return self.call.services

    @property
    def session(self) -> Session:
        """Of every page but those for anyone."""
        assert self.session_or_none is not None
        return self.session_or_none

    @property
    def viewer(self) -> Viewer:
        return self.session.viewer

    @property
    def connection(self) -> Connection:
        """The transaction of a READ or WRITE page."""
        return self.call.connection

    @property
    def client(self) -> str:
        """The client's address, for counting."""
        return self.call.client_ip or "unknown"

    @property
    def browser(self) -> str:
        """The browser as it names itself."""
        return self.request.headers.get("User-Agent", "")

    def asked(self, name: str, most: int = 500) -> str:
        """A value of the query string, "" where there is none."""
        return self.request.args.get(name, "").strip()[:most]

    def given(self, name: str, most: int = 10_000) -> str:
        """A value of the form, "" where there is none."""
        return self.request.form.get(name, "").strip()[:most]


def inside(to: str) -> str:
    """A path of ours, or nothing: never another site's."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() else ""


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the table. `files`: whether its form takes files, which make it large.

    `stands_on`: of a form, the view of the page that shows it, and shows it again with
    what was typed when it cannot be taken (`forms`)."""

    method: str
    path: str
    view: Callable[..., Answer]
    who: Who
    transaction: Transaction = Transaction.READ
    stands_on: Callable[..., Answer] | None = None
    files: bool = False

    @property
    def name(self) -> str:
        """Module and function of its view."""
        return f"{self.view.__module__.rpartition('.')[2]}.{self.view.__name__}"
