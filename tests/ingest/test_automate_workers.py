"""Workers at events: leases, turns, many at once, those overtaken and those that die half-way."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ingest import automate
from store import plans, rulebook
from store.tables.automation import deliveries, events, plan_actions
from tests.ingest.automation import LONG_AGO, TAG, Workshop, rule
from tests.support.accounts import make_user
from tests.support.rows import count, rows


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
    assert slow._carry_out(claim, works, alone=False) == []
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


@pytest.mark.parametrize(("seconds", "handled"), [(60.0, [6, 0, 0, 0]), (0.0, [4, 1, 1, 0])])
def test_returned_events_and_fresh_ones_take_turns(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, seconds: float, handled: list[int]
) -> None:
    """What came back is worked on alone; however much that is, fresh events are not kept waiting for all of it."""
    monkeypatch.setattr(automate, "AGAIN_SECONDS", seconds)
    workshop.automator = workshop.another()
    for n in range(3):
        workshop.lead(f"returned {n}")
    for event in workshop.events():
        workshop.change_event(event["id"], attempts=1, due_at=LONG_AGO)
    for n in range(3):
        workshop.lead(f"fresh {n}")
    assert [workshop.automator.automate_batch() for _ in range(4)] == handled


@pytest.mark.parametrize(
    ("room", "step"),
    [
        (plans, "store_evaluations"),
        (automate, "lock"),
        (automate, "act"),
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

    def dies(*arguments: Any, **named: Any) -> None:
        real(*arguments, **named)
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
    before = datetime.now(UTC)
    claim = workshop.automator._claim()
    event = workshop.event("lead.created")
    second = timedelta(seconds=1)
    assert before + automate.LEASE - second < event["due_at"] < datetime.now(UTC) + automate.LEASE + second
    assert event["lease_token"] == claim.token
