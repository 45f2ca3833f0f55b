"""Many requests at once: few per endpoint, none slowed by another's, none left behind."""

import asyncio
import statistics

import pytest
from aiohttp import web

from tests.webhooks.receivers import raw_receiver, read_request, receiver
from tests.webhooks.sending import LOOPBACK, PATIENT, request, run
from webhooks.sender import Sender, SenderOptions


def test_few_at_once_for_one_endpoint_and_waiting_costs_no_deadline() -> None:
    async def handle(_: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return web.Response()

    async def main() -> None:
        async with (
            receiver(handle) as seen,
            Sender(LOOPBACK, SenderOptions(deadline=4, per_endpoint=2)) as sender,
        ):
            url = f"http://127.0.0.1:{seen.port}/"
            attempts = await asyncio.gather(*(sender.send(request(url)) for _ in range(20)))
            # all together take five seconds and more, each for itself half a second
            assert all(attempt.delivered and attempt.ms < 4_500 for attempt in attempts)
            assert seen.most_at_once == 2

    run(main())


def test_a_hanging_and_a_flooding_endpoint_do_not_slow_the_others() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async def main() -> None:
        async with (
            receiver() as healthy,
            raw_receiver(hang) as hanging,
            raw_receiver(flood) as flooding,
            Sender(LOOPBACK, SenderOptions(deadline=100)) as sender,
        ):
            bad = [
                asyncio.create_task(sender.send(request(f"http://127.0.0.1:{port}/")))
                for port in (hanging.port, flooding.port)
                for _ in range(30)
            ]
            attempts = [await sender.send(request(f"http://127.0.0.1:{healthy.port}/")) for _ in range(50)]
            assert all(attempt.delivered for attempt in attempts)
            assert statistics.median(attempt.ms for attempt in attempts) < 10_000
            assert hanging.connections <= SenderOptions().per_endpoint
            for task in bad:
                task.cancel()
            await asyncio.gather(*bad, return_exceptions=True)

    run(main())


def test_endpoints_nobody_waits_for_are_forgotten() -> None:
    async def main() -> None:
        async with receiver() as seen, Sender(LOOPBACK, PATIENT) as sender:
            await asyncio.gather(*(sender.send(request(f"http://127.0.0.1:{seen.port}/")) for _ in range(20)))
            assert sender._turns._inside == {}

    run(main())


def test_being_cancelled_is_no_attempt() -> None:
    async def main() -> None:
        arrived = asyncio.Event()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            arrived.set()
            await asyncio.sleep(600)

        async with raw_receiver(handle) as seen, Sender(LOOPBACK, PATIENT) as sender:
            task = asyncio.create_task(sender.send(request(f"http://127.0.0.1:{seen.port}/")))
            await asyncio.wait_for(arrived.wait(), 60)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    run(main())
