"""What calls about mailboxes give. Passwords and tokens never come back."""

from datetime import datetime
from typing import Literal

from web.api.shapes import Shape

Stage = Literal["dns", "tcp", "tls", "login", "folder", "write", "senders"]


class Mailbox(Shape):
    """A mailbox and how it fares. `lag`: seconds since all its mail was known to be here; null: never yet.

    `messages`, `skipped`: what became of its UIDs; `skipped` counts by reason.
    """

    id: str
    name: str
    host: str
    port: int
    tls: Literal["none", "starttls", "tls"]
    username: str
    auth: Literal["password", "xoauth2"]
    folder: str
    kind: Literal["leads", "bcc", "form", "partner", "by_recipient"]
    fallback: Literal["leads", "bcc", "form", "partner"]
    recipient_headers: list[str]
    address: str | None
    after: Literal["leave", "seen", "move", "delete"]
    move_to: str | None
    authserv_id: str | None
    authserv_hops: int
    since: datetime | None
    enabled: bool
    created_at: datetime
    last_poll: datetime | None
    last_mail: datetime | None
    lag: int | None
    error: str | None
    error_stage: Stage | Literal["read", "store"] | None
    error_since: datetime | None
    error_code: str | None
    error_said: str | None
    next_poll: datetime | None
    reader: str | None
    messages: int
    skipped: dict[Literal["before", "too_large", "vanished", "unreadable"], int]


class StageOfTest(Shape):
    """How a stage ended; `ok` is null where it was not reached. `code`: of what it found, or of its fault; `said`: what
    the server said then."""

    stage: Stage
    ok: bool | None
    detail: str
    code: str
    facts: dict[str, str | int]
    said: str


class ConnectionTest(Shape):
    """How a connection went."""

    ok: bool
    stages: list[StageOfTest]
