"""The sender against hostile endpoints: hanging, dripping, flooding, and answers that are none."""

import asyncio
import gzip
import time

import pytest
from aiohttp import web

from tests.webhooks.receivers import read_request, receiver
from tests.webhooks.sending import PATIENT, QUICK, answering, run, send_to, send_to_raw
from webhooks.attempt import BAD_ANSWER, DISCONNECTED, NOT_2XX, TIMED_OUT
from webhooks.sender import SenderOptions


def test_a_hanging_endpoint_ends_at_the_deadline() -> None:
    async def main() -> None:
        started = time.perf_counter()
        attempt = await send_to_raw(answering(b"", then_wait=True), QUICK)
        assert (attempt.error, attempt.status, attempt.detail) == (TIMED_OUT, None, "0.6 s")
        assert 600 <= attempt.ms < 60_000
        assert time.perf_counter() - started < 60

    run(main())


def test_a_head_that_drips_ends_at_the_deadline() -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Slow: 1\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def main() -> None:
        assert (await send_to_raw(handle, QUICK)).error == TIMED_OUT

    run(main())


@pytest.mark.parametrize(("status", "error"), [(200, None), (500, NOT_2XX)])
def test_a_body_that_drips_ends_at_the_deadline_and_the_status_counts(status: int, error: str | None) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 1000\r\n\r\n" % status)
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def main() -> None:
        attempt = await send_to_raw(handle, SenderOptions(deadline=3))
        assert (attempt.status, attempt.error, attempt.cut) == (status, error, True)
        assert 1 <= len(attempt.answer) < 1000
        assert 3_000 <= attempt.ms < 60_000

    run(main())


@pytest.mark.parametrize("head", [b"Content-Length: 99999999999\r\n", b"Transfer-Encoding: chunked\r\n", b""])
def test_a_flood_is_cut_at_64_kib_and_not_read_on(head: bytes) -> None:
    sent = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        block = b"x" * 0x10000
        piece = b"10000\r\n" + block + b"\r\n" if b"chunked" in head else block
        while True:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)

    async def main() -> None:
        attempt = await send_to_raw(handle, PATIENT)
        assert (attempt.error, attempt.answer, attempt.cut) == (None, b"x" * 65_536, True)
        assert attempt.ms < 50_000  # it ended before the deadline
        assert sent < 64 << 20  # what the kernel's buffers took, not what an endpoint can send in a minute

    run(main())


def test_exactly_64_kib_are_not_called_cut() -> None:
    async def main() -> None:
        whole = b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + b"x" * 65_536
        attempt = await send_to_raw(answering(whole))
        assert (len(attempt.answer), attempt.cut) == (65_536, False)

    run(main())


def test_a_compressed_bomb_stays_small() -> None:
    bomb = gzip.compress(b"\0" * (32 << 20))

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    async def main() -> None:
        async with receiver(handle) as seen:
            attempt = await send_to(f"http://127.0.0.1:{seen.port}/")
        assert (attempt.error, attempt.answer, attempt.cut) == (None, bomb[:65_536], len(bomb) > 65_536)

    run(main())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", DISCONNECTED),
        (b"HTTP/1.1 200", DISCONNECTED),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", DISCONNECTED),
        (b"SSH-2.0-OpenSSH_9.6\r\n", BAD_ANSWER),
        (b"220 mail.example ESMTP\r\n", BAD_ANSWER),
        (b"HTTP/1.1 abc OK\r\n\r\n", BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n", BAD_ANSWER),
        (b"\0" * 1_000, BAD_ANSWER),
    ],
)
def test_answers_that_are_none(answer: bytes, error: str) -> None:
    async def main() -> None:
        attempt = await send_to_raw(answering(answer))
        assert (attempt.status, attempt.error) == (None, error), attempt
        assert len(attempt.detail or "") <= 200

    run(main())


def test_an_answer_that_breaks_off_after_its_head_counts_by_its_status() -> None:
    async def main() -> None:
        for status, error in ((200, None), (503, NOT_2XX)):
            answer = b"HTTP/1.1 %d X\r\nContent-Length: 100\r\n\r\nonly this" % status
            attempt = await send_to_raw(answering(answer))
            assert (attempt.status, attempt.error, attempt.answer, attempt.cut) == (
                status,
                error,
                b"only this",
                True,
            )

    run(main())


def test_the_head_that_is_kept_is_bounded() -> None:
    async def main() -> None:
        lines = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 1_000) for number in range(60))
        attempt = await send_to_raw(answering(b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: 0\r\n\r\n"))
        assert attempt.delivered
        assert len(attempt.head) == 50
        assert max(len(value) for _, value in attempt.head) == 500

    run(main())
