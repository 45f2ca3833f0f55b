"""Conditions that are no conditions: refused with the place and the reason, and bounded."""

from typing import Any

import pytest

from rules.conditions import read_condition
from rules.exceptions import InvalidRule
from rules.reading import Node
from tests.rules.examples import YES, check, holds


@pytest.mark.parametrize(
    ("condition", "place", "reason"),
    [
        ([], "if", "object"),
        (None, "if", "object"),
        ({"all": {}}, "if.all", "list"),
        ({"all": [], "any": []}, "if", "one of all, any, none"),
        ({"every": []}, "if.every", "not known"),
        ({"any": []}, "if.any", "empty"),
        ({"all": ["x"]}, "if.all[0]", "object"),
        ({"all": [{"field": "lead.title"}]}, "if.all[0].op", "missing"),
        ({"all": [{"op": "is", "value": 1}]}, "if.all[0].field", "missing"),
        ({"all": [{"field": "lead.title", "op": "is"}]}, "if.all[0].value", "missing"),
        ({"all": [check("lead.titel", "is", "x")]}, "if.all[0].field", "did you mean lead.title?"),
        ({"all": [check("zzz", "is", "x")]}, "if.all[0].field", "known are"),
        ({"all": [check("lead.fields.", "is", "x")]}, "if.all[0].field", "not a field"),
        ({"all": [YES, check("lead.title", "gt", 1)]}, "if.all[1].op", "does not fit"),
        ({"all": [YES, check("lead.title", "like", "x")]}, "if.all[1].op", "one of"),
        ({"all": [YES, {"field": "lead.title", "op": [], "value": 1}]}, "if.all[1].op", "one of"),
        ({"all": [YES, {"field": {}, "op": "is", "value": 1}]}, "if.all[1].field", "text"),
        (check("lead.title", "is", 5), "if.value", "text"),
        (check("lead.title", "is", " "), "if.value", "empty"),
        (check("lead.title", "is", "a\x00"), "if.value", "control"),
        (check("lead.title", "contains", "\ud800"), "if.value", "surrogate"),
        (check("lead.title", "is", "x" * 1001), "if.value", "longer"),
        (check("lead.title", "one_of", []), "if.value", "empty"),
        (check("lead.title", "one_of", ["a", 1]), "if.value[1]", "text"),
        (check("lead.title", "matches", "("), "if.value", "RE2"),
        (check("lead.title", "matches", r"(a)\1"), "if.value", "RE2"),
        (check("lead.title", "matches", "(?=a)"), "if.value", "RE2"),
        (check("lead.title", "matches", "((a{1,100}){1,100}){1,100}"), "if.value", "RE2"),
        (check("lead.title", "matches", "a" * 501), "if.value", "longer"),
        (check("lead.status", "is", "open"), "if.value", "one of cancelled"),
        (check("lead.status", "one_of", ["won", "open"]), "if.value[1]", "one of cancelled"),
        (check("message.direction", "is", "sideways"), "if.value", "one of in, out"),
        (check("lead.amount", "gt", "1"), "if.value", "number"),
        (check("lead.amount", "gt", True), "if.value", "number"),
        (check("lead.amount", "gt", float("nan")), "if.value", "size"),
        (check("lead.amount", "gt", 10**400), "if.value", "size"),
        (check("lead.starred", "is", "yes"), "if.value", "true or false"),
        (check("lead.created_at", "before", "soon"), "if.value", "time"),
        (check("lead.created_at", "before", "2026-11-23T08:00:00"), "if.value", "offset"),
        (check("lead.created_at", "within_last", "2 days"), "if.value", "duration"),
        (check("lead.created_at", "within_last", "0d"), "if.value", "duration"),
        (check("lead.created_at", "within_last", "٣d"), "if.value", "duration"),
        (check("message.subject", "changed_to", "x"), "if.value", "no changes"),
        (check("lead.title", "changed_to", 1), "if.value", "text or null"),
        (check("lead.title", "is_set", "yes"), "if.value", "true or false"),
        (check("lead.title", "is", "x") | {"values": 1}, "if.values", "not known"),
    ],
)
def test_conditions_that_are_refused_name_the_place(condition: Any, place: str, reason: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        read_condition(Node(condition, "if"))
    assert refused.value.place == place
    assert reason in refused.value.reason


def test_nesting_and_number_are_bounded() -> None:
    deep: Any = YES
    for _ in range(10):
        deep = {"all": [deep]}
    assert holds(deep)
    with pytest.raises(InvalidRule, match="levels"):
        read_condition(Node({"all": [deep]}, "if"))
    wide = {"all": [{"all": [YES] * 150}, {"all": [YES] * 51}]}
    with pytest.raises(InvalidRule, match="200 conditions"):
        read_condition(Node(wide, "if"))
