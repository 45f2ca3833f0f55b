"""The HTML of a form notification as lines whose structure is kept: for `form_lines`, where text alone would not do.

As `html_text` reads it, and besides: a row of a table is one line, its cells between tabs, line breaks inside a cell
as `BREAK`, so that `Ort: Berlin` inside a message is no row; a cell that holds a table is layout; what is bold, a
heading, `<th>` or `<dt>` stands between `BOLD` and `LIGHT`. One pass, nothing recurses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.form_cells import BOLD, BREAK, LIGHT
from parsers.form_lines import LONG_LABEL
from parsers.html_text import VOID, Reader, tidy
from parsers.html_writer import Writer

LONGEST = 150_000  # characters of HTML: no notification is longer

_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_BOLD_TAGS = frozenset(("b", "strong", "th", "dt", "h1", "h2", "h3", "h4", "h5", "h6"))
_MARKS = BOLD + LIGHT


def lines(html: str) -> list[str]:
    """The lines of an HTML body."""
    reader = _RowReader(html[:LONGEST])
    reader.run()
    reader.rows.finish()
    return tidy("\n".join(reader.rows.lines)).split("\n")


@dataclass(slots=True)
class _Table:
    """A table being read: the cells of its row, where the open cell's lines begin (-1: none), whether that holds a
    table."""

    cells: list[str] = field(default_factory=list)
    start: int = -1
    layout: bool = False


class _RowWriter(Writer):
    """Collects the lines of a cell, and the cells of a row into one line."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []

    def mark(self, mark: str) -> None:
        """The beginning or the end of bold text; an item of a list that begins with it is a label, no item."""
        self.prefix = ""
        self.line.append(mark)

    def end_line(self, *, force: bool = False) -> None:
        """As everywhere, but marks alone are no line."""
        content = "".join(self.line)
        if content and not content.strip(_MARKS + " \t"):
            self.line = []
            super().end_line(force=force)
            if content.rstrip()[-1:] == BOLD:
                self.line.append(BOLD)
            return
        if content[:1] == LIGHT:
            self.line = [content.lstrip(LIGHT)]
        super().end_line(force=force)

    def open_table(self) -> None:
        """A table; the cell it stands in is layout from now on."""
        self.end_line()
        outer = self.tables[-1] if self.tables else None
        if outer is not None and outer.start >= 0 and not outer.layout:
            held = self.lines[outer.start :]
            del self.lines[outer.start :]
            self._emit(outer)
            self.lines.extend(held)
            outer.layout = True
        self.tables.append(_Table())

    def close_table(self) -> None:
        """The end of a table, and of its last row."""
        if self.tables:
            self.end_row()
            self.tables.pop()
            if self.lines and self.lines[-1]:
                self.lines.append("")

    def cell(self) -> None:
        """A cell begins."""
        if not self.tables:
            self.tables.append(_Table())
        self.end_cell()
        self.end_line()
        table = self.tables[-1]
        table.start, table.layout = len(self.lines), False

    def end_cell(self) -> None:
        """A cell ends: its lines become one piece of the row."""
        table = self.tables[-1] if self.tables else None
        if table is None or table.start < 0:
            return
        self.end_line()
        if not table.layout:
            table.cells.append(BREAK.join(self.lines[table.start :]).strip(BREAK + " "))
            del self.lines[table.start :]
        table.start = -1

    def end_row(self) -> None:
        """A row ends."""
        self.end_cell()
        if self.tables:
            self._emit(self.tables[-1])

    def finish(self) -> None:
        """Whatever was not closed ends."""
        self.end_line()
        while self.tables:
            self.close_table()

    def _emit(self, table: _Table) -> None:
        cells, table.cells = table.cells, []
        filled = [cell for cell in cells if cell.strip(_MARKS + BREAK + " ")]
        if not filled:
            return
        label = filled[0]
        if len(filled) > 1 and BREAK not in label and len(label) <= LONG_LABEL:
            self.lines.append("\t".join(cells))
        elif len(filled) == 1 and len(cells) > 1 and cells[0] == label and BREAK not in label:
            self.lines.append(f"{label}\t{LIGHT}")
        else:
            for cell in filled:
                self.lines.extend(cell.split(BREAK))


class _RowReader(Reader):
    """Tells the row writer of tables and bold text."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.out = self.rows = _RowWriter()
        self.bold: list[str] = []

    def _open(self, name: str, attributes: str) -> None:
        if name in ("td", "th", "tr", "table"):
            self._lighten()
        super()._open(name, attributes)
        if self.skipped or name in VOID:
            return
        if name == "table":
            self.rows.open_table()
        elif name == "tr":
            self.rows.end_row()
        heavy = name in _BOLD_TAGS or ("font-weight" in attributes and _HEAVY.search(attributes))
        if heavy or (self.bold and name == self.bold[-1]):
            if not self.bold:
                self.rows.mark(BOLD)
            self.bold.append(name)

    def _close(self, name: str) -> None:
        if self.bold and name == self.bold[-1]:
            self.bold.pop()
            if not self.bold:
                self.rows.mark(LIGHT)
        if name in ("td", "th"):
            self._lighten()
            self.rows.end_cell()
        elif name == "tr":
            self.rows.end_row()
        super()._close(name)
        if name == "table":
            self.rows.close_table()

    def _lighten(self) -> None:
        if self.bold:
            self.bold.clear()
            self.rows.mark(LIGHT)
