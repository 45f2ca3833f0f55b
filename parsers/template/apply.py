"""Template + message -> values, how sure they are, and whether the mail fits at all.

A mail fits when it looks like the example (the lines they share), a required field is not missing, and somebody can
be reached by what was found. Everything else is a verdict with reasons and no lead: the mail is held. An optional
field that is missing costs confidence, not the fit.

Confidence of a value: 1.0 by the first of its locators, 0.15 less by each further one, seven tenths of it where the
same place holds different values. Of a row: the mean of its values, times how many of the needed fields there are.
The fill rate of a message is the share of its template's fields that were found; that of many messages says when a
partner changed its mails (`drift`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.message import Message
from parsers.template import locate
from parsers.template.reasons import Reason, Why, reason
from parsers.template.surroundings import LONGEST_LINE
from parsers.template.template import FieldRule, Path, Template
from parsers.template.view import Line, View, anchors, fold_line, of_message

REACHED = ("email", "phone", "mobile")
NAMED = ("name", "first_name", "last_name", "company")
SHARED = 0.5
"""Of the anchors: a mail with fewer is of another layout."""
STEP = 0.15
SEVERAL = 0.7
BLOCKS = 200
LINES = 1_500
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """One field's value: as kept, as written, by which locator (its number and kind), and how sure (0 to 1)."""

    field: str
    value: str
    written: str
    locator: int
    by: str
    confidence: float


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """One lead of a message. `key` stays the same however often the message is read."""

    key: str
    number: int
    values: tuple[Found, ...]
    fill_rate: float
    confidence: float

    @property
    def fields(self) -> dict[str, str]:
        """Field -> value."""
        return {found.field: found.value for found in self.values}


@dataclass(frozen=True, slots=True)
class Applied:
    """What a template makes of a message. Where it doesn't fit, `rows` show what was found all the same."""

    fits: bool
    rows: tuple[AppliedRow, ...]
    reasons: tuple[Reason, ...]

    @property
    def fill_rate(self) -> float:
        """The mean of the rows, 0 where there is none."""
        return sum(row.fill_rate for row in self.rows) / len(self.rows) if self.rows else 0.0

    @property
    def confidence(self) -> float:
        """That of the least certain row; 0 where the template doesn't fit."""
        return min((row.confidence for row in self.rows), default=0.0) if self.fits else 0.0


@dataclass(frozen=True, slots=True)
class FillRate:
    """Of many messages: the mean, and that of each field."""

    messages: int
    overall: float
    by_field: dict[str, float]


def apply(template: Template, message: Message) -> Applied:
    """The leads a template finds in a message, and whether it fits."""
    view = of_message(message)
    if template.lines:
        rows = tuple(row for _, row in line_rows(template, view))
    else:
        views = enumerate(_views(template, message, view), 1)
        rows = tuple(_row(template, one, key, number) for number, (key, one) in views)
    against = list(_against(template, message, view, rows))
    if against:
        return Applied(False, rows, tuple(against))
    found = sum(len(row.values) for row in rows)
    return Applied(True, rows, (reason(Why.FITS, found=found, fields=len(template.fields) * len(rows)),))


def first_fit(templates: Sequence[Template], message: Message) -> tuple[int | None, Applied]:
    """The first of several templates that fits, and its answer; None with the best of the others where none does."""
    best = Applied(False, (), (reason(Why.NO_TEMPLATE),))
    for number, template in enumerate(templates):
        applied = apply(template, message)
        if applied.fits:
            return number, applied
        if number == 0 or applied.fill_rate > best.fill_rate:
            best = applied
    return None, best


def fill_rate(template: Template, answers: Sequence[Applied]) -> FillRate:
    """How much of a template is found over messages; each row counts."""
    rows = [row for applied in answers for row in applied.rows]
    counts = {rule.field: 0 for rule in template.fields}
    for row in rows:
        for found in row.values:
            counts[found.field] = counts.get(found.field, 0) + 1
    by_field = {name: count / len(rows) if rows else 0.0 for name, count in counts.items()}
    overall = sum(applied.fill_rate for applied in answers) / len(answers) if answers else 0.0
    return FillRate(len(answers), overall, by_field)


