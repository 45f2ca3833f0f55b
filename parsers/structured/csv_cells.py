"""Text with separators -> rows of cells (RFC 4180, read leniently): any separator, line breaks in quotes, stray quotes.

A quote opens a quoted cell only at the beginning of one. Inside, two quotes are one; a quote that neither a separator
nor a line end follows is a letter ("Firma "Müller" GmbH"). A quote that is not closed within `LONGEST` characters is
a letter too; after `BAD_QUOTES` of those quotes mean nothing any more, so that the work stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from parsers.structured import bounds

SEPARATORS = (";", "\t", ",", "|")
LONGEST = 20_000
BAD_QUOTES = 20


@dataclass(slots=True)
class Table:
    """Rows of cells, stripped; what was cut, and whether a quote was left open."""

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    """Of each row: the row people would count in a spreadsheet, from 1, blank ones counted too."""
    cut: str = ""
    damaged: bool = False


@cache
def _plain(separator: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(separator)}\n]*")


def split(text: str, separator: str, rows: int = bounds.ROWS + 60) -> Table:
    """The first rows of a text; blank ones are left out but counted."""
    return _Splitter(text, separator, rows).run()


class _Splitter:
    """Goes through the text once, cell by cell."""

    def __init__(self, text: str, separator: str, rows: int) -> None:
        self.text, self.separator, self.most = text, separator, rows
        self.at = 0
        self.bad_quotes = 0
        self.table = Table()

    def run(self) -> Table:
        """Row by row, to the end or a limit."""
        table, size = self.table, len(self.text)
        number = cells = 0
        while self.at < size:
            number += 1
            row = self._row()
            if any(row):
                table.rows.append(row)
                table.numbers.append(number)
            cells += len(row)
            if len(table.rows) >= self.most and self.text[self.at :].strip():
                table.cut = f"more than {self.most} rows"
            elif cells >= bounds.CELLS and self.at < size:
                table.cut = f"more than {bounds.CELLS} cells"
            if table.cut:
                break
        table.damaged = self.bad_quotes > 0
        return table

    def _row(self) -> list[str]:
        text, size, row = self.text, len(self.text), []
        while True:
            row.append(self._cell())
            ended = self.at >= size or text[self.at] == "\n"
            self.at += 1
            if ended:
                return row
            if len(row) >= bounds.COLUMNS:
                self.table.cut = f"more than {bounds.COLUMNS} columns"
                end = text.find("\n", self.at)
                self.at = end + 1 if end >= 0 else size
                return row
            if self.at >= size:  # a separator at the very end
                return row

    def _cell(self) -> str:
        text, at = self.text, self.at
        while text[at : at + 1] == " ":
            at += 1
        if text[at : at + 1] == '"' and self.bad_quotes < BAD_QUOTES:
            found = self._quoted(at)
            if found is not None:
                return found
            self.bad_quotes += 1
        match = _plain(self.separator).match(text, self.at)
        assert match is not None  # it matches nothing, too
        self.at = match.end()
        return match[0].strip()

    def _quoted(self, opened: int) -> str | None:
        text, end, limit = self.text, opened + 1, min(opened + LONGEST, len(self.text))
        pieces: list[str] = []
        start = end
        while True:
            end = text.find('"', end, limit)
            if end < 0:
                return None
            if text[end + 1 : end + 2] == '"':
                pieces.append(text[start : end + 1])
                start = end = end + 2
                continue
            behind = end + 1
            while text[behind : behind + 1] == " ":
                behind += 1
            if behind >= len(text) or text[behind] in (self.separator, "\n"):
                pieces.append(text[start:end])
                self.at = behind
                return "".join(pieces).strip()
            end += 1
