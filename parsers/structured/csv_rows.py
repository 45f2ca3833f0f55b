"""CSV -> records: the separator, titles above, the header, the rows, totals below.

Which separator it is and which row is the header is not guessed by counting alone: the row that holds the most
known labels is the header, and the separator that makes it so is the right one. Without a header only what is
certain has a key (an e-mail address is one in any column); the rest is `column 1`, `column 2`, …. Formulas (`=cmd|…`)
are text like any other. Rows left out (titles, totals) are named by a problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from parsers.addresses import ADDRESS
from parsers.locale_leads import TOTALS
from parsers.problems import Code
from parsers.structured import bounds, labels
from parsers.structured.csv_cells import SEPARATORS, Table, split
from parsers.structured.rows import CONTACT, Cell, Document, Record

TITLES = 12
"""Rows above the header, at most."""
SAMPLE_ROWS = 25
SAMPLE = 40_000
_SAID = re.compile(r"\s{0,20}\"?sep=(.)\"?\s{0,20}\n", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00|0|\()[\d\s()/.-]{5,24}$")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands among the rows (-1: nowhere), its labels and their keys."""

    at: int
    labels: tuple[str, ...]
    keys: tuple[str | None, ...]

    @property
    def known(self) -> int:
        """How many different keys its labels stand for."""
        return len({key for key in self.keys if key})


def looks_like_leads(text: str) -> bool:
    """Whether the first lines have a header of leads of three columns or more: what a body must have to be CSV."""
    separator, header = _layout(text)
    keys = set(header.keys)
    reached, who = keys & {"email", "phone", "mobile"}, keys & {"name", "first_name", "last_name", "company"}
    return (
        separator is not None and len(header.labels) >= 3 and bool(reached) and bool(who) and header.at >= 0
    )


def read(text: str) -> Document:
    """The rows of a CSV document; no records where neither header nor values show leads."""
    document = Document("csv")
    said = _SAID.match(text[:200])
    if said:
        text = text[said.end() :]
    separator, header = _layout(text, said[1] if said else None)
    if separator is None:
        return document
    table = split(text, separator)
    if header.at < 0:
        header = _by_values(table)
        if not header.known:
            return document
        document.problems.append(
            (Code.NO_HEADER_ROW if header.at < 0 else Code.UNKNOWN_LABELS, f"{len(header.labels)} columns")
        )
    elif not (set(header.keys) & set(CONTACT)):
        return document
    if table.cut:
        document.problems.append((Code.DOCUMENT_CUT, table.cut))
    if table.damaged:
        document.problems.append((Code.DOCUMENT_DAMAGED, "a quote is not closed"))
    _records(table, header, document)
    names = header.labels if header.at >= 0 else tuple(str(key) for key in header.keys)
    document.shape = "header" if header.at >= 0 else "no header"
    document.labels = tuple(sorted(labels.fold(name) for name in names if name))
    return document


def _layout(text: str, said: str | None = None) -> tuple[str | None, Header]:
    """The separator and the header that fit best."""
    best: tuple[tuple[int, int, int], str, Header] | None = None
    sample = text[:SAMPLE]
    for order, separator in enumerate((said,) if said else SEPARATORS):
        if separator not in sample:
            continue
        rows = split(sample, separator, SAMPLE_ROWS).rows
        widths = [len(row) for row in rows if len(row) > 1]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        header = _header(rows)
        score = (header.known, widths.count(usual) if len(rows) > 1 else 0, -order)
        if best is None or score > best[0]:
            best = score, separator, header
    return (best[1], best[2]) if best else (None, Header(-1, (), ()))


def _header(rows: list[list[str]]) -> Header:
    found = Header(-1, (), ())
    for at, row in enumerate(rows[:TITLES]):
        if len(row) < 2 or any(len(cell) > bounds.LABEL or ADDRESS.search(cell) for cell in row):
            continue
        keys = tuple(labels.known(cell) for cell in row)
        header = Header(at, tuple(row), keys)
        if header.known > max(found.known, 1) and sum(1 for cell in row if cell) > len(row) // 3:
            found = header
    return found


