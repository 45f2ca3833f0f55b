"""Endpoints and deliveries for tests, claimed and recorded as a deliverer does it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from store import attempts, outbox
from store.attempts import Tried
from store.delivery_log import deliveries_json
from store.endpoints import Endpoint, create_endpoint
from store.outbox import Due, NewDelivery
from store.sealing import Sealer
from store.session import Database
from store.tables.automation import deliveries
from tests.support.accounts import MadeAccount

SEALER = Sealer(b"s" * 32)
LEASE = timedelta(seconds=45)
FIVE_DAYS = timedelta(days=5)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def endpoint_of(
    database: Database, account: MadeAccount, *patterns: str, secret: str = "whsec_one"
) -> Endpoint:
    """A new endpoint that subscribes to these patterns."""
    with database.write() as connection:
        return create_endpoint(
            connection,
            account.scope,
            SEALER,
            url="https://hooks.example/x",
            events=list(patterns),
            secret=secret,
        )


def deliver(database: Database, account: MadeAccount, endpoint: Endpoint, *event_ids: str) -> None:
    """One delivery of each of these events."""
    with database.write() as connection:
        outbox.create_deliveries(
            connection,
            [NewDelivery(account.id, endpoint.id, event_id, "lead.created", "{}") for event_id in event_ids],
        )


def claimed(database: Database, most: int = 4, lease: timedelta = LEASE) -> list[Due]:
    """What is due, up to `most` of each endpoint."""
    with database.write() as connection:
        due = outbox.due_endpoints(connection)
        return outbox.claim(connection, [(endpoint, most) for endpoint in due], lease=lease)


def tried(due: Due, result: str, **more: Any) -> Tried:
    """An attempt that ended so."""
    values: dict[str, Any] = {
        "at": datetime.now(UTC),
        "status": 200 if result == "delivered" else 500,
        "error": None if result == "delivered" else "not_2xx",
        "detail": None,
        "milliseconds": 12,
        "answer": "ok",
    }
    return Tried(due=due, result=result, **{**values, **more})


def record(database: Database, *what: Tried) -> list[str]:
    """Records attempts; the ids of the events that made."""
    with database.write() as connection:
        return attempts.record(connection, what, disable_after=FIVE_DAYS)


def listed(database: Database, account: MadeAccount, endpoint: Endpoint) -> list[dict[str, Any]]:
    """The endpoint's deliveries as JSON, newest first."""
    with database.read() as connection:
        return deliveries_json(connection, account.scope, endpoint.id)


def in_the_past(database: Database, account: MadeAccount) -> None:
    """Every open delivery is due."""
    with database.write() as connection:
        connection.execute(
            update(deliveries).where(deliveries.c.account_id == account.id).values(due_at=LONG_AGO)
        )
