"""Who reads a mailbox: claims, renewals, letting go, and how it fares meanwhile.

A mailbox is claimed like any work (`store.leases`) and kept for as long as it is read: its lease is renewed by
`renew`. Everything that a reader writes begins with `still_held`: 0 rows, and it has been overtaken (`Overtaken`), by
another process or by somebody who changed the mailbox's settings, and must write and do nothing more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, update

from store import leases
from store.leases import Claim, Key, Turns
from store.scope import AccountScope
from store.session import StoreError, across, clock, now
from store.tables.mailboxes import mailboxes
from store.types import Instant

LEASE = timedelta(seconds=30)
MOST_AT_ONCE = 50


class Overtaken(StoreError):
    """Somebody else has the mailbox now, or its settings were changed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A mailbox that this process reads."""

    key: Key
    claim: Claim

    @property
    def scope(self) -> AccountScope:
        return AccountScope(self.key[0])

    @property
    def id(self) -> str:
        return self.key[1]

    @property
    def source_key(self) -> str:
        """What its arrivals are counted under."""
        return source_key(self.id)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a mailbox could not be read: the stage (dns tcp tls login folder read write store), a stable code, a
    sentence, and what the server said, "" for nothing."""

    stage: str
    code: str
    sentence: str
    said: str = ""

    def columns(self) -> dict[str, str | None]:
        """As the mailbox keeps it."""
        told = {"error": self.sentence, "error_stage": self.stage, "error_code": self.code}
        return told | {"error_said": self.said or None}


NO_TROUBLE: dict[str, None] = dict.fromkeys(("error", "error_stage", "error_code", "error_said"))


def source_key(mailbox_id: str) -> str:
    """The source that a mailbox's arrivals are counted under."""
    return f"mailbox:{mailbox_id}"


def claim(connection: Connection, turns: Turns, holder: str) -> list[Held]:
    """Claims mailboxes that are due: new ones, ones that came back, ones whose reader is gone."""
    claims = (
        leases.claim(connection, mailboxes, turns, limit=MOST_AT_ONCE, lease=LEASE),
        leases.claim_again(connection, mailboxes, lease=LEASE, limit=MOST_AT_ONCE),
    )
    held = [Held(key, one) for one in claims for key in one.keys]
    for each in held:
        connection.execute(update(mailboxes).where(*is_held(each)).values(holder=holder))
    return held


def free_all(connection: Connection) -> int:
    """Lets go of every lease: for a process that knows itself to be the only one (SQLite)."""
    statement = (
        update(mailboxes)
        .where(mailboxes.c.state == "claimed")
        .values(
            state="pending",
            lease_token=None,
            due_at=clock(connection),
            attempts=case((mailboxes.c.attempts > 0, mailboxes.c.attempts - 1), else_=0),
        )
    )
    return connection.execute(across(statement, "claim")).rowcount


def any_due(connection: Connection) -> bool:
    """Whether a mailbox of any account is due that nobody reads."""
    due = (mailboxes.c.state != "done", mailboxes.c.due_at <= clock(connection))
    return (
        connection.execute(across(select(mailboxes.c.id).where(*due).limit(1), "claim")).first() is not None
    )


def renew(connection: Connection, held: Iterable[Held], caught_up: Collection[Key]) -> set[Key]:
    """Renews leases; the keys of those still held. Of `caught_up` it is known that all mail is here now."""
    kept: set[Key] = set()
    for each in sorted(held, key=lambda one: one.key):
        kept |= leases.fence(connection, mailboxes, each.claim, [each.key], LEASE)
    for account_id, mailbox_id in sorted(kept & set(caught_up)):
        connection.execute(
            update(mailboxes)
            .where(mailboxes.c.account_id == account_id, mailboxes.c.id == mailbox_id)
            .values(caught_up_at=now(connection))
        )
    return kept


def read_to_the_end(connection: Connection, held: Held, trouble: Trouble | None) -> None:
    """The mailbox was read to its end just now. `trouble`: what went wrong all the same (after-actions)."""
    still_held(connection, held)
    moment = now(connection)
    since = func.coalesce(mailboxes.c.error_since, literal(moment, Instant)) if trouble else None
    connection.execute(
        update(mailboxes)
        .where(*is_held(held))
        .values(
            last_poll_at=moment,
            caught_up_at=moment,
            attempts=0,
            **(trouble.columns() if trouble else NO_TROUBLE),
            error_since=since,
        )
    )


def give_back(connection: Connection, held: Held, trouble: Trouble | None, pause: timedelta) -> None:
    """Lets go of the mailbox; due again after `pause`. `trouble`: why it could not be read."""
    values: dict[str, Any] = {}
    if trouble is not None:
        since = func.coalesce(mailboxes.c.error_since, clock(connection))
        values = {**trouble.columns(), "error_since": since}
    leases.give_back(connection, mailboxes, held.claim, held.key, delay=pause, **values)


def still_held(connection: Connection, held: Held) -> None:
    """Renews the lease. Overtaken if it is gone."""
    if not leases.fence(connection, mailboxes, held.claim, [held.key], LEASE):
        raise Overtaken("another process has the mailbox, or its settings were changed")


def is_held(held: Held) -> tuple[Any, ...]:
    """The conditions that name the mailbox's row."""
    return mailboxes.c.account_id == held.key[0], mailboxes.c.id == held.id
