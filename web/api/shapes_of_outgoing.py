"""What calls about outgoing mail give. Passwords and texts never come back."""

from datetime import datetime
from typing import Literal

from web.api.shapes import Shape

Stage = Literal["dns", "tcp", "tls", "login", "sender"]


class OutgoingMail(Shape):
    """The server that mail goes through. Of the deployment's, nothing is told but that it is in force."""

    in_force: Literal["account", "deployment"] | None
    host: str | None
    port: int | None
    tls: Literal["none", "starttls", "tls"] | None
    username: str | None
    has_password: bool
    from_address: str | None
    from_name: str | None
    return_path: Literal["bounce", "from"] | None
    failing_since: datetime | None


class StageOfMailTest(Shape):
    """How a stage ended; `ok` is null where it was not reached. `fix`: what helps."""

    stage: Stage
    ok: bool | None
    detail: str
    code: str | None
    fix: str | None


class MailTest(Shape):
    """How a connection went."""

    ok: bool
    stages: list[StageOfMailTest]


class MailAttempt(Shape):
    """One try. `code`: the server's answer; `error`: null where it took the mail."""

    at: datetime
    server: str
    stage: Stage | Literal["recipient", "data"] | None
    code: int | None
    error: str | None
    detail: str | None
    ms: int


class SentMail(Shape):
    """A mail of leadgate's own."""

    id: str
    purpose: str
    to: str
    user_id: str | None
    subject: str
    state: Literal["pending", "sent", "failing", "exhausted", "bounced"]
    diagnostic: str | None
    attempts: list[MailAttempt]
    next_attempt_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    may_be_sent_again: bool
