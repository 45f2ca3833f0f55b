"""Timeline entries of leads: writing them (only `store.lead_ops` does) and reading them as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from store.ids import new_id
from store.leads import iso
from store.pending_rows import PendingRows
from store.scope import AccountScope, Scope
from store.tables.leads import history_entries
from store.tables.people import users

_INSERT = insert(history_entries)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A line about to be written. `at` is the date it is sorted under."""

    kind: str  # email comment form bounce change rule note
    at: datetime
    text: str
    direction: str | None = None  # in out
    subject: str | None = None
    author_user_id: str | None = None
    author_name: str | None = None
    author_address: str | None = None
    data: Mapping[str, Any] | None = None
    message_id: str | None = None
    visibility: str = "shared"
    rule_id: str | None = None
    id: str = field(default_factory=new_id)


def add_entries(
    later: PendingRows, scope: AccountScope, moment: datetime, entries: Sequence[tuple[str, NewEntry]]
) -> None:
    """Keeps (lead id, entry) pairs back to be written at `moment`, the transaction's."""
    rows = [
        {
            "account_id": scope.account_id,
            "id": entry.id,
            "lead_id": lead_id,
            "kind": entry.kind,
            "direction": entry.direction,
            "at": entry.at,
            "written_at": moment,
            "author_user_id": entry.author_user_id,
            "author_name": entry.author_name,
            "author_address": entry.author_address,
            "subject": entry.subject,
            "text": entry.text,
            "data": None if entry.data is None else dict(entry.data),
            "message_id": entry.message_id,
            "visibility": entry.visibility,
            "rule_id": entry.rule_id,
        }
        for lead_id, entry in entries
    ]
    later.add(_INSERT, rows)


def history_json(
    connection: Connection,
    scope: Scope,
    lead_id: str,
    *,
    limit: int = 200,
    before: tuple[datetime, str] | None = None,
) -> list[dict[str, Any]]:
    """The timeline of a lead, newest first, from after the entry `before` (at, id). Access is the caller's question."""
    statement = (
        select(history_entries, users.c.name.label("user_name"), users.c.email.label("user_email"))
        .outerjoin_from(
            history_entries,
            users,
            (users.c.account_id == history_entries.c.account_id)
            & (users.c.id == history_entries.c.author_user_id),
        )
        .where(history_entries.c.account_id == scope.account_id, history_entries.c.lead_id == lead_id)
        .order_by(history_entries.c.at.desc(), history_entries.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        at, entry_id = before
        statement = statement.where(
            (history_entries.c.at < at) | ((history_entries.c.at == at) & (history_entries.c.id < entry_id))
        )
    return [_json(row) for row in connection.execute(statement)]


def _json(row: Any) -> dict[str, Any]:
    author = {
        "id": row.author_user_id,
        "name": row.user_name or row.author_name,
        "email": row.user_email or row.author_address,
    }
    return {
        "id": row.id,
        "kind": row.kind,
        "direction": row.direction,
        "at": iso(row.at),
        "author": author if any(author.values()) else None,
        "subject": row.subject,
        "text": row.text,
        "message_id": row.message_id,
        "visibility": row.visibility,
        "rule_id": row.rule_id,
        "data": row.data,
    }
