"""The sender against real servers on loopback, kind ones and hostile ones."""

import asyncio
import gzip
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import web

from tests.webhooks.receivers import raw_receiver, read_request, receiver, server_tls, trusting
from webhooks.attempt import (
    BAD_ANSWER,
    CONNECT_FAILED,
    DESTINATION_REFUSED,
    DISCONNECTED,
    DNS_FAILED,
    GONE,
    NOT_2XX,
    OUR_FAULT,
    REDIRECTED,
    TIMED_OUT,
    TLS_FAILED,
    URL_REFUSED,
    Attempt,
    Request,
)
from webhooks.destination import Policy
from webhooks.resolver import Lookup, system_lookup
from webhooks.sender import Sender, SenderOptions

LOOPBACK = Policy.allowing(["127.0.0.1/32"])
QUICK = SenderOptions(deadline=0.6)
_Result = TypeVar("_Result")


def run(main: Coroutine[Any, Any, _Result]) -> _Result:
    """Each test has an event loop of its own and leaves no task behind."""

    async def alone() -> _Result:
        result = await main
        await asyncio.sleep(0)
        return result

    return asyncio.run(alone())


def request(url: str, body: bytes = b'{"type":"lead.created"}') -> Request:
    return Request(url, {"content-type": "application/json", "webhook-id": "e1"}, body)


def names(**addresses: list[str]) -> Lookup:
    """A resolver that knows just these names (`_` for `.`) and no others."""

    async def lookup(host: str) -> list[str]:
        try:
            return addresses[host.replace(".", "_")]
        except KeyError:
            raise OSError("Name or service not known") from None

    return lookup


async def send_to(
    url: str, policy: Policy = LOOPBACK, options: SenderOptions = QUICK, lookup: Lookup = system_lookup
) -> Attempt:
    async with Sender(policy, options, lookup=lookup) as sender:
        return await sender.send(request(url))


async def send_to_raw(handler: Callable[..., Awaitable[None]], options: SenderOptions = QUICK) -> Attempt:
    async with raw_receiver(handler) as seen:
        return await send_to(f"http://127.0.0.1:{seen.port}/", options=options)