def _views(template: Template, message: Message, view: View) -> Iterator[tuple[str, View]]:
    """One view a lead, with the lead's key: rows of data, blocks of the text, or the whole text."""
    formats = {at.format for rule in template.fields for at in rule.locators if isinstance(at, Path)}
    if formats and message.structured is not None and message.structured.format in formats:
        for row in message.structured.rows:
            yield row.key, replace(view, row=row, format=message.structured.format)
        return
    if template.begins is None:
        yield "text", view
        return
    counts: dict[str, int] = {}
    for text in blocks(view, template.begins):
        yield _key(text, counts), View.of(text, view.subject)


def _key(text: str, counts: dict[str, int]) -> str:
    """A lead's key: of its text as written; equal ones of one message are numbered."""
    digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]
    count = counts[digest] = counts.get(digest, 0) + 1
    return digest if count == 1 else f"{digest}-{count}"


def line_rows(template: Template, view: View) -> list[tuple[Line, AppliedRow]]:
    """The lines that hold a lead each: at least half of the fields, and somebody to reach."""
    found: list[tuple[Line, AppliedRow]] = []
    counts: dict[str, int] = {}
    wanted = _wanted(template)
    for line in view.lines[:LINES]:
        text = view.text[line.start : line.end]
        if not text.strip() or len(text) > LONGEST_LINE or len(found) >= BLOCKS:
            continue
        row = _row(template, View.of(text, view.subject), "", len(found) + 1)
        if row.fill_rate >= HALF and (not wanted or wanted & row.fields.keys()):
            found.append((line, replace(row, key=_key(text, counts))))
    return found


def _wanted(template: Template) -> set[str]:
    """The fields of which one must be found, so that somebody can be reached or is named."""
    names = {rule.field for rule in template.fields}
    return names & set(REACHED) or names & set(NAMED)


def blocks(view: View, begins: str) -> list[str]:
    """The pieces of a text that begin with such a line."""
    starts = [
        line.start
        for line in view.lines
        if begins
        in (fold_line(view.text[line.start : line.end]), fold_line(line.label) if not line.whole else "")
    ][:BLOCKS]
    edges = [*starts, len(view.text)]
    return [view.text[start:end] for start, end in pairwise(edges)]


def _row(template: Template, view: View, key: str, number: int) -> AppliedRow:
    values = tuple(found for rule in template.fields if (found := _found(rule, view, template)) is not None)
    filled = len(values) / len(template.fields)
    needed = [rule.field for rule in template.fields if rule.required]
    have = sum(1 for found in values if found.field in needed)
    sure = sum(found.confidence for found in values) / len(values) if values else 0.0
    return AppliedRow(key, number, values, filled, sure * (have / len(needed) if needed else 1.0))


def _found(rule: FieldRule, view: View, template: Template) -> Found | None:
    for number, locator in enumerate(rule.locators):
        written = list(locate.candidates(locator, locate.Look(rule, view, template)))
        fitting = [value for one in written if (value := locate.fitting(rule.kind, one)) is not None]
        if not fitting:
            continue
        confidence = max(0.1, 1.0 - STEP * number) * (SEVERAL if len(set(fitting)) > 1 else 1.0)
        value = fitting[0] if rule.long else " ".join(fitting[0].split())
        by = str(locator.to_json()["by"])
        return Found(rule.field, locate.normal(rule, value), value, number, by, round(confidence, 2))
    return None


def _against(
    template: Template, message: Message, view: View, rows: tuple[AppliedRow, ...]
) -> Iterator[Reason]:
    """What speaks against the template."""
    formats = {at.format for rule in template.fields for at in rule.locators if isinstance(at, Path)}
    brought = message.structured is not None and message.structured.format in formats
    if not brought and any(all(isinstance(at, Path) for at in rule.locators) for rule in template.fields):
        yield reason(Why.NO_DOCUMENT, format=", ".join(sorted(formats)))
        return
    if template.anchors and not brought:
        have = anchors(view)
        share = sum(1 for anchor in template.anchors if anchor in have) / len(template.anchors)
        if share < SHARED:
            yield reason(Why.OTHER_LAYOUT, percent=round(share * 100))
    if not rows or not any(row.values for row in rows):
        yield reason(Why.NOTHING_FOUND)
        return
    for rule in template.fields:
        if rule.required and any(rule.field not in row.fields for row in rows):
            yield reason(Why.REQUIRED_MISSING, field=rule.field)
    wanted = _wanted(template)
    if wanted and not all(wanted & row.fields.keys() for row in rows):
        yield reason(Why.NO_CONTACT)
