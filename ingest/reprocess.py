"""Reprocess: parse, read and identify again, from the raw bytes and the stored trust (product §3).

A message that is on leads keeps them: its parse and its entries are brought up to date in place, and the
only event is `lead.updated` with the cause `reprocess`. A pending, failed, held or ignored one is decided
anew, as if it had just come. A preview does the very same in a transaction that is rolled back, so what
it shows is what would happen.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from ingest.effect import ParentWaiting, lock_keys, settle
from ingest.gather import gather_one
from ingest.letter import Reading
from ingest.prepare import Prepared, Understand, prepare
from ingest.read import read_for_person
from ingest.receiving import Keys, Office, summary
from ingest.trust.judging import Judge
from ingest.watchdog import Watchdog
from rules.event import Actor, ActorKind, CauseKind, cause
from store import locks
from store.events import Origin
from store.lead_ops import LeadEditor
from store.receipts import refresh_read
from store.scope import AccountScope
from store.session import Conflict, Database, NotFound
from store.tables.leads import history_entries
from store.tables.mail import message_parsed, messages

ON_LEADS = ("lead_created", "history_added")
COMPARED = ("outcome", "reason", "trust", "direction", "subject", "sender_address")


@dataclass(frozen=True, slots=True)
class Reprocessor:
    """Reads messages again for people."""

    database: Database
    understand: Understand
    keys: Keys
    watchdog: Watchdog
    ring_events: Callable[[], None]
    judge: Judge = field(default_factory=Judge)
    """Of senders that nobody has judged yet; what was found when a mail came stays."""

    def reprocess(self, scope: AccountScope, message_id: str, *, user_id: str, apply: bool) -> dict[str, Any]:
        """Reads again; {"applied", "outcome", "changes": {name: [old, new]}}. NotFound, or Conflict while
        a worker is at the message."""
        with self.database.read() as connection:
            letter = gather_one(connection, scope, message_id)
        prepared = prepare(
            self.judge.judge_now(letter), self.understand, self.watchdog, address_key=self.keys.address
        )
        with self.database.write() as connection:
            savepoint = connection.begin_nested()
            locks.acquire(connection, lock_keys(prepared))
            before = _state(connection, scope, message_id)
            if before["state"] == "claimed":
                raise Conflict("the message is being processed right now")
            if before["outcome"] in ON_LEADS or before["lead_ids"]:  # an automatic reply is noted on leads
                self._refresh(connection, scope, prepared, user_id)
            else:
                decide_anew(connection, self.keys, prepared)
            after = _state(connection, scope, message_id)
            if apply:
                savepoint.commit()
            else:
                savepoint.rollback()
        if apply:
            self.ring_events()
        return {"applied": apply, "outcome": after["outcome"], "changes": _changes(before, after)}

    def _refresh(self, connection: Connection, scope: AccountScope, prepared: Prepared, user_id: str) -> None:
        """Brings the parse and the entries of a filed message up to date, in place."""
        message, letter = prepared.message, prepared.letter
        if message is None:
            raise Conflict("the message cannot be read; what was read before stays")
        refresh_read(connection, scope, letter.id, message.to_json())
        verdict = prepared.verdict
        reading = verdict if isinstance(verdict, Reading) else read_for_person(letter, message)
        if not isinstance(reading, Reading):
            return
        origin = Origin(
            Actor(ActorKind.USER, user_id, letter.directory.names.get(user_id)),
            (cause(CauseKind.REPROCESS, letter.id),),
        )
        editor = LeadEditor(connection, scope, origin, message_id=letter.id, message=summary(prepared))
        for row in _entries(connection, scope, letter.id):
            editor.rewrite_entry(row.lead_id, row.id, subject=reading.subject, text=reading.text)
        editor.finish()


def decide_anew(connection: Connection, keys: Keys, prepared: Prepared) -> str:
    """Claims the message for this transaction and settles it as a worker would; its outcome. Conflict where that has
    to wait for another message."""
    account_id, message_id = prepared.letter.key
    connection.execute(
        update(messages)
        .where(messages.c.account_id == account_id, messages.c.id == message_id)
        .values(state="claimed", lease_token=secrets.randbits(62) | 1, error=None)
    )
    office = Office(connection, account_id, keys)
    try:
        outcome = settle(office, prepared)
    except ParentWaiting as waiting:
        raise Conflict("it answers a message that is still being processed") from waiting
    office.write()
    return outcome


def _entries(connection: Connection, scope: AccountScope, message_id: str) -> list[Any]:
    return list(
        connection.execute(
            select(history_entries.c.id, history_entries.c.lead_id).where(
                history_entries.c.account_id == scope.account_id,
                history_entries.c.message_id == message_id,
                history_entries.c.kind.in_(("email", "form")),
            )
        )
    )


def _state(connection: Connection, scope: AccountScope, message_id: str) -> dict[str, Any]:
    """What a diff compares: the receipt, the parse, the leads it is on."""
    row = connection.execute(
        select(messages)
        .where(messages.c.account_id == scope.account_id, messages.c.id == message_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("message")
    parsed = connection.execute(
        select(message_parsed.c.parsed).where(
            message_parsed.c.account_id == scope.account_id, message_parsed.c.message_id == message_id
        )
    ).scalar()
    on = connection.execute(
        select(history_entries.c.lead_id)
        .distinct()
        .where(history_entries.c.account_id == scope.account_id, history_entries.c.message_id == message_id)
    ).scalars()
    return {
        "state": row.state,
        **{name: getattr(row, name) for name in COMPARED},
        "lead_ids": sorted(on),
        "parsed": parsed or {},
    }


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs: receipt and leads by name, the parse by "parsed.<key>"."""
    changes = {
        name: [before[name], after[name]] for name in (*COMPARED, "lead_ids") if before[name] != after[name]
    }
    old, new = before["parsed"], after["parsed"]
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            changes[f"parsed.{key}"] = [old.get(key), new.get(key)]
    return changes
