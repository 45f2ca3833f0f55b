"""Deliveries are sent, signed, recorded and repeated; a slow or dead endpoint delays no other."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import standardwebhooks
from aiohttp import web
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from store import attempts, outbox
from store.delivery_log import deliveries_json, redeliver_failed
from store.endpoints import create_endpoint, get_endpoint, rotate_secret
from store.outbox import NewDelivery
from store.sealing import Sealer
from store.session import Database
from store.tables.automation import deliveries, delivery_attempts, endpoints, events
from tests.support.accounts import MadeAccount
from tests.support.rows import count, rows
from tests.webhooks.receivers import Handler, raw_receiver, receiver
from tests.webhooks.running import running
from webhooks.deliver import Deliverer, DelivererOptions
from webhooks.destination import Policy
from webhooks.signature import new_secret

SEALER = Sealer(b"s" * 32)
LOOPBACK = Policy.allowing(["127.0.0.1/32"])
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Post:
    """One account's endpoints and deliveries, and the deliverers at work on them."""

    def __init__(self, database: Database, account: MadeAccount) -> None:
        self.database = database
        self.account = account
        self.rung: list[str] = []
        self.open: list[Deliverer] = []

    def deliverer(self, policy: Policy = LOOPBACK, sealer: Sealer = SEALER, **options: Any) -> Deliverer:
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
        with self.database.write() as connection:
            outbox.create_deliveries(
                connection,
                [NewDelivery(self.account.id, endpoint_id, e, "lead.created", body) for e in event_ids],
            )

    def states(self, endpoint_id: str) -> dict[str, str]:
        return {found["event_id"]: found["state"] for found in self.log(endpoint_id)}

    def log(self, endpoint_id: str) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return deliveries_json(connection, self.account.scope, endpoint_id)

    def change(self, table: Any, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(update(table).where(table.c.account_id == self.account.id).values(**values))


@pytest.fixture
def post(database: Database, account: MadeAccount) -> Iterator[Post]:
    made = Post(database, account)
    yield made
    for deliverer in made.open:
        deliverer.close()


def until(deliverer: Deliverer, holds: Callable[[], object], seconds: float = 10) -> None:
    """Calls the deliverer as a worker would until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        deliverer.deliver_batch()
        time.sleep(0.01)


def answering(status: int, **more: Any) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=status, **more)

    return handle


async def never(request: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


def test_a_delivery_arrives_signed_and_is_recorded(post: Post) -> None:
    secret = new_secret()
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port, secret=secret)
        post.add(endpoint, "e1", body='{"type":"lead.created","ü":1}')
        deliverer = post.deliverer()
        until(deliverer, lambda: post.states(endpoint) == {"e1": "delivered"})
    (body,), (headers,) = seen.bodies, seen.headers
    assert body.decode() == '{"type":"lead.created","ü":1}'
    assert headers["webhook-id"] == "e1"
    assert headers["Content-Type"] == "application/json"
    assert standardwebhooks.Webhook(secret).verify(body, headers) == {"type": "lead.created", "ü": 1}
    (delivery,) = post.log(endpoint)
    (attempt,) = delivery["attempts"]
    assert (attempt["status"], attempt["error"]) == (200, None)
    assert attempt["ms"] >= 0
    assert datetime.now(UTC) - datetime.fromisoformat(attempt["at"]) < timedelta(seconds=30)
    assert delivery["next_attempt_at"] is None
    assert rows(post.database, delivery_attempts)[0]["answer"] == "thanks"


def test_nothing_due_is_zero_and_begins_nothing_heavy(post: Post) -> None:
    deliverer = post.deliverer()
    assert deliverer.deliver_batch() == 0
    assert deliverer.deliver_batch() == 0


def test_what_was_handled_is_counted_once(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, *(f"e{n}" for n in range(30)))
        deliverer = post.deliverer()
        handled = 0
        deadline = time.monotonic() + 10
        while handled < 30 and time.monotonic() < deadline:
            handled += deliverer.deliver_batch()
        assert handled == 30
        assert deliverer.deliver_batch() == 0
    assert sorted(headers["webhook-id"] for headers in seen.headers) == sorted(f"e{n}" for n in range(30))
    assert seen.most_at_once <= 4


def test_both_secrets_sign_while_one_is_replaced(post: Post) -> None:
    old, new = new_secret(), new_secret()
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port, secret=old)
        with post.database.write() as connection:
            rotate_secret(connection, post.account.scope, SEALER, endpoint, secret=new)
        post.add(endpoint, "e1")
        until(post.deliverer(), lambda: post.states(endpoint) == {"e1": "delivered"})
    for secret in (old, new):
        standardwebhooks.Webhook(secret).verify(seen.bodies[0], seen.headers[0])


def test_a_failure_is_tried_again_with_the_same_id(post: Post) -> None:
    answers = iter([500, 503, 200])

    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=next(answers))

    with running(receiver(handle)) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        deliverer = post.deliverer()
        for number in (1, 2):
            until(deliverer, lambda: count(post.database, delivery_attempts) == number)  # noqa: B023
            (delivery,) = post.log(endpoint)
            assert delivery["state"] == "failing"
            wait = datetime.fromisoformat(delivery["next_attempt_at"]) - datetime.now(UTC)
            assert timedelta(seconds=1) < wait < timedelta(minutes=7)
            with post.database.read() as connection:
                assert get_endpoint(connection, post.account.scope, endpoint).failing_since is not None
            post.change(deliveries, due_at=LONG_AGO)
        until(deliverer, lambda: post.states(endpoint) == {"e1": "delivered"})
        with post.database.read() as connection:
            assert get_endpoint(connection, post.account.scope, endpoint).failing_since is None
    assert [headers["webhook-id"] for headers in seen.headers] == ["e1", "e1", "e1"]
    assert [a["status"] for a in post.log(endpoint)[0]["attempts"]] == [500, 503, 200]


def test_the_last_failure_exhausts_and_makes_an_event(post: Post) -> None:
    with running(receiver(answering(500))) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        post.change(deliveries, tries=9)
        until(post.deliverer(), lambda: post.states(endpoint) == {"e1": "exhausted"})
    assert [row["type"] for row in rows(post.database, events)] == ["delivery.exhausted"]
    assert post.rung == ["events"]


def test_gone_disables_at_once(post: Post) -> None:
    with running(receiver(answering(410))) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, *(f"e{n}" for n in range(10)))
        deliverer = post.deliverer()
        until(deliverer, lambda: set(post.states(endpoint).values()) == {"exhausted"})
        assert len(seen.headers) <= 4
        with post.database.read() as connection:
            found = get_endpoint(connection, post.account.scope, endpoint)
        assert (found.enabled, found.disabled_reason) == (False, "gone")


def test_a_private_address_is_refused_without_a_connection(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        until(post.deliverer(Policy()), lambda: post.states(endpoint) == {"e1": "failing"})
        assert seen.headers == []
    assert post.log(endpoint)[0]["attempts"][0]["error"] == "destination_refused"


def test_an_endpoint_that_hangs_is_timed_out(post: Post) -> None:
    with running(receiver(never)) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        until(post.deliverer(deadline=0.2), lambda: post.states(endpoint) == {"e1": "failing"})
    assert post.log(endpoint)[0]["attempts"][0]["error"] == "timed_out"


def test_a_call_never_waits_for_an_endpoint_that_hangs(post: Post) -> None:
    with running(receiver(never)) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        deliverer = post.deliverer(grace=0.1)
        until(deliverer, lambda: seen.headers)
        begun = time.monotonic()
        for _ in range(3):
            assert deliverer.deliver_batch() == 0
        assert time.monotonic() - begun < 2
        deliverer.close()
        # cut off at the end: due again at once, for whoever comes next, and no attempt is counted
        assert [(row["state"], row["attempts"]) for row in rows(post.database, deliveries)] == [
            ("pending", 0)
        ]


async def floods(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        await writer.drain()


def test_endpoints_that_hang_or_flood_delay_no_other(post: Post) -> None:
    """Healthy ones beside one that hangs and one that floods, both with a long queue: as quick as without."""
    with (
        running(receiver()) as healthy,
        running(receiver(never)) as hanging,
        running(raw_receiver(floods)) as flooding,
    ):
        bad = [post.endpoint(hanging.port), post.endpoint(flooding.port)]
        good = [post.endpoint(healthy.port) for _ in range(5)]
        for endpoint in bad:
            post.add(endpoint, *(f"bad{n}" for n in range(200)))
        for endpoint in good:
            post.add(endpoint, *(f"e{n}" for n in range(20)))
        deliverer = post.deliverer(deadline=15, grace=0.1)
        begun = time.monotonic()
        until(deliverer, lambda: all(set(post.states(e).values()) == {"delivered"} for e in good), 20)
        assert time.monotonic() - begun < 8
        assert hanging.most_at_once <= 4
        deliverer.close()


def test_many_endpoints_that_hang_leave_room_for_the_others(post: Post) -> None:
    with running(receiver()) as healthy, running(receiver(never)) as hanging:
        bad = [post.endpoint(hanging.port) for _ in range(40)]
        post.change(endpoints, failing_since=datetime.now(UTC))
        good = post.endpoint(healthy.port)
        for endpoint in bad:
            post.add(endpoint, "b1", "b2")
        deliverer = post.deliverer(grace=0.1)
        until(deliverer, lambda: hanging.at_once == 32)
        post.add(good, "e1", "e2", "e3")
        until(deliverer, lambda: set(post.states(good).values()) == {"delivered"}, 5)
        assert hanging.most_at_once == 32
        deliverer.close()
        assert count(post.database, deliveries, deliveries.c.state == "claimed") == 0


def test_two_deliverers_send_each_once(post: Post) -> None:
    with running(receiver()) as seen:
        targets = [post.endpoint(seen.port) for _ in range(4)]
        for number, endpoint in enumerate(targets):
            post.add(endpoint, *(f"{number}-{n}" for n in range(40)))
        one, two = post.deliverer(), post.deliverer()

        def all_done() -> bool:
            two.deliver_batch()
            return count(post.database, deliveries, deliveries.c.result == "delivered") == 160

        until(one, all_done, 20)
    sent = [headers["webhook-id"] for headers in seen.headers]
    assert len(sent) == len(set(sent)) == 160
    assert count(post.database, delivery_attempts) == 160


def test_a_worker_that_died_while_sending_is_replaced(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        post.change(deliveries, state="claimed", lease_token=1, attempts=1, due_at=LONG_AGO)
        until(post.deliverer(), lambda: post.states(endpoint) == {"e1": "delivered"})
        assert len(seen.headers) == 1


def test_a_delivery_that_stopped_five_workers_counts_as_a_failed_attempt(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        post.change(deliveries, state="claimed", lease_token=1, attempts=5, due_at=LONG_AGO)
        until(post.deliverer(), lambda: post.states(endpoint) == {"e1": "failing"})
        assert seen.headers == []
        (attempt,) = rows(post.database, delivery_attempts)
        assert (attempt["error"], attempt["detail"]) == ("our_fault", "it stopped the worker 5 times")


def test_a_secret_that_cannot_be_read_is_a_visible_failure(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        deliverer = post.deliverer(sealer=Sealer(b"o" * 32))
        until(deliverer, lambda: post.states(endpoint) == {"e1": "failing"})
        assert seen.headers == []
    (attempt,) = rows(post.database, delivery_attempts)
    assert attempt["detail"] == "the webhook's secret cannot be read"


def test_all_that_failed_is_sent_again(post: Post) -> None:
    status = [500]

    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=status[0])

    with running(receiver(handle)) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1", "e2")
        deliverer = post.deliverer()
        until(deliverer, lambda: set(post.states(endpoint).values()) == {"failing"})
        status[0] = 204
        with post.database.write() as connection:
            assert redeliver_failed(connection, post.account.scope, endpoint, LONG_AGO) == 2
        until(deliverer, lambda: set(post.states(endpoint).values()) == {"delivered"})


def test_a_fault_of_the_database_is_raised_and_nothing_is_lost(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the attempt is under way the database begins to fail; afterwards its result is recorded, once."""
    broken = [False]
    real = attempts.record

    def record(*arguments: Any, **more: Any) -> Any:
        if broken[0]:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return real(*arguments, **more)

    monkeypatch.setattr(attempts, "record", record)
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        deliverer = post.deliverer(fault_pause=0.05)
        broken[0] = True
        with pytest.raises(OperationalError):
            until(deliverer, lambda: False)
        broken[0] = False
        deadline = time.monotonic() + 10
        while post.states(endpoint) != {"e1": "delivered"} and time.monotonic() < deadline:
            with contextlib.suppress(OperationalError):  # one that was noted before
                deliverer.deliver_batch()
        assert len(seen.headers) == 1
        assert count(post.database, delivery_attempts) == 1


def test_one_result_that_cannot_be_written_keeps_no_other_from_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = attempts.record

    def record(connection: Any, what: Any, **more: Any) -> Any:
        if any(one.due.event_id == "bad" for one in what):
            raise ValueError("cannot be written")
        return real(connection, what, **more)

    monkeypatch.setattr(attempts, "record", record)
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "bad", *(f"e{n}" for n in range(6)))
        until(post.deliverer(), lambda: list(post.states(endpoint).values()).count("delivered") == 6)
    assert post.states(endpoint)["bad"] == "pending"


def test_close_lets_what_is_under_way_end(post: Post) -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return web.Response()

    with running(receiver(slow)) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, *(f"e{n}" for n in range(20)))
        deliverer = post.deliverer()
        until(deliverer, lambda: len(seen.headers) >= 4)
        deliverer.close()
        sent = len(seen.headers)
        assert deliverer.deliver_batch() == 0
        time.sleep(0.1)
        assert len(seen.headers) == sent
    states = list(post.states(endpoint).values())
    assert states.count("delivered") == sent
    assert count(post.database, deliveries, deliveries.c.state == "claimed") == 0
    assert count(post.database, deliveries, deliveries.c.attempts > 0) == 0


def test_close_without_a_call_is_nothing(post: Post) -> None:
    post.deliverer().close()


def test_what_a_dead_worker_held_is_sent_when_its_lease_ends(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, *(f"e{n}" for n in range(50)))
        with post.database.write() as connection:
            due = outbox.due_endpoints(connection)
            outbox.claim(connection, [(due[0], 20)], lease=timedelta(seconds=0.5))
        until(post.deliverer(), lambda: set(post.states(endpoint).values()) == {"delivered"}, 20)
    assert sorted(h["webhook-id"] for h in seen.headers) == sorted(f"e{n}" for n in range(50))
