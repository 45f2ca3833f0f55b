"""Several leads in one mail: the line each of them begins with."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.template.marks import Mark, Spot, line_at, spot_of
from parsers.template.view import View, fold_line

LEAST = 3


def one_line_each(view: View, marks: Sequence[Mark]) -> bool:
    """Whether each lead is a line: all marks of the first stand on one, and a second lead is marked on another."""
    lines: dict[int, set[int]] = {}
    for mark in marks:
        spot = spot_of(mark, view)
        line = line_at(view, spot.start) if spot is not None else None
        if spot is None or line is None or spot.end > line.end:
            return False
        lines.setdefault(mark.row, set()).add(line.start)
    if len(lines) < 2 or sum(1 for mark in marks if mark.row == 1) < 2:
        return False
    each = [next(iter(places)) for places in lines.values() if len(places) == 1]
    return len(each) == len(lines) and len(set(each)) == len(each)


def begins_of(view: View, marks: Sequence[Mark], first: Sequence[Mark]) -> tuple[str, int] | None:
    """The line that begins each lead, and how many there are, where the message holds several."""
    spots = [(spot, mark) for mark in first if (spot := spot_of(mark, view)) is not None]
    if not spots:
        return None
    asked = max(mark.row for mark in marks)
    lead = min(spots, key=lambda pair: pair[0].start)[0]
    labelled = [
        line for spot, _ in spots if (line := line_at(view, spot.start)) and line.label and not line.whole
    ]
    counts = {line.label: len(view.labels[line.label]) for line in labelled}
    repeated = [label for label, count in counts.items() if count > 1]
    if asked < 2 and (not repeated or len(repeated) < len(counts) or len(counts) < 2):
        return None
    count = max(asked, *(counts[label] for label in repeated)) if repeated else asked
    return _heading(view, lead, count) or _first_label(view, lead, count)


def _heading(view: View, lead: Spot, count: int) -> tuple[str, int] | None:
    """A line above the first value that stands as often as there are leads: "Lead 1", "Anfrage Nr. 2 vom …"."""
    folded = [fold_line(view.text[line.start : line.end]) for line in view.lines]
    above = [number for number, line in enumerate(view.lines) if line.end <= lead.start]
    for number in reversed(above[-6:]):
        if len(folded[number]) >= LEAST and folded.count(folded[number]) == count:
            top = number
            while top > 0 and folded[top - 1] and folded.count(folded[top - 1]) == count:
                top -= 1
            return folded[top], count
    return None


def _first_label(view: View, lead: Spot, count: int) -> tuple[str, int] | None:
    line = line_at(view, lead.start)
    if line is None or not line.label or line.whole:
        return None
    found = len(view.labels[line.label])
    return (fold_line(line.label), found) if found >= count else None
