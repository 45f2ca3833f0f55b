"""What holds for every call: keys, problems, repeated requests, rates, sizes, hosts, headers."""

import json
import logging
import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from store.session import Database
from store.tables.leads import leads
from store.tables.operation import idempotency_keys
from store.types import from_microseconds
from tests.support.mails import mail
from tests.support.rows import count, everything, rows
from tests.web.world import NO_LIMITS, Person, World, data, make_world, problem
from web.services import Limits, NotNow, Readiness


def test_both_headers_take_a_key(one_world: World) -> None:
    key = one_world.admin.key or ""
    nobody = one_world.nobody
    for headers in ({"Authorization": f"bearer  {key} "}, {"X-API-KEY": key}):
        assert data(nobody.get("/account", headers=headers))["slug"] == "acme"
    for headers in (
        {},
        {"Authorization": key},
        {"Authorization": f"Basic {key}"},
        {"Authorization": "Bearer "},
        {"X-API-KEY": "x" * 300},
        {"Authorization": "Bearer wrong", "X-API-KEY": key},
    ):
        answer = nobody.get("/account", headers=headers)
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    problem(nobody.get(f"/account?key={key}&api_key={key}"), 401)


@pytest.mark.parametrize(
    ("sent", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"title": "x"', "application/json", 400),
        (b'\xff{"title": "x"}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"title": "x", "amount": 1e999}', "application/json", 422),
        (b'{"title": "x", "amount": NaN}', "application/json", 422),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b'{"title": "x"}', "text/plain", 415),
        (b'{"title": "x"}', "application/json; charset=utf-8", 201),
        (b'{"title": "x\\u0000y"}', "application/json", 201),
    ],
)
def test_bodies(world: World, sent: bytes, content_type: str, status: int) -> None:
    answer = world.admin.call("POST", "/leads", data=sent, content_type=content_type)
    if status == 201:
        data(answer, 201)
    else:
        problem(answer, status)


def test_too_large(one_world: World) -> None:
    big = {"title": "x", "fields": {"a": "x" * NO_LIMITS.json_bytes}}
    problem(one_world.admin.post("/leads", big), 413)
    problem(one_world.admin.call("DELETE", f"/leads/{'0' * 26}", data=b"x" * (NO_LIMITS.json_bytes + 1)), 404)


def test_a_message_may_be_larger_than_json(sqlite_database: Database) -> None:
    with make_world(sqlite_database, limits=replace(NO_LIMITS, message_bytes=3_000_000)) as world:
        raw = mail(sender="a@b.example", to="x@y.example", subject="s", text="t\n", message_id="<1@b>")
        raw += b"x" * 2_000_000
        data(world.admin.send(raw, world.account.leads), 202)
        problem(world.admin.send(raw + b"x" * 2_000_000, world.account.leads), 413)


def test_no_route_and_no_method(one_world: World) -> None:
    problem(one_world.admin.get("/nothing"), 404)
    answer = one_world.admin.call("PUT", "/leads")
    problem(answer, 405)
    assert "POST" in answer.headers["Allow"]
    for path in (f"/leads/{'A' * 26}", "/leads/x", f"/leads/{'0' * 27}", "/leads/", "/leads/%00"):
        problem(one_world.admin.get(path), 404)
    head = one_world.admin.call("HEAD", "/leads")
    assert head.status_code == 200 and head.data == b""


