"""The deliveries that an event makes: one per endpoint, of its own account, and what their bodies hide."""

import json
from datetime import UTC, datetime

from store.endpoints import delete_endpoint, update_endpoint
from store.session import Database
from tests.ingest.automation import TAG, Workshop, rule
from tests.support.accounts import MadeAccount


def test_a_subscription_and_rules_make_one_delivery(workshop: Workshop) -> None:
    subscribed = workshop.add_endpoint("lead.*")
    called = workshop.add_endpoint()
    workshop.add_endpoint("user.*")
    call = [{"do": "webhook", "webhook_id": subscribed}, {"do": "webhook", "webhook_id": called}]
    first = workshop.add_rule(rule(call))
    second = workshop.add_rule(rule(call[1:]))
    lead_id = workshop.lead()
    workshop.drain()
    created = workshop.event("lead.created")
    assert {(row["event_id"], row["endpoint_id"]) for row in workshop.deliveries()} == {
        (created["id"], subscribed),
        (created["id"], called),
    }
    assert len(workshop.deliveries()) == 2
    assert workshop.results() == [(first, 0, "done"), (first, 1, "done"), (second, 0, "done")]
    assert workshop.rung == ["deliveries"]
    body = json.loads(workshop.deliveries()[0]["body"])
    assert body["type"] == "lead.created"
    assert body["data"]["event_id"] == created["id"]
    assert (body["data"]["account"], body["data"]["sequence"]) == ("acme", 1)
    assert body["data"]["lead"]["id"] == lead_id
    assert body["data"]["causes"] == ["message:m1"]


def test_a_webhook_that_is_closed_is_skipped(workshop: Workshop) -> None:
    disabled, deleted = workshop.add_endpoint("lead.*"), workshop.add_endpoint("lead.*")
    workshop.add_rule(
        rule([{"do": "webhook", "webhook_id": disabled}, {"do": "webhook", "webhook_id": deleted}, TAG])
    )
    with workshop.database.write() as connection:
        update_endpoint(connection, workshop.scope, disabled, {"enabled": False})
        delete_endpoint(connection, workshop.scope, deleted)
    lead_id = workshop.lead()
    workshop.drain()
    assert workshop.deliveries() == []
    assert [result for _, _, result in workshop.results()] == ["skipped", "skipped", "done"]
    assert workshop.read(lead_id)["tags"] == ["web"]


def test_bodies_open_no_door(workshop: Workshop) -> None:
    workshop.add_endpoint("*")
    secret = workshop.account.admin.address
    message = {
        "id": "m1",
        "subject": f"Fwd to {secret}",
        "text": f"Write to {secret} or {secret.upper()}, mailto:{secret.replace('@', '%40')}, "
        f"or crm+{secret.partition('@')[0]}@firma.example!",
        "from": {"name": secret, "address": "paula@kunde.example"},
        "cc": [{"name": "", "address": secret}],
    }
    workshop.lead(f"Fwd to {secret}", message=message)
    workshop.drain()
    (delivery,) = workshop.deliveries()
    hidden = secret.partition("@")[0].partition(".")[2]
    assert hidden not in delivery["body"].lower()
    assert json.loads(delivery["body"])["data"]["message"]["cc"] == [
        {"address": "anna.…@acme.test", "name": ""}
    ]


def test_an_event_without_lead_skips_what_needs_one_and_still_calls(workshop: Workshop) -> None:
    from rules.event import Actor, ActorKind
    from store.events import NewEvent, Origin, append

    endpoint = workshop.add_endpoint()
    workshop.add_rule(rule([TAG, {"do": "webhook", "webhook_id": endpoint}], events=["message.held"]))
    with workshop.database.write() as connection:
        data = {"lead": None, "message": {"id": "m1", "subject": "Hello"}, "changes": {}}
        new = NewEvent("message.held", None, None, None, data)
        append(connection, workshop.scope, Origin(Actor(ActorKind.SENDER)), datetime.now(UTC), [new])
    workshop.drain()
    assert [result for _, _, result in workshop.results()] == ["skipped", "done"]
    assert len(workshop.deliveries()) == 1


def test_accounts_do_not_meet(database: Database, account: MadeAccount, other_account: MadeAccount) -> None:
    one, two = Workshop(database, account), Workshop(database, other_account)
    endpoints = [shop.add_endpoint("*") for shop in (one, two)]
    for shop in (one, two):
        shop.add_rule(rule([{"do": "add_tag", "tag": shop.account.slug}]))
    made = [shop.lead() for shop in (one, two)]
    one.drain()
    assert [shop.read(lead)["tags"] for shop, lead in zip((one, two), made, strict=True)] == [
        ["acme"],
        ["globex"],
    ]
    for shop, endpoint in zip((one, two), endpoints, strict=True):
        own = {event["id"] for event in shop.events()}
        found = [d for d in shop.deliveries() if d["account_id"] == shop.account.id]
        assert {d["event_id"] for d in found} == own
        assert {d["endpoint_id"] for d in found} == {endpoint}
        assert all(json.loads(d["body"])["data"]["account"] == shop.account.slug for d in found)
