"""Groups of conditions, as a rule's `if` uses them: what they decide, and what their trace shows."""

from decimal import Decimal
from typing import Any

import pytest

from rules.conditions import TraceLine, read_condition, trace_from_json
from rules.event import JSON
from rules.exceptions import CannotEvaluate
from rules.reading import Node
from tests.rules.examples import NO, YES, check, facts, holds, view


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"all": []}, True),
        ({"none": []}, True),
        ({"all": [check("lead.number", "is", 17), check("lead.status", "is", "todo")]}, True),
        ({"all": [check("lead.number", "is", 17), check("lead.status", "is", "won")]}, False),
        ({"any": [check("lead.number", "is", 1), check("lead.status", "is", "todo")]}, True),
        ({"any": [check("lead.number", "is", 1), check("lead.status", "is", "won")]}, False),
        ({"none": [check("lead.number", "is", 1), check("lead.status", "is", "won")]}, True),
        ({"none": [check("lead.number", "is", 17), check("lead.status", "is", "won")]}, False),
        ({"all": [{"any": [{"none": [check("lead.number", "is", 1)]}]}]}, True),
        (check("lead.number", "is", 17), True),
    ],
)
def test_groups(condition: Any, expected: bool) -> None:
    read = read_condition(Node(condition, "if"))
    assert read.test(view()) is expected
    assert read.explain(view(), [])[0] is expected


BROKEN = check("lead.amount", "gt", 1)
"""Cannot be decided where the amount is no number."""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (BROKEN, None),
        ({"all": [YES, BROKEN]}, None),
        ({"all": [BROKEN, NO]}, False),
        ({"any": [BROKEN, YES]}, True),
        ({"any": [BROKEN, NO]}, None),
        ({"none": [BROKEN, YES]}, False),
        ({"none": [BROKEN, NO]}, None),
        ({"all": [{"any": [BROKEN, YES]}, YES]}, True),
    ],
)
def test_a_fact_that_cannot_be_compared_leaves_the_rest_to_decide(
    condition: Any, expected: bool | None
) -> None:
    given = facts()
    given["lead"]["amount"] = "a lot"
    lines: list[TraceLine] = []
    assert read_condition(Node(condition, "if")).explain(view(given=given), lines)[0] is expected
    assert [line.error for line in lines if line.ok is None] == ["lead.amount is not a number"]


@pytest.mark.parametrize(
    ("path", "value", "condition"),
    [
        ("amount", "NaN", check("lead.amount", "gt", 1)),
        ("amount", Decimal("sNaN"), check("lead.amount", "lt", 1)),
        ("amount", float("inf"), check("lead.amount", "gt", 1)),
        ("amount", True, check("lead.amount", "gt", 0)),
        ("amount", [], check("lead.amount", "is", 0)),
        ("created_at", "yesterday", check("lead.created_at", "before", "2026-01-01")),
        ("created_at", "2026-11-23T08:00:00", check("lead.created_at", "within_last", "1d")),
        ("created_at", 17, check("lead.created_at", "after", "2026-01-01")),
        ("title", {"a": 1}, check("lead.title", "is", "x")),
        ("title", "x" * 1_048_577, check("lead.title", "matches", "y")),
        ("owner", "u1", check("lead.owner.name", "is", "Anna")),
        ("tags", "web", {"all": [check("message.attachments", "is", "x")]}),
    ],
)
def test_facts_of_the_wrong_type_are_errors(path: str, value: Any, condition: Any) -> None:
    given = facts()
    given["lead"][path] = value
    given["message"]["attachments"] = "x" if path == "tags" else []
    with pytest.raises(CannotEvaluate):
        holds(condition, given=given)


def test_a_change_that_is_no_pair_is_an_error() -> None:
    with pytest.raises(CannotEvaluate, match="old, new"):
        holds(check("lead.status", "changed_to", "won"), {"status": "won"})


def test_the_trace_shows_what_was_there_bounded() -> None:
    given = facts()
    given["message"]["text"] = "x" * 100_000
    given["lead"]["tags"] = [f"t{number}" for number in range(100)]
    lines: list[TraceLine] = []
    condition = {"all": [check("message.text", "contains", "y"), check("lead.tags", "is", "z")]}
    read_condition(Node(condition, "if")).explain(view(given=given), lines)
    assert lines[0].actual == "x" * 200 + "…"
    shown = lines[1].actual
    assert isinstance(shown, list)
    assert len(shown) == 21


def test_places_in_the_trace_lead_back_to_the_rule() -> None:
    lines: list[TraceLine] = []
    condition = {"all": [YES, {"any": [NO, {"none": [NO]}]}]}
    read_condition(Node(condition, "if")).explain(view(), lines)
    assert [line.place for line in lines] == ["if.all[0]", "if.all[1].any[0]", "if.all[1].any[1].none[0]"]


@pytest.mark.parametrize(
    ("condition", "distance"),
    [
        ({"all": [YES, NO]}, 1),
        ({"all": [NO, NO, YES]}, 2),
        ({"any": [{"all": [NO, NO]}, {"all": [YES, NO]}]}, 1),
        ({"none": [YES, YES, NO]}, 2),
        ({"all": [YES]}, 0),
    ],
)
def test_how_far_from_a_match(condition: Any, distance: int) -> None:
    assert read_condition(Node(condition, "if")).explain(view(), [])[1] == distance


def test_trace_lines_survive_being_stored() -> None:
    actual: JSON = ["a", None]
    for ok, error in ((True, None), (False, None), (None, "why")):
        line = TraceLine("if.all[0]", "lead.tags", "is", "x", actual, ok, error)
        assert trace_from_json(Node(line.to_json())) == line
