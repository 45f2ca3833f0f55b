"""An example message and the values marked in it -> a template, with the reasons for each field.

For each mark the places that tell are tried from the surest to the weakest: a place in a document the mail brings, a
label, the text around, the shape of the value behind the words before it. Every locator is proven on the example: one
that does not give back exactly what was marked is left out, and a mark for which none remains is named instead of
being half-learnt. Marks of several leads (`row`), or labels that repeat, make a template of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.addresses import ADDRESS
from parsers.message import Message
from parsers.structured import labels as label_table
from parsers.structured import values
from parsers.template import locate
from parsers.template.apply import REACHED, blocks, line_rows
from parsers.template.marks import Mark, Spot, line_at, spans, spot_of
from parsers.template.reasons import Reason, Why, reason
from parsers.template.repeats import begins_of, one_line_each
from parsers.template.surroundings import LEAST, around, by_line, flat_at
from parsers.template.template import (
    LONGEST,
    MOST_ANCHORS,
    MOST_FIELDS,
    MOST_LOCATORS,
    MOST_STOPS,
    FieldRule,
    Label,
    Locator,
    Path,
    Template,
)
from parsers.template.view import Line, View, anchors, flatten, fold_line, of_message

LONG_FIELDS = ("message", "comments", "note")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The template (None where nothing could be learnt) and the reasons, one or more a field."""

    template: Template | None
    reasons: tuple[Reason, ...]


def propose(message: Message, marks: Sequence[Mark]) -> Proposal:
    """A template that reads the example as it was marked."""
    view = of_message(message)
    told: list[Reason] = []
    first = _first_marks(marks, told)
    if not first:
        return Proposal(None, (*told, reason(Why.NOTHING_MARKED)))
    template = Template((), stops=_stops(view, first), anchors=())
    if one_line_each(view, marks):
        template = replace(template, lines=True)
        told.append(reason(Why.REPEATS_BY_LINE))
    elif (begins := begins_of(view, marks, first)) is not None:
        label, count = begins
        template = replace(template, begins=label)
        told.append(reason(Why.REPEATS, label=label, count=count))
    rules: list[FieldRule] = []
    for mark in first:
        rule, reasons = _rule(mark, marks, view, message, template)
        told += reasons
        if rule is not None:
            rules.append(rule)
    if not rules:
        return Proposal(None, tuple(told))
    marked = [folded for mark in marks for line in mark.text.split("\n") if (folded := fold_line(line))]
    if template.lines:
        rows = line_rows(replace(template, fields=tuple(rules)), view)
        marked += [word for line, _ in rows for word in (view.folded(line), line.label)]
    shared = [digest for digest, word in anchors(view).items() if word not in marked]
    reached = [rule.field for rule in rules if rule.field in REACHED]
    rules = [replace(rule, required=reached == [rule.field]) for rule in rules]
    return Proposal(replace(template, fields=tuple(rules), anchors=tuple(shared[:MOST_ANCHORS])), tuple(told))


def _first_marks(marks: Sequence[Mark], told: list[Reason]) -> list[Mark]:
    """One mark a field, those of the first lead."""
    first: dict[str, Mark] = {}
    for mark in sorted(marks, key=lambda mark: mark.row):
        if mark.field in first:
            if first[mark.field].row == mark.row:
                told.append(reason(Why.FIELD_TWICE, field=mark.field))
        elif mark.text.strip() and mark.field.strip() and len(first) < MOST_FIELDS:
            first[mark.field[:LONGEST]] = replace(mark, text=mark.text.strip(), field=mark.field[:LONGEST])
    return list(first.values())


def _stops(view: View, marks: Sequence[Mark]) -> tuple[str, ...]:
    """The labels of the example, and the first line behind each marked value: what ends a value of several lines."""
    stops = dict.fromkeys(line.label for line in view.lines if line.label and not line.whole)
    for mark in marks:
        spot = spot_of(mark, view)
        if spot is not None and _is_long(mark):
            behind = (
                line
                for line in view.lines
                if line.start > spot.end and view.text[line.start : line.end].strip()
            )
            line = next(behind, None)
            if line is not None:
                stops.setdefault(fold_line(view.text[line.start : line.end]))
    return tuple(stop for stop in stops if stop)[:MOST_STOPS]


def _is_long(mark: Mark) -> bool:
    return "\n" in mark.text.strip() or mark.field in LONG_FIELDS


def _kind(mark: Mark) -> str:
    text = mark.text.strip()
    found = ADDRESS.search(text)
    if found is not None and len(found[0]) == len(text):
        return "email"
    if mark.field in ("phone", "mobile", "fax") and locate.fitting("phone", text) == text:
        return "phone"
    if mark.field in ("name", "first_name", "last_name") and locate.fitting("person", text) == " ".join(
        text.split()
    ):
        return "person"
    if locate.fitting("url", text) == text:
        return "url"
    kind = values.KINDS.get(mark.field)
    if kind in ("date", "birth"):
        return "date" if any(char.isdigit() for char in text) else "text"
    return "number" if kind and locate.fitting("number", text) == text else "text"


