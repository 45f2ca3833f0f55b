"""Marked values, and where they stand in a message."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.structured import labels
from parsers.template.view import Line, View

OCCURRENCES = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A value marked in the example: the field, its text, and where it begins in the text (None: found by its words).

    `row` is the number of the lead it belongs to where the message holds several.
    """

    field: str
    text: str
    start: int | None = None
    row: int = 1


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a marked value stands in a view's text, and how often its words stand there."""

    start: int
    end: int
    count: int


def spot_of(mark: Mark, view: View) -> Spot | None:
    """Where the mark stands: at its place, else behind a label of its own field, else behind any label, else first."""
    spots = list(_occurrences(mark.text, view))
    if not spots:
        return None
    if mark.start is not None:
        start = mark.start
        return min(spots, key=lambda spot: abs(spot.start - start))
    labelled = [
        (spot, line.label)
        for spot in spots
        if (line := line_at(view, spot.start)) is not None
        and not line.whole
        and not view.text[line.value : spot.start].strip()
    ]
    own = [spot for spot, label in labelled if labels.known(label) == mark.field]
    return next(iter((*own, *(spot for spot, _ in labelled), spots[0])))


def line_at(view: View, at: int) -> Line | None:
    """The line a place of the text belongs to."""
    return next((line for line in view.lines if line.start <= at <= line.end), None)


def spans(marks: Sequence[Mark], view: View) -> list[tuple[int, int]]:
    """Where in the folded text values stand: the marked ones wherever they do, and whatever stands behind a label."""
    flat, places = view.flat
    found = [
        (bisect_left(places, line.value), bisect_left(places, line.end))
        for line in view.lines
        if not line.whole and view.text[line.value : line.end].strip()
    ]
    for mark in marks:
        wanted = " ".join(mark.text.split())
        at = flat.find(wanted) if len(wanted) > 1 else -1
        for _ in range(OCCURRENCES):
            if at < 0:
                break
            found.append((at, at + len(wanted)))
            at = flat.find(wanted, at + 1)
    return sorted(found)


def _occurrences(text: str, view: View) -> Iterator[Spot]:
    flat, places = view.flat
    wanted = " ".join(text.split())
    count = min(flat.count(wanted), OCCURRENCES) if wanted else 0
    at = -1
    for _ in range(count):
        at = flat.find(wanted, at + 1)
        if at < 0:
            return
        yield Spot(places[at], places[at + len(wanted) - 1] + 1, count)
