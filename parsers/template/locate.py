"""Where a value stands: one function a kind of locator, in one table.

Each gives the candidates in the order of the text, as written; the caller takes the first that is of the field's
kind. Nothing here guesses: a label without a value has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from parsers.addresses import ADDRESS
from parsers.locale_form_phrases import FOOTERS
from parsers.locale_leads import SALUTATIONS
from parsers.patterns import compile_finder
from parsers.structured import labels, values
from parsers.template.template import Around, FieldRule, Label, Locator, Path, Pattern, Template
from parsers.template.view import Line, View, flatten, fold_line

CANDIDATES = 12
BELOW = 2
"""Blank lines that may stand between a label and the value below it."""
VALUE = 20_000
TRIES = 200
BETWEEN = 500
"""Characters a value between two texts may have; a long one may have `VALUE`."""

_SEPARATOR = re.compile(r"\s*[-_=*~•·–—]{3,}\s*$")
_PHONE = re.compile(
    r"[+(]?\d[\d ()/.\u00a0-]{4,28}\d(?:\s?(?:ext|extension|x|dw|durchwahl|poste|int|tst)\b\.?\s?\d{1,6})?",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,2000}")


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for, and in what: one field of a template in one view of a message."""

    rule: FieldRule
    view: View
    template: Template


def candidates(locator: Locator, look: Look) -> Iterator[str]:
    """What stands where the locator says, as written and stripped; at most `CANDIDATES`."""
    for count, found in enumerate(_BY[type(locator)](locator, look)):
        if count >= CANDIDATES:
            return
        value = found.strip()
        if value:
            yield value[:VALUE]


def fitting(kind: str, value: str) -> str | None:
    """The value as far as it is of its kind: the address in a text, the number in a text; None where there is none."""
    match kind:
        case "email":
            found = ADDRESS.search(value[:400])
            return found[0].rstrip(".") if found else None
        case "phone":
            number = _PHONE.search(value[:200])
            return number[0] if number else None
        case "person":
            return _without_salutation(value)
        case "url":
            link = _URL.search(value[:3_000])
            return link[0].rstrip(".,)") if link else None
        case "number" | "date":
            return value if any(char.isdigit() for char in value) and len(value) <= 60 else None
        case _:
            return value


def _without_salutation(value: str) -> str:
    """A name as it stands behind "Frau", "Mr." or "Mme"; the whole of it where nothing else is left."""
    words = value.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in _salutations():
        words = words[1:]
    return " ".join(words)


@cache
def _salutations() -> frozenset[str]:
    return frozenset(SALUTATIONS.split())


def _by_label(locator: Label, look: Look) -> Iterator[str]:
    rule, view, template = look.rule, look.view, look.template
    first_line = view.below(locator.below)
    for number in view.labels.get(locator.label, ()):
        if number < first_line:
            continue
        line = view.lines[number]
        first = view.text[line.value : line.end].strip(" \t*_|") if not line.whole else ""
        if "\t" in first:
            first = first.split("\t", 1)[0].strip()
        if first and not rule.long:
            yield first
            continue
        below = _below(number + 1, view, template, whole=rule.long)
        if first:
            yield "\n".join([first, *below])
        else:
            yield "\n".join(below if rule.long else below[:1])


def _below(number: int, view: View, template: Template, *, whole: bool) -> list[str]:
    """The lines below a label up to the next label, stop or footer; without `whole` the first filled one only."""
    known = template.labels() | set(template.stops)
    found: list[str] = []
    blank = 0
    for line in view.lines[number:]:
        text = view.text[line.start : line.end].strip()
        if not text:
            blank += 1
            if (not found and blank > BELOW) or (found and not whole):
                break
            if found:
                found.append("")
            continue
        if _ends(line, text, known, template.begins):
            break
        found.append(text)
        if not whole:
            break
    return found


def _ends(line: Line, text: str, known: frozenset[str] | set[str], begins: str | None) -> bool:
    folded = fold_line(text)
    return (
        (bool(line.label) and line.label in known)
        or folded in known
        or (begins is not None and begins in (folded, fold_line(line.label)))
        or _SEPARATOR.match(text) is not None
        or text.casefold().startswith(_footers())
    )


@cache
def _footers() -> tuple[str, ...]:
    return tuple(FOOTERS.split("|"))


def _by_around(locator: Around, look: Look) -> Iterator[str]:
    text, places, source = _place(locator.place, look.view)
    before, after = locator.before, locator.after
    longest = VALUE if look.rule.long else BETWEEN
    at = text.find(before or after, 0 if before else 1)
    for _ in range(TRIES):
        if at < 0:
            return
        if not before:
            behind = places[at - 1] + 1
            yield source[
                max(source.rfind("\n", max(0, behind - longest), behind) + 1, behind - longest) : behind
            ]
        elif (start := at + len(before)) < len(text):
            if not after:
                line_end = source.find("\n", places[start], places[start] + longest)
                yield source[places[start] : line_end if line_end >= 0 else places[start] + longest]
            elif (end := text.find(after, start, start + longest + len(after))) > start:
                yield source[places[start] : places[end - 1] + 1]
        at = text.find(before or after, at + 1)


def _place(place: str, view: View) -> tuple[str, list[int], str]:
    if place == "subject":
        text, places = flatten(view.subject)
        return text, places, view.subject
    text, places = view.flat
    return text, places, view.text


def _by_pattern(locator: Pattern, look: Look) -> Iterator[str]:
    find = compile_finder(locator.pattern)
    text = look.view.subject if locator.place == "subject" else look.view.text
    for _ in range(3):
        span = find(text)
        if span is None:
            return
        yield text[span[0] : span[1]]
        text = text[max(span[1], span[0] + 1) :]


def _by_path(locator: Path, look: Look) -> Iterator[str]:
    row = look.view.row
    if row is None or look.view.format != locator.format:
        return
    wanted = labels.fold(locator.place) if locator.format == "csv" else locator.place
    for place, value in row.written:
        if (labels.fold(place) if locator.format == "csv" else place) == wanted:
            yield value


_BY: dict[type, Callable[[Any, Look], Iterator[str]]] = {
    Label: _by_label,
    Around: _by_around,
    Pattern: _by_pattern,
    Path: _by_path,
}


def normal(rule: FieldRule, value: str) -> str:
    """The value as it is kept: dates and numbers where they are certain."""
    return values.read(rule.field, value).text
