"""Events are worked off: plans stored, actions done once with their causes, deliveries made once."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ingest import automate, effects
from rules.effects import AddTag, Star
from store import plans, rulebook
from store.endpoints import delete_endpoint, update_endpoint
from store.session import Database
from store.tables.automation import deliveries, events, plan_actions, rules
from store.tables.leads import leads
from store.tables.people import users
from tests.ingest.automation import Workshop, rule
from tests.support.accounts import MadeAccount, make_user
from tests.support.rows import count, rows

TAG = {"do": "add_tag", "tag": "web"}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def workshop(database: Database, account: MadeAccount) -> Workshop:
    return Workshop(database, account)


def test_a_matching_rule_changes_the_lead_and_says_so(workshop: Workshop) -> None:
    condition = {"all": [{"field": "lead.source.kind", "op": "is", "value": "form"}]}
    rule_id = workshop.add_rule(rule([TAG], **{"if": condition, "name": "Web leads"}))
    lead_id = workshop.lead()
    assert workshop.drain() == 2  # the lead's event and the one the rule raised
    assert workshop.read(lead_id)["tags"] == ["web"]

    (plan,) = workshop.plans()
    assert (plan["rule_id"], plan["rule_version"], plan["result"]) == (rule_id, 1, "matched")
    (line,) = plan["plan"]["trace"]
    assert (line["field"], line["actual"], line["ok"]) == ("lead.source.kind", "form", True)
    assert plan["plan"]["actions"] == [TAG]
    assert workshop.results() == [(rule_id, 0, "done")]

    created, tagged = workshop.event("lead.created"), workshop.event("lead.tagged")
    assert tagged["causes"] == ["message:m1", f"event:{created['id']}", f"rule:{rule_id}"]
    assert tagged["actor"] == {"kind": "rule", "id": rule_id, "name": "Web leads"}
    assert (tagged["depth"], tagged["sequence"]) == (1, 2)
    assert [(e["state"], e["planned"], e["listening"], e["error"]) for e in (created, tagged)] == [
        ("done", 1, 1, None),
        ("done", 0, 0, None),
    ]
    assert workshop.rung == ["events"]


def test_what_does_not_match_is_counted_and_does_nothing(workshop: Workshop) -> None:
    workshop.add_rule(rule([TAG], **{"if": {"field": "lead.source.kind", "op": "is", "value": "mail"}}))
    workshop.add_rule(rule([TAG], events=["lead.assigned"]))
    lead_id = workshop.lead()
    assert workshop.drain() == 1
    event = workshop.event("lead.created")
    assert (event["planned"], event["listening"]) == (0, 1)
    assert workshop.plans() == []
    assert workshop.read(lead_id)["tags"] == []
    assert workshop.rung == []
    assert workshop.automator.automate_batch() == 0


def test_every_action_that_is_offered_is_carried_out(workshop: Workshop) -> None:
    user = make_user(workshop.database, workshop.account, "ben@acme.example", "Ben")
    rule_id = workshop.add_rule(
        rule(
            [
                TAG,
                {"do": "remove_tag", "tag": "new"},
                {"do": "set_status", "status": "standby"},
                {"do": "star"},
                {"do": "comment", "text": "Called by a rule"},
                {"do": "assign", "user_id": user.id},
            ]
        )
    )
    lead_id = workshop.lead(tags=["new"])
    workshop.drain()
    lead = workshop.read(lead_id)
    assert (lead["tags"], lead["status"], lead["starred"]) == (["web"], "standby", True)
    assert lead["owner"]["id"] == user.id
    assert workshop.results() == [(rule_id, number, "done") for number in range(6)]
    assert {"user_id": user.id} in workshop.details()
    kinds = {event["type"] for event in workshop.events()}
    assert kinds >= {"lead.commented", "lead.assigned", "lead.tagged", "lead.status.changed", "lead.updated"}


def test_rules_of_an_event_see_the_same_facts(workshop: Workshop) -> None:
    workshop.add_rule(rule([{"do": "set_status", "status": "standby"}]))
    workshop.add_rule(rule([TAG], **{"if": {"field": "lead.status", "op": "is", "value": "todo"}}))
    lead_id = workshop.lead()
    workshop.drain()
    assert workshop.read(lead_id)["status"] == "standby"
    assert workshop.read(lead_id)["tags"] == ["web"]


def test_a_failing_action_is_an_error_and_the_others_are_done(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user(workshop.database, workshop.account, "ben@acme.example")
    broken = workshop.add_rule(rule([TAG, {"do": "star"}, {"do": "comment", "text": "still done"}]))
    other = workshop.add_rule(rule([{"do": "assign", "user_id": user.id}]))

    def fails(hand: Any, effect: Any) -> Any:
        hand.editor.change(hand.lead_id, {"status": "won"})
        raise RuntimeError("out of stars")

    monkeypatch.setattr(effects, "HOW", {**effects.HOW, Star: fails})
    lead_id = workshop.lead()
    workshop.drain()
    lead = workshop.read(lead_id)
    assert (lead["tags"], lead["status"], lead["owner"]["id"]) == (["web"], "todo", user.id)
    assert workshop.results() == [
        (broken, 0, "done"),
        (broken, 1, "error"),
        (broken, 2, "done"),
        (other, 0, "done"),
    ]
    assert [event["type"] for event in workshop.events()].count("lead.status.changed") == 0
    assert {"code": "fault", "sentence": "The action could not be carried out: RuntimeError"} in (
        workshop.details()
    )


def test_a_rule_that_cannot_be_evaluated_is_an_error_on_the_event(workshop: Workshop) -> None:
    rule_id = workshop.add_rule(rule([TAG]))
    with workshop.database.write() as connection:
        connection.execute(
            update(rules)
            .where(rules.c.account_id == workshop.account.id, rules.c.id == rule_id)
            .values(definition={**rule([TAG]), "then": [{"do": "sing"}]})
        )
    good = workshop.add_rule(rule([{"do": "star"}]))
    lead_id = workshop.lead()
    workshop.drain()
    assert [(plan["rule_id"], plan["result"]) for plan in workshop.plans()] == [
        (rule_id, "error"),
        (good, "matched"),
    ]
    assert workshop.read(lead_id)["starred"] is True


@pytest.mark.parametrize(("column", "code"), [("trashed_at", "trashed"), ("merged_into", "merged")])
def test_a_lead_that_is_trashed_or_merged_is_left_alone(workshop: Workshop, column: str, code: str) -> None:
    rule_id = workshop.add_rule(rule([TAG, {"do": "star"}]))
    other = workshop.lead("other")
    workshop.drain()
    lead_id = workshop.lead()
    with workshop.database.write() as connection:
        value = LONG_AGO if column == "trashed_at" else other
        connection.execute(
            update(leads)
            .where(leads.c.account_id == workshop.account.id, leads.c.id == lead_id)
            .values({column: value})
        )
    workshop.drain()
    assert workshop.results()[-2:] == [(rule_id, 0, "skipped"), (rule_id, 1, "skipped")]
    assert [detail["code"] for detail in workshop.details() if "code" in detail] == [code, code]
    assert workshop.read(lead_id)["tags"] == []


def test_a_rule_that_sets_itself_off_halts(workshop: Workshop) -> None:
    rule_id = workshop.add_rule(rule([{"do": "comment", "text": "again"}], events=["lead.commented"]))
    lead_id = workshop.lead()
    workshop.edit(lead_id, "comment", "first", author_id=workshop.account.admin.id)
    workshop.drain()
    comments = [event for event in workshop.events() if event["type"] == "lead.commented"]
    assert len(comments) == 2
    assert [(plan["rule_id"], plan["result"]) for plan in workshop.plans()] == [
        (rule_id, "matched"),
        (rule_id, "skipped"),
    ]
    assert workshop.plans()[1]["plan"]["reason"] == "loop"


def test_the_round_goes_on_from_event_to_event_and_skips_who_left(workshop: Workshop) -> None:
    people = [
        make_user(workshop.database, workshop.account, f"{name}@acme.example").id for name in ("a", "b", "c")
    ]
    workshop.add_rule(rule([{"do": "assign", "how": "round_robin", "users": people}]))

    def owners(number: int) -> list[str]:
        made = [workshop.lead(f"lead {n}") for n in range(number)]
        workshop.drain()
        return [workshop.read(lead_id)["owner"]["id"] for lead_id in made]

    assert owners(4) == [people[0], people[1], people[2], people[0]]
    with workshop.database.write() as connection:
        connection.execute(
            update(users)
            .where(users.c.account_id == workshop.account.id, users.c.id == people[1])
            .values(active=False)
        )
    assert owners(3) == [people[2], people[0], people[2]]


def test_nobody_left_to_draw_is_skipped(workshop: Workshop) -> None:
    user = make_user(workshop.database, workshop.account, "b@acme.example")
    rule_id = workshop.add_rule(rule([{"do": "assign", "how": "random", "users": [user.id]}, TAG]))
    with workshop.database.write() as connection:
        connection.execute(
            update(users)
            .where(users.c.account_id == workshop.account.id, users.c.id == user.id)
            .values(active=False)
        )
    lead_id = workshop.lead()
    workshop.drain()
    assert workshop.results() == [(rule_id, 0, "skipped"), (rule_id, 1, "done")]
    assert workshop.read(lead_id)["owner"] is None
    assert {"code": "nobody", "sentence": "Nobody of the pool can take it"} in workshop.details()


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
        "text": f"Write to {secret} or {secret.upper()}!",
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


def test_an_event_evaluated_earlier_is_carried_out_from_its_plan(workshop: Workshop) -> None:
    rule_id = workshop.add_rule(rule([TAG, {"do": "star"}]))
    lead_id = workshop.lead()
    workshop.drain()
    event = workshop.event("lead.created")
    workshop.edit(lead_id, "tag", remove=["web"])
    workshop.edit(lead_id, "change", {"starred": False})
    with workshop.database.write() as connection:
        changed = {"then": [{"do": "set_status", "status": "won"}]}
        rulebook.update_rule(connection, workshop.scope, rule_id, changed)
        connection.execute(
            plan_actions.delete().where(
                plan_actions.c.account_id == workshop.account.id, plan_actions.c.number == 1
            )
        )
    workshop.change_event(event["id"], state="pending", attempts=1, due_at=LONG_AGO)
    workshop.drain()
    lead = workshop.read(lead_id)
    assert (lead["starred"], lead["tags"], lead["status"]) == (True, [], "todo")
    assert workshop.results() == [(rule_id, 0, "done"), (rule_id, 1, "done")]
    assert workshop.event("lead.created")["state"] == "done"


def test_an_event_that_stopped_the_worker_five_times_is_done_with_an_error(workshop: Workshop) -> None:
    workshop.add_rule(rule([TAG]))
    workshop.add_endpoint("lead.created")
    lead_id = workshop.lead()
    event = workshop.event("lead.created")
    workshop.change_event(event["id"], state="claimed", attempts=5, due_at=LONG_AGO, lease_token=7)
    workshop.drain()
    done = workshop.event("lead.created")
    assert (done["state"], done["planned"]) == ("done", None)
    assert done["error"] == "Its rules were left out: they stopped the worker 5 times"
    assert workshop.read(lead_id)["tags"] == []
    assert len(workshop.deliveries()) == 1


def test_an_event_that_cannot_be_read_is_done_with_an_error_and_harms_no_other(workshop: Workshop) -> None:
    workshop.add_rule(rule([TAG]))
    bad, good = workshop.lead("bad"), workshop.lead("good")
    event = next(event for event in workshop.events() if event["lead_id"] == bad)
    workshop.change_event(event["id"], type="lead.vanished")
    workshop.drain()
    assert "lead.vanished" in next(e for e in workshop.events() if e["id"] == event["id"])["error"]
    assert workshop.read(good)["tags"] == ["web"]


def test_one_fault_makes_each_event_a_transaction_of_its_own(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    workshop.add_rule(rule([TAG]))
    bad, good = workshop.lead("bad"), workshop.lead("good")
    tag = effects.HOW[AddTag]

    def locked(hand: Any, effect: Any) -> Any:
        if hand.lead_id == bad:
            raise OperationalError("UPDATE", {}, Exception("deadlock detected"))
        return tag(hand, effect)

    monkeypatch.setattr(effects, "HOW", {**effects.HOW, AddTag: locked})
    workshop.drain()
    assert workshop.read(good)["tags"] == ["web"]
    event = next(event for event in workshop.events() if event["lead_id"] == bad)
    assert (event["state"], event["attempts"], event["listening"]) == ("pending", 1, None)
    assert "deadlock detected" in event["error"]
    assert event["due_at"] > datetime.now(UTC)
    monkeypatch.setattr(effects, "HOW", {**effects.HOW, AddTag: tag})
    workshop.change_event(event["id"], due_at=LONG_AGO)
    workshop.drain()
    assert workshop.read(bad)["tags"] == ["web"]
    assert next(event for event in workshop.events() if event["lead_id"] == bad)["error"] is None


def test_what_was_overtaken_writes_nothing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.add_rule(rule([{"do": "comment", "text": "once"}]))
    workshop.add_endpoint("lead.created")
    workshop.lead()
    event = workshop.event("lead.created")
    slow = workshop.another()
    claim = slow._claim()
    works = slow._prepare(claim)
    workshop.change_event(event["id"], due_at=LONG_AGO)  # the slow one's lease has run out
    workshop.drain()
    assert slow._carry_out(claim, works) == []
    assert [e["type"] for e in workshop.events()].count("lead.commented") == 1
    assert len(workshop.deliveries()) == 1


def test_workers_at_once_do_everything_once(workshop: Workshop) -> None:
    people = [make_user(workshop.database, workshop.account, f"{n}@acme.example").id for n in "ab"]
    endpoint = workshop.add_endpoint("lead.created")
    workshop.add_rule(
        rule(
            [
                {"do": "comment", "text": "hello"},
                {"do": "assign", "how": "round_robin", "users": people},
                {"do": "webhook", "webhook_id": endpoint},
            ]
        )
    )
    made = [workshop.lead(f"lead {number}", people=[]) for number in range(60)]
    faults: list[BaseException] = []

    def work() -> None:
        automator = workshop.another()
        try:
            while count(workshop.database, events, events.c.state != "done"):
                automator.automate_batch()
        except BaseException as fault:  # noqa: BLE001  shown by the test
            faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    comments = rows(
        workshop.database,
        select(events.c.lead_id, func.count().label("n"))
        .where(events.c.type == "lead.commented")
        .group_by(events.c.lead_id),
    )
    assert sorted((row["lead_id"], row["n"]) for row in comments) == sorted((lead, 1) for lead in made)
    assert count(workshop.database, deliveries) == 60
    owners = [workshop.read(lead_id)["owner"]["id"] for lead_id in made]
    assert (owners.count(people[0]), owners.count(people[1])) == (30, 30)


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


def test_returned_events_and_fresh_ones_take_turns(workshop: Workshop) -> None:
    workshop.automator = workshop.another()
    for n in range(3):
        workshop.lead(f"returned {n}")
    for event in workshop.events():
        workshop.change_event(event["id"], attempts=1, due_at=LONG_AGO)
    for n in range(3):
        workshop.lead(f"fresh {n}")
    handled = [workshop.automator.automate_batch() for _ in range(4)]
    assert sorted(handled) == [1, 1, 1, 3]
    assert handled != [1, 1, 1, 3]


@pytest.mark.parametrize(
    ("room", "step"),
    [
        (plans, "store_evaluations"),
        (plans, "lock_leads"),
        (automate, "carry_out"),
        (plans, "record_actions"),
        (automate, "create_deliveries"),
        (plans, "finish_events"),
    ],
)
def test_a_worker_that_dies_after_any_step_leaves_nothing_half_done(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, room: Any, step: str
) -> None:
    workshop.add_rule(rule([TAG, {"do": "comment", "text": "once"}]))
    workshop.add_endpoint("lead.created")
    lead_id = workshop.lead()
    real = getattr(room, step)

    def dies(*arguments: Any) -> None:
        real(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(room, step, dies)
        with pytest.raises(KeyboardInterrupt):
            workshop.automator.automate_batch()
    assert workshop.plans() == []
    assert workshop.deliveries() == []
    assert workshop.read(lead_id)["tags"] == []
    assert workshop.drain() == 0  # the lease of the dead one still holds it
    workshop.change_event(workshop.event("lead.created")["id"], due_at=LONG_AGO)
    workshop.drain()
    assert workshop.read(lead_id)["tags"] == ["web"]
    assert [event["type"] for event in workshop.events()].count("lead.commented") == 1
    assert len(workshop.deliveries()) == 1


def test_the_lease_is_the_databases_clock(workshop: Workshop) -> None:
    workshop.lead()
    claim = workshop.automator._claim()
    event = workshop.event("lead.created")
    left = event["due_at"] - datetime.now(UTC)
    assert timedelta(seconds=50) < left < timedelta(seconds=70)
    assert event["lease_token"] == claim.token
