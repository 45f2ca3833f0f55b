"""The IMAP mailboxes of an account as people keep them: making, changing, deleting, how they fare.

Passwords and tokens are kept sealed and never come back out through here but for a connection (`target`). They are
given anew whenever host, port, encryption or user name change: a stored password is never sent to another server
than the one it was given for.

Any change takes the lease from whoever reads the mailbox (`lease_token` is cleared): that reader can write nothing
more, and the next claim begins with the values of now. A mailbox stands once in a deployment: of two that read the
same folder each would take away what the other has not seen.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, delete, func, insert, or_, select, update

from store.ids import new_id
from store.mailbox_leases import NO_TROUBLE
from store.mailbox_values import (
    AFTER,
    Credentials,
    OAuth,
    Target,
    Values,
    checked,
    checked_credentials,
)
from store.mailbox_views import CONNECTS_BY, PLAIN, Mailbox, mailbox_of, values_of
from store.scope import AccountScope, Scope
from store.sealing import Sealer
from store.session import Conflict, Invalid, NotFound, across, now
from store.tables.mailboxes import mailbox_uids, mailboxes

MOST_MAILBOXES = 100


def create_mailbox(
    connection: Connection,
    scope: AccountScope,
    sealer: Sealer,
    values: Mapping[str, Any],
    *,
    since: datetime | None,
    enabled: bool = True,
) -> Mailbox:
    """A new mailbox, read from the next look on. Invalid names the place; Conflict: it is read already.

    `values`: the fields of Values, and `password` or `oauth`. `since`: None takes only mail that comes from now on.
    """
    found = checked(values)
    credentials = checked_credentials(values)
    if len(list_mailboxes(connection, scope)) >= MOST_MAILBOXES:
        raise Conflict(f"an account has at most {MOST_MAILBOXES} mailboxes")
    _not_read_already(connection, scope, found)
    mailbox_id, moment = new_id(), now(connection)
    connection.execute(
        insert(mailboxes).values(
            account_id=scope.account_id,
            id=mailbox_id,
            **_columns(found),
            auth=credentials.auth,
            secrets=seal(sealer, scope.account_id, mailbox_id, credentials),
            since=since,
            begins_at=since or moment.replace(microsecond=0),  # servers tell whole seconds
            created_at=moment,
            state="pending" if enabled else "done",
            due_at=moment,
            attempts=0,
            last_uid=0,
            seen=0,
        )
    )
    return get_mailbox(connection, scope, mailbox_id)


def list_mailboxes(connection: Connection, scope: Scope) -> list[Mailbox]:
    """The account's mailboxes, oldest first."""
    rows = connection.execute(
        select(mailboxes)
        .where(mailboxes.c.account_id == scope.account_id, mailboxes.c.deleted_at.is_(None))
        .order_by(mailboxes.c.id)
    ).all()
    return _with_counts(connection, scope, rows)


def get_mailbox(connection: Connection, scope: Scope, mailbox_id: str) -> Mailbox:
    """One mailbox. NotFound if it isn't this account's, or was deleted."""
    return _with_counts(connection, scope, [_row(connection, scope, mailbox_id)])[0]


def update_mailbox(
    connection: Connection, scope: AccountScope, sealer: Sealer, mailbox_id: str, changes: Mapping[str, Any]
) -> Mailbox:
    """Changes a mailbox: fields of Values, `password` or `oauth`, `since`, `enabled`. It is read anew at once.

    Another server, user or folder is another mailbox to the cursor: it begins again, as a first run.
    """
    row = _row(connection, scope, mailbox_id, lock=True)
    before = values_of(row)
    after = checked({**_as_given(before), **{n: v for n, v in changes.items() if n in PLAIN}})
    changed: dict[str, Any] = _columns(after)
    if changes.get("password") is not None or changes.get("oauth") is not None:
        credentials = checked_credentials(changes)
        changed |= {
            "auth": credentials.auth,
            "secrets": seal(sealer, scope.account_id, mailbox_id, credentials),
        }
    elif any(getattr(before, name) != getattr(after, name) for name in CONNECTS_BY):
        raise Invalid("password", "must be given again for another server or user")
    place = ("host", "username", "folder")
    if any(getattr(before, name) != getattr(after, name) for name in place):
        _not_read_already(connection, scope, after, but=mailbox_id)
        changed |= _begin_again(connection, scope, row, changes.get("since", row.since))
    elif "since" in changes:
        changed |= _begin_earlier(connection, scope, row, changes["since"])
    enabled = changes.get("enabled", row.state != "done")
    changed |= {"state": "pending" if enabled else "done", "due_at": now(connection)}
    changed |= {"lease_token": None, "attempts": 0}
    changed |= {**NO_TROUBLE, "error_since": None}
    connection.execute(update(mailboxes).where(*_is(scope, mailbox_id)).values(**changed))
    return get_mailbox(connection, scope, mailbox_id)


def delete_mailbox(connection: Connection, scope: AccountScope, mailbox_id: str) -> None:
    """Deletes a mailbox and its secrets: it is not read any more. What it brought stays."""
    _row(connection, scope, mailbox_id, lock=True)
    connection.execute(
        update(mailboxes)
        .where(*_is(scope, mailbox_id))
        .values(deleted_at=now(connection), state="done", lease_token=None, secrets=b"")
    )