def test_an_unforeseen_error_tells_only_its_id(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("the secret cause")

    with make_world(sqlite_database, accept=broken) as world, caplog.at_level(logging.ERROR):
        answer = problem(world.admin.send(b"From: a@b.example\r\n\r\n", world.account.leads), 500)
    error_id = answer["detail"].rsplit(" ", 1)[1].rstrip(".")
    assert "secret cause" not in str(answer) and len(error_id) == 26
    assert error_id in caplog.text and "the secret cause" in caplog.text


def test_what_cannot_be_done_now_is_503(sqlite_database: Database) -> None:
    def not_now(*_: Any) -> Any:
        raise NotNow("full")

    def gone(*_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    for accept in (not_now, gone):
        with make_world_again(sqlite_database, accept) as world:
            answer = world.admin.send(b"From: a@b.example\r\n\r\n", world.account.leads)
            problem(answer, 503)
            assert int(answer.headers["Retry-After"]) > 0 and "locked" not in answer.text


def make_world_again(database: Database, accept: Any) -> Any:
    with database.write() as connection:
        from store.tables.everything import metadata

        for table in reversed(metadata.sorted_tables):
            connection.execute(everything(table.delete()))
    return make_world(database, accept=accept)


def test_a_repeated_request_has_one_effect(world: World) -> None:
    key = {"Idempotency-Key": "abc"}
    first = world.admin.post("/leads", {"title": "A"}, headers=key)
    again = world.admin.post("/leads", {"title": "A"}, headers=key)
    assert data(first, 201) == data(again, 201) and first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert count(world.database, leads) == 1
    for answer in (
        world.admin.post("/leads", {"title": "B"}, headers=key),
        world.admin.post("/rules", {"title": "A"}, headers=key),
        world.admin.post("/leads", {"title": "A"}, headers={"Idempotency-Key": "x" * 256}),
        world.admin.post("/leads", {"title": "A"}, headers={"Idempotency-Key": ""}),
    ):
        assert problem(answer, 422)["errors"][0]["place"] == "Idempotency-Key"
    data(world.user("ann").post("/leads", {"title": "A"}, headers=key), 201)  # another's key
    data(world.stranger_admin.post("/leads", {"title": "A"}, headers=key), 201)
    assert count(world.database, leads) == 3


def test_a_refused_request_frees_its_key(world: World) -> None:
    key = {"Idempotency-Key": "abc"}
    problem(world.admin.post("/leads", {"title": " "}, headers=key), 422)
    data(world.admin.post("/leads", {"title": "A"}, headers=key), 201)


def test_a_message_handed_in_twice_is_one(world: World) -> None:
    raw = mail(sender="a@b.example", to="x@y.example", subject="s", text="t", message_id="<1@b.example>")
    key = {"Idempotency-Key": "abc"}
    query = {"to": world.account.leads}
    answers = [
        world.admin.call(
            "POST", "/messages", data=raw, query_string=query, content_type="message/rfc822", headers=key
        )
        for _ in range(2)
    ]
    assert data(answers[0], 202) == data(answers[1], 202)
    found = data(world.admin.get(f"/messages/{data(answers[0], 202)['id']}"))
    assert len(found["arrivals"]) == 1
    other = world.admin.call(
        "POST", "/messages", data=raw + b"x", query_string=query, content_type="message/rfc822", headers=key
    )
    problem(other, 422)


def test_a_secret_is_never_kept_for_a_repeated_request(world: World) -> None:
    key = {"Idempotency-Key": "abc"}
    made = data(world.admin.post(f"/users/{world.admin.id}/api-keys", {"name": "k"}, headers=key), 201)
    again = world.admin.post(f"/users/{world.admin.id}/api-keys", {"name": "k"}, headers=key)
    assert "shown only once" in problem(again, 409)["detail"]
    assert made["key"] not in str(rows(world.database, idempotency_keys))


def test_a_request_at_work_is_a_conflict_until_it_is_given_up(world: World) -> None:
    key = {"Idempotency-Key": "abc"}
    data(world.admin.post("/leads", {"title": "A"}, headers=key), 201)
    with world.database.write() as connection:
        connection.execute(everything(update(idempotency_keys).values(status=None, body=None)))
    problem(world.admin.post("/leads", {"title": "A"}, headers=key), 409)
    with world.database.write() as connection:
        long_ago = rows(world.database, idempotency_keys)[0]["created_at"].timestamp() - 300
        moment = from_microseconds(int(long_ago * 1_000_000))
        connection.execute(everything(update(idempotency_keys).values(created_at=moment)))
    data(world.admin.post("/leads", {"title": "A"}, headers=key), 201)


def test_the_same_request_at_the_same_moment(world: World) -> None:
    statuses: list[int] = []
    gate = threading.Barrier(6)

    def ask() -> None:
        gate.wait()
        answer = world.admin.post("/leads", {"title": "A"}, headers={"Idempotency-Key": "abc"})
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409} and 201 in statuses
    assert count(world.database, leads) == 1


def test_rates(sqlite_database: Database) -> None:
    limits = Limits(requests_per_minute=3, refusals_per_minute=2)
    with make_world(sqlite_database, limits=limits) as world:
        answers = [world.admin.get("/account") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert (
            answers[0].headers["RateLimit-Limit"] == "3"
            and 0 < int(answers[0].headers["RateLimit-Reset"]) <= 60
        )
        assert int(problem_headers(answers[3])["Retry-After"]) > 0
        assert world.stranger_admin.get("/account").status_code == 200
        wrong = Person(world.app, "lgk_wrong")
        assert [wrong.get("/account").status_code for _ in range(3)] == [401, 401, 429]
        assert world.app.test_client().get("/healthz").status_code == 200


def problem_headers(answer: Any) -> Any:
    problem(answer, 429)
    return answer.headers


def test_hosts(sqlite_database: Database) -> None:
    with make_world(sqlite_database, trusted_hosts=("leadgate.test", ".sub.test")) as world:
        for host in ("leadgate.test", "a.sub.test", "leadgate.test:8080"):
            assert world.admin.get("/account", headers={"Host": host}).status_code == 200
        for host in ("evil.example", "leadgate.test.evil.example"):
            problem(world.admin.get("/account", headers={"Host": host}), 400)
            assert world.app.test_client().get("/healthz", headers={"Host": host}).status_code == 200


def test_links_use_the_public_url_never_the_host(one_world: World) -> None:
    for title in "ab":
        data(one_world.admin.post("/leads", {"title": title}), 201)
    link = one_world.admin.get("/leads?limit=1", headers={"Host": "evil.example"}).headers["Link"]
    assert link.startswith("<http://leadgate.test/api/v1/leads?")


def test_security_headers_are_everywhere(one_world: World) -> None:
    client = one_world.app.test_client()
    for path in ("/healthz", "/api/v1/leads", "/nothing", "/api/v1/docs", "/api/v1/openapi.json"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store" and "Access-Control-Allow-Origin" not in headers
        assert "Strict-Transport-Security" not in headers and "Set-Cookie" not in headers


def test_https_only_where_people_come_by_https(sqlite_database: Database) -> None:
    with make_world(sqlite_database, public_url="https://leads.acme.example") as world:
        assert "Strict-Transport-Security" in world.app.test_client().get("/healthz").headers


def test_health(one_world: World) -> None:
    client = one_world.app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json == {"ready": True, "database": "ok"}
    one_world.ready = Readiness(False, {"problems": ["no worker is alive"]})
    late = client.get("/readyz")
    assert late.status_code == 503 and json.loads(late.text)["problems"] == ["no worker is alive"]
    assert client.get("/healthz").status_code == 200


def test_reading_changes_nothing(world: World) -> None:
    lead = data(world.admin.post("/leads", {"title": "A"}), 201)
    before = rows(world.database, leads)
    for path in ("/leads", f"/leads/{lead['id']}", f"/leads/{lead['id']}/history", "/events", "/users"):
        data(world.admin.get(path))
    assert rows(world.database, leads) == before
