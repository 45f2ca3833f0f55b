"""What fails while events are worked off: it shows, ends where it stands, and harms no other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ingest import effects
from rules.effects import AddTag, Star
from store.tables.automation import rules
from tests.ingest.automation import LONG_AGO, TAG, Workshop, rule
from tests.support.accounts import make_user


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


def test_a_turn_is_not_lost_with_what_failed_beside_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make_user(workshop.database, workshop.account, f"{n}@acme.example").id for n in "abc"]
    draws = {"do": "assign", "how": "round_robin", "users": people}
    workshop.add_rule(rule([draws, {"do": "star"}]))

    def fails(hand: Any, effect: Any) -> Any:
        raise RuntimeError("out of stars")

    monkeypatch.setattr(effects, "HOW", {**effects.HOW, Star: fails})
    made = [workshop.lead(f"lead {number}", people=[]) for number in range(3)]
    workshop.drain()
    assert [workshop.read(lead)["owner"]["id"] for lead in made] == people


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
    before = datetime.now(UTC)
    assert workshop.automator.automate_batch() == 2  # not drained: the bad one comes back after two seconds
    assert workshop.read(good)["tags"] == ["web"]
    event = next(event for event in workshop.events() if event["lead_id"] == bad)
    assert (event["state"], event["attempts"], event["listening"]) == ("pending", 1, None)
    assert "deadlock detected" in event["error"]
    assert event["due_at"] > before + timedelta(seconds=1)
    monkeypatch.setattr(effects, "HOW", {**effects.HOW, AddTag: tag})
    workshop.change_event(event["id"], due_at=LONG_AGO)
    workshop.drain()
    assert workshop.read(bad)["tags"] == ["web"]
    assert next(event for event in workshop.events() if event["lead_id"] == bad)["error"] is None