def _rule(
    mark: Mark, marks: Sequence[Mark], view: View, message: Message, template: Template
) -> tuple[FieldRule | None, list[Reason]]:
    """The locators of one mark that give it back, and what is said of them."""
    told: list[Reason] = []
    bare = FieldRule(mark.field, (), _kind(mark), long=_is_long(mark))
    look = locate.Look(bare, _lead(mark, view, template), template)
    kept: list[Locator] = []
    spot = spot_of(mark, view)
    for locator, why in _proposals(mark, marks, spot, view, message, 0 if template.lines else LEAST):
        if locator in kept or len(kept) >= MOST_LOCATORS or not _proven(locator, mark, look, message):
            continue
        if not kept:
            told.append(why)
            if spot is not None and spot.count > 1 and not isinstance(locator, Path):
                told.append(reason(Why.SEVERAL_PLACES, field=mark.field, count=spot.count))
        kept.append(locator)
    if kept:
        return replace(bare, locators=tuple(kept)), told
    missing = spot is None and " ".join(mark.text.split()) not in " ".join(view.subject.split())
    return None, [reason(Why.NOT_IN_MESSAGE if missing else Why.NO_PLACE, field=mark.field)]


def _lead(mark: Mark, view: View, template: Template) -> View:
    """The part of the message a mark's lead stands in."""
    if template.lines:
        spot = spot_of(mark, view)
        line = line_at(view, spot.start) if spot is not None else None
        return View.of(view.text[line.start : line.end], view.subject) if line is not None else view
    if template.begins is None:
        return view
    pieces = blocks(view, template.begins)
    return View.of(pieces[mark.row - 1], view.subject) if mark.row <= len(pieces) else view


def _proposals(
    mark: Mark, marks: Sequence[Mark], spot: Spot | None, view: View, message: Message, least: int
) -> Iterator[tuple[Locator, Reason]]:
    """Places that may tell, the surest first."""
    kind = _kind(mark)
    if mark.start is None or (message.structured is not None and message.structured.origin == "body"):
        yield from _in_document(mark, message)
    size = len(" ".join(mark.text.split()))
    if spot is not None:
        yield from _by_label(mark, spot, view)
        flat, places = view.flat
        at = flat_at(places, spot.start)
        yield from around(mark.field, kind, flat, (at, at + size), spans(marks, view), "text")
        yield from by_line(mark, kind, spot, marks, view, least=least)
    subject, _ = flatten(view.subject)
    at = subject.find(" ".join(mark.text.split()))
    if at >= 0:
        yield from around(mark.field, kind, subject, (at, at + size), [], "subject")


def _in_document(mark: Mark, message: Message) -> Iterator[tuple[Locator, Reason]]:
    found = message.structured
    row = found.rows[mark.row - 1] if found and 0 < mark.row <= len(found.rows) else None
    if found is None or row is None:
        return
    wanted = " ".join(mark.text.split())
    places = [place for place, value in row.written if " ".join(value.split()) == wanted]
    places.sort(key=lambda place: label_table.known(place.rsplit("/", 1)[-1]) != mark.field)
    for place in places[:1]:
        yield (
            Path(found.format, place),
            reason(Why.PATH, field=mark.field, place=place, format=found.format),
        )


def _by_label(mark: Mark, spot: Spot, view: View) -> Iterator[tuple[Locator, Reason]]:
    line = line_at(view, spot.start)
    if line is None:
        return
    between = view.text[line.value : spot.start].strip(" \t*_|")
    if line.label and not line.whole and not (between and locate.fitting("person", f"{between} x") != "x"):
        yield Label(line.label), reason(Why.LABEL, field=mark.field, label=line.label)
        below = _section(line, view)
        if below:
            told = reason(Why.LABEL_IN_SECTION, field=mark.field, label=line.label, below=below)
            yield Label(line.label, below), told
    elif not view.text[line.start : spot.start].strip(" \t>*_|-•"):
        above = [
            other
            for other in view.lines
            if other.end < line.start and view.text[other.start : other.end].strip()
        ]
        if above and above[-1].label and not view.text[above[-1].value : above[-1].end].strip(" *_|"):
            label = above[-1].label
            yield Label(label), reason(Why.LABEL_BELOW, field=mark.field, label=label)


def _section(line: Line, view: View) -> str:
    """The line without a label nearest above that stands only once: the heading of what follows."""
    folded = [view.folded(one) for one in view.lines]
    number = view.lines.index(line)
    for above in range(number - 1, max(-1, number - 30), -1):
        if view.lines[above].whole and len(folded[above]) >= 3 and folded.count(folded[above]) == 1:
            return folded[above]
    return ""


def _proven(locator: Locator, mark: Mark, look: locate.Look, message: Message) -> bool:
    """Whether the locator gives back what was marked, in the lead it belongs to."""
    view = look.view
    if isinstance(locator, Path) and message.structured is not None:
        view = replace(view, row=message.structured.rows[mark.row - 1], format=message.structured.format)
    alone = replace(look.template, fields=(replace(look.rule, locators=(locator,)),))
    for one in locate.candidates(locator, locate.Look(look.rule, view, alone)):
        value = locate.fitting(look.rule.kind, one)
        if value is not None:
            return value.split() == mark.text.split()
    return False
