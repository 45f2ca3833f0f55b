"""The operators of conditions: one table name -> which field types it takes and how it is compiled.

Compiling happens once, when a rule is read: the value is checked and folded and kept in a closure, so that
deciding is a look-up in the facts and a comparison. On a field with several values the positive operators
hold if one of the values fits; `is_not` holds if none does. Nothing holds on a field that is not set, except
`is_not` and `is_set: false`.

Time: `before` and `after` compare with a fixed time (a bare date is its start in UTC); `within_last` takes a
duration and looks back from the event's own time, never from the clock, so that evaluating stays repeatable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from parsers.patterns import LONGEST_PATTERN, BadPattern, compile_pattern
from rules.event import JSON
from rules.fields import Facts, Field, FieldType, fold, number_of, texts_of
from rules.reading import Node

LONGEST_VALUE = 1_000
MOST_CHOICES = 1_000
_SHOWN_TEXT = 200
_SHOWN_ITEMS = 20

Test = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What an operator made of its value.

    `value` is its canonical JSON. `equals`, if not None: the test holds exactly when one of the field's
    folded texts is among these; the engine looks such conditions up instead of testing them one by one.
    """

    value: JSON
    test: Test
    equals: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """One line of the table. `of_change`: it looks at the event's change instead of the field's value."""

    takes: frozenset[FieldType]
    compile: Callable[[Field, Node], Compiled]
    of_change: bool = False


_TEXTUAL = frozenset({FieldType.TEXT, FieldType.TEXTS, FieldType.TAGS})


def _is(field: Field, node: Node) -> Compiled:
    if isinstance(node.value, bool) and field.type in (FieldType.FLAG, FieldType.KEY_FIELD):
        return _one_of_texts(field, node.value, frozenset({"true" if node.value else "false"}))
    if field.type is FieldType.FLAG:
        raise node.refuse("must be true or false")
    if field.type is FieldType.NUMBER or (
        field.type is FieldType.KEY_FIELD and not isinstance(node.value, str)
    ):
        number = node.number()
        return Compiled(number, lambda facts: facts.number(field) == number)
    text = _choice(field, node)
    return _one_of_texts(field, text, frozenset({fold(text)}))


def _is_not(field: Field, node: Node) -> Compiled:
    positive = _is(field, node)
    return Compiled(positive.value, lambda facts: not positive.test(facts))


def _one_of(field: Field, node: Node) -> Compiled:
    items = node.items(MOST_CHOICES, least=1)
    if field.type is FieldType.NUMBER:
        numbers = [item.number() for item in items]
        return Compiled(list(numbers), lambda facts: facts.number(field) in numbers)
    texts = [_choice(field, item) for item in items]
    return _one_of_texts(field, list(texts), frozenset(map(fold, texts)))


def _one_of_texts(field: Field, value: JSON, wanted: frozenset[str]) -> Compiled:
    return Compiled(value, lambda facts: not wanted.isdisjoint(facts.texts(field)), wanted)


def _contains(field: Field, node: Node) -> Compiled:
    text = node.text(LONGEST_VALUE, lines=True)
    folded = fold(text)
    if field.type is FieldType.TAGS:
        return _one_of_texts(field, text, frozenset({folded}))
    return _some_text(field, text, lambda found: folded in found)


def _starts_with(field: Field, node: Node) -> Compiled:
    text = node.text(LONGEST_VALUE)
    folded = fold(text)
    return _some_text(field, text, lambda found: found.startswith(folded))


def _ends_with(field: Field, node: Node) -> Compiled:
    text = node.text(LONGEST_VALUE)
    folded = fold(text)
    return _some_text(field, text, lambda found: found.endswith(folded))


def _some_text(field: Field, value: str, fits: Callable[[str], bool]) -> Compiled:
    return Compiled(value, lambda facts: any(map(fits, facts.texts(field))))


def _matches(field: Field, node: Node) -> Compiled:
    pattern = node.text(LONGEST_PATTERN, lines=True)
    try:
        search = compile_pattern(pattern)
    except BadPattern as fault:
        raise node.refuse(str(fault)) from None
    return Compiled(pattern, lambda facts: any(map(search, texts_of(facts.raw(field), field.name))))


def _gt(field: Field, node: Node) -> Compiled:
    number = node.number()
    return Compiled(number, lambda facts: (found := facts.number(field)) is not None and found > number)


def _lt(field: Field, node: Node) -> Compiled:
    number = node.number()
    return Compiled(number, lambda facts: (found := facts.number(field)) is not None and found < number)


def _before(field: Field, node: Node) -> Compiled:
    time = node.time()
    return Compiled(_text(node), lambda facts: (found := facts.time(field)) is not None and found < time)


def _after(field: Field, node: Node) -> Compiled:
    time = node.time()
    return Compiled(_text(node), lambda facts: (found := facts.time(field)) is not None and found > time)


