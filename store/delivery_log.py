"""The delivery log of an endpoint: reading deliveries with their attempts, and sending them again."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from store.endpoints import get_endpoint
from store.leads import iso
from store.scope import AccountScope, Scope
from store.session import Conflict, NotFound, clock
from store.tables.automation import deliveries, delivery_attempts

Json = dict[str, Any]


def deliveries_json(
    connection: Connection, scope: Scope, endpoint_id: str, *, limit: int = 100, before: str | None = None
) -> list[Json]:
    """An endpoint's deliveries, newest first, from after the delivery with the id `before`. NotFound."""
    get_endpoint(connection, scope, endpoint_id)
    statement = (
        select(*_LISTED)
        .where(deliveries.c.account_id == scope.account_id, deliveries.c.endpoint_id == endpoint_id)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(deliveries.c.id < before)
    rows = connection.execute(statement).all()
    attempts = _attempts(connection, scope, [row.id for row in rows])
    return [_json(row, attempts[row.id]) for row in rows]


def count_deliveries(connection: Connection, scope: Scope, endpoint_id: str, *, most: int) -> int:
    """How many deliveries the endpoint has, counted up to `most`."""
    some = (
        select(deliveries.c.id)
        .where(deliveries.c.account_id == scope.account_id, deliveries.c.endpoint_id == endpoint_id)
        .limit(most)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def delivery_json(connection: Connection, scope: Scope, endpoint_id: str, delivery_id: str) -> Json:
    """One delivery with its body and what the endpoint answered. NotFound."""
    get_endpoint(connection, scope, endpoint_id)
    row = connection.execute(
        select(*_LISTED, deliveries.c.body).where(*_is(scope, endpoint_id, delivery_id))
    ).first()
    if row is None:
        raise NotFound("delivery")
    attempts = _attempts(connection, scope, [row.id], answers=True)
    return {**_json(row, attempts[row.id]), "body": row.body}


def redeliver(connection: Connection, scope: AccountScope, endpoint_id: str, delivery_id: str) -> None:
    """Starts the schedule of one delivery anew, under the same webhook-id. NotFound; Conflict if disabled.

    One that is being sent at this moment is left to it.
    """
    _must_be_enabled(connection, scope, endpoint_id)
    found = connection.execute(
        select(deliveries.c.state).where(*_is(scope, endpoint_id, delivery_id)).with_for_update()
    ).first()
    if found is None:
        raise NotFound("delivery")
    if found.state != "claimed":
        connection.execute(
            update(deliveries)
            .where(*_is(scope, endpoint_id, delivery_id))
            .values(**_ANEW, due_at=clock(connection))
        )


def redeliver_failed(connection: Connection, scope: AccountScope, endpoint_id: str, since: datetime) -> int:
    """The same for all of the endpoint made since then that failed, for good or so far; how many."""
    _must_be_enabled(connection, scope, endpoint_id)
    return connection.execute(
        update(deliveries)
        .where(
            deliveries.c.account_id == scope.account_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.created_at >= since,
            deliveries.c.result.in_(("failing", "exhausted")),
            deliveries.c.state != "claimed",
        )
        .values(**_ANEW, due_at=clock(connection))
    ).rowcount


_LISTED = (
    deliveries.c.id,
    deliveries.c.event_id,
    deliveries.c.event_type,
    deliveries.c.result,
    deliveries.c.state,
    deliveries.c.due_at,
    deliveries.c.created_at,
)
_ANEW: Json = {"state": "pending", "result": "pending", "tries": 0, "attempts": 0, "lease_token": None}


def _must_be_enabled(connection: Connection, scope: AccountScope, endpoint_id: str) -> None:
    if not get_endpoint(connection, scope, endpoint_id).enabled:
        raise Conflict("the webhook is disabled; enable it first")


def _is(scope: Scope, endpoint_id: str, delivery_id: str) -> tuple[Any, ...]:
    return (
        deliveries.c.account_id == scope.account_id,
        deliveries.c.endpoint_id == endpoint_id,
        deliveries.c.id == delivery_id,
    )


def _attempts(
    connection: Connection, scope: Scope, delivery_ids: Sequence[str], *, answers: bool = False
) -> dict[str, list[Json]]:
    """The attempts at each of these deliveries, in their order."""
    found: dict[str, list[Json]] = defaultdict(list)
    if delivery_ids:
        columns = [column for column in delivery_attempts.c if answers or column.name != "answer"]
        for row in connection.execute(
            select(*columns)
            .where(
                delivery_attempts.c.account_id == scope.account_id,
                delivery_attempts.c.delivery_id.in_(delivery_ids),
            )
            .order_by(delivery_attempts.c.id)
        ):
            attempt = {"at": iso(row.at), "status": row.status, "error": row.error, "ms": row.milliseconds}
            more = {"detail": row.detail, "answer": row.answer} if answers else {}
            found[row.delivery_id].append(attempt | more)
    return found


def _json(row: Any, attempts: list[Json]) -> Json:
    return {
        "id": row.id,
        "event_id": row.event_id,
        "event_type": row.event_type,
        "state": row.result,
        "attempts": attempts,
        "next_attempt_at": iso(row.due_at) if row.state == "pending" else None,
        "created_at": iso(row.created_at),
    }
