"""Deliveries: one event for one endpoint, written with the event's effects, sent later, at least once.

A delivery is made in the transaction that finishes its event, unique per (event, endpoint) however many
subscriptions and rules ask for it. Its body is kept as it will be sent and signed on every attempt.

Claiming goes endpoint by endpoint: whoever sends says how many it can take for each, so thousands waiting for
a dead endpoint neither hide nor delay those of another. A claim is a lease with a token as in `store.leases`; the
result of an attempt is written only by who still holds it. A worker that dies after sending and before recording
leaves a lease that runs out; the delivery is then sent again under the same webhook-id.

Locks: endpoint rows come before delivery rows, both in the order of their ids.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Executable,
    and_,
    bindparam,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from store import leases
from store.ids import new_id
from store.leases import Claim, Key
from store.pending_rows import PendingRows
from store.scope import AccountScope
from store.session import across, clock, clock_after, clock_of, now
from store.tables.automation import deliveries, endpoints
from store.upsert import insert_unless_there

EXHAUSTED_EVENT = "delivery.exhausted"
WARNING_EVENT = "system.warning"
_INSERT = insert(deliveries)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery about to be made. `body` is sent as it is."""

    account_id: str
    endpoint_id: str
    event_id: str
    event_type: str
    body: str


@dataclass(frozen=True, slots=True)
class DueEndpoint:
    """An endpoint with deliveries that are due. `open`: False if it was disabled or deleted."""

    account_id: str
    id: str
    url: str
    secrets: bytes = field(repr=False)
    open: bool
    failing: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed delivery. `tries` were made before this one; `claims` since the last that was recorded."""

    account_id: str
    id: str
    endpoint_id: str
    event_id: str
    event_type: str
    body: str = field(repr=False)
    tries: int
    claims: int
    token: int

    @property
    def key(self) -> Key:
        """(account id, delivery id)."""
        return self.account_id, self.id


def create_deliveries(connection: Connection, new: Sequence[NewDelivery]) -> None:
    """Makes deliveries, due at once; those that exist already for their event and endpoint stay as they are."""
    if new:
        insert_unless_there(connection, deliveries, _delivery_rows(new, now(connection)))


def keep_deliveries(later: PendingRows, new: Sequence[NewDelivery], moment: datetime) -> None:
    """Keeps deliveries back, of events that are still to be written and so have none yet."""
    later.add(_INSERT, _delivery_rows(new, moment))


def _delivery_rows(new: Sequence[NewDelivery], moment: datetime) -> list[dict[str, Any]]:
    return [
        {
            "account_id": delivery.account_id,
            "id": new_id(),
            "endpoint_id": delivery.endpoint_id,
            "event_id": delivery.event_id,
            "event_type": delivery.event_type,
            "body": delivery.body,
            "result": "pending",
            "state": "pending",
            "due_at": moment,
            "attempts": 0,
            "tries": 0,
            "created_at": moment,
        }
        for delivery in new
    ]


def due_endpoints(connection: Connection) -> list[DueEndpoint]:
    """The endpoints, of whatever account, that have deliveries due; closed ones among them."""
    rows = connection.execute(_statements(connection.dialect.name).due_endpoints)
    return [
        DueEndpoint(
            row.account_id,
            row.id,
            row.url,
            row.secrets,
            row.enabled and row.deleted_at is None,
            row.failing_since is not None,
        )
        for row in rows
    ]


def claim(
    connection: Connection, wanted: Iterable[tuple[DueEndpoint, int]], *, lease: timedelta
) -> list[Due]:
    """Claims, for each endpoint, up to that many of its due deliveries, those due longest first."""
    built = _statements(connection.dialect.name)
    keys: list[Key] = []
    for endpoint, most in wanted:
        picked = connection.execute(
            built.pick, {"of_account": endpoint.account_id, "of_endpoint": endpoint.id, "most": most}
        )
        keys += [(row.account_id, row.id) for row in picked]
    if not keys:
        return []
    token = secrets.randbits(62) | 1
    rows = connection.execute(
        built.take, {"keys": keys, "new_token": token, "lease": lease // timedelta(microseconds=1)}
    )
    claimed = {
        (row.account_id, row.id): Due(
            row.account_id,
            row.id,
            row.endpoint_id,
            row.event_id,
            row.event_type,
            row.body,
            row.tries,
            row.attempts,
            token,
        )
        for row in rows
    }
    return [claimed[key] for key in keys if key in claimed]


def release(connection: Connection, dues: Iterable[Due]) -> None:
    """Gives claimed deliveries back that were not sent, as if never claimed."""
    for held in by_token(dues):
        leases.release(connection, deliveries, held, held.keys)


def give_up(connection: Connection, scope: AccountScope, endpoint_id: str) -> None:
    """Ends the open deliveries of an endpoint that is disabled or deleted; those being sent end by themselves."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.account_id == scope.account_id,
            deliveries.c.endpoint_id == endpoint_id,
            or_(
                deliveries.c.state == "pending",
                and_(deliveries.c.state == "claimed", deliveries.c.due_at <= clock(connection)),
            ),
        )
        .values(state="done", result="exhausted", lease_token=None)
    )


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is asked in every turn."""

    due_endpoints: Executable
    pick: Executable
    take: Executable


@cache
def _statements(dialect: str) -> _Statements:
    """Built once: building one costs more than running it."""
    due = and_(deliveries.c.state != "done", deliveries.c.due_at <= clock_of(dialect))
    of_it = and_(
        deliveries.c.account_id == endpoints.c.account_id, deliveries.c.endpoint_id == endpoints.c.id
    )
    columns = (deliveries.c.account_id, deliveries.c.id)
    pick = (
        select(*columns)
        .where(
            deliveries.c.account_id == bindparam("of_account"),
            deliveries.c.endpoint_id == bindparam("of_endpoint"),
            due,
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(bindparam("most", type_=BigInteger))
        .with_for_update(skip_locked=True)
    )
    take = (
        update(deliveries)
        .where(tuple_(*columns).in_(bindparam("keys", expanding=True)))
        .values(
            state="claimed",
            lease_token=bindparam("new_token"),
            due_at=clock_after(dialect, bindparam("lease", type_=BigInteger)),
            attempts=deliveries.c.attempts + 1,
        )
        .returning(
            *columns,
            deliveries.c.endpoint_id,
            deliveries.c.event_id,
            deliveries.c.event_type,
            deliveries.c.body,
            deliveries.c.tries,
            deliveries.c.attempts,
        )
    )
    waiting = select(deliveries.c.id).where(of_it, due).exists()
    return _Statements(
        across(select(endpoints).where(waiting).order_by(endpoints.c.account_id, endpoints.c.id), "claim"),
        pick,
        take,
    )


def by_token(dues: Iterable[Due]) -> list[Claim]:
    """The claims these deliveries are held under."""
    claims: dict[int, dict[Key, int]] = defaultdict(dict)
    for due in dues:
        claims[due.token][due.key] = due.claims
    return [Claim(token, keys) for token, keys in claims.items()]
