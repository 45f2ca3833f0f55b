"""Webhooks, deliveries, rules and events through the API."""

import base64
from typing import Any

import pytest

from store.doorbell import Work
from store.tables.automation import endpoints
from tests.support.rows import rows
from tests.web.world import World, data, problem

RULE = {
    "name": "Web leads",
    "events": ["lead.created"],
    "if": {"all": [{"field": "lead.source.kind", "op": "is", "value": "form"}]},
    "then": [{"do": "add_tag", "tag": "web"}],
    "stop": False,
    "enabled": True,
}


def test_a_webhook_shows_its_secret_once(world: World) -> None:
    made = data(world.admin.post("/webhooks", {"url": "https://hooks.example/x", "events": ["lead.*"]}), 201)
    secret = made.pop("secret")
    assert secret.startswith("whsec_") and len(base64.b64decode(secret.removeprefix("whsec_"))) >= 24
    assert data(world.admin.get(f"/webhooks/{made['id']}")) == made
    assert data(world.admin.get("/webhooks")) == [made]
    assert secret.encode() not in rows(world.database, endpoints)[0]["secrets"]
    new = data(world.admin.post(f"/webhooks/{made['id']}/secret"), 201)
    assert new["secret"] not in (secret, "")
    off = data(world.admin.patch(f"/webhooks/{made['id']}", {"enabled": False, "events": []}))
    assert off["enabled"] is False and off["events"] == []
    assert world.admin.delete(f"/webhooks/{made['id']}").status_code == 204
    problem(world.admin.get(f"/webhooks/{made['id']}"), 404)
    assert data(world.admin.get("/webhooks")) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "url"),
        ({"url": "ftp://x.example"}, "url"),
        ({"url": "http://127.0.0.1:9/"}, "url"),
        ({"url": "http://[::1]/"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "https://user:pw@hooks.example/"}, "url"),
        ({"url": "https://hooks.example/", "events": ["lead.nothing"]}, "events[0]"),
        ({"url": "https://hooks.example/", "events": "lead.*"}, "events"),
    ],
)
def test_a_webhook_that_cannot_be(one_world: World, body: dict[str, object], place: str) -> None:
    answer = problem(one_world.admin.post("/webhooks", body), 422)
    assert answer["errors"][0]["place"].startswith(place.partition("[")[0])
    made = data(one_world.admin.post("/webhooks", {"url": "https://hooks.example/"}), 201)
    if body:
        problem(one_world.admin.patch(f"/webhooks/{made['id']}", body), 422)


def test_deliveries(world: World) -> None:
    hook = data(world.admin.post("/webhooks", {"url": "https://hooks.example/x"}), 201)["id"]
    events = [data(world.admin.post(f"/webhooks/{hook}/test"), 202)["event_id"] for _ in range(3)]
    assert world.rung.count(Work.DELIVERIES) == 3
    answer = world.admin.get(f"/webhooks/{hook}/deliveries?limit=2")
    assert [each["event_id"] for each in data(answer)] == events[:0:-1]
    assert answer.headers["X-Total-Count"] == "3"
    first = data(answer)[0]
    assert first["event_type"] == "webhook.test" and first["state"] == "pending" and first["attempts"] == []
    rest = answer.headers["Link"].partition("/api/v1")[2].partition(">")[0]
    assert [each["event_id"] for each in data(world.admin.get(rest))] == events[:1]
    path = f"/webhooks/{hook}/deliveries/{first['id']}"
    assert '"webhook.test"' in data(world.admin.get(path))["body"]
    assert data(world.admin.post(f"{path}/redeliver"), 202)["state"] == "pending"
    data(world.admin.patch(f"/webhooks/{hook}", {"enabled": False}))
    problem(world.admin.post(f"{path}/redeliver"), 409)
    problem(world.admin.post(f"/webhooks/{hook}/test"), 409)
    problem(world.admin.get(f"/webhooks/{hook}/deliveries/{'0' * 26}"), 404)


