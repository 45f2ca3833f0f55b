"""The sender against endpoints that behave: what arrives, what the status decides, TLS, kept connections."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from tests.webhooks.receivers import raw_receiver, read_request, receiver, server_tls, trusting
from tests.webhooks.sending import LOOPBACK, PATIENT, names, request, run, send_to
from webhooks.attempt import (
    CONNECT_FAILED,
    DNS_FAILED,
    GONE,
    NOT_2XX,
    OUR_FAULT,
    REDIRECTED,
    TLS_FAILED,
    URL_REFUSED,
    Request,
)
from webhooks.sender import Sender, SenderOptions


def test_what_arrives_is_what_was_signed() -> None:
    async def main() -> None:
        async with receiver() as seen:
            attempt = await send_to(f"http://127.0.0.1:{seen.port}/hook?a=b")
        assert (attempt.status, attempt.error, attempt.answer, attempt.cut) == (200, None, b"thanks", False)
        assert attempt.delivered
        assert 0 <= attempt.ms < 60_000
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
            options = SenderOptions(deadline=60, tls=trusting(tmp_path))
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
        async with raw_receiver(handle) as seen, Sender(LOOPBACK, PATIENT) as sender:
            for _ in range(2):
                attempt = await sender.send(request(f"http://127.0.0.1:{seen.port}/"))
                assert attempt.delivered
            assert (seen.connections, len(served)) == (2, 2)

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


def test_cookies_and_credentials_are_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("default login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9/")

    async def handle(_: web.Request) -> web.Response:
        return web.Response(headers={"Set-Cookie": "a=b; Path=/"})

    async def main() -> None:
        async with receiver(handle) as seen, Sender(LOOPBACK, PATIENT) as sender:
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
        async with receiver() as seen, Sender(LOOPBACK, PATIENT) as sender:
            bad = Request(f"http://127.0.0.1:{seen.port}/", {"webhook-id": "a\r\nX: y"}, b"")
            assert (await sender.send(bad)).error == OUR_FAULT
            assert seen.bodies == []

    run(main())


def test_a_sender_that_is_not_open_says_so() -> None:
    attempt = run(Sender(LOOPBACK).send(request("http://127.0.0.1:5000/")))
    assert attempt.error == OUR_FAULT
