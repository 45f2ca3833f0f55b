"""How far a mailbox was read: what its reader writes about UIDs.

The cursor is UIDVALIDITY and UID (RFC 3501 §2.3.1.1). `record` writes what became of UIDs, after the transaction that
stored their messages: a crash between the two reads those mails again, and `known_here` finds that they came already.
`seen` counts the rows as they are made, for the books. Every function raises `mailbox_leases.Overtaken`, writing
nothing, once the mailbox is held no more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, exists, literal, or_, select, update

from store.mailbox_leases import Held, is_held, still_held
from store.session import now
from store.tables.mail import arrivals, messages
from store.tables.mailboxes import mailbox_uids, mailboxes
from store.types import Instant

_ROWS = 1_000
"""Rows per statement: databases bound the number of values."""
SKIPPED = ("before", "too_large", "vanished", "unreadable")
"""Why a UID became no message: it was there before the first run; is over the largest size; was gone before it could be
read; the server does not give it (tried again at every look for what is missing)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one UID: a message, or the reason why not (one of SKIPPED)."""

    uid: int
    size: int | None
    internal_at: datetime | None
    message_id: str | None = None
    reason: str | None = None


def read_row(connection: Connection, held: Held) -> Row[Any]:
    """The mailbox's row, locked for the transaction. Overtaken if it is held no more."""
    still_held(connection, held)
    return connection.execute(select(mailboxes).where(*is_held(held))).one()


def known_uids(connection: Connection, held: Held, uidvalidity: int) -> set[int]:
    """The UIDs of which it is decided what they became; those that could not be read are not among them."""
    found = connection.execute(
        select(mailbox_uids.c.uid).where(
            *_uids(held),
            mailbox_uids.c.uidvalidity == uidvalidity,
            or_(mailbox_uids.c.reason.is_(None), mailbox_uids.c.reason != "unreadable"),
        )
    ).scalars()
    return set(found)


def left_out(connection: Connection, held: Held) -> set[tuple[datetime, int]]:
    """Date and size of the mails that were there before the first run: to know them under other UIDs."""
    rows = connection.execute(
        select(mailbox_uids.c.internal_at, mailbox_uids.c.size).where(
            *_uids(held), mailbox_uids.c.reason == "before"
        )
    )
    return {(row.internal_at, row.size) for row in rows}


def adopt(connection: Connection, held: Held, uidvalidity: int, before: Sequence[Seen]) -> None:
    """Begins with the UIDs of a new UIDVALIDITY; `before`: mails that are not wanted."""
    still_held(connection, held)
    _write(connection, held, uidvalidity, before, after_due=False)
    connection.execute(update(mailboxes).where(*is_held(held)).values(uidvalidity=uidvalidity, last_uid=0))


def known_here(connection: Connection, held: Held, raw_keys: Collection[bytes]) -> dict[bytes, str]:
    """Messages with these bytes that came by this very mailbox before: raw key → message id."""
    if not raw_keys:
        return {}
    by_this = exists().where(
        arrivals.c.account_id == messages.c.account_id,
        arrivals.c.message_id == messages.c.id,
        arrivals.c.source_key == held.source_key,
        arrivals.c.account_id == held.key[0],
    )
    rows = connection.execute(
        select(messages.c.raw_key, messages.c.id).where(
            messages.c.account_id == held.key[0], messages.c.raw_key.in_(list(raw_keys)), by_this
        )
    )
    return {row.raw_key: row.id for row in rows}


def record(
    connection: Connection, held: Held, uidvalidity: int, seen: Sequence[Seen], *, after_due: bool
) -> None:
    """Writes what became of UIDs, and advances the cursor to the last of them. Overtaken writes nothing."""
    still_held(connection, held)
    _write(connection, held, uidvalidity, seen, after_due=after_due)
    newest = max((one.internal_at for one in seen if one.message_id and one.internal_at), default=None)
    values: dict[str, Any] = {"attempts": 0}
    if newest is not None:
        later = or_(mailboxes.c.last_mail_at.is_(None), mailboxes.c.last_mail_at < newest)
        values["last_mail_at"] = case((later, literal(newest, Instant)), else_=mailboxes.c.last_mail_at)
    connection.execute(update(mailboxes).where(*is_held(held)).values(**values))


