"""What Gmail asks: held messages that ask whether a mailbox may be forwarded to one of our addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from store.scope import Viewer
from store.session import Refused
from store.tables.mail import arrivals, messages

REASON = "forwarding_confirmation"
MOST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """One such message, and the source it came by. `link` is on a host of Google's; `link` or `code` says yes."""

    message_id: str
    address_id: str | None
    source_key: str
    recipient: str
    received_at: datetime
    mailbox: str
    link: str | None
    code: str


def list_asked(connection: Connection, viewer: Viewer) -> list[Asked]:
    """The open ones of the account, newest first. For admins: Refused to others."""
    if not viewer.is_admin:
        raise Refused("Only admins keep sources.")
    rows = connection.execute(
        select(
            messages.c.id,
            messages.c.received_at,
            messages.c.reason_data,
            arrivals.c.address_id,
            arrivals.c.source_key,
            arrivals.c.recipient,
        )
        .join_from(
            messages,
            arrivals,
            (arrivals.c.account_id == messages.c.account_id) & (arrivals.c.message_id == messages.c.id),
        )
        .where(
            messages.c.account_id == viewer.account_id,
            messages.c.outcome == "held",
            messages.c.reason == REASON,
        )
        .order_by(messages.c.received_at.desc(), messages.c.id, arrivals.c.id)
        .limit(MOST)
    ).all()
    by_message = {row.id: row for row in reversed(rows)}  # its first arrival
    return [_asked(row, row.reason_data or {}) for row in rows if by_message[row.id] is row]


def _asked(row: Any, data: Mapping[str, Any]) -> Asked:
    return Asked(
        row.id,
        row.address_id,
        row.source_key,
        row.recipient,
        row.received_at,
        str(data.get("mailbox") or ""),
        data.get("link"),
        str(data.get("code") or ""),
    )
