"""Evaluating: order, stop, loops, errors, the index, and that it stays pure."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rules.effects import AddTag
from rules.engine import DEEPEST_CHAIN, Outcome, RuleSet, evaluate
from rules.exceptions import InvalidRule
from rules.fields import Facts
from rules.plan import Plan, Reason, Verdict, plan_from_json, plan_to_json
from rules.rule import Rule, load_rule
from tests.rules.examples import check, event, facts, rule

YES, NO = check("lead.number", "is", 17), check("lead.number", "is", 1)


def summary(outcome: Outcome) -> list[tuple[str, Verdict, Reason | None]]:
    return [(plan.rule_id, plan.verdict, plan.reason) for plan in outcome.all_plans()]


def test_a_match_gives_effects_and_the_whole_trace() -> None:
    condition = {"any": [YES, check("lead.title", "contains", "Jörg"), check("lead.amount", "gt", 1e9)]}
    (plan,) = evaluate(event(), facts(), [rule(condition)]).plans
    assert (plan.verdict, plan.effects, plan.reason) == (Verdict.MATCHED, (AddTag("x"),), None)
    assert [(line.ok, line.actual) for line in plan.trace] == [
        (True, 17),
        (True, "Anfrage von Jörg Weiß"),
        (False, 1200.5),
    ]


def test_rules_are_taken_in_order_and_all_see_the_same_facts() -> None:
    tags = check("lead.tags", "contains", "x")  # the tag that every rule would add
    outcome = evaluate(event(), facts(), [rule(YES, "r1"), rule(tags, "r2"), rule(YES, "r3")])
    assert summary(outcome) == [
        ("r1", Verdict.MATCHED, None),
        ("r2", Verdict.NO_MATCH, None),
        ("r3", Verdict.MATCHED, None),
    ]
    assert [plan.rule_id for plan in outcome.plans] == ["r1", "r3"]
    assert outcome.stopped_by is None


def test_stop_ends_the_row_only_for_a_rule_that_matches() -> None:
    rules = [
        rule(NO, "r1", stop=True),
        rule(YES, "r2", stop=True),
        rule(YES, "r3"),
        rule(NO, "r4"),
    ]
    outcome = evaluate(event(), facts(), rules)
    assert summary(outcome) == [
        ("r1", Verdict.NO_MATCH, None),
        ("r2", Verdict.MATCHED, None),
        ("r3", Verdict.SKIPPED, Reason.STOPPED),
        ("r4", Verdict.SKIPPED, Reason.STOPPED),
    ]
    assert outcome.stopped_by is rules[1]
    assert [plan.rule_id for plan in outcome.plans] == ["r2"]


def test_only_enabled_rules_of_the_events_type_take_part() -> None:
    rules = [
        rule(rule_id="r1", events=["lead.updated"]),
        rule(rule_id="r2", enabled=False),
        rule(rule_id="r3", events=["lead.*"]),
    ]
    assert summary(evaluate(event(), facts(), rules)) == [("r3", Verdict.MATCHED, None)]


def test_a_rule_among_the_causes_is_skipped_with_a_line() -> None:
    causes = event().causes_of("r1")
    outcome = evaluate(event(causes=causes), facts(), [rule(NO, "r1"), rule(YES, "r2")])
    assert summary(outcome) == [("r1", Verdict.SKIPPED, Reason.LOOP), ("r2", Verdict.MATCHED, None)]
    (line,) = outcome.plans[0].trace
    assert (line.field, line.value, line.actual, line.ok) == ("event.causes", "rule:r1", list(causes), False)
    assert outcome.plans[0].effects == ()


def test_the_chain_of_rules_ends() -> None:
    chain: tuple[str, ...] = ("message:m1",)
    for number in range(DEEPEST_CHAIN):
        outcome = evaluate(event(causes=chain), facts(), [rule(rule_id="new"), rule(NO, "other")])
        assert summary(outcome)[0] == ("new", Verdict.MATCHED, None)
        chain = event(causes=chain).causes_of(f"r{number}")
    outcome = evaluate(event(causes=chain), facts(), [rule(rule_id="new"), rule(NO, "other")])
    assert summary(outcome) == [
        ("new", Verdict.SKIPPED, Reason.TOO_DEEP),
        ("other", Verdict.SKIPPED, Reason.TOO_DEEP),
    ]
    assert len(outcome.plans) == 2


def test_rules_that_set_each_other_off_halt() -> None:
    rules = RuleSet([rule(rule_id=f"r{number}", events=["*"]) for number in range(20)])
    waiting, fired = [event("lead.tagged")], 0
    while waiting:
        happened = waiting.pop()
        for plan in evaluate(happened, facts(), rules).plans:
            if plan.verdict is Verdict.MATCHED and plan.rule_id == f"r{happened.depth}":
                fired += 1
                waiting.append(replace(happened, id=f"e{fired}", causes=happened.causes_of(plan.rule_id)))
    assert fired == DEEPEST_CHAIN


def test_a_rule_that_cannot_be_decided_is_an_error_and_the_others_run() -> None:
    given_facts = facts()
    given_facts["lead"]["amount"] = "a lot"
    rules = [rule(check("lead.amount", "gt", 1), "r1", stop=True), rule(YES, "r2")]
    outcome = evaluate(event(), given_facts, rules)
    assert summary(outcome) == [("r1", Verdict.ERROR, Reason.UNDECIDED), ("r2", Verdict.MATCHED, None)]
    plan = outcome.plans[0]
    assert (plan.sentence, plan.effects) == ("lead.amount is not a number", ())
    assert plan.trace[0].ok is None


def test_facts_of_a_wrong_shape_are_errors_of_the_rules_that_look_at_them() -> None:
    rules = [rule(check("contact.name", "is", "x"), "r1"), rule(check("contact.name", "is_set"), "r2")]
    outcome = evaluate(event(), {"lead": {}, "contact": ["not", "a", "mapping"]}, rules)
    assert [plan.verdict for plan in outcome.plans] == [Verdict.ERROR, Verdict.ERROR]


def test_our_own_fault_is_an_error_too() -> None:
    class Trap(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            raise RuntimeError(key)

    rules = [rule(check("lead.title", "is", "x"), "r1"), rule(check("lead.title", "matches", "x"), "r2")]
    outcome = evaluate(event(), {"lead": Trap()}, rules)
    assert summary(outcome) == [("r1", Verdict.ERROR, Reason.FAULT), ("r2", Verdict.ERROR, Reason.FAULT)]
    assert outcome.plans[0].sentence == "The rule could not be evaluated: RuntimeError"


def test_a_stored_rule_that_cannot_be_read_is_an_error_on_its_events() -> None:
    broken = load_rule({"name": "old", "events": ["lead.created"], "then": []}, rule_id="r1", version=4)
    outcome = evaluate(event(), facts(), [broken, rule(YES, "r2")])
    assert summary(outcome) == [("r1", Verdict.ERROR, Reason.BROKEN), ("r2", Verdict.MATCHED, None)]
    assert outcome.plans[0].sentence == "The rule cannot be read: then: must not be empty"
    assert outcome.plans[0].rule_version == 4


def test_near_misses() -> None:
    plans = evaluate(
        event(), facts(), [rule({"all": [YES, NO]}), rule({"all": [NO, NO]}), rule(NO), rule({"all": [YES]})]
    ).all_plans()
    assert [(plan.is_near_miss, plan.distance) for plan in plans] == [
        (True, 1),
        (False, 2),
        (False, 1),
        (False, 0),
    ]


def test_plans_survive_being_stored() -> None:
    given_facts = facts()
    given_facts["lead"]["amount"] = "a lot"
    rules = [
        rule(YES, "r1"),
        rule(check("lead.amount", "gt", 1), "r2"),
        rule({"all": [YES, NO]}, "r3", stop=True),
    ]
    for plan in evaluate(event(), given_facts, rules).all_plans():
        assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


@pytest.mark.parametrize(
    "wreck", [None, {}, {**plan_to_json(Plan("r", 1, "n", Verdict.ERROR)), "verdict": "maybe"}]
)
def test_what_is_no_plan_is_refused(wreck: Any) -> None:
    with pytest.raises(InvalidRule):
        plan_from_json(wreck)


def test_evaluating_changes_nothing_and_repeats() -> None:
    given_facts, before = facts(), facts()
    rules = RuleSet([rule(YES, "r1"), rule(NO, "r2"), rule(check("lead.tags", "contains", "web"), "r3")])
    first = [*evaluate(event(), given_facts, rules).all_plans()]
    assert given_facts == before
    assert [*evaluate(event(), copy.deepcopy(given_facts), rules).all_plans()] == first


def test_rules_without_an_id_may_be_tried_too() -> None:
    unsaved = [rule(YES, ""), rule(NO, ""), rule(YES, "")]
    outcome = evaluate(event(causes=event().causes_of("r1")), facts(), unsaved)
    assert [plan.verdict for plan in outcome.all_plans()] == [
        Verdict.MATCHED,
        Verdict.NO_MATCH,
        Verdict.MATCHED,
    ]


# The index must never change what comes out: small rules, many of them with conditions that the index looks up.
CHECKS = some.sampled_from(
    [
        check("lead.source.kind", "is", "form"),
        check("lead.source.kind", "is", "bcc"),
        check("lead.source.kind", "one_of", ["bcc", "form"]),
        check("lead.tags", "contains", "web"),
        check("lead.tags", "is", "nothing"),
        check("lead.starred", "is", False),
        check("lead.fields.city", "is", "köln"),
        check("lead.owner.name", "is", "Anna"),
        check("lead.owner.name", "is_not", "Anna"),
        check("lead.amount", "gt", 1),
        check("contact.phone", "is", "030"),
    ]
)
CONDITIONS = some.recursive(
    CHECKS,
    lambda inner: some.tuples(
        some.sampled_from(["all", "any", "none"]), some.lists(inner, min_size=1, max_size=3)
    ).map(lambda pair: {pair[0]: pair[1]}),
    max_leaves=5,
)


@settings(deadline=None)
@given(some.lists(some.tuples(CONDITIONS, some.booleans()), max_size=6), some.booleans())
def test_the_index_changes_nothing(conditions: list[tuple[Any, bool]], broken_facts: bool) -> None:
    given_facts = facts()
    if broken_facts:
        given_facts["lead"] |= {"owner": "u1", "amount": "a lot"}
    rules = [rule(condition, f"r{number}", stop=stop) for number, (condition, stop) in enumerate(conditions)]
    outcome = evaluate(event(), given_facts, rules)
    telling = {Verdict.MATCHED: True, Verdict.ERROR: None}
    expected = [found for found in plain(rules, given_facts) if found[1] is not False]
    assert [(plan.rule_id, telling[plan.verdict]) for plan in outcome.plans] == expected
    assert [plan.rule_id for plan in outcome.all_plans()] == [one.id for one in rules]


def plain(rules: list[Rule], given_facts: dict[str, Any]) -> list[tuple[str, bool | None]]:
    """The same without an index: each rule in turn, up to the one that stops."""
    found = []
    for one in rules:
        holds, _ = one.condition.explain(Facts(event(), given_facts), [])
        found.append((one.id, holds))
        if holds and one.stop:
            break
    return found
