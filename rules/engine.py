"""evaluate(event, facts, rules) -> Outcome: what the rules make of one event. Pure, repeatable, in order.

- All rules see the same facts; the effects of one are not seen by the next.
- A rule that already stands in the event's chain of causes is skipped, and so is every rule once the chain
  holds `DEEPEST_CHAIN` rules: rules that set each other off come to a halt.
- A rule that matches and says *stop* ends the row; a rule in error does not.
- A rule that cannot be evaluated is in error, whatever went wrong; it never counts as no match.

Cost: rules are indexed by event type, and within a type by a condition that decides them alone (a top-level
`is`, `one_of` or a tag), so a thousand rules of which few can match cost about as much as those few. Hence
`Outcome.plans` holds only what is worth storing one by one (matched, skipped, error); `Outcome.all_plans()`
explains the others too, with full traces, for the receipt and the dry run. Keep a `RuleSet` as long as the
rules stay the same: building it is what costs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.conditions import Check, Condition, Group, TraceLine
from rules.event import JSON, Event
from rules.fields import Facts, Field
from rules.plan import Plan, Reason, Verdict
from rules.rule import Rule

DEEPEST_CHAIN = 5


class RuleSet:
    """An account's rules in their order, indexed. Disabled rules are kept but listen to nothing."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._listeners: dict[str, Listeners] = {}

    def listeners(self, event_type: str) -> "Listeners":
        """The enabled rules for this type of event, in order."""
        found = self._listeners.get(event_type)
        if found is None:
            found = self._listeners[event_type] = Listeners(
                [rule for rule in self.rules if rule.listens_to(event_type)]
            )
        return found