def target(
    connection: Connection, scope: Scope, sealer: Sealer, mailbox_id: str, changes: Mapping[str, Any] = {}
) -> Target:
    """What a connection to the mailbox needs, with `changes` that are not saved. Raises as `update_mailbox`."""
    row = _row(connection, scope, mailbox_id)
    before = values_of(row)
    after = checked({**_as_given(before), **{n: v for n, v in changes.items() if n in PLAIN}})
    if changes.get("password") is not None or changes.get("oauth") is not None:
        return Target(after, checked_credentials(changes))
    if any(getattr(before, name) != getattr(after, name) for name in CONNECTS_BY):
        raise Invalid("password", "must be given again for another server or user")
    return Target(after, unseal(sealer, scope.account_id, mailbox_id, row.secrets))


def seal(sealer: Sealer, account_id: str, mailbox_id: str, credentials: Credentials) -> bytes:
    """The credentials as they are kept."""
    return sealer.seal(json.dumps(asdict(credentials)).encode(), place=_place(account_id, mailbox_id))


def unseal(sealer: Sealer, account_id: str, mailbox_id: str, sealed: bytes) -> Credentials:
    """What `seal` kept. Raises sealing.CannotOpen."""
    kept = json.loads(sealer.open(sealed, place=_place(account_id, mailbox_id)))
    oauth = kept["oauth"]
    return Credentials(kept["password"], OAuth(**oauth) if oauth else None)


def _begin_again(
    connection: Connection, scope: AccountScope, row: Row[Any], since: datetime | None
) -> dict[str, Any]:
    """Another place: its UIDs say nothing about those of the former one. What that brought stays."""
    connection.execute(
        delete(mailbox_uids).where(
            mailbox_uids.c.account_id == scope.account_id, mailbox_uids.c.mailbox_id == row.id
        )
    )
    begins_at = since or now(connection).replace(microsecond=0)
    return {"since": since, "begins_at": begins_at, "uidvalidity": None, "last_uid": 0, "seen": 0}


def _begin_earlier(
    connection: Connection, scope: AccountScope, row: Row[Any], since: datetime | None
) -> dict[str, Any]:
    """A new choice of how far back: what was left out and is wanted now is forgotten, so that it is found anew."""
    if since is None:
        return {"since": None}
    mine = (mailbox_uids.c.account_id == scope.account_id, mailbox_uids.c.mailbox_id == row.id)
    forgotten = connection.execute(
        delete(mailbox_uids).where(
            *mine, mailbox_uids.c.reason == "before", mailbox_uids.c.internal_at >= since
        )
    ).rowcount
    return {"since": since, "begins_at": since, "seen": mailboxes.c.seen - forgotten}


def _not_read_already(connection: Connection, scope: Scope, values: Values, but: str = "") -> None:
    others = connection.execute(
        across(
            select(mailboxes.c.account_id, mailboxes.c.name).where(
                mailboxes.c.host == values.host,
                func.lower(mailboxes.c.username) == values.username.lower(),
                mailboxes.c.folder == values.folder,
                mailboxes.c.deleted_at.is_(None),
                mailboxes.c.id != but,
            ),
            "deployment",
        )
    ).first()
    if others is not None:
        by = f"as {others.name!r}" if others.account_id == scope.account_id else "by another account"
        raise Conflict(f"{values.folder} of {values.username} at {values.host} is read already, {by}")


def _with_counts(connection: Connection, scope: Scope, rows: Iterable[Row[Any]]) -> list[Mailbox]:
    found = [mailbox_of(row, now(connection)) for row in rows]
    if not found:
        return []
    # mails have new UIDs after a new UIDVALIDITY: each message counts once, what is left out as of now
    number = case(
        (mailbox_uids.c.reason.is_(None), func.count(mailbox_uids.c.message_id.distinct())),
        else_=func.count(),
    )
    counts = connection.execute(
        select(mailbox_uids.c.mailbox_id, mailbox_uids.c.reason, number.label("number"))
        .join(
            mailboxes,
            and_(
                mailboxes.c.account_id == mailbox_uids.c.account_id,
                mailboxes.c.id == mailbox_uids.c.mailbox_id,
            ),
        )
        .where(
            mailbox_uids.c.account_id == scope.account_id,
            mailbox_uids.c.mailbox_id.in_([one.id for one in found]),
            or_(mailbox_uids.c.reason.is_(None), mailbox_uids.c.uidvalidity == mailboxes.c.uidvalidity),
        )
        .group_by(mailbox_uids.c.mailbox_id, mailbox_uids.c.reason)
    ).all()
    return [
        replace(
            one,
            messages=sum(row.number for row in counts if row.mailbox_id == one.id and row.reason is None),
            skipped={row.reason: row.number for row in counts if row.mailbox_id == one.id and row.reason},
        )
        for one in found
    ]


def _as_given(values: Values) -> dict[str, Any]:
    return {name: getattr(values, name) for name in PLAIN}


def _columns(values: Values) -> dict[str, Any]:
    assert values.after in AFTER
    return _as_given(values) | {"recipient_headers": list(values.recipient_headers)}


def _row(connection: Connection, scope: Scope, mailbox_id: str, *, lock: bool = False) -> Row[Any]:
    statement = select(mailboxes).where(*_is(scope, mailbox_id), mailboxes.c.deleted_at.is_(None))
    row = connection.execute(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise NotFound("mailbox")
    return row


def _is(scope: Scope, mailbox_id: str) -> tuple[Any, ...]:
    return mailboxes.c.account_id == scope.account_id, mailboxes.c.id == mailbox_id


def _place(account_id: str, mailbox_id: str) -> str:
    return f"mailboxes:{account_id}:{mailbox_id}"