def advance(connection: Connection, held: Held, last_uid: int) -> None:
    """All UIDs up to `last_uid` are decided: later looks begin behind it."""
    still_held(connection, held)
    further = (*is_held(held), mailboxes.c.last_uid < last_uid)
    connection.execute(update(mailboxes).where(*further).values(last_uid=last_uid))


def after_due(connection: Connection, held: Held, uidvalidity: int, limit: int) -> list[int]:
    """UIDs whose after-action is still to be done, lowest first. Overtaken if the mailbox is held no more."""
    still_held(connection, held)
    rows = connection.execute(
        select(mailbox_uids.c.uid)
        .where(*_uids(held), mailbox_uids.c.uidvalidity == uidvalidity, mailbox_uids.c.after_due)
        .order_by(mailbox_uids.c.uid)
        .limit(limit)
    ).scalars()
    return list(rows)


def after_done(connection: Connection, held: Held, uidvalidity: int, uids: Collection[int]) -> None:
    """Their after-action was done, or there was nothing left to do it with."""
    still_held(connection, held)
    connection.execute(
        update(mailbox_uids)
        .where(*_uids(held), mailbox_uids.c.uidvalidity == uidvalidity, mailbox_uids.c.uid.in_(list(uids)))
        .values(after_due=False)
    )


def keep_secrets(connection: Connection, held: Held, sealed: bytes) -> None:
    """Keeps tokens that were renewed."""
    still_held(connection, held)
    connection.execute(update(mailboxes).where(*is_held(held)).values(secrets=sealed))


def _write(
    connection: Connection, held: Held, uidvalidity: int, seen: Sequence[Seen], *, after_due: bool
) -> None:
    """Rows for UIDs that have none; a UID that could not be read before gets what it became now."""
    for place in range(0, len(seen), _ROWS):
        _write_some(connection, held, uidvalidity, seen[place : place + _ROWS], after_due=after_due)


def _write_some(
    connection: Connection, held: Held, uidvalidity: int, seen: Sequence[Seen], *, after_due: bool
) -> None:
    moment = now(connection)
    there = set(
        connection.execute(
            select(mailbox_uids.c.uid).where(
                *_uids(held),
                mailbox_uids.c.uidvalidity == uidvalidity,
                mailbox_uids.c.uid.in_([one.uid for one in seen]),
            )
        ).scalars()
    )
    rows = [
        {
            "account_id": held.key[0],
            "mailbox_id": held.id,
            "uidvalidity": uidvalidity,
            "uid": one.uid,
            "message_id": one.message_id,
            "reason": one.reason,
            "size": one.size,
            "internal_at": one.internal_at,
            "after_due": after_due and one.message_id is not None,
            "seen_at": moment,
        }
        for one in seen
        if one.uid not in there
    ]
    if rows:
        connection.execute(mailbox_uids.insert(), rows)
        connection.execute(update(mailboxes).where(*is_held(held)).values(seen=mailboxes.c.seen + len(rows)))
    for one in seen:
        if one.uid in there:
            connection.execute(
                update(mailbox_uids)
                .where(
                    *_uids(held),
                    mailbox_uids.c.uidvalidity == uidvalidity,
                    mailbox_uids.c.uid == one.uid,
                    mailbox_uids.c.reason == "unreadable",
                )
                .values(
                    message_id=one.message_id,
                    reason=one.reason,
                    after_due=after_due and one.message_id is not None,
                )
            )


def _uids(held: Held) -> tuple[Any, ...]:
    return mailbox_uids.c.account_id == held.key[0], mailbox_uids.c.mailbox_id == held.id
