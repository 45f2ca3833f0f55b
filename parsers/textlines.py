"""A text as the rooms above look at it: lines, how deep each is quoted, and what it says without the quote marks.

Bounded: a text is analysed in its first `LINES` lines and `CHARACTERS` characters; what lies behind stays text. One
pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

LINES = 6_000
CHARACTERS = 600_000
COMPOSED = 300  # letters are put together in lines up to here: sorting their parts is quadratic

# Marks without width, but for those that join letters: of writing direction, byte order, hyphenation.
_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\xad]")
_APART = re.compile(
    "[\u0300-\u036f\u0653-\u0655\u1160-\u11ff\u3099\u309a]"
)  # letters written in parts, as macOS does
_NOTHING = dict.fromkeys(
    [0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
_UNMARKED = bytes(set(range(256)) - set(b"\n0123456789:<@"))
_QUOTE = re.compile(r"[ \t]{0,3}((?:>[ \t]?){1,100})")


@dataclass(slots=True)
class Lines:
    """`raw[i]` is the line, `depth[i]` its number of `>` marks, `body[i]` what stands behind them, stripped.

    `rest` is the text behind the lines that are analysed.
    """

    raw: list[str]
    depth: list[int]
    body: list[str]
    rest: str = ""
    _last_flush: int | None = None
    _marks: list[bytes] | None = None

    def __len__(self) -> int:
        return len(self.raw)

    def marks(self) -> list[bytes]:
        """Of each line its `:`, `<`, `@` and digits; looked for once, in all lines together.

        A line without them holds no address, no label, no date and no time in any script: a character beyond Latin-1
        (another script's digit, a wide colon) counts as a digit.
        """
        if self._marks is None:
            data = "\n".join(self.raw).encode("latin-1", "xmlcharrefreplace")
            self._marks = data.translate(None, _UNMARKED).split(b"\n")
        return self._marks

    def last_flush(self) -> int:
        """The index of the last line that is neither blank nor indented, -1 where there is none; looked for once."""
        if self._last_flush is None:
            filled = (index for index in range(len(self.raw) - 1, -1, -1) if self.raw[index][:1].strip())
            self._last_flush = next(filled, -1)
        return self._last_flush

    def next_filled(self, at: int, reach: int = 3) -> int | None:
        """The index of the first line from `at` on with something in it, at most `reach` blank lines on."""
        for index in range(at, min(at + reach + 1, len(self.raw))):
            if self.body[index]:
                return index
        return None


def read(text: str) -> Lines:
    """The lines of a text whose line ends are LF."""
    raw = text[:CHARACTERS].split("\n", LINES)
    plain = text.isascii()
    marked = not plain and _MARKS.search(text, 0, CHARACTERS) is not None
    apart = not plain and _APART.search(text, 0, CHARACTERS) is not None
    rest = text[CHARACTERS:]
    if len(raw) > LINES:
        rest = raw.pop() + rest
    depth = [0] * len(raw)
    body: list[str] = []
    for index, line in enumerate(raw):
        stripped = line.strip()
        if stripped[:1] == ">" and (match := _QUOTE.match(line)):
            depth[index] = match[1].count(">")
            stripped = line[match.end() :].strip()
        if marked:
            stripped = stripped.translate(_NOTHING).strip()
        if apart and len(stripped) <= COMPOSED:
            stripped = normalize("NFC", stripped)
        body.append(stripped)
    return Lines(raw, depth, body, rest)


def unquote(lines: list[str], levels: int) -> list[str]:
    """The lines with up to `levels` quote marks taken off each."""
    if levels <= 0:
        return lines
    pattern = re.compile(rf"[ \t]{{0,3}}(?:>[ \t]?){{1,{min(levels, 100)}}}")
    out = []
    for line in lines:
        match = pattern.match(line)
        out.append(line[match.end() :] if match else line)
    return out


def trim(lines: list[str]) -> str:
    """The lines as a text without blank lines at either end."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join([line.rstrip() for line in lines[start:end]])