def _by_values(table: Table) -> Header:
    """Without a known label: columns whose values are e-mail addresses or phone numbers for certain.

    A first row without any, and without digits, above rows that have them is a header in a language not known here.
    """
    rows = table.rows[:SAMPLE_ROWS]
    width = max((len(row) for row in rows), default=0)
    titled = len(rows) > 1 and len(rows[0]) == width and all(rows[0]) and not any(map(_is_value, rows[0]))
    keys: list[str | None] = []
    for column in range(width):
        filled = [row[column] for row in rows[titled:] if column < len(row) and row[column]]
        for key, fits in (("email", _is_address), ("phone", _is_phone)):
            if filled and key not in keys and sum(map(fits, filled)) * 5 >= len(filled) * 4:
                keys.append(key)
                break
        else:
            keys.append(None)
    if "email" not in keys:
        return Header(-1, (), ())
    if titled:
        return Header(0, tuple(rows[0]), tuple(keys))
    return Header(-1, tuple(f"column {number}" for number in range(1, width + 1)), tuple(keys))


def _is_value(cell: str) -> bool:
    return any(char.isdigit() or char == "@" for char in cell)


def _is_address(value: str) -> bool:
    found = ADDRESS.search(value)
    return found is not None and len(found[0]) == len(value)


def _is_phone(value: str) -> bool:
    return _PHONE.match(value) is not None


def _records(table: Table, header: Header, document: Document) -> None:
    width = len(header.labels)
    while width and not header.labels[width - 1]:
        width -= 1
    if header.at > 0:
        document.problems.append((Code.LINES_SKIPPED, f"{header.at} above the header"))
    for at in range(header.at + 1, len(table.rows)):
        row, number = table.rows[at], table.numbers[at]
        if tuple(row) == header.labels and header.at >= 0:  # pages of a print-out repeat it
            document.problems.append((Code.LINES_SKIPPED, f"row {number} repeats the header"))
            continue
        cells = [
            Cell(header.labels[column] or f"column {column + 1}", header.keys[column], _literal(value))
            for column, value in enumerate(row[: len(header.labels)])
        ]
        if _is_no_lead(row, cells, width):
            document.problems.append((Code.LINES_SKIPPED, f"row {number} is no lead: {' '.join(row)[:60]}"))
            continue
        record = Record(cells, number=number)
        beyond = [value for value in row[len(header.labels) :] if value]
        if beyond or len(row) < width:
            record.problems.append((Code.RAGGED_ROW, f"{len(row)} cells, {width} columns"))
        cells += [
            Cell(f"column {len(header.labels) + at + 1}", None, value) for at, value in enumerate(beyond)
        ]
        document.records.append(record)


def _literal(value: str) -> str:
    """Spreadsheets write a text that looks like a number as `="0171"`. Any other formula is text as it stands."""
    inner = value[2:-1]
    wrapped = value[:2] == '="' and value[-1:] == '"' and len(value) > 3
    return inner if wrapped and '"' not in inner and inner[:1] != "=" else value


@cache
def _totals() -> frozenset[str]:
    return frozenset(labels.fold(word) for word in TOTALS.split("|"))


def _is_no_lead(row: list[str], cells: list[Cell], width: int) -> bool:
    """A row that adds others up or ends the list: one of its words first, or a lonely line among wide rows."""
    filled = [value for value in row if value]
    reached = [cell for cell in cells if cell.key in ("email", "phone", "mobile") and cell.value]
    if reached or not filled:
        return False
    first = labels.fold(filled[0].partition(":")[0])
    if first in _totals() or ((first.split() or [""])[0] in _totals() and len(filled) <= 3):
        return True
    return len(filled) == 1 and len(row) < width and width > 2
