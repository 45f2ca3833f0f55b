"""The lines a reader of HTML writes: words, line ends, paragraphs, quotes, the cells of a row."""

from __future__ import annotations

import re

SPACES = re.compile(r"[ \t\r\n\f]+")


class Writer:
    """The text so far: finished lines and the line being written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.space = False
        self.quote = 0
        self.pre = 0
        self.prefix = ""
        self.cell_at = -1  # the line in which the cell began that is being read, or was read last in this row

    def text(self, data: str) -> None:
        """Words, white space folded unless preformatted."""
        if self.pre:
            for index, piece in enumerate(data.replace("\r\n", "\n").split("\n")):
                if index:
                    self.end_line(force=True)
                self._add(piece)
            return
        words = SPACES.sub(" ", data).strip(" ")
        self.space = self.space or data[:1] in " \t\r\n\f"
        if not words:
            return
        if self.space and self.line and self.line[-1] != "\t":
            self.line.append(" ")
        self.space = data[-1] in " \t\r\n\f"
        self._add(words)

    def _add(self, words: str) -> None:
        if self.prefix and not self.line:
            self.line.append(self.prefix)
            self.prefix = ""
        if words:
            self.line.append(words)

    def cell(self) -> None:
        """A gap between two cells of a row, also where the one before was a paragraph of one line; none in front."""
        self.space = False
        if not self.line and 0 <= self.cell_at < len(self.lines):
            while len(self.lines) > self.cell_at + 1 and not self.lines[-1].strip("> "):
                self.lines.pop()
            if len(self.lines) == self.cell_at + 1 and self.lines[-1].strip("> "):
                self.line = [self.lines.pop()[2 * self.quote :]]
        if self.line and self.line[-1] != "\t":
            self.line.append("\t")
        self.cell_at = len(self.lines)

    def row(self) -> None:
        """The edge of a row or a table."""
        if self.line and self.line[-1] == "\t":
            self.line.pop()
        self.end_line()
        self.cell_at = -1

    def end_line(self, *, force: bool = False) -> None:
        """Finish the line; an empty one only where it is asked for, none before the first word of a cell."""
        self.space = False
        if self.line and self.line[-1] == "\t" and not force:
            return
        if self.line or force:
            content = "".join(self.line).rstrip()
            self.lines.append("> " * self.quote + content if content or self.quote else "")
            self.line = []

    def paragraph(self) -> None:
        """A blank line between paragraphs."""
        self.end_line()
        if not self.line and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.quote).rstrip())
