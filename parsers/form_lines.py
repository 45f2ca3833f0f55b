"""Which lines of a form notification are labels, in every way they are written.

A line is looked at by itself: `read` gives every line its `Line`, with the label it may carry, how it is written
(`Style`) and how much that says. Whether it is one in its place is decided by `form_rows`.

Lines come from text, or from HTML by `form_table`, which marks what is written bold with `BOLD`…`LIGHT`, and gives a
row of a table as one line, its cells between tabs and the line breaks inside a cell as `BREAK`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from parsers import form_cells, phrases
from parsers.form_cells import BOLD, BREAK, LIGHT, MARKS
from parsers.form_fields import is_rule
from parsers.form_labels import canonical
from parsers.locale_form_phrases import AGREED

LABEL = 60
LONG_LABEL = 200  # of a label that is set apart: a question, a cell, a heading

_BULLET = re.compile(r"(?:[-–•*·▪►➤→✔●»>]|\d{1,2}[.)])\s+(?=\S)")
_TICK = re.compile(r"(?:[☑✅✓✔]\ufe0f?|\[[xX✓✔]\])\s+")
_NUMBER = re.compile(r"(?:q(?:uestion)?\s?)?\d{1,3}\s?[.):]\s+(?=[^\W\d])", re.IGNORECASE)
_COUNTED = re.compile(r"(\d{1,2})[.)] +[^\W\d]")
_FRAMES = (
    re.compile(r"-{2,10} (?=\S)([^\n]{1,198}?) ?-{2,60}$"),
    re.compile(r"={1,10} ?(?=\S)([^=\n]{1,198}?) ?={1,60}$"),
    re.compile(r"#{1,4} (\S[^\n]{0,198}?)(?: #{1,4})?$"),
    re.compile(r"\*{1,3}(?=[^\s*])([^*\n]{1,198}?)\*{1,3}:?$"),
    re.compile(r"_{1,2}(?=[^\s_])([^_\n]{1,198})_{1,2}:?$"),
    re.compile(r"\[([^\[\]\n]{1,80})\]$"),
)
_INLINE = re.compile(r"(?:\*{1,2}|__)(?=[^\s*_])([^*\n]{1,198}?)(?:\*{1,2}|__)\s*[:：=]?\s+(\S.*)$")
_CLOCK = re.compile(r"\d{1,2}$")
_SCHEMES = ("http", "https", "mailto", "tel", "ftp", "sms", "whatsapp")
_WORDS = 9
_LETTER = re.compile(r"[^\W\d_]")


class Style(IntEnum):
    """How a label is written; the higher, the less it can be an accident."""

    BARE = 1  # Name Anna
    ALONE = 2  # a known label, the value below
    DASH = 3  # Name - Anna
    EQUALS = 4  # Name = Anna
    COLON = 5  # Name: Anna, or Name: with the value below
    PIPE = 6  # | Name | Anna |
    BOLD = 7  # *Name:* Anna
    HEAD = 8  # *Name*, --- Name ---, Name over a rule
    CELL = 9  # a row of a table


STRONG = Style.PIPE
_SIGNS = (
    (" => ", Style.EQUALS),
    (" -> ", Style.EQUALS),
    (" = ", Style.EQUALS),
    (" - ", Style.DASH),
    (" – ", Style.DASH),
    (" — ", Style.DASH),
)


@dataclass(slots=True)
class Line:
    """One line: its text, the label it may be or carry, and the value beside that."""

    text: str
    raw: str
    style: Style | None = None
    label: str = ""
    key: str | None = None
    value: str = ""
    last: bool = False  # nothing but its own cell belongs to it: more lines are not its value
    open: bool = False  # bold words before others, with no colon: a label only where others are written so


def read(raw: list[str], *, exact: bool) -> list[Line]:
    """What the lines of a text may be. `exact`: the rows of tables are whole, as `form_table` gives them."""
    lines: list[Line] = []
    rows = form_cells.pairs(raw)
    for index, one in enumerate(rows):
        text = one.strip(" \t\r")
        below = rows[index + 1].strip() if index + 1 < len(rows) else ""
        line = Line(text.translate(MARKS).strip(), one)
        if text:
            _style(line, text, below, exact)
        lines.append(line)
    _alike(lines)
    return lines


def _alike(lines: list[Line]) -> None:
    """Labels that are only ones because others are written the same way: bold words with no colon, numbered lines."""
    if sum(line.open and line.key is not None for line in lines) < 2:
        for line in lines:
            if line.open and not line.key:
                line.style = None
    numbers = [int(found[1]) if (found := _COUNTED.match(line.text)) else 0 for line in lines]
    if sum(line.key is not None and number > 0 for line, number in zip(lines, numbers, strict=True)) < 2:
        return
    count = 0
    for index, (line, number) in enumerate(zip(lines, numbers, strict=True)):
        apart = index == 0 or not lines[index - 1].text
        if number == count + 1 and apart and len(line.text) <= LONG_LABEL and line.style is not Style.COLON:
            count += 1
            if line.style is not Style.HEAD:
                _set(line, Style.HEAD, line.text, "")


def _style(line: Line, text: str, below: str, exact: bool) -> None:
    """Set what label a line carries, the surest way of writing first."""
    if "\t" in text and _cell(line, text, exact):
        return
    if is_rule(text):
        return
    if text[0] == BOLD and _bold(line, text):
        return
    if text[0] in "-=#*_[" and _framed(line, text):
        return
    plain = line.text
    if not plain:  # nothing but marks
        return
    if (
        len(plain) <= LABEL
        and is_rule(below)
        and len(set(below)) == 1
        and below[0] in "-=~"
        and _LETTER.search(plain)
    ):
        _set(line, Style.HEAD, plain, "")
        return
    if "|" in plain and _piped(line, plain):
        return
    if plain[0] in "☑✅✓✔[" and (ticked := _TICK.match(plain)) and agrees(plain):
        line.style, line.label, line.key, line.value = (
            Style.COLON,
            "consent",
            "consent",
            plain[ticked.end() :],
        )
        return
    bullet = _BULLET.match(plain)
    body = plain[bullet.end() :] if bullet else plain
    if _colon(line, body, bulleted=bullet is not None):
        return
    if _between(line, body):
        return
    if len(body) <= LONG_LABEL:
        _alone(line, plain, body)


def agrees(text: str) -> bool:
    """Whether a text says that something was agreed to."""
    return phrases.finder(AGREED)(text[:400].casefold())


def _set(line: Line, style: Style, label: str, value: str) -> bool:
    label = label.strip(" \t:：*#_").strip()
    if number := _NUMBER.match(label):
        label = label[number.end() :]
    if not _LETTER.search(label):
        return False
    line.style, line.label, line.value = style, label, value.strip(" \t")
    line.key = canonical(label)
    return True


def _cell(line: Line, text: str, exact: bool) -> bool:
    cells = [cell.strip() for cell in text.translate(MARKS).split("\t")]
    while cells and (not cells[0] or cells[0].rstrip(".)").isdigit()):
        cells.pop(0)
    if not cells or len(cells[0]) > LONG_LABEL or BREAK in cells[0]:
        line.text = " ".join(cells)
        return False
    values = [cell for cell in cells[1:] if cell not in ("", ":", "=", "-")]
    value = " ".join(values)
    if not exact and value.startswith("*"):
        value = value.strip("*")
    line.last = exact
    return _set(line, Style.CELL, cells[0], value)


def _bold(line: Line, text: str) -> bool:
    """<b>Name</b>, <b>Name:</b> Anna, <b>Name</b> Anna."""
    end = text.find(LIGHT)
    label, value = text[1 : end if end > 0 else None], text[end + 1 :] if end > 0 else ""
    value = value.translate(MARKS).strip()
    label = label.translate(MARKS).strip()
    if not label or len(label) > LONG_LABEL or BREAK in label:
        return False
    if not value:
        inner = label.find(":")
        if 0 < inner < len(label) - 1:  # the whole of it is bold: <b>Name: Anna</b>
            return False
        return _set(line, Style.HEAD, label, "")
    line.open = value[0] not in ":：=–-" and label[-1] not in ":：?*"
    return _set(line, Style.BOLD, label, value.lstrip(":：=–- "))


def _framed(line: Line, text: str) -> bool:
    if found := _INLINE.match(text):
        return _set(line, Style.BOLD, found[1], found[2])
    for frame in _FRAMES:
        if (found := frame.match(text)) and _set(line, Style.HEAD, found[1], ""):
            if ":" in line.label and not line.key:
                head, _, tail = line.label.partition(":")
                if canonical(head):  # *Name: Anna*
                    _set(line, Style.BOLD, head, tail)
            return True
    return False


def _piped(line: Line, text: str) -> bool:
    cells = [cell.strip() for cell in text.strip("|").split("|", 6)]
    framed = text[0] == "|" or canonical(cells[0]) is not None
    return len(cells) == 2 and framed and 0 < len(cells[0]) <= LABEL and _set(line, Style.PIPE, *cells)


def _colon(line: Line, text: str, *, bulleted: bool) -> bool:
    """Name: Anna, or Name: above its value."""
    places = [place for place in (text.find(":", 0, LONG_LABEL), text.find("：", 0, LONG_LABEL)) if place > 0]
    if not places:
        return False
    at = min(places)
    label, value = text[:at].strip(" *\t"), text[at + 1 :].strip(" *\t")
    if (
        not label
        or label.casefold() in _SCHEMES
        or value.startswith("//")
        or (_CLOCK.search(label) and value[:1].isdigit())
        or label.endswith((",", ";"))
    ):
        return False
    known = canonical(label)
    long = at > LABEL or len(label.split()) > _WORDS
    if not known and (bulleted or (long and not label.endswith("?") and "://" in label)):
        return False
    if not known and long and len(value) > LABEL:
        return False
    return _set(line, Style.COLON, label, value)


def _between(line: Line, text: str) -> bool:
    """Name = Anna, Name => Anna, Name - Anna."""
    for sign, style in _SIGNS:
        label, found, value = text[: LABEL + 4].partition(sign)
        if found and label:
            return _set(line, style, label, text[len(label) + len(sign) :])
        if text.endswith(sign.rstrip()) and canonical(text[: -len(sign.rstrip())]):
            return _set(line, style, text[: -len(sign.rstrip())], "")
    label, found, value = text[: LABEL + 1].partition("=")
    if found and canonical(label):
        return _set(line, Style.EQUALS, label, value + text[LABEL + 1 :])
    return False


def _alone(line: Line, plain: str, body: str) -> None:
    """A known label or a question by itself, or a known label and its value with nothing between."""
    number = _NUMBER.match(plain)
    label = plain[number.end() :] if number else body
    known = canonical(label) if len(label) <= LONG_LABEL else None
    if known or label.rstrip(" *").endswith(("?", "？")):
        _set(line, Style.HEAD if number else Style.ALONE, label, "")
        return
    words = plain.split(" ", 6)
    for count in (3, 2, 1):
        head, value = " ".join(words[:count]), plain[len(" ".join(words[:count])) :].strip()
        key = canonical(head) if value and len(head) <= LABEL and head[:1].isupper() else None
        if key and not (key == "email" and "@" not in value):
            line.style, line.label, line.key, line.value = Style.BARE, head, key, value
            return
