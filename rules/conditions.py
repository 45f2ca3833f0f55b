"""What a rule's `if` says: checks of single fields, and the groups all, any, none of them.

Deciding is three-valued (Kleene): True, False, or None for *cannot be decided* (a fact has the wrong type). A
group is only undecided if its decided members leave it open; so `all` with one false member is false whatever
the others are, and an undecided rule is never mistaken for one that does not match.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from difflib import get_close_matches
from types import MappingProxyType
from typing import Protocol, cast

from rules.event import JSON
from rules.exceptions import CannotEvaluate
from rules.fields import FIELDS, KEY_FIELD_PREFIX, Facts, Field, find_field
from rules.operators import OPERATORS, Test, shown_value
from rules.reading import Node

DEEPEST = 10
MOST_CHECKS = 200
LONGEST_GUESSED = 40


@dataclass(frozen=True, slots=True)
class TraceLine:
    """How one condition fared. `ok` is None where it could not be decided, and `error` says why."""

    place: str
    field: str
    op: str
    value: JSON
    actual: JSON
    ok: bool | None
    error: str | None = None

    def to_json(self) -> dict[str, JSON]:
        """As stored, and as the dry run answers (product §9)."""
        return {
            "place": self.place,
            "field": self.field,
            "op": self.op,
            "value": self.value,
            "actual": self.actual,
            "ok": self.ok,
            "error": self.error,
        }


class Condition(Protocol):
    """A check or a group."""

    @property
    def test(self) -> Test:
        """Whether it holds: the quick way, by shortcuts; raises CannotEvaluate on the first fact it cannot
        compare. A False from here is final; after an exception only `explain` tells."""
        ...

    def explain(self, facts: Facts, lines: list[TraceLine]) -> tuple[bool | None, int]:
        """Whether it holds, None if that is left open, looking at every check and adding its line.

        The second value: how many checks would have to come out otherwise for it to hold; 0 if it does.
        """
        ...

    def to_json(self) -> dict[str, JSON]:
        """The JSON it was read from, in its canonical form."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison of one field. `equals`: see `rules.operators.Compiled`."""

    place: str
    field: Field
    op: str
    value: JSON
    test: Test = attribute(compare=False, repr=False)
    equals: frozenset[str] | None = attribute(default=None, compare=False, repr=False)

    def explain(self, facts: Facts, lines: list[TraceLine]) -> tuple[bool | None, int]:
        """See Condition."""
        actual: JSON = None
        ok: bool | None = None
        error: str | None = None
        read = facts.change if OPERATORS[self.op].of_change else facts.raw
        try:
            actual = shown_value(read(self.field))
            ok = self.test(facts)
        except CannotEvaluate as fault:
            error = fault.reason
        lines.append(TraceLine(self.place, self.field.name, self.op, self.value, actual, ok, error))
        return ok, 0 if ok else 1

    def to_json(self) -> dict[str, JSON]:
        """See Condition."""
        return {"field": self.field.name, "op": self.op, "value": self.value}


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any` or `none` of its members. An empty `all` or `none` holds."""

    kind: str
    members: tuple[Condition, ...]
    test: Test = attribute(compare=False, repr=False)

    def explain(self, facts: Facts, lines: list[TraceLine]) -> tuple[bool | None, int]:
        """See Condition."""
        decisive, outcome = GROUPS[self.kind]
        found = [member.explain(facts, lines) for member in self.members]
        verdicts = [verdict for verdict, _ in found]
        ok = outcome if decisive in verdicts else None if None in verdicts else not outcome
        if ok:
            return ok, 0
        if self.kind == "any":
            return ok, min(distance for _, distance in found)
        if self.kind == "all":
            return ok, sum(distance for _, distance in found)
        return ok, sum(1 for verdict in verdicts if verdict is not False)

    def to_json(self) -> dict[str, JSON]:
        """See Condition."""
        return {self.kind: [member.to_json() for member in self.members]}


GROUPS: Mapping[str, tuple[bool, bool]] = MappingProxyType(
    {
        # kind: (the member's verdict that decides the group at once, what the group then is)
        "all": (False, False),
        "any": (True, True),
        "none": (True, False),
    }
)


def group(kind: str, members: Sequence[Condition]) -> Group:
    """A group, compiled."""
    decisive, outcome = GROUPS[kind]
    tests = tuple(member.test for member in members)

    def test(facts: Facts) -> bool:
        for one in tests:
            if one(facts) is decisive:
                return outcome
        return not outcome

    return Group(kind, tuple(members), test)


def read_condition(node: Node) -> Condition:
    """Compile the value of a rule's `if`; raises InvalidRule naming the place.

    Groups nest up to DEEPEST levels; one rule has at most MOST_CHECKS checks. An empty object always holds.
    """
    if node.value == {}:
        return group("all", ())
    condition = _read(node, 1)
    if _count(condition) > MOST_CHECKS:
        raise node.refuse(f"has more than {MOST_CHECKS} conditions")
    return condition


def _read(node: Node, level: int) -> Condition:
    if not isinstance(node.value, dict):
        raise node.refuse("must be a condition or a group: an object")
    if "field" in node.value or "op" in node.value:
        return _read_check(node)
    members = node.members(GROUPS)
    if len(members) != 1:
        raise node.refuse("must be a condition with field and op, or a group with one of all, any, none")
    if level > DEEPEST:
        raise node.refuse(f"is nested more than {DEEPEST} levels deep")
    ((kind, inner),) = members.items()
    items = inner.items(most=MOST_CHECKS, least=1 if kind == "any" else 0)
    return group(kind, [_read(item, level + 1) for item in items])


def _read_check(node: Node) -> Check:
    members = node.members({"field", "op", "value"}, {"field", "op"})
    field = _read_field(members["field"])
    op = members["op"].choice(OPERATORS)
    operator = OPERATORS[op]
    if field.type not in operator.takes:
        fitting = ", ".join(name for name, entry in OPERATORS.items() if field.type in entry.takes)
        raise members["op"].refuse(
            f"{op} does not fit {field.name} ({field.type.value}); fitting are {fitting}"
        )
    if "value" not in members and op != "is_set":
        node.members({"field", "op", "value"}, {"value"})
    compiled = operator.compile(field, members.get("value", Node(True, f"{node.place}.value")))
    return Check(node.place, field, op, compiled.value, compiled.test, compiled.equals)


def _read_field(node: Node) -> Field:
    name = node.text()
    field = find_field(name)
    if field is not None:
        return field
    close = get_close_matches(name, FIELDS, n=1) if len(name) <= LONGEST_GUESSED else []
    hint = (
        f"did you mean {close[0]}?" if close else f"known are {', '.join(FIELDS)}, {KEY_FIELD_PREFIX}<name>"
    )
    raise node.refuse(f"is not a field; {hint}")


def _count(condition: Condition) -> int:
    return sum(map(_count, condition.members)) if isinstance(condition, Group) else 1


def trace_from_json(node: Node) -> TraceLine:
    """The way back from `TraceLine.to_json`; raises InvalidRule."""
    keys = {"place", "field", "op", "value", "actual", "ok", "error"}
    members = node.members(keys, keys)
    ok, error = members["ok"].value, members["error"].value
    return TraceLine(
        place=str(members["place"].value),
        field=str(members["field"].value),
        op=str(members["op"].value),
        value=cast(JSON, members["value"].value),
        actual=cast(JSON, members["actual"].value),
        ok=None if ok is None else members["ok"].flag(),
        error=None if error is None else str(error),
    )