def test_a_delivery_is_not_below_another_webhook(world: World) -> None:
    hooks = [data(world.admin.post("/webhooks", {"url": f"https://h.example/{n}"}), 201)["id"] for n in "ab"]
    data(world.admin.post(f"/webhooks/{hooks[0]}/test"), 202)
    delivery = data(world.admin.get(f"/webhooks/{hooks[0]}/deliveries"))[0]["id"]
    problem(world.admin.get(f"/webhooks/{hooks[1]}/deliveries/{delivery}"), 404)


def test_rules(world: World) -> None:
    made = data(world.admin.post("/rules", RULE), 201)
    assert {name: made[name] for name in RULE} == RULE
    assert made["version"] == 1 and made["position"] == 1
    second = data(world.admin.post("/rules", RULE | {"name": "Second"}), 201)
    changed = data(world.admin.patch(f"/rules/{made['id']}", {"enabled": False, "position": 2}))
    assert changed["version"] == 2 and changed["enabled"] is False
    assert [rule["id"] for rule in data(world.admin.get("/rules"))] == [second["id"], made["id"]]
    versions = data(world.admin.get(f"/rules/{made['id']}/versions"))
    assert [version["version"] for version in versions] == [2, 1]
    assert versions[0]["changed_by"]["id"] == world.admin.id
    assert world.admin.delete(f"/rules/{made['id']}").status_code == 204
    problem(world.admin.get(f"/rules/{made['id']}"), 404)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"events": ["lead.born"]}, "events[0]"),
        ({"if": {"all": [{"field": "lead.colour", "op": "is", "value": "red"}]}}, "if.all[0].field"),
        ({"if": {"all": [{"field": "lead.title", "op": "matches", "value": "("}]}}, "if.all[0].value"),
        ({"then": []}, "then"),
        ({"then": [{"do": "explode"}]}, "then[0].do"),
        ({"then": [{"do": "webhook", "webhook_id": "0" * 26}]}, "then[0].webhook_id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_rule_is_refused_by_place(one_world: World, change: dict[str, object], place: str) -> None:
    answer = problem(one_world.admin.post("/rules", RULE | change), 422)
    assert answer["errors"][0]["place"] == place and answer["errors"][0]["reason"]
    assert data(one_world.admin.get("/rules")) == []
    made = data(one_world.admin.post("/rules", RULE), 201)
    problem(one_world.admin.patch(f"/rules/{made['id']}", change), 422)


def test_a_rule_must_be_an_object(one_world: World) -> None:
    bodies: tuple[Any, ...] = ([], "x", 1, None)
    for body in bodies:
        problem(one_world.admin.call("POST", "/rules", json=body), 422)


def test_events_are_listed_with_filters(world: World) -> None:
    lead = data(world.admin.post("/leads", {"title": "A"}), 201)["id"]
    data(world.admin.post("/leads", {"title": "B"}), 201)
    data(world.admin.patch(f"/leads/{lead}", {"status": "won"}))

    def types(query: str) -> list[str]:
        return [event["type"] for event in data(world.admin.get(f"/events?{query}"))]

    assert types("") == ["lead.status.changed", "lead.created", "lead.created"]
    assert types(f"lead={lead}") == ["lead.status.changed", "lead.created"]
    assert types("type=lead.created") == ["lead.created"] * 2 and types("type=lead.status.*") == [
        "lead.status.changed"
    ]
    assert types("type=%00") == types("lead=%00") == types("type=nothing") == []
    answer = world.admin.get("/events?limit=2&type=lead.*")
    assert answer.headers["X-Total-Count"] == "3"
    rest = answer.headers["Link"].partition("/api/v1")[2].partition(">")[0]
    assert [event["type"] for event in data(world.admin.get(rest))] == ["lead.created"]
    assert data(answer)[0]["data"]["changes"] == {"status": ["todo", "won"]}
    assert data(world.stranger_admin.get("/events")) == []
