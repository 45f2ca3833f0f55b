"""A rule's JSON: read, refused, written back; and that nothing but InvalidRule ever comes out."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rules.actions import ACTIONS
from rules.effects import AddTag, Assign, CallWebhook, Choose, How, SetStatus
from rules.event import EVENT_TYPES
from rules.exceptions import InvalidRule
from rules.fields import FIELDS
from rules.operators import OPERATORS
from rules.rule import load_rule, parse_rule, rule_to_json

PRODUCT_EXAMPLE = {
    "name": "Web leads",
    "events": ["lead.created"],
    "if": {
        "all": [
            {"field": "lead.source.kind", "op": "is", "value": "form"},
            {"any": [{"field": "lead.amount", "op": "gt", "value": 1000}]},
        ]
    },
    "then": [
        {"do": "add_tag", "tag": "web"},
        {"do": "assign", "how": "round_robin", "users": ["u1", "u2"]},
        {"do": "webhook", "webhook_id": "w1"},
        {"do": "set_status", "status": "standby"},
    ],
    "stop": False,
    "enabled": True,
}
LEAST = {"name": "x", "events": ["lead.created"], "then": [{"do": "trash"}]}


def test_the_products_example_is_read_and_written_back() -> None:
    rule = parse_rule(PRODUCT_EXAMPLE, rule_id="r1", version=3)
    assert (rule.id, rule.version, rule.name, rule.events) == ("r1", 3, "Web leads", ("lead.created",))
    assert rule.effects == (
        AddTag("web"),
        Assign(Choose(How.ROUND_ROBIN, ("u1", "u2"))),
        CallWebhook("w1"),
        SetStatus("standby"),
    )
    assert (rule.stop, rule.enabled, rule.broken) == (False, True, None)
    assert rule_to_json(rule) == PRODUCT_EXAMPLE
    assert parse_rule(json.loads(json.dumps(rule_to_json(rule))), rule_id="r1", version=3) == rule


def test_what_may_be_left_out() -> None:
    rule = parse_rule(LEAST, refuse_unavailable=False)
    assert rule_to_json(rule) == {**LEAST, "if": {"all": []}, "stop": False, "enabled": True}


def test_waiting_is_understood_but_refused_until_it_works() -> None:
    waiting = {**LEAST, "after": "120m", "unless": ["lead.email.sent", "lead.commented"]}
    rule = parse_rule(waiting, refuse_unavailable=False)
    assert (rule.after, rule.unless) == (timedelta(hours=2), ("lead.email.sent", "lead.commented"))
    written = rule_to_json(rule)
    assert (written["after"], written["unless"]) == ("2h", ["lead.email.sent", "lead.commented"])
    assert parse_rule(written, refuse_unavailable=False) == rule
    with pytest.raises(InvalidRule, match="not available yet") as refused:
        parse_rule({**PRODUCT_EXAMPLE, "after": "2h"})
    assert refused.value.place == "after"


@pytest.mark.parametrize(
    ("members", "place", "reason"),
    [
        ({"name": None}, "name", "text"),
        ({"name": "  "}, "name", "empty"),
        ({"name": "x" * 201}, "name", "longer"),
        ({"events": []}, "events", "empty"),
        ({"events": "lead.created"}, "events", "list"),
        ({"events": ["lead.exploded"]}, "events[0]", "neither"),
        ({"events": ["lead.created", 5]}, "events[1]", "text"),
        ({"then": []}, "then", "empty"),
        ({"then": [{"do": "trash"}] * 51}, "then", "more than 50"),
        ({"then": [{"do": "trash"}, {"do": "x"}]}, "then[1].do", "one of"),
        ({"events": ["source.silent"]}, "then[0]", "none of the rule's events has one"),
        ({"if": {"all": [{"field": "lead.title", "op": "is"}]}}, "if.all[0].value", "missing"),
        ({"stop": "no"}, "stop", "true or false"),
        ({"enabled": 1}, "enabled", "true or false"),
        ({"after": "soon"}, "after", "duration"),
        ({"unless": ["lead.commented"]}, "unless", "together with after"),
        ({"after": "1h", "unless": ["lead.*"]}, "unless[0]", "event type"),
        ({"colour": "red"}, "colour", "not known"),
    ],
)
def test_rules_that_are_refused_name_the_place(members: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        parse_rule({**LEAST, **members}, refuse_unavailable=False)
    assert refused.value.place == place
    assert reason in refused.value.reason
    assert str(refused.value) == f"{place}: {refused.value.reason}"


@pytest.mark.parametrize("document", [None, [], "rule", 5, {}])
def test_what_is_no_rule_is_refused(document: Any) -> None:
    with pytest.raises(InvalidRule):
        parse_rule(document)


def test_filters_of_events() -> None:
    rule = parse_rule({**PRODUCT_EXAMPLE, "events": ["lead.email.*", "lead.created"]})
    assert rule.listens_to("lead.email.sent")
    assert rule.listens_to("lead.created")
    assert not rule.listens_to("lead.updated")
    off = parse_rule({**PRODUCT_EXAMPLE, "enabled": False})
    assert not off.listens_to("lead.created")


def test_a_webhook_needs_no_lead() -> None:
    rule = parse_rule({**LEAST, "events": ["source.silent"], "then": [{"do": "webhook", "webhook_id": "w"}]})
    assert rule.effects == (CallWebhook("w"),)


def test_a_stored_rule_that_can_no_longer_be_read_is_kept_as_broken() -> None:
    rule = load_rule({**PRODUCT_EXAMPLE, "then": [{"do": "teleport"}]}, rule_id="r1", version=2)
    assert rule.broken is not None
    assert rule.broken.startswith("then[0].do")
    assert (rule.id, rule.version, rule.name, rule.events) == ("r1", 2, "Web leads", ("lead.created",))
    assert rule.listens_to("lead.created")
    for wreck in (None, {"events": 5}, {"events": ["gone.type"]}):
        assert load_rule(wreck, rule_id="r1", version=1).events == ("*",)
    assert not load_rule({**LEAST, "then": 1, "enabled": False}, rule_id="r1", version=1).enabled


def test_a_stored_rule_that_can_be_read_is_that_rule() -> None:
    assert load_rule(PRODUCT_EXAMPLE, rule_id="r1", version=2) == parse_rule(
        PRODUCT_EXAMPLE, rule_id="r1", version=2
    )
    assert not load_rule(PRODUCT_EXAMPLE, rule_id="r1", version=2, enabled=False).enabled


# ------------------------------------------------------------------------------------------- whatever it is given
ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: (
        some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
ALMOST_CHECK = some.fixed_dictionaries(
    {
        "field": some.sampled_from([*FIELDS, "lead.fields.x"]) | ANY_JSON,
        "op": some.sampled_from(list(OPERATORS)) | ANY_JSON,
    },
    optional={"value": some.sampled_from(["2d", "todo", "in", "2026-01-01", "("]) | ANY_JSON},
)
ALMOST_IF = some.recursive(
    ALMOST_CHECK | ANY_JSON,
    lambda inner: some.dictionaries(some.sampled_from(["all", "any", "none"]), some.lists(inner, max_size=3)),
    max_leaves=8,
)
ALMOST_ACTION = some.sampled_from(list(ACTIONS)).flatmap(
    lambda name: some.fixed_dictionaries(
        {"do": some.just(name)},
        optional={
            key: some.sampled_from(["x", ["x"], "round_robin", "team", "1d", 1]) | ANY_JSON
            for key in sorted(ACTIONS[name].known | ACTIONS[name].needed)
        },
    )
)
ALMOST_RULE = some.fixed_dictionaries(
    {
        "name": some.text(min_size=1, max_size=30) | ANY_JSON,
        "events": some.lists(some.sampled_from(list(EVENT_TYPES)), min_size=1, max_size=3) | ANY_JSON,
        "then": some.lists(ALMOST_ACTION, max_size=3) | ANY_JSON,
    },
    optional={
        "if": ALMOST_IF,
        "stop": ANY_JSON,
        "enabled": some.booleans() | ANY_JSON,
        "after": some.just("2h") | ANY_JSON,
        "unless": some.just(["lead.commented"]) | ANY_JSON,
        "x": ANY_JSON,
    },
)


@settings(deadline=None)
@given(ALMOST_RULE | ANY_JSON, some.booleans())
def test_nothing_but_invalid_rule_comes_out(document: Any, refuse_unavailable: bool) -> None:
    try:
        rule = parse_rule(document, refuse_unavailable=refuse_unavailable)
    except InvalidRule as refused:
        f"{refused.place}{refused.reason}".encode()
    else:
        written = rule_to_json(rule)
        again = parse_rule(json.loads(json.dumps(written)), refuse_unavailable=refuse_unavailable)
        assert rule_to_json(again) == written
        assert again == rule


@settings(deadline=None)
@given(ALMOST_RULE | ANY_JSON)
def test_loading_never_fails(document: Any) -> None:
    assert load_rule(document, rule_id="r1", version=1).id == "r1"
