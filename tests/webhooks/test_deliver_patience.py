"""A webhook that hangs or floods: it is timed out, delays no other, and keeps no worker at the end."""

import asyncio
import time
from datetime import UTC, datetime

from aiohttp import web

from store.tables.automation import deliveries, endpoints
from tests.support.rows import count, rows
from tests.webhooks.post import PATIENCE, UNHURRIED, Post, never, until
from tests.webhooks.receivers import raw_receiver, receiver
from tests.webhooks.running import running


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
        deliverer = post.deliverer(grace=0.1, **UNHURRIED)
        until(deliverer, lambda: seen.headers)
        begun = time.monotonic()
        for _ in range(3):
            assert deliverer.deliver_batch() == 0
        assert time.monotonic() - begun < PATIENCE
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
        deliverer = post.deliverer(grace=0.1, **UNHURRIED)
        # before even one request that hangs has come to its deadline
        until(deliverer, lambda: all(set(post.states(e).values()) == {"delivered"} for e in good))
        assert hanging.most_at_once <= 4
        deliverer.close()


def test_many_endpoints_that_hang_leave_room_for_the_others(post: Post) -> None:
    with running(receiver()) as healthy, running(receiver(never)) as hanging:
        bad = [post.endpoint(hanging.port) for _ in range(40)]
        post.change(endpoints, failing_since=datetime.now(UTC))
        good = post.endpoint(healthy.port)
        for endpoint in bad:
            post.add(endpoint, "b1", "b2")
        deliverer = post.deliverer(grace=0.1, **UNHURRIED)
        until(deliverer, lambda: hanging.at_once == 32)
        post.add(good, "e1", "e2", "e3")
        until(deliverer, lambda: set(post.states(good).values()) == {"delivered"})
        assert hanging.most_at_once == 32
        deliverer.close()
        assert count(post.database, deliveries, deliveries.c.state == "claimed") == 0


def test_close_lets_what_is_under_way_end(post: Post) -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return web.Response()

    with running(receiver(slow)) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, *(f"e{n}" for n in range(20)))
        deliverer = post.deliverer(grace=PATIENCE)
        until(deliverer, lambda: len(seen.headers) >= 4)
        deliverer.close()
        sent = len(seen.headers)
        assert deliverer.deliver_batch() == 0
        time.sleep(1)
        assert len(seen.headers) == sent
    states = list(post.states(endpoint).values())
    assert states.count("delivered") == sent
    assert count(post.database, deliveries, deliveries.c.state == "claimed") == 0
    assert count(post.database, deliveries, deliveries.c.attempts > 0) == 0


def test_close_without_a_call_is_nothing(post: Post) -> None:
    post.deliverer().close()