class Listeners:
    """The rules that listen to one type of event, with those set apart that one look-up can rule out."""

    __slots__ = ("_always", "_gated", "_positions", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._positions = {rule.id: position for position, rule in enumerate(self.rules) if rule.id}
        self._always: list[int] = []
        self._gated: dict[str, tuple[Field, dict[str, list[int]]]] = {}
        gates = [() if rule.broken else tuple(_gates(rule.condition)) for rule in self.rules]
        crowd = Counter(key for checks in gates for check in checks for key in _keys(check))
        for position, checks in enumerate(gates):
            if not checks:
                self._always.append(position)
                continue
            gate = min(checks, key=lambda check: sum(crowd[key] for key in _keys(check)))
            _, by_text = self._gated.setdefault(gate.field.name, (gate.field, {}))
            for _, text in _keys(gate):
                by_text.setdefault(text, []).append(position)

    def candidates(self, facts: Facts, chain: Sequence[str]) -> list[int]:
        """The positions of the rules that could match, be skipped or be in error; the others cannot match."""
        found = set(self._always)
        for field, by_text in self._gated.values():
            try:
                for text in facts.texts(field):
                    found.update(by_text.get(text, ()))
            except Exception:  # noqa: BLE001  each of these rules meets it again and puts it on its plan
                found.update(*by_text.values())
        found.update(self._positions[rule_id] for rule_id in chain if rule_id in self._positions)
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules make of one event. `stopped_by` is the rule that matched and ended the row, or None."""

    event: Event
    stopped_by: Rule | None
    _plans: Mapping[int, Plan]
    _listeners: Listeners
    _facts: Facts

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans worth storing one by one: matched, skipped for a loop, error; in the rules' order."""
        return tuple(self._plans.values())

    def all_plans(self) -> Iterator[Plan]:
        """A plan for each rule that listens, in order: also no_match, and skipped after a stop."""
        stopped = False
        for position, rule in enumerate(self._listeners.rules):
            if stopped:
                yield _without_effects(rule, Verdict.SKIPPED, Reason.STOPPED, "An earlier rule ended the row")
            else:
                yield self._plans.get(position) or _evaluated(rule, self._facts)
                stopped = rule is self.stopped_by


def evaluate(event: Event, facts: Mapping[str, object], rules: RuleSet | Sequence[Rule]) -> Outcome:
    """What `rules`, in this order, intend on `event`, given the snapshot `facts` (shape: `rules.fields`).

    Pass a `RuleSet` kept from earlier where there is one; any other sequence is indexed anew.
    Raises nothing for what rules or facts contain.
    """
    listeners = (rules if isinstance(rules, RuleSet) else RuleSet(rules)).listeners(event.type)
    view = Facts(event, facts)
    chain = event.rules_in_chain
    if len(chain) >= DEEPEST_CHAIN:
        halted = {place: _halted(rule, event, Reason.TOO_DEEP) for place, rule in enumerate(listeners.rules)}
        return Outcome(event, None, halted, listeners, view)
    plans: dict[int, Plan] = {}
    for position in listeners.candidates(view, chain):
        rule = listeners.rules[position]
        if rule.id in chain:
            plans[position] = _halted(rule, event, Reason.LOOP)
            continue
        if rule.broken is None and _surely_not(rule, view):
            continue
        plan = _evaluated(rule, view)
        if plan.verdict is Verdict.NO_MATCH:
            continue
        plans[position] = plan
        if plan.verdict is Verdict.MATCHED and rule.stop:
            return Outcome(event, rule, plans, listeners, view)
    return Outcome(event, None, plans, listeners, view)


def _surely_not(rule: Rule, facts: Facts) -> bool:
    try:
        return not rule.condition.test(facts)
    except Exception:  # noqa: BLE001  `_evaluated` meets it again and puts it on the plan
        return False


def _evaluated(rule: Rule, facts: Facts) -> Plan:
    if rule.broken is not None:
        return _without_effects(rule, Verdict.ERROR, Reason.BROKEN, f"The rule cannot be read: {rule.broken}")
    lines: list[TraceLine] = []
    try:
        holds, distance = rule.condition.explain(facts, lines)
    except Exception as fault:  # noqa: BLE001  whatever it is must show on the rule, not count as no match
        sentence = f"The rule could not be evaluated: {type(fault).__name__}"
        return _without_effects(rule, Verdict.ERROR, Reason.FAULT, sentence, tuple(lines))
    if holds:
        return Plan(rule.id, rule.version, rule.name, Verdict.MATCHED, tuple(lines), rule.effects)
    if holds is None:
        sentence = "; ".join(line.error for line in lines if line.error)
        return _without_effects(rule, Verdict.ERROR, Reason.UNDECIDED, sentence, tuple(lines))
    return Plan(rule.id, rule.version, rule.name, Verdict.NO_MATCH, tuple(lines), distance=distance)


_HALTED = {
    Reason.LOOP: "This rule is among the causes of the event",
    Reason.TOO_DEEP: f"{DEEPEST_CHAIN} rules have set each other off already",
}


def _halted(rule: Rule, event: Event, reason: Reason) -> Plan:
    line = TraceLine(
        place="causes",
        field="event.causes",
        op="is_not",
        value=f"rule:{rule.id}",
        actual=list[JSON](event.causes),
        ok=False,
        error=_HALTED[reason],
    )
    return _without_effects(rule, Verdict.SKIPPED, reason, _HALTED[reason], (line,))


def _without_effects(
    rule: Rule, verdict: Verdict, reason: Reason, sentence: str, trace: tuple[TraceLine, ...] = ()
) -> Plan:
    return Plan(rule.id, rule.version, rule.name, verdict, trace, reason=reason, sentence=sentence)


def _gates(condition: Condition) -> Iterator[Check]:
    """The checks without which the condition cannot hold and which one look-up decides."""
    if isinstance(condition, Check):
        if condition.equals is not None:
            yield condition
    elif isinstance(condition, Group) and condition.kind == "all":
        for member in condition.members:
            yield from _gates(member)


def _keys(check: Check) -> Iterator[tuple[str, str]]:
    return ((check.field.name, text) for text in check.equals or ())
