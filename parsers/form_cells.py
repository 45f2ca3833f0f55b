"""Rows of tables as lines: one label and one value each.

`form_table` and `html_text` put tabs between the cells of a row. A row of labels over a row of values, or several
pairs beside each other, become one pair a line.
"""

from __future__ import annotations

from parsers.form_labels import canonical, fold
from parsers.locale_forms import TABLE_HEADS

BOLD, LIGHT, BREAK = "\x0e", "\x0f", "\v"  # around bold words, and for a line break inside a cell
MARKS = str.maketrans("", "", BOLD + LIGHT)
LABEL = 60  # characters of a label above a column


def pairs(raw: list[str]) -> list[str]:
    """Rows of labels over rows of values, and several pairs in a row, as one pair a line."""
    out: list[str] = []
    index = 0
    while index < len(raw):
        line = raw[index]
        if "\t" in line and (cells := _cells(line)) and len(cells) > 1:
            below = _cells(raw[index + 1]) if index + 1 < len(raw) and "\t" in raw[index + 1] else []
            if _are_labels(cells) and len(below) == len(cells) and not _are_labels(below):
                out.extend(f"{label}\t{value}" for label, value in zip(cells, below, strict=True))
                index += 2
                continue
            if len(cells) == 2 and all(fold(cell) in _heads() for cell in cells):
                out.append("")
            elif len(cells) in (4, 6) and all(canonical(cell) for cell in cells[::2]):
                out.extend(f"{label}\t{value}" for label, value in zip(cells[::2], cells[1::2], strict=True))
            else:
                out.append(line)
        else:
            out.append(line)
        index += 1
    return out


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.translate(MARKS).split("\t")][:60]
    return cells if sum(map(bool, cells)) > 1 else []


def _are_labels(cells: list[str]) -> bool:
    known = sum(canonical(cell) is not None for cell in cells if len(cell) <= LABEL)
    return known >= 2 and known * 2 > len(cells)


def _heads() -> frozenset[str]:
    return frozenset(TABLE_HEADS.split("|"))
