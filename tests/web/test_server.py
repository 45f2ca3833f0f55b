"""The API through a real socket: waitress, its limits, and a stop that lets requests finish."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from store.session import Database
from tests.support.mails import mail
from tests.web.world import World, make_world
from web import server
from web.services import Readiness


@contextmanager
def running(
    world: World, threads: int = 4, grace: float = 8.0
) -> Iterator[tuple[str, server.Server, threading.Thread]]:
    """The application on a free port; (its address, what stops it, its thread)."""
    served = server.Server(
        world.app,
        "127.0.0.1",
        0,
        threads,
        body_bytes=world.app.config["MAX_CONTENT_LENGTH"],
        grace=grace,
    )
    thread = threading.Thread(target=served.run)
    thread.start()
    try:
        yield f"http://{served.host}:{served.port}", served, thread
    finally:
        served.stop()
        thread.join(15)
        assert not thread.is_alive()


def headers_of(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.admin.key}"}


def test_a_lead_through_a_socket(world: World) -> None:
    with running(world) as (url, _, _):
        assert requests.get(f"{url}/healthz", timeout=10).json() == {"status": "ok"}
        made = requests.post(
            f"{url}/api/v1/leads", json={"title": "Dächer"}, headers=headers_of(world), timeout=10
        )
        assert made.status_code == 201 and made.json()["title"] == "Dächer"
        found = requests.get(f"{url}/api/v1/leads", headers={"X-API-KEY": world.admin.key or ""}, timeout=10)
        assert [lead["title"] for lead in found.json()] == ["Dächer"]
        gone = requests.delete(
            f"{url}/api/v1/leads/{made.json()['id']}", headers=headers_of(world), timeout=10
        )
        assert gone.status_code == 204 and gone.content == b""
        assert "Server" not in found.headers


def test_a_message_with_chunks_and_without_a_length(one_world: World) -> None:
    raw = mail(sender="a@b.example", to="x@y.example", subject="s", text="t", message_id="<1@b.example>")

    def chunks() -> Iterator[bytes]:
        yield raw[:100]
        yield raw[100:]

    with running(one_world) as (url, _, _):
        sent = requests.post(
            f"{url}/api/v1/messages?to={one_world.account.leads}",
            data=chunks(),
            headers=headers_of(one_world) | {"Content-Type": "message/rfc822"},
            timeout=10,
        )
        assert sent.status_code == 202
        back = requests.get(
            f"{url}/api/v1/messages/{sent.json()['id']}/raw", headers=headers_of(one_world), timeout=10
        )
        assert back.content == raw


def test_a_body_over_every_limit_is_refused_without_being_read(sqlite_database: Database) -> None:
    with make_world(sqlite_database) as world, running(world) as (url, _, _):
        host, port = url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        connection.putrequest("POST", "/api/v1/messages?to=x")
        connection.putheader("Content-Length", str(10**12))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()


def test_a_stop_lets_requests_finish_and_takes_no_new_ones(sqlite_database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Readiness:
        begun.set()
        assert go_on.wait(10)
        return Readiness(True, {})

    with make_world(sqlite_database, readiness=slow) as world, running(world) as (url, stop, thread):
        answers: list[Any] = []
        asking = threading.Thread(target=lambda: answers.append(requests.get(f"{url}/readyz", timeout=10)))
        asking.start()
        assert begun.wait(10)
        stop.stop()
        host, port = url.removeprefix("http://").split(":")
        deadline = time.monotonic() + 5
        while _listens(host, int(port)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not _listens(host, int(port)) and thread.is_alive()
        go_on.set()
        asking.join(10)
        assert [answer.status_code for answer in answers] == [200]
        assert json.loads(answers[0].text) == {"ready": True}
        thread.join(5)
        assert not thread.is_alive()


def test_a_request_that_never_ends_does_not_hold_the_stop(sqlite_database: Database) -> None:
    with make_world(sqlite_database) as world, running(world, grace=0.5) as (url, stop, thread):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as half:
            half.sendall(b"POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            time.sleep(0.2)
            stop.stop()
            thread.join(5)
            assert not thread.is_alive()


def test_an_address_that_is_taken(one_world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="Address already in use"):
            server.Server(one_world.app, "127.0.0.1", taken.getsockname()[1], body_bytes=1024)


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
