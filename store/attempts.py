"""Recording attempts at deliveries, and what follows from them for delivery and endpoint.

Written only by who still holds the delivery (`leases.fence`); an attempt whose lease was lost is dropped, because
somebody else is at work on its delivery. In one transaction: the attempt, the delivery's next step, the endpoint's
standing, and the events that tell of it: `delivery.exhausted`, and `system.warning` when an endpoint is disabled.

An endpoint is disabled when it says it is gone, or when nothing reached it for as long as the caller says. A
`delivery.exhausted` that cannot be delivered itself raises no further one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, and_, bindparam, insert, or_, select, tuple_, update

from rules.event import Actor, ActorKind, CauseKind, cause
from store import leases
from store.events import NewEvent, Origin, append
from store.ids import new_id
from store.leases import Key
from store.outbox import Due, by_token, give_up
from store.scope import AccountScope
from store.session import now
from store.tables.automation import deliveries, delivery_attempts, endpoints, events

EXHAUSTED_EVENT = "delivery.exhausted"
WARNING_EVENT = "system.warning"
GONE = "gone"
FAILING = "failing_for_five_days"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one attempt. `result`: delivered, failing (try again after `wait`) or exhausted.

    `error` is a stable code, `detail` makes it concrete; `disable`: the reason to disable the endpoint with it.
    """

    due: Due
    at: datetime
    status: int | None
    error: str | None
    detail: str | None
    milliseconds: int
    answer: str | None
    result: str
    wait: timedelta = timedelta(0)
    disable: str | None = None


_ENDPOINT = tuple_(endpoints.c.account_id, endpoints.c.id)
_CONCERNED = (
    select(endpoints)
    .where(
        or_(
            _ENDPOINT.in_(bindparam("failed", expanding=True)),
            and_(_ENDPOINT.in_(bindparam("reached", expanding=True)), endpoints.c.failing_since.is_not(None)),
        )
    )
    .order_by(endpoints.c.account_id, endpoints.c.id)
    .with_for_update()
)
_INSERT = insert(delivery_attempts)


def record(connection: Connection, tried: Sequence[Tried], *, disable_after: timedelta) -> list[str]:
    """Writes attempts and what follows from them; the ids of the events this made."""
    locked = _lock_endpoints(connection, tried)
    still_ours: set[Key] = set()
    for held in by_token(one.due for one in tried):
        still_ours |= leases.fence(connection, deliveries, held, held.keys, timedelta(0))
    ours = [one for one in tried if one.due.key in still_ours]
    if not ours:
        return []
    moment = now(connection)
    connection.execute(_INSERT, [_attempt_row(one) for one in ours])
    connection.execute(_RECORD, [_delivery_values(one, moment) for one in ours])
    made: list[str] = []
    for one in ours:
        if one.result == "exhausted" and one.due.event_type != EXHAUSTED_EVENT:
            made += _say_exhausted(connection, one, moment)
    for row in locked:
        made += _judge(connection, row, ours, moment, disable_after)
    return made


_RECORD = (
    update(deliveries)
    .where(deliveries.c.account_id == bindparam("of_account"), deliveries.c.id == bindparam("of_delivery"))
    .values(
        result=bindparam("new_result"),
        state=bindparam("new_state"),
        due_at=bindparam("new_due_at"),
        tries=bindparam("new_tries"),
        attempts=0,
        lease_token=None,
    )
)


def _delivery_values(one: Tried, moment: datetime) -> dict[str, Any]:
    return {
        "of_account": one.due.account_id,
        "of_delivery": one.due.id,
        "new_result": one.result,
        "new_state": "pending" if one.result == "failing" else "done",
        "new_due_at": moment + one.wait,
        "new_tries": one.due.tries + 1,
    }


def _attempt_row(one: Tried) -> dict[str, Any]:
    return {
        "account_id": one.due.account_id,
        "id": new_id(),
        "delivery_id": one.due.id,
        "at": one.at,
        "status": one.status,
        "error": one.error,
        "detail": one.detail,
        "milliseconds": one.milliseconds,
        "answer": one.answer,
    }


def _lock_endpoints(connection: Connection, tried: Sequence[Tried]) -> list[Row[Any]]:
    """The rows of the endpoints whose standing these attempts may change: failing ones, and those now failing."""
    failed = {(one.due.account_id, one.due.endpoint_id) for one in tried if one.result != "delivered"}
    reached = {(one.due.account_id, one.due.endpoint_id) for one in tried} - failed
    return list(connection.execute(_CONCERNED, {"failed": sorted(failed), "reached": sorted(reached)}))


def _judge(
    connection: Connection, row: Row[Any], ours: Sequence[Tried], moment: datetime, disable_after: timedelta
) -> list[str]:
    """Keeps the endpoint's `failing_since`, and disables it when it is time; the ids of the events this made."""
    own = [one for one in ours if (one.due.account_id, one.due.endpoint_id) == (row.account_id, row.id)]
    if not own:
        return []
    reached = any(one.result == "delivered" for one in own)
    since = None if reached else row.failing_since or moment
    reason = next((one.disable for one in own if one.disable), None)
    if reason is None and since is not None and moment - since >= disable_after:
        reason = FAILING
    values: dict[str, Any] = {"failing_since": since}
    if reason is not None and row.enabled:
        values |= {"enabled": False, "disabled_reason": reason}
    connection.execute(
        update(endpoints)
        .where(endpoints.c.account_id == row.account_id, endpoints.c.id == row.id)
        .values(**values)
    )
    if "enabled" not in values:
        return []
    scope = AccountScope(row.account_id)
    give_up(connection, scope, row.id)
    data = {
        "lead": None,
        "message": None,
        "changes": {},
        "warning": "webhook_disabled",
        "reason": reason,
        "endpoint": {"id": row.id, "host": urlsplit(row.url).hostname},
    }
    new = NewEvent(WARNING_EVENT, None, None, None, data)
    return append(connection, scope, Origin(Actor(ActorKind.SYSTEM)), moment, [new])


def _say_exhausted(connection: Connection, one: Tried, moment: datetime) -> list[str]:
    due = one.due
    causes = connection.execute(
        select(events.c.causes).where(events.c.account_id == due.account_id, events.c.id == due.event_id)
    ).scalar()
    chain = () if causes is None else (*causes, cause(CauseKind.EVENT, due.event_id))
    data = {
        "lead": None,
        "message": None,
        "changes": {},
        "delivery": {
            "id": due.id,
            "event_id": due.event_id,
            "event_type": due.event_type,
            "tries": due.tries + 1,
            "error": one.error,
        },
        "endpoint": {"id": due.endpoint_id},
    }
    new = NewEvent(EXHAUSTED_EVENT, None, None, None, data)
    return append(
        connection, AccountScope(due.account_id), Origin(Actor(ActorKind.SYSTEM), chain), moment, [new]
    )
