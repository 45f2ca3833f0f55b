"""The types of a template and their JSON.

    {"version": 1,
     "fields": [{"field": "email", "kind": "email", "required": true, "long": false, "locators": [
         {"by": "label", "label": "e mail", "below": "contact details"},
         {"by": "around", "before": "Mail: ", "after": " Tel", "in": "text"},
         {"by": "pattern", "pattern": "Mail: (\\S+@\\S+)", "in": "subject"},
         {"by": "path", "format": "csv", "place": "E-Mail"}]}],
     "begins": "anfrage 0", "lines": false, "stops": ["objekt"], "anchors": ["9f86d081"]}

`begins` is the line every lead of a mail begins with, where a mail holds several; null otherwise. With `lines`, each
line that holds a lead is one. `stops` are labels
and lines that end a value of several lines. `anchors` are digests of the lines and labels that the partner's mails
have in common: they tell whether another mail is of this layout, and hold nothing anybody wrote.

`Template.from_json` raises `InvalidTemplate(place, reason)` and nothing else, whatever it is given; patterns are
RE2's only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parsers.patterns import BadPattern, compile_finder

VERSION = 1
MOST_FIELDS = 60
MOST_LOCATORS = 6
MOST_STOPS = 100
MOST_ANCHORS = 60
LONGEST = 200
FORMATS = ("adf", "json", "xml", "csv", "vcard")
KINDS = ("text", "person", "email", "phone", "number", "date", "url")
PLACES = ("text", "subject")

Json = dict[str, Any]


class InvalidTemplate(ValueError):
    """A template's JSON is not acceptable: `place` is the path of the value at fault (`fields[2].kind`)."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Label:
    """The value behind a label, on its line or below it, folded as form labels are.

    Where a label stands several times, `below` is the line (folded) behind which it counts; "" is the whole text.
    """

    label: str
    below: str = ""

    def to_json(self) -> Json:
        """`{"by": "label", "label", "below"}`."""
        return {"by": "label", "label": self.label, "below": self.below}


@dataclass(frozen=True, slots=True)
class Around:
    """The value between two texts, white space folded.

    An empty `before` is a line's beginning, an empty `after` a line's end.
    """

    before: str
    after: str
    place: str = "text"

    def to_json(self) -> Json:
        """`{"by": "around", "before", "after", "in"}`."""
        return {"by": "around", "before": self.before, "after": self.after, "in": self.place}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the first group of an RE2 pattern finds."""

    pattern: str
    place: str = "text"

    def to_json(self) -> Json:
        """`{"by": "pattern", "pattern", "in"}`."""
        return {"by": "pattern", "pattern": self.pattern, "in": self.place}


@dataclass(frozen=True, slots=True)
class Path:
    """A place in the rows a document brings: a column, a path of a tree, an element of ADF, a property of a card."""

    format: str
    place: str

    def to_json(self) -> Json:
        """`{"by": "path", "format", "place"}`."""
        return {"by": "path", "format": self.format, "place": self.place}


Locator = Label | Around | Pattern | Path


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where a field is looked for, in order, and what its value must look like. A `long` one may have several lines."""

    field: str
    locators: tuple[Locator, ...]
    kind: str = "text"
    required: bool = False
    long: bool = False

    def to_json(self) -> Json:
        """One item of `fields`."""
        return {
            "field": self.field,
            "kind": self.kind,
            "required": self.required,
            "long": self.long,
            "locators": [locator.to_json() for locator in self.locators],
        }


@dataclass(frozen=True, slots=True)
class Template:
    """How a partner's mails are read."""

    fields: tuple[FieldRule, ...]
    begins: str | None = None
    stops: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    lines: bool = False

    def labels(self) -> frozenset[str]:
        """All labels by which fields are found."""
        return frozenset(
            locator.label for rule in self.fields for locator in rule.locators if isinstance(locator, Label)
        )

    def to_json(self) -> Json:
        """The document of the module's docstring."""
        return {
            "version": VERSION,
            "fields": [rule.to_json() for rule in self.fields],
            "begins": self.begins,
            "lines": self.lines,
            "stops": list(self.stops),
            "anchors": list(self.anchors),
        }

    @classmethod
    def from_json(cls, data: object) -> Template:
        """The template of a document; raises InvalidTemplate naming the place at fault."""
        top = _members(data, "", ("version", "fields"), ("begins", "lines", "stops", "anchors"))
        if top["version"] != VERSION or isinstance(top["version"], bool):
            raise InvalidTemplate("version", f"must be {VERSION}")
        rules = [
            _rule(item, f"fields[{at}]")
            for at, item in enumerate(_list(top["fields"], "fields", MOST_FIELDS))
        ]
        if not rules:
            raise InvalidTemplate("fields", "must name one field at least")
        names: set[str] = set()
        for at, rule in enumerate(rules):
            if rule.field in names:
                raise InvalidTemplate(f"fields[{at}].field", "stands twice")
            names.add(rule.field)
        begins = top.get("begins")
        return cls(
            tuple(rules),
            None if begins is None else _text(begins, "begins"),
            _texts(top.get("stops", []), "stops", MOST_STOPS),
            _texts(top.get("anchors", []), "anchors", MOST_ANCHORS),
            _flag(top.get("lines", False), "lines"),
        )