def _within_last(field: Field, node: Node) -> Compiled:
    span = node.duration()

    def test(facts: Facts) -> bool:
        found = facts.time(field)
        return found is not None and facts.now - span <= found <= facts.now

    return Compiled(_text(node), test)


def _changed_from(field: Field, node: Node) -> Compiled:
    return _changed(field, node, side=0)


def _changed_to(field: Field, node: Node) -> Compiled:
    return _changed(field, node, side=1)


def _changed(field: Field, node: Node, side: int) -> Compiled:
    """The event changed the field and this side of the change fits, the other does not.

    null stands for *not set*. For tags: the word is in this side and not in the other.
    """
    if field.change_path is None:
        raise node.refuse(f"{field.name} has no changes to look at; only fields of the lead have")
    value, fits = _fit(field, node)

    def test(facts: Facts) -> bool:
        change = facts.change(field)
        return change is not None and fits(change[side]) and not fits(change[1 - side])

    return Compiled(value, test)


def _fit(field: Field, node: Node) -> tuple[JSON, Callable[[object], bool]]:
    if node.value is None:
        return None, lambda raw: not texts_of(raw, field.name)
    if field.type is FieldType.NUMBER:
        number = node.number()
        return number, lambda raw: number_of(raw, field.name) == number
    if isinstance(node.value, bool | int | float):
        value = node.flag() if isinstance(node.value, bool) else node.number()
        if field.type not in (FieldType.FLAG, FieldType.KEY_FIELD):
            raise node.refuse("must be text or null")
        folded = str(value).casefold()
        return value, lambda raw: folded in map(fold, texts_of(raw, field.name))
    text = _choice(field, node)
    wanted = fold(text)
    return text, lambda raw: wanted in map(fold, texts_of(raw, field.name))


def _is_set(field: Field, node: Node) -> Compiled:
    wanted = node.flag()
    return Compiled(wanted, lambda facts: _holds_something(facts.raw(field)) is wanted)


def _holds_something(raw: object) -> bool:
    if isinstance(raw, list | tuple):
        return any(map(_holds_something, raw))
    return raw is not None and raw not in ("", {})


def _choice(field: Field, node: Node) -> str:
    text = node.text(LONGEST_VALUE)
    if field.choices is not None and fold(text) not in field.choices:
        raise node.refuse(f"must be one of {', '.join(sorted(field.choices))}")
    return text


def _text(node: Node) -> str:
    return str(node.value)


def _takes(*types: FieldType) -> frozenset[FieldType]:
    return frozenset(types) | {FieldType.KEY_FIELD}


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "is": Operator(_takes(*_TEXTUAL, FieldType.NUMBER, FieldType.FLAG), _is),
        "is_not": Operator(_takes(*_TEXTUAL, FieldType.NUMBER, FieldType.FLAG), _is_not),
        "contains": Operator(_takes(*_TEXTUAL), _contains),
        "starts_with": Operator(_takes(*_TEXTUAL), _starts_with),
        "ends_with": Operator(_takes(*_TEXTUAL), _ends_with),
        "matches": Operator(_takes(*_TEXTUAL), _matches),
        "one_of": Operator(_takes(*_TEXTUAL, FieldType.NUMBER), _one_of),
        "gt": Operator(_takes(FieldType.NUMBER), _gt),
        "lt": Operator(_takes(FieldType.NUMBER), _lt),
        "before": Operator(_takes(FieldType.TIME), _before),
        "after": Operator(_takes(FieldType.TIME), _after),
        "within_last": Operator(_takes(FieldType.TIME), _within_last),
        "changed_from": Operator(_takes(*_TEXTUAL, FieldType.NUMBER, FieldType.FLAG), _changed_from, True),
        "changed_to": Operator(_takes(*_TEXTUAL, FieldType.NUMBER, FieldType.FLAG), _changed_to, True),
        "is_set": Operator(_takes(*_TEXTUAL, FieldType.NUMBER, FieldType.TIME, FieldType.FLAG), _is_set),
    }
)


def shown_value(raw: object) -> JSON:
    """A raw fact as JSON for the trace; long texts and lists are cut with a mark, times become ISO 8601."""
    if raw is None or isinstance(raw, bool | int | float):
        return raw
    if isinstance(raw, str):
        return raw if len(raw) <= _SHOWN_TEXT else f"{raw[:_SHOWN_TEXT]}…"
    if isinstance(raw, list | tuple):
        shown = [shown_value(item) for item in raw[:_SHOWN_ITEMS]]
        return [*shown, "…"] if len(raw) > _SHOWN_ITEMS else shown
    if isinstance(raw, datetime):
        return raw.isoformat()
    if isinstance(raw, Decimal):
        return str(raw)
    return shown_value(str(raw))
