"""Deliveries are sent, signed, recorded and repeated, until they are delivered or given up."""

import time
from datetime import UTC, datetime, timedelta

import standardwebhooks
from aiohttp import web

from store.delivery_log import redeliver_failed
from store.endpoints import get_endpoint, rotate_secret
from store.tables.automation import deliveries, delivery_attempts, events
from tests.support.rows import count, rows
from tests.webhooks.post import LONG_AGO, PATIENCE, SEALER, Post, answering, until
from tests.webhooks.receivers import receiver
from tests.webhooks.running import running
from webhooks.destination import Policy
from webhooks.signature import new_secret


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
    assert datetime.now(UTC) - datetime.fromisoformat(attempt["at"]) < timedelta(minutes=2)
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
        deadline = time.monotonic() + PATIENCE
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
            tried = datetime.fromisoformat(delivery["attempts"][-1]["at"])
            wait = datetime.fromisoformat(delivery["next_attempt_at"]) - tried
            assert timedelta(seconds=4) < wait < timedelta(minutes=10)
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


def test_two_deliverers_send_each_once(post: Post) -> None:
    with running(receiver()) as seen:
        targets = [post.endpoint(seen.port) for _ in range(4)]
        for number, endpoint in enumerate(targets):
            post.add(endpoint, *(f"{number}-{n}" for n in range(40)))
        one, two = post.deliverer(), post.deliverer()

        def all_done() -> bool:
            two.deliver_batch()
            return count(post.database, deliveries, deliveries.c.result == "delivered") == 160

        until(one, all_done)
    sent = [headers["webhook-id"] for headers in seen.headers]
    assert len(sent) == len(set(sent)) == 160
    assert count(post.database, delivery_attempts) == 160


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