def _rule(data: object, place: str) -> FieldRule:
    members = _members(data, place, ("field", "locators"), ("kind", "required", "long"))
    items = _list(members["locators"], f"{place}.locators", MOST_LOCATORS)
    if not items:
        raise InvalidTemplate(f"{place}.locators", "must name one place at least")
    return FieldRule(
        _text(members["field"], f"{place}.field"),
        tuple(_locator(item, f"{place}.locators[{at}]") for at, item in enumerate(items)),
        _one_of(members.get("kind", "text"), f"{place}.kind", KINDS),
        _flag(members.get("required", False), f"{place}.required"),
        _flag(members.get("long", False), f"{place}.long"),
    )


def _label(data: object, place: str) -> Label:
    members = _members(data, place, ("by", "label"), ("below",))
    below = _text(members.get("below", ""), f"{place}.below", empty=True)
    return Label(_text(members["label"], f"{place}.label"), below)


def _around(data: object, place: str) -> Around:
    members = _members(data, place, ("by", "before", "after"), ("in",))
    before = _text(members["before"], f"{place}.before", empty=True)
    after = _text(members["after"], f"{place}.after", empty=True)
    if not before.strip() and not after.strip():
        raise InvalidTemplate(place, "needs a text before or after the value")
    return Around(before, after, _one_of(members.get("in", "text"), f"{place}.in", PLACES))


def _pattern(data: object, place: str) -> Pattern:
    members = _members(data, place, ("by", "pattern"), ("in",))
    pattern = _text(members["pattern"], f"{place}.pattern", longest=10_000)
    try:
        compile_finder(pattern)
    except BadPattern as bad:
        raise InvalidTemplate(f"{place}.pattern", str(bad)) from None
    return Pattern(pattern, _one_of(members.get("in", "text"), f"{place}.in", PLACES))


def _path(data: object, place: str) -> Path:
    members = _members(data, place, ("by", "format", "place"))
    kind = _one_of(members["format"], f"{place}.format", FORMATS)
    return Path(kind, _text(members["place"], f"{place}.place", longest=1_000))


_LOCATORS: dict[str, Callable[[object, str], Locator]] = {
    "label": _label,
    "around": _around,
    "pattern": _pattern,
    "path": _path,
}


def _locator(data: object, place: str) -> Locator:
    by = data.get("by") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping):
        raise InvalidTemplate(place, "must be an object")
    return _LOCATORS[_one_of(by, f"{place}.by", tuple(_LOCATORS))](data, place)


def _members(
    data: object, place: str, needed: Sequence[str], other: Sequence[str] = ()
) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise InvalidTemplate(place, "must be an object")
    for name in needed:
        if name not in data:
            raise InvalidTemplate(f"{place}.{name}".lstrip("."), "is missing")
    for name in data:
        if name not in needed and name not in other:
            raise InvalidTemplate(f"{place}.{str(name)[:40]}".lstrip("."), "is not known")
    return data


def _list(data: object, place: str, most: int) -> Sequence[object]:
    if not isinstance(data, list | tuple):
        raise InvalidTemplate(place, "must be a list")
    if len(data) > most:
        raise InvalidTemplate(place, f"holds more than {most} items")
    return data


def _texts(data: object, place: str, most: int) -> tuple[str, ...]:
    return tuple(_text(item, f"{place}[{at}]") for at, item in enumerate(_list(data, place, most)))


def _text(data: object, place: str, *, empty: bool = False, longest: int = LONGEST) -> str:
    if not isinstance(data, str):
        raise InvalidTemplate(place, "must be a text")
    if not data.strip() and not empty:
        raise InvalidTemplate(place, "must not be empty")
    if len(data) > longest:
        raise InvalidTemplate(place, f"is longer than {longest} characters")
    return data


def _flag(data: object, place: str) -> bool:
    if not isinstance(data, bool):
        raise InvalidTemplate(place, "must be true or false")
    return data


def _one_of(data: object, place: str, choices: Sequence[str]) -> str:
    if not isinstance(data, str) or data not in choices:
        raise InvalidTemplate(place, f"must be one of {', '.join(choices)}")
    return data
