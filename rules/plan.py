"""What evaluating one rule on one event gave, as it is stored: verdict, trace, intended effects.

A plan is stored once per (event, rule) and carried out from the store, by (event, rule, action index); the
action index is the position in `effects`. It stays readable when the rule is changed or deleted later.
"""

from dataclasses import dataclass
from enum import StrEnum

from rules.actions import effect_from_json, effect_to_json
from rules.conditions import TraceLine, trace_from_json
from rules.effects import Effect
from rules.event import JSON
from rules.exceptions import InvalidRule
from rules.reading import Node


class Verdict(StrEnum):
    """Exactly one of these for each rule that listens to the event."""

    MATCHED = "matched"
    NO_MATCH = "no_match"
    SKIPPED = "skipped"
    ERROR = "error"


class Reason(StrEnum):
    """Why a rule was skipped or is in error."""

    LOOP = "loop"  # it already stands in the event's causes
    TOO_DEEP = "too_deep"  # the chain of rules is as long as allowed
    STOPPED = "stopped"  # an earlier rule said stop
    UNDECIDED = "undecided"  # a fact could not be compared
    BROKEN = "broken"  # the stored rule can no longer be read
    FAULT = "fault"  # our own fault while evaluating


@dataclass(frozen=True, slots=True)
class Plan:
    """`effects` is empty unless matched. `sentence` says in plain words why it was skipped or is in error.

    `distance`: how many conditions would have to come out otherwise for the rule to match; 0 unless no_match.
    """

    rule_id: str
    rule_version: int
    rule_name: str
    verdict: Verdict
    trace: tuple[TraceLine, ...] = ()
    effects: tuple[Effect, ...] = ()
    reason: Reason | None = None
    sentence: str | None = None
    distance: int = 0

    @property
    def is_near_miss(self) -> bool:
        """One condition short of a match, while at least one other held."""
        return self.verdict is Verdict.NO_MATCH and self.distance == 1 and any(line.ok for line in self.trace)


def plan_to_json(plan: Plan) -> dict[str, JSON]:
    """The stored form."""
    return {
        "rule_id": plan.rule_id,
        "rule_version": plan.rule_version,
        "rule_name": plan.rule_name,
        "verdict": plan.verdict.value,
        "reason": None if plan.reason is None else plan.reason.value,
        "sentence": plan.sentence,
        "distance": plan.distance,
        "trace": [line.to_json() for line in plan.trace],
        "actions": [effect_to_json(effect) for effect in plan.effects],
    }


_MEMBERS = frozenset(
    {"rule_id", "rule_version", "rule_name", "verdict", "reason", "sentence", "distance", "trace", "actions"}
)


def plan_from_json(value: object) -> Plan:
    """The way back from `plan_to_json`; raises InvalidRule if it is not one."""
    members = Node(value).members(_MEMBERS, _MEMBERS)
    reason, sentence = members["reason"], members["sentence"]
    try:
        return Plan(
            rule_id=str(members["rule_id"].value),
            rule_version=int(members["rule_version"].number()),
            rule_name=str(members["rule_name"].value),
            verdict=Verdict(members["verdict"].choice({verdict.value for verdict in Verdict})),
            trace=tuple(trace_from_json(line) for line in members["trace"].items(most=1_000)),
            effects=tuple(effect_from_json(item.value) for item in members["actions"].items(most=1_000)),
            reason=None if reason.value is None else Reason(reason.choice({word.value for word in Reason})),
            sentence=None if sentence.value is None else str(sentence.value),
            distance=int(members["distance"].number()),
        )
    except ValueError as fault:
        raise InvalidRule("", str(fault)) from fault
