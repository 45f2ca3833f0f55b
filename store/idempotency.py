"""Idempotency keys: the same request twice has one effect and one answer.

`begin` reserves a key, committed before the work starts, so that a request of the same key meanwhile is a
Conflict. `finish` keeps the answer, in the transaction of the effect: both are there or neither. A
reservation whose process died is taken over after STALE; its effect was rolled back with it. Keys belong
to a user and are kept for KEPT. Answers that contain a secret are never kept (`finish` without body).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.scope import Viewer
from store.session import Conflict, Invalid, now
from store.tables.operation import idempotency_keys

KEPT = timedelta(hours=24)
STALE = timedelta(minutes=2)
LONGEST_KEY = 255
AT_WORK = "A request with this Idempotency-Key is at work."


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer of the first request; `body` None where it held a secret."""

    status: int
    body: str | None


def begin(connection: Connection, viewer: Viewer, key: str, digest: str) -> Kept | None:
    """Reserves `key` for the request with `digest`; the answer if there is one already.

    Invalid if the key was used for another request, Conflict while the first one is at work.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid("Idempotency-Key", f"1 to {LONGEST_KEY} characters")
    moment = now(connection)
    connection.execute(
        delete(idempotency_keys).where(
            idempotency_keys.c.account_id == viewer.account_id, idempotency_keys.c.created_at < moment - KEPT
        )
    )
    row = connection.execute(select(idempotency_keys).where(*_is(viewer, key)).with_for_update()).first()
    if row is None:
        values = {
            "account_id": viewer.account_id,
            "user_id": viewer.user_id,
            "key": key,
            "request_digest": digest,
            "created_at": moment,
        }
        try:
            with connection.begin_nested():
                connection.execute(insert(idempotency_keys).values(values))
        except IntegrityError as fault:  # the same key at the same moment
            raise Conflict(AT_WORK) from fault
        return None
    if row.request_digest != digest:
        raise Invalid("Idempotency-Key", "was used for another request")
    if row.status is not None:
        return Kept(row.status, row.body)
    if row.created_at > moment - STALE:
        raise Conflict(AT_WORK)
    connection.execute(update(idempotency_keys).where(*_is(viewer, key)).values(created_at=moment))
    return None


def finish(connection: Connection, viewer: Viewer, key: str, status: int, body: str | None) -> None:
    """Keeps the answer."""
    connection.execute(update(idempotency_keys).where(*_is(viewer, key)).values(status=status, body=body))


def forget(connection: Connection, viewer: Viewer, key: str) -> None:
    """Releases a key whose request had no effect, so that it may be tried again."""
    connection.execute(delete(idempotency_keys).where(*_is(viewer, key), idempotency_keys.c.status.is_(None)))


def _is(viewer: Viewer, key: str) -> tuple[Any, ...]:
    return (
        idempotency_keys.c.account_id == viewer.account_id,
        idempotency_keys.c.user_id == viewer.user_id,
        idempotency_keys.c.key == key,
    )
