"""Events of mails worked on in the transaction that decides the mails: the same as later, or left for later."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from ingest import acting, at_once
from ingest.effects import Carried
from store import leases
from store.leases import Claim, Key
from store.session import Database
from store.tables.automation import events
from store.types import dump_json
from tests.ingest.automation import TAG, Workshop, rule
from tests.ingest.mailroom import Mailroom, write
from tests.support.accounts import MadeAccount
from tests.support.rows import rows

FROM_TAGS = rule([{"do": "star"}], name="Stars what is tagged", events=["lead.tagged"])


def mails(number: int) -> Iterator[bytes]:
    """Mails of two prospects in turn."""
    for n in range(number):
        sender = f"P{n % 2} <p{n % 2}@kunde.example>"
        yield write(sender=sender, message_id=f"<{n}@kunde.example>", subject=f"Nr. {n}\x00 urgent")


def configured(shop: Workshop) -> tuple[str, str]:
    """Rules that change the lead, set each other off and call a webhook; two endpoints."""
    subscribed, called = shop.add_endpoint("lead.*", "message.*"), shop.add_endpoint()
    users = [shop.account.admin.id]
    shop.add_rule(
        rule(
            [TAG, {"do": "assign", "how": "round_robin", "users": users}],
            events=["lead.email.received", "lead.created"],
        )
    )
    shop.add_rule(FROM_TAGS)
    shop.add_rule(rule([{"do": "webhook", "webhook_id": called}], events=["lead.updated", "message.held"]))
    text = {"field": "message.subject", "op": "contains", "value": "urgent"}
    shop.add_rule(
        rule([{"do": "comment", "text": "Hurry"}], **{"if": {"all": [text]}, "events": ["lead.created"]})
    )
    return subscribed, called


def made(room: Mailroom, shop: Workshop) -> dict[str, Any]:
    """What there is in the end, without ids and times."""
    event_types = {row["id"]: (row["type"], row["sequence"]) for row in shop.events()}
    leads = [
        {name: lead[name] for name in ("number", "title", "tags", "starred", "status", "owner")}
        | {"history": [(e["kind"], e["subject"], e["text"]) for e in room.history(lead["id"])]}
        for lead in room.leads()
    ]
    return {
        "leads": [lead | {"owner": lead["owner"] and lead["owner"]["name"]} for lead in leads],
        "events": [
            (row["type"], row["sequence"], row["state"], row["listening"], row["planned"], row["error"])
            for row in shop.events()
        ],
        "plans": sorted(
            (event_types[row["event_id"]], row["place"], row["result"], row["plan"]["rule_name"])
            for row in shop.plans()
            if row["account_id"] == shop.account.id
        ),
        "deliveries": sorted(
            (event_types[row["event_id"]], _told(row["body"]))
            for row in shop.deliveries()
            if row["account_id"] == shop.account.id
        ),
    }


def _told(body: str) -> str:
    told = json.loads(body)["data"]
    return f"{told['sequence']} {sorted(told['changes'])} {told['message'] and told['message']['subject']}"


def test_what_comes_of_events_is_the_same_at_once_and_later(
    database: Database, account: MadeAccount, other_account: MadeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = []
    for owner, most in ((account, at_once.MOST_WORK), (other_account, 0)):
        room, shop = Mailroom(database, owner), Workshop(database, owner)
        configured(shop)
        monkeypatch.setattr(room.processor._decider, "_at_once", at_once.AtOnce(most))
        for raw in mails(6):
            room.send(raw)
        assert room.processor.process_batch() == 6
        pending = [row for row in shop.events() if row["state"] == "pending"]
        assert bool(pending) is (most == 0)
        assert shop.drain() == (0 if most else len(shop.events()))
        results.append(made(room, shop))
        assert room.contradictions() == []
        room.close()
    assert results[0] == results[1]
    assert [lead["tags"] for lead in results[0]["leads"]] == [["web"], ["web"]]
    assert all(lead["starred"] for lead in results[0]["leads"])
    assert {kind for kind, *_ in results[0]["events"]} >= {"lead.created", "lead.tagged", "lead.assigned"}
    assert len(results[0]["deliveries"]) > 8


def test_rules_see_events_as_they_will_be_read_back(mailroom: Mailroom, workshop: Workshop) -> None:
    """What is evaluated in memory is what is stored: plain JSON, with what no database takes replaced."""
    seen: list[Any] = []
    real = acting.first_plan

    def look(event: Any, book: Any) -> Any:
        seen.append((event.id, event.data))
        return real(event, book)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(at_once, "first_plan", look)
        mailroom.receive(write(subject="a\x00b", text="Bitte ein Angebot \x00."))
    stored = {row["id"]: row["data"] for row in workshop.events()}
    assert len(seen) == 2
    for event_id, data in seen:
        assert data == stored[event_id]
        assert json.loads(dump_json(data)) == data


def test_a_rule_that_fails_fails_no_mail(mailroom: Mailroom, workshop: Workshop) -> None:
    """The batch is decided without its events; they are worked on later, each by itself."""
    workshop.add_rule(rule([TAG]))
    with pytest.MonkeyPatch.context() as patched:

        def fails(*_: Any, **__: Any) -> Carried:
            raise RuntimeError("a fault of ours")

        patched.setattr(at_once, "act", fails)
        ids = [mailroom.send(raw) for raw in mails(3)]
        assert mailroom.processor.process_batch() == 3
    assert [mailroom.message(i).outcome for i in ids] == ["lead_created", "lead_created", "history_added"]
    assert {row["state"] for row in workshop.events()} == {"pending"}
    workshop.drain()
    assert [lead["tags"] for lead in mailroom.leads()] == [["web"], ["web"]]


def test_events_of_a_message_that_came_back_are_left_for_later(
    mailroom: Mailroom, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it was a rule that stopped the worker, it stops the work on the event, not that on the message."""
    workshop.add_rule(rule([TAG]))
    message_id = mailroom.send(write())
    real = leases.claim

    def for_the_second_time(*arguments: Any, **more: Any) -> Claim:
        claim = real(*arguments, **more)
        again: dict[Key, int] = dict.fromkeys(claim.attempts, 2)
        return Claim(claim.token, again)

    monkeypatch.setattr(leases, "claim", for_the_second_time)
    mailroom.work()
    assert mailroom.message(message_id).outcome == "lead_created"
    assert {row["state"] for row in workshop.events()} == {"pending"}
    assert workshop.plans() == []


def test_more_work_than_a_batch_may_do_is_left_in_order(
    mailroom: Mailroom, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.add_rule(rule([TAG], events=["lead.email.received", "lead.created"]))
    monkeypatch.setattr(mailroom.processor._decider, "_at_once", at_once.AtOnce(3))
    rung: list[str] = []
    monkeypatch.setattr(mailroom.processor, "_ring_events", lambda: rung.append("events"))
    for raw in mails(4):
        mailroom.send(raw)
    mailroom.processor.process_batch()
    states = [row["state"] for row in rows(mailroom.database, select(events).order_by(events.c.id))]
    assert states == sorted(states)
    assert states.count("done") == 3
    assert rung == ["events"]
    workshop.drain()
    assert [lead["tags"] for lead in mailroom.leads()] == [["web"], ["web"]]


def test_a_webhook_is_rung_for_after_the_commit(
    mailroom: Mailroom, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.add_endpoint("lead.created")
    found: list[int] = []
    monkeypatch.setattr(
        mailroom.processor, "_ring_deliveries", lambda: found.append(len(workshop.deliveries()))
    )
    mailroom.receive(write())
    assert found == [1]
