"""A message as a template sees it: its text by lines and labels, its subject, the row of data it brings.

Bounded: the first `CHARACTERS` of the text are looked at. Labels are found in one pass; white space is folded once,
with the way back to the text.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property

from parsers import form_labels
from parsers.message import Message
from parsers.structured.rows import Row

CHARACTERS = 200_000
LINES = 5_000
LABEL = 60

_LABEL = re.compile(
    r"[\s>*•·|_#-]{0,10}([^:：\t=|]{1,60}?)[ *_]{0,4}(?:[:：\t]|=(?=\s)|\s\|\s)[ \t*_|]{0,20}"
)
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it stands in the text, its label (folded) if it has one, and where the value behind it begins.

    A line without a separator is a label that may have its value below: then `value` is its end.
    """

    start: int
    end: int
    label: str
    value: int
    whole: bool


@dataclass
class View:
    """What a template looks at: one text, and one row where a document brings some."""

    text: str
    subject: str = ""
    row: Row | None = None
    format: str | None = None
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, text: str, subject: str, row: Row | None = None, kind: str | None = None) -> View:
        """The view of a text."""
        text = text[:CHARACTERS]
        return cls(text, subject[:2_000], row, kind, _lines(text))

    @cached_property
    def labels(self) -> dict[str, list[int]]:
        """Folded label -> the numbers of its lines."""
        table: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines):
            if line.label:
                table.setdefault(line.label, []).append(number)
        return table

    def below(self, line: str) -> int:
        """The number of the first line behind such a line (folded); behind all lines where there is none."""
        if not line:
            return 0
        found = (number for number, one in enumerate(self.lines) if self.folded(one) == line)
        return next(found, len(self.lines)) + 1

    def folded(self, line: Line) -> str:
        """A line of this text, folded as `below`, `begins` and `stops` are."""
        return fold_line(self.text[line.start : line.end])

    @cached_property
    def flat(self) -> tuple[str, list[int]]:
        """The text with white space folded to single spaces, and of each word: where it stands there and here."""
        return flatten(self.text)


def flatten(text: str) -> tuple[str, list[int]]:
    """A text with white space folded, and for each character of that where it stands in the text."""
    pieces: list[str] = []
    places: list[int] = []
    for match in _WORD.finditer(text):
        if pieces:
            pieces.append(" ")
            places.append(match.start() - 1)
        pieces.append(match[0])
        places.extend(range(match.start(), match.end()))
    return "".join(pieces), places


def of_message(message: Message) -> View:
    """The view of a whole message: of the mail forwarded in it, where there is one."""
    if message.forwarded is not None and message.forwarded.text:
        return View.of(message.forwarded.text, message.forwarded.subject or "")
    return View.of(message.text, message.subject or "")


def fold_line(line: str) -> str:
    """A line as `begins` and `stops` know it: folded like a label, its numbers as 0."""
    return _DIGITS.sub("0", form_labels.fold(line[: LABEL * 2]))[:LABEL]


def anchors(view: View) -> dict[str, str]:
    """What mails of one layout share: digest -> label or line. Lines that are only numbers say nothing."""
    found: dict[str, str] = {}
    for line in view.lines:
        word = line.label or fold_line(view.text[line.start : line.end])
        word = _DIGITS.sub("0", word)
        if sum(char.isalpha() for char in word) >= 2:
            digest = hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()[:8]
            found.setdefault(digest, word)
    return found


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    at = 0
    for raw in text.split("\n", LINES)[:LINES]:
        end = at + len(raw)
        match = _LABEL.match(raw, 0, 120)
        if match is not None and (label := form_labels.fold(match[1])):
            lines.append(Line(at, end, label, at + match.end(), False))
        else:
            whole = raw.strip()
            label = form_labels.fold(whole) if 0 < len(whole) <= LABEL else ""
            lines.append(Line(at, end, label, end, True))
        at = end + 1
    return lines