def answering(answer: bytes, *, then_wait: bool = False) -> Callable[..., Awaitable[None]]:
    """A raw server that reads the request, writes this, and closes or lingers."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(answer)
        await writer.drain()
        if then_wait:
            await asyncio.sleep(30)

    return handle


# ---------------------------------------------------------------------------------------------- kind endpoints
def test_what_arrives_is_what_was_signed() -> None:
    async def main() -> None:
        async with receiver() as seen:
            attempt = await send_to(f"http://127.0.0.1:{seen.port}/hook?a=b")
        assert (attempt.status, attempt.error, attempt.answer, attempt.cut) == (200, None, b"thanks", False)
        assert attempt.delivered
        assert attempt.ms < 600
        assert attempt.header("CONTENT-LENGTH") == "6"
        assert seen.bodies == [b'{"type":"lead.created"}']
        headers = {name.lower(): value for name, value in seen.headers[0].items()}
        assert headers["webhook-id"] == "e1"
        assert headers["content-type"] == "application/json"
        assert headers["user-agent"].startswith("leadgate")
        assert headers["accept-encoding"] == "identity"
        assert headers["host"] == f"127.0.0.1:{seen.port}"

    run(main())


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, None),
        (204, None),
        (299, None),
        (400, NOT_2XX),
        (404, NOT_2XX),
        (410, GONE),
        (500, NOT_2XX),
        (304, REDIRECTED),
    ],
)
def test_the_status_decides(status: int, error: str | None) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "7"})

    async def main() -> None:
        async with receiver(handle) as seen:
            attempt = await send_to(f"http://127.0.0.1:{seen.port}/")
        assert (attempt.status, attempt.error) == (status, error)
        assert attempt.header("retry-after") == "7"

    run(main())


def test_names_are_resolved_and_certificates_checked(tmp_path: Path) -> None:
    async def main() -> None:
        async with receiver(tls=server_tls(tmp_path)) as seen:
            lookup = names(hooks_example=["127.0.0.1"], other_example=["127.0.0.1"])
            options = SenderOptions(deadline=5, tls=trusting(tmp_path))
            for host, error in (
                ("hooks.example", None),
                ("bad..name", URL_REFUSED),
                ("hooks.example.", None),
                ("127.0.0.1", None),
                ("other.example", TLS_FAILED),
                ("unknown.example", DNS_FAILED),
            ):
                attempt = await send_to(f"https://{host}:{seen.port}/", LOOPBACK, options, lookup)
                assert attempt.error == error, (host, attempt)
            assert len(seen.bodies) == 3

    run(main())


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    async def main() -> None:
        async with receiver(tls=server_tls(tmp_path)) as seen:
            attempt = await send_to(f"https://127.0.0.1:{seen.port}/")
            assert (attempt.error, attempt.status, seen.bodies) == (TLS_FAILED, None, [])
            assert "certificate" in (attempt.detail or "")

    run(main())


def test_tls_to_what_speaks_none_fails_as_tls() -> None:
    async def main() -> None:
        async with receiver() as seen:
            assert (await send_to(f"https://127.0.0.1:{seen.port}/")).error == TLS_FAILED

    run(main())


def test_connections_are_kept_and_a_stale_one_is_replaced() -> None:
    """The server closes each kept connection after its first answer without saying so."""
    served = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(await read_request(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")  # takes the second request, and goes away

    async def main() -> None:
        async with raw_receiver(handle) as seen, Sender(LOOPBACK, QUICK) as sender:
            for _ in range(2):
                attempt = await sender.send(request(f"http://127.0.0.1:{seen.port}/"))
                assert attempt.delivered
            assert (seen.connections, len(served)) == (2, 2)

    run(main())


# ------------------------------------------------------------------------------------------- hostile endpoints
def test_a_hanging_endpoint_ends_at_the_deadline() -> None:
    async def main() -> None:
        started = time.perf_counter()
        attempt = await send_to_raw(answering(b"", then_wait=True))
        assert (attempt.error, attempt.status, attempt.detail) == (TIMED_OUT, None, "0.6 s")
        assert 600 <= attempt.ms < 3_000
        assert time.perf_counter() - started < 3

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
        assert (await send_to_raw(handle)).error == TIMED_OUT

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
        attempt = await send_to_raw(handle)
        assert (attempt.status, attempt.error, attempt.cut) == (status, error, True)
        assert 2 <= len(attempt.answer) < 100
        assert attempt.ms < 3_000

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
        attempt = await send_to_raw(handle, SenderOptions(deadline=10))
        assert (attempt.error, attempt.answer, attempt.cut) == (None, b"x" * 65_536, True)
        assert attempt.ms < 5_000
        assert sent < 64 << 20  # what the kernel's buffers took, not what an endpoint can send in ten seconds

    run(main())


def test_exactly_64_kib_are_not_called_cut() -> None:
    async def main() -> None:
        whole = b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + b"x" * 65_536
        attempt = await send_to_raw(answering(whole), SenderOptions(deadline=5))
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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    async def main() -> None:
        async with receiver() as inside:

            async def handle(_: web.Request) -> web.Response:
                return web.Response(status=status, headers={"Location": f"http://127.0.0.1:{inside.port}/"})

            async with receiver(handle) as seen:
                attempt = await send_to(f"http://127.0.0.1:{seen.port}/")
            assert (attempt.status, attempt.error) == (status, REDIRECTED)
            assert (len(seen.bodies), inside.bodies) == (1, [])

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


def test_cookies_and_credentials_are_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("default login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9/")

    async def handle(_: web.Request) -> web.Response:
        return web.Response(headers={"Set-Cookie": "a=b; Path=/"})

    async def main() -> None:
        async with receiver(handle) as seen, Sender(LOOPBACK, QUICK) as sender:
            for _ in range(2):
                assert (await sender.send(request(f"http://127.0.0.1:{seen.port}/"))).delivered
        assert all(
            {name.lower() for name in head}.isdisjoint({"cookie", "authorization"}) for head in seen.headers
        )

    run(main())


def test_a_port_where_nobody_listens() -> None:
    async def main() -> None:
        async with receiver() as seen:
            port = seen.port
        attempt = await send_to(f"http://127.0.0.1:{port}/")
        assert (attempt.error, attempt.status) == (CONNECT_FAILED, None)

    run(main())


def test_a_header_that_could_inject_is_our_fault_and_not_sent() -> None:
    async def main() -> None:
        async with receiver() as seen, Sender(LOOPBACK, QUICK) as sender:
            bad = Request(f"http://127.0.0.1:{seen.port}/", {"webhook-id": "a\r\nX: y"}, b"")
            assert (await sender.send(bad)).error == OUR_FAULT
            assert seen.bodies == []

    run(main())


def test_a_sender_that_is_not_open_says_so() -> None:
    attempt = run(Sender(LOOPBACK).send(request("http://127.0.0.1:5000/")))
    assert attempt.error == OUR_FAULT


# -------------------------------------------------------------------------------------------- inside addresses
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/", "http://inside.example:{}/"]
)
def test_inside_addresses_are_not_connected_to(url: str) -> None:
    async def main() -> None:
        async with receiver() as seen:
            lookup = names(inside_example=["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"])
            attempt = await send_to(url.format(seen.port), Policy(), QUICK, lookup)
            assert (attempt.error, attempt.status, seen.bodies) == (DESTINATION_REFUSED, None, [])
            assert "loopback" in (attempt.sentence or "")

    run(main())


@pytest.mark.parametrize(
    "url", ["http://2130706433:{}/", "http://0x7f.1:{}/", "ftp://127.0.0.1:{}/", "http://a@b:{}/"]
)
def test_urls_that_may_not_be_called_are_not(url: str) -> None:
    attempt = run(send_to(url.format(5000)))
    assert (attempt.error, attempt.ms) == (URL_REFUSED, 0)


def test_every_answer_of_the_resolver_is_checked_and_only_allowed_ones_are_used() -> None:
    async def main() -> None:
        async with receiver() as seen:
            lookup = names(mixed_example=["127.0.0.2", "10.0.0.1", "127.0.0.1", "::1"])
            attempt = await send_to(f"http://mixed.example:{seen.port}/", LOOPBACK, QUICK, lookup)
            assert attempt.delivered
            assert len(seen.bodies) == 1

    run(main())


def test_a_name_that_changes_its_address_is_checked_each_time() -> None:
    """DNS rebinding: the first answer is allowed, every later one leads inside."""
    asked: list[str] = []

    async def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async def main() -> None:
        async with receiver() as seen:
            url = f"http://rebinding.example:{seen.port}/"
            assert (await send_to(url, LOOPBACK, QUICK, lookup)).delivered
            assert len(asked) == 1  # checked and connected from one answer
            assert (await send_to(url, LOOPBACK, QUICK, lookup)).error == DESTINATION_REFUSED
            assert len(seen.bodies) == 1

    run(main())


def test_the_systems_resolver_is_asked() -> None:
    async def main() -> None:
        async with receiver() as seen:
            assert (await send_to(f"http://localhost:{seen.port}/")).delivered
            assert (await send_to(f"http://localhost:{seen.port}/", Policy())).error == DESTINATION_REFUSED
        assert "127.0.0.1" in await system_lookup("localhost")
        with pytest.raises(OSError, match="not a host name"):
            await system_lookup("a" * 64 + ".example")

    run(main())


def test_names_without_addresses() -> None:
    attempt = run(send_to("http://empty.example/", lookup=names(empty_example=[])))
    assert (attempt.error, attempt.detail) == (DNS_FAILED, "empty.example has no addresses")


def test_a_name_server_that_hangs_ends_at_the_deadline() -> None:
    async def lookup(host: str) -> list[str]:
        await asyncio.sleep(30)
        return [host]

    assert run(send_to("http://hanging.example/", lookup=lookup)).error == TIMED_OUT


# ---------------------------------------------------------------------------------------------- many at once
def test_few_at_once_for_one_endpoint_and_waiting_costs_no_deadline() -> None:
    async def handle(_: web.Request) -> web.Response:
        await asyncio.sleep(0.25)
        return web.Response()

    async def main() -> None:
        async with (
            receiver(handle) as seen,
            Sender(LOOPBACK, SenderOptions(deadline=2, per_endpoint=2)) as sender,
        ):
            url = f"http://127.0.0.1:{seen.port}/"
            attempts = await asyncio.gather(*(sender.send(request(url)) for _ in range(12)))
            assert all(attempt.delivered and attempt.ms < 1_900 for attempt in attempts)
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
            Sender(LOOPBACK, SenderOptions(deadline=4)) as sender,
        ):
            bad = [
                asyncio.create_task(sender.send(request(f"http://127.0.0.1:{port}/")))
                for port in (hanging.port, flooding.port)
                for _ in range(30)
            ]
            attempts = [await sender.send(request(f"http://127.0.0.1:{healthy.port}/")) for _ in range(50)]
            assert all(attempt.delivered for attempt in attempts)
            assert statistics.median(attempt.ms for attempt in attempts) < 1_000
            assert hanging.connections <= SenderOptions().per_endpoint
            for task in bad:
                task.cancel()
            await asyncio.gather(*bad, return_exceptions=True)

    run(main())


def test_endpoints_nobody_waits_for_are_forgotten() -> None:
    async def main() -> None:
        async with receiver() as seen, Sender(LOOPBACK, QUICK) as sender:
            await asyncio.gather(*(sender.send(request(f"http://127.0.0.1:{seen.port}/")) for _ in range(20)))
            assert sender._turns._inside == {}

    run(main())


def test_being_cancelled_is_no_attempt() -> None:
    async def main() -> None:
        async with raw_receiver(answering(b"", then_wait=True)) as seen, Sender(LOOPBACK) as sender:
            task = asyncio.create_task(sender.send(request(f"http://127.0.0.1:{seen.port}/")))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    run(main())
