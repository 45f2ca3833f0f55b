"""Rules of an event are evaluated, their plans stored, their actions done with their causes."""

import pytest
from sqlalchemy import update

from store.tables.leads import leads
from store.tables.people import users
from tests.ingest.automation import LONG_AGO, TAG, Workshop, rule
from tests.support.accounts import make_user


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
