"""Actions: their JSON, the effects they become, what is refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from rules.actions import (
    ACTIONS,
    CARRIED_OUT,
    action_name,
    changes_lead,
    effect_from_json,
    effect_to_json,
    read_action,
)
from rules.effects import (
    AddTag,
    Assign,
    CallWebhook,
    Choose,
    Comment,
    Effect,
    How,
    Notify,
    NotifyTo,
    RemoveTag,
    SetAmount,
    SetField,
    SetNextAction,
    SetPipeline,
    SetStatus,
    SetStep,
    Star,
    Trash,
)
from rules.exceptions import InvalidRule
from rules.reading import Node

# action JSON, effect, canonical JSON where it differs
CASES: list[tuple[dict[str, Any], Effect, dict[str, Any] | None]] = [
    ({"do": "add_tag", "tag": " web "}, AddTag("web"), {"do": "add_tag", "tag": "web"}),
    ({"do": "remove_tag", "tag": "web"}, RemoveTag("web"), None),
    ({"do": "assign", "how": "user", "user_id": "u1"}, Assign(Choose(How.USER, ("u1",))), None),
    (
        {"do": "assign", "user": "u1"},
        Assign(Choose(How.USER, ("u1",))),
        {"do": "assign", "how": "user", "user_id": "u1"},
    ),
    (
        {"do": "assign", "users": ["u1"]},
        Assign(Choose(How.USER, ("u1",))),
        {"do": "assign", "how": "user", "user_id": "u1"},
    ),
    (
        {"do": "assign", "how": "round_robin", "users": ["u2", "u1", "u2"]},
        Assign(Choose(How.ROUND_ROBIN, ("u2", "u1"))),
        {"do": "assign", "how": "round_robin", "users": ["u2", "u1"]},
    ),
    ({"do": "assign", "how": "random", "users": ["u1"]}, Assign(Choose(How.RANDOM, ("u1",))), None),
    ({"do": "assign", "how": "team", "team_id": "t1"}, Assign(Choose(How.TEAM, team_id="t1")), None),
    ({"do": "set_status", "status": "standby"}, SetStatus("standby"), None),
    ({"do": "set_step", "step": "s1"}, SetStep("s1"), None),
    ({"do": "set_pipeline", "pipeline": "p1"}, SetPipeline("p1"), None),
    ({"do": "set_amount", "amount": 12}, SetAmount(Decimal(12)), None),
    (
        {"do": "set_amount", "amount": 99_999_999_999.1234, "currency": "eur"},
        SetAmount(Decimal("99999999999.1234"), "EUR"),
        {"do": "set_amount", "amount": 99_999_999_999.1234, "currency": "EUR"},
    ),
    ({"do": "set_next_action", "in": "2d"}, SetNextAction(after=timedelta(days=2)), None),
    (
        {"do": "set_next_action", "in": "14d"},
        SetNextAction(after=timedelta(weeks=2)),
        {"do": "set_next_action", "in": "2w"},
    ),
    (
        {"do": "set_next_action", "at": "2026-12-24T09:00:00+00:00"},
        SetNextAction(at=datetime(2026, 12, 24, 9, tzinfo=UTC)),
        None,
    ),
    ({"do": "set_field", "field": "budget", "value": "5000"}, SetField("budget", "5000"), None),
    (
        {"do": "set_field", "field": "lead.fields.budget", "value": 1.5},
        SetField("budget", 1.5),
        {"do": "set_field", "field": "budget", "value": 1.5},
    ),
    ({"do": "set_field", "field": "vip", "value": True}, SetField("vip", True), None),
    ({"do": "set_field", "field": "vip", "value": None}, SetField("vip", None), None),
    ({"do": "star"}, Star(True), {"do": "star", "starred": True}),
    ({"do": "star", "starred": False}, Star(False), None),
    ({"do": "comment", "text": "two\nlines"}, Comment("two\nlines"), None),
    ({"do": "trash"}, Trash(), None),
    ({"do": "notify", "to": "owner"}, Notify(NotifyTo.OWNER), None),
    ({"do": "notify", "to": "team_manager", "template": "t"}, Notify(NotifyTo.TEAM_MANAGER, None, "t"), None),
    ({"do": "notify", "to": "user", "user_id": "u1"}, Notify(NotifyTo.USER, "u1"), None),
    ({"do": "notify", "to": "team", "team_id": "t1"}, Notify(NotifyTo.TEAM, "t1"), None),
    (
        {"do": "notify", "to": "address", "address": "a@b.example"},
        Notify(NotifyTo.ADDRESS, "a@b.example"),
        None,
    ),
    ({"do": "webhook", "webhook_id": "w1"}, CallWebhook("w1"), None),
]


@pytest.mark.parametrize(("json", "effect", "canonical"), CASES)
def test_actions_become_effects_and_back(json: Any, effect: Effect, canonical: Any) -> None:
    read = read_action(Node(json, "then[0]"), refuse_unavailable=False)
    assert read == effect
    assert effect_to_json(effect) == (canonical or json)
    assert effect_from_json(effect_to_json(effect)) == effect


def test_every_effect_has_its_action() -> None:
    assert {entry.effect for entry in ACTIONS.values()} == set(get_args(Effect))
    assert {type(effect) for _, effect, _ in CASES} == set(get_args(Effect))
    assert set(ACTIONS) >= CARRIED_OUT


def test_what_is_not_carried_out_yet_is_refused_and_not_accepted_silently() -> None:
    for json, effect, _ in CASES:
        node = Node(json, "then[0]")
        by_team = isinstance(effect, Assign) and effect.choose.how is How.TEAM
        if action_name(effect) in CARRIED_OUT and not by_team:
            assert read_action(node) == effect
            continue
        with pytest.raises(InvalidRule, match="not available yet") as refused:
            read_action(node)
        assert refused.value.place == ("then[0].how" if by_team else "then[0].do")


def test_which_effects_need_a_lead() -> None:
    assert changes_lead(AddTag("x"))
    assert not changes_lead(CallWebhook("w"))
    assert not changes_lead(Notify(NotifyTo.OWNER))


@pytest.mark.parametrize(
    ("json", "place", "reason"),
    [
        (None, "then[0]", "object"),
        ({}, "then[0].do", "missing"),
        ({"do": "explode"}, "then[0].do", "one of"),
        ({"do": ["add_tag"]}, "then[0].do", "one of"),
        ({"do": "add_tag"}, "then[0].tag", "missing"),
        ({"do": "add_tag", "tag": ""}, "then[0].tag", "empty"),
        ({"do": "add_tag", "tag": "x" * 101}, "then[0].tag", "longer"),
        ({"do": "add_tag", "tag": "x", "tags": []}, "then[0].tags", "not known"),
        ({"do": "trash", "sure": True}, "then[0].sure", "not known"),
        ({"do": "assign"}, "then[0].users", "missing"),
        ({"do": "assign", "how": "lottery", "users": ["u"]}, "then[0].how", "one of"),
        ({"do": "assign", "how": "random", "users": []}, "then[0].users", "empty"),
        ({"do": "assign", "how": "random", "users": ["u", 1]}, "then[0].users[1]", "text"),
        ({"do": "assign", "how": "random", "users": ["u"], "user_id": "v"}, "then[0].user_id", "not known"),
        ({"do": "assign", "user_id": "u", "user": "v"}, "then[0].user", "not known"),
        ({"do": "assign", "how": "team"}, "then[0].team_id", "missing"),
        ({"do": "assign", "users": ["u", "v"]}, "then[0].users", "exactly one"),
        ({"do": "set_status", "status": "open"}, "then[0].status", "one of"),
        ({"do": "set_amount", "amount": -1}, "then[0].amount", "amount of money"),
        ({"do": "set_amount", "amount": 1e14}, "then[0].amount", "amount of money"),
        ({"do": "set_amount", "amount": 1.00001}, "then[0].amount", "amount of money"),
        ({"do": "set_amount", "amount": 1, "currency": "E1R"}, "then[0].currency", "three letters"),
        ({"do": "set_next_action"}, "then[0]", "either at"),
        ({"do": "set_next_action", "at": "2026-01-01", "in": "1d"}, "then[0]", "either at"),
        ({"do": "set_field", "field": "x", "value": []}, "then[0].value", "number"),
        ({"do": "star", "starred": 1}, "then[0].starred", "true or false"),
        ({"do": "comment", "text": "x" * 10_001}, "then[0].text", "longer"),
        ({"do": "notify", "to": "everybody"}, "then[0].to", "one of"),
        ({"do": "notify", "to": "user"}, "then[0].user_id", "missing"),
        ({"do": "notify", "to": "owner", "user_id": "u"}, "then[0].user_id", "not known"),
        ({"do": "notify", "to": "address", "address": "nobody"}, "then[0].address", "e-mail"),
        ({"do": "webhook", "webhook_id": 5}, "then[0].webhook_id", "text"),
    ],
)
def test_actions_that_are_refused_name_the_place(json: Any, place: str, reason: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        read_action(Node(json, "then[0]"), refuse_unavailable=False)
    assert refused.value.place == place
    assert reason in refused.value.reason
