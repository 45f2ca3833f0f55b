"""The catalogue, causes and event filters."""

from dataclasses import replace
from datetime import datetime

import pytest

from rules.event import (
    EVENT_TYPES,
    Actor,
    ActorKind,
    Cause,
    CauseKind,
    SubjectKind,
    actor_from_json,
    cause,
    expand_filters,
    filter_matches,
    filter_problem,
    parse_cause,
)
from rules.exceptions import InvalidEvent
from tests.rules.examples import AT, event


def test_the_catalogue_is_that_of_the_product() -> None:
    assert set(EVENT_TYPES) == set(
        """
        lead.created lead.deleted lead.updated lead.status.changed lead.step.changed lead.assigned
        lead.unassigned lead.commented lead.tagged lead.email.received lead.email.sent lead.email.withdrawn
        lead.merged lead.split lead.unattended lead.next_action.due lead.manual.trigger message.held
        message.failed message.bounced message.moved message.spam contact.erased source.silent source.failing
        template.drifted delivery.exhausted user.created user.deactivated system.warning
        """.split()
    )


def test_every_type_names_its_subject_by_its_prefix() -> None:
    assert all(name.split(".")[0] == entry.subject.value for name, entry in EVENT_TYPES.items())
    assert all(entry.sentence and entry.name == name for name, entry in EVENT_TYPES.items())


def test_only_events_of_leads_and_messages_can_have_a_lead() -> None:
    assert EVENT_TYPES["lead.created"].may_have_lead
    assert EVENT_TYPES["message.held"].may_have_lead
    assert not EVENT_TYPES["source.silent"].may_have_lead


def test_what_a_rule_does_carries_the_chain_on() -> None:
    first = event(causes=("message:m1",))
    second = replace(event(causes=first.causes_of("r1")), id="e2")
    third = second.causes_of("r2")
    assert third == ("message:m1", "event:e1", "rule:r1", "event:e2", "rule:r2")
    assert (first.depth, second.depth, event(causes=third).depth) == (0, 1, 2)
    assert event(causes=third).rules_in_chain == ("r1", "r2")


def test_causes_are_read_as_they_are_written() -> None:
    assert parse_cause("message:a:b") == Cause(CauseKind.MESSAGE, "a:b")
    assert str(parse_cause("reprocess:m1")) == cause(CauseKind.REPROCESS, "m1") == "reprocess:m1"


@pytest.mark.parametrize("text", ["", "message", "message:", "lead:l1", ":x", "Rule:r1"])
def test_what_is_no_cause_is_refused(text: str) -> None:
    with pytest.raises(InvalidEvent):
        parse_cause(text)
    with pytest.raises(InvalidEvent):
        event(causes=(text,))


def test_a_cause_needs_an_id() -> None:
    with pytest.raises(InvalidEvent):
        cause(CauseKind.RULE, "")


def test_an_event_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(InvalidEvent, match=r"lead\.exploded"):
        event("lead.exploded")


def test_an_event_needs_a_time_with_an_offset() -> None:
    with pytest.raises(InvalidEvent, match="offset"):
        replace(event(), at=datetime(2026, 11, 23))  # noqa: DTZ001  the naive time is the point


def test_an_event_without_changes_has_none() -> None:
    assert replace(event(), data={}).changes == {}
    assert replace(event(), data={"changes": [1]}).changes == {}
    assert event(changes={"status": ["todo", "won"]}).changes == {"status": ["todo", "won"]}
    assert event().at == AT
    assert event().subject_type is SubjectKind.LEAD


@pytest.mark.parametrize(
    "actor", [Actor(ActorKind.USER, "u1", "Anna"), Actor(ActorKind.RULE, "r1"), Actor(ActorKind.SYSTEM)]
)
def test_actors_survive_being_stored(actor: Actor) -> None:
    assert actor_from_json(actor.to_json()) == actor


def test_an_unknown_kind_of_actor_is_refused() -> None:
    with pytest.raises(InvalidEvent):
        actor_from_json({"kind": "ghost"})


@pytest.mark.parametrize("pattern", ["lead.created", "lead.*", "lead.email.*", "*"])
def test_filters_that_are_taken(pattern: str) -> None:
    assert filter_problem(pattern) is None


@pytest.mark.parametrize(
    "pattern", ["", "lead", "lead.", "leads.*", "lead.*.sent", "*.created", "lead.create*", ".*"]
)
def test_filters_that_are_refused(pattern: str) -> None:
    assert filter_problem(pattern) is not None


def test_what_filters_match() -> None:
    assert filter_matches(["lead.*"], "lead.email.sent")
    assert filter_matches(["source.silent", "*"], "system.warning")
    assert not filter_matches(["lead.email.*"], "lead.created")
    assert not filter_matches([], "lead.created")
    assert expand_filters(["lead.email.*", "user.created"]) == {
        "lead.email.received",
        "lead.email.sent",
        "lead.email.withdrawn",
        "user.created",
    }
    assert expand_filters(["*"]) == set(EVENT_TYPES)
