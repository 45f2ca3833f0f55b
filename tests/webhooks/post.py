"""One account's webhooks and deliveries, sent by real deliverers to receivers on loopback."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from sqlalchemy import update

from store import outbox
from store.delivery_log import deliveries_json
from store.endpoints import create_endpoint
from store.outbox import NewDelivery
from store.sealing import Sealer
from store.session import Database
from tests.support.accounts import MadeAccount
from tests.webhooks.receivers import Handler
from webhooks.deliver import Deliverer, DelivererOptions
from webhooks.destination import Policy
from webhooks.signature import new_secret

SEALER = Sealer(b"s" * 32)
LOOPBACK = Policy.allowing(["127.0.0.1/32"])
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
UNHURRIED: dict[str, Any] = {"deadline": 100.0, "lease": 300.0}
"""Options by which a request that hangs goes on hanging until the test has ended, however slow the machine."""
PATIENCE = 60.0
"""Seconds after which a test gives up waiting; less than the deadline of UNHURRIED."""


class Post:
    """One account's endpoints and deliveries, and the deliverers at work on them."""

    def __init__(self, database: Database, account: MadeAccount) -> None:
        self.database = database
        self.account = account
        self.rung: list[str] = []
        self.open: list[Deliverer] = []

    def deliverer(self, policy: Policy = LOOPBACK, sealer: Sealer = SEALER, **options: Any) -> Deliverer:
        """One more deliverer; it is closed when the test has ended."""
        made = Deliverer(
            self.database,
            sealer,
            policy,
            DelivererOptions(**options),
            ring_events=lambda: self.rung.append("events"),
        )
        self.open.append(made)
        return made

    def endpoint(self, port: int, *, secret: str = "") -> str:
        """A new webhook at that port of loopback; its id."""
        with self.database.write() as connection:
            made = create_endpoint(
                connection,
                self.account.scope,
                SEALER,
                url=f"http://127.0.0.1:{port}/hook",
                events=[],
                secret=secret or new_secret(),
            )
        return made.id

    def add(self, endpoint_id: str, *event_ids: str, body: str = '{"type":"lead.created"}') -> None:
        """One delivery of each of these events, due at once."""
        with self.database.write() as connection:
            outbox.create_deliveries(
                connection,
                [NewDelivery(self.account.id, endpoint_id, e, "lead.created", body) for e in event_ids],
            )

    def states(self, endpoint_id: str) -> dict[str, str]:
        """Event id → state of its delivery."""
        return {found["event_id"]: found["state"] for found in self.log(endpoint_id)}

    def log(self, endpoint_id: str) -> list[dict[str, Any]]:
        """The webhook's deliveries as JSON, newest first."""
        with self.database.read() as connection:
            return deliveries_json(connection, self.account.scope, endpoint_id)

    def change(self, table: Any, **values: Any) -> None:
        """Puts all rows of the account into a state by hand."""
        with self.database.write() as connection:
            connection.execute(update(table).where(table.c.account_id == self.account.id).values(**values))


def until(deliverer: Deliverer, holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Calls the deliverer as a worker would until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        deliverer.deliver_batch()
        time.sleep(0.01)


def answering(status: int, **more: Any) -> Handler:
    """A receiver that answers every request so."""

    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=status, **more)

    return handle


async def never(request: web.Request) -> web.Response:
    """A receiver that never answers."""
    await asyncio.sleep(600)
    return web.Response()
