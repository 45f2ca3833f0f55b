"""A mailbox as people see it: its settings without secrets, and how it fares."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from store.leads import iso
from store.mailbox_values import Values

CONNECTS_BY = ("host", "port", "tls", "username")
"""What a stored password is good for: with any of these changed, it must be given anew."""
PLAIN = (
    "name",
    *CONNECTS_BY,
    "folder",
    "kind",
    "fallback",
    "recipient_headers",
    "address",
    "after",
    "move_to",
    "authserv_id",
    "authserv_hops",
)


@dataclass(frozen=True, slots=True)
class Health:
    """How a mailbox fares. `lag`: seconds since nothing was known to be there that is not here; None: never yet."""

    last_poll: datetime | None
    last_mail: datetime | None
    lag: int | None
    error: str | None
    error_stage: str | None
    error_since: datetime | None
    error_code: str | None
    error_said: str | None
    next_poll: datetime | None
    reader: str | None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox without its secrets. `skipped`: mails that were not taken, by reason."""

    id: str
    values: Values
    auth: str  # password xoauth2
    since: datetime | None
    enabled: bool
    created_at: datetime
    health: Health
    messages: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The JSON of the API; times of `health` stand beside the settings."""
        values = asdict(self.values)
        values["recipient_headers"] = list(values["recipient_headers"])
        health = self.health
        return {
            "id": self.id,
            **values,
            "auth": self.auth,
            "since": iso(self.since),
            "enabled": self.enabled,
            "created_at": iso(self.created_at),
            "last_poll": iso(health.last_poll),
            "last_mail": iso(health.last_mail),
            "lag": health.lag,
            "error": health.error,
            "error_stage": health.error_stage,
            "error_code": health.error_code,
            "error_said": health.error_said,
            "error_since": iso(health.error_since),
            "next_poll": iso(health.next_poll),
            "reader": health.reader,
            "messages": self.messages,
            "skipped": dict(self.skipped),
        }


def mailbox_of(row: Row[Any], moment: datetime) -> Mailbox:
    """The mailbox of a row, at `moment`."""
    enabled = row.state != "done"
    lag = None if row.caught_up_at is None else max(0, int((moment - row.caught_up_at).total_seconds()))
    health = Health(
        last_poll=row.last_poll_at,
        last_mail=row.last_mail_at,
        lag=lag if enabled else None,
        error=row.error,
        error_stage=row.error_stage,
        error_since=row.error_since,
        error_code=row.error_code,
        error_said=row.error_said,
        next_poll=row.due_at if row.state == "pending" else None,
        reader=row.holder if row.state == "claimed" else None,
    )
    return Mailbox(row.id, values_of(row), row.auth, row.since, enabled, row.created_at, health)


def values_of(row: Row[Any]) -> Values:
    """The settings of a row of `mailboxes`."""
    given = {name: getattr(row, name) for name in PLAIN}
    given |= {
        "recipient_headers": tuple(row.recipient_headers),
        "authserv_hops": row.authserv_hops or 0,
    }
    return Values(**given)
