"""Which lines of a form notification carry a label in their place, and where the site's own words begin.

What the lines as a whole say about each of them: which ways of writing are in use, whether blank lines stand between
the rows, whether values stand below their labels. `form_message` says where the visitor's own text ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parsers import phrases
from parsers.form_fields import Row, is_rule
from parsers.form_labels import bears_out, by_word, fold, is_from
from parsers.form_lines import STRONG, Line, Style
from parsers.locale_form_phrases import FOOTERS, MAYBE, SENT, SURE, TEAM
from parsers.locale_forms import LONG, POWERED

FOOTER_LINES = 25  # filled lines at the end that may be a footer
TITLE = 5  # words of a title between two groups of fields
_WORDS = re.compile(r"\W+")
SENTENCE = 5  # words of an unknown label before the first field: more is a sentence that introduces them


class Place:
    """What the lines as a whole say about each of them."""

    def __init__(self, lines: Sequence[Line], said: bool, exact: bool) -> None:
        self.lines, self.said, self.exact = lines, said, exact
        keys: dict[Style, set[str]] = {}
        for line in lines:
            if line.style is not None and line.key:
                keys.setdefault(line.style, set()).add(line.key)
        self.known = Counter({style: len(found) for style, found in keys.items()})
        self.styles = {style for style in keys if self._used(style, keys)}
        if said or self.known[Style.COLON]:
            self.styles.add(Style.COLON)
        self.spaced = self._spaced()
        labels = [line for line in lines if line.key and line.style in self.styles]
        self.lower = sum(line.label[:1].islower() for line in labels) * 2 > len(labels)
        under = sum(not line.value for line in labels)
        self.below = under * 2 > len(labels)  # values stand below their labels
        self.own_lines = {fold(line.label) for line in lines if line.style is not None and not line.value}
        self.end = self._end()
        self.first_title = next((index for index in range(self.end) if self._is_title(index)), self.end)

    def _used(self, style: Style, keys: dict[Style, set[str]]) -> bool:
        number = self.known[style]
        if style is Style.BARE:
            others = self.known[Style.COLON] + self.known[Style.CELL] + self.known[Style.HEAD]
            return self.said and "email" in keys[style] and number >= 2 and number > others
        if style in (Style.DASH, Style.EQUALS):
            return number >= (2 if self.said else 3) and number > self.known[Style.COLON]
        if style is Style.ALONE:
            return self.said or number >= 3
        return style is not Style.PIPE or number >= 2

    def _spaced(self) -> bool:
        """Whether blank lines stand between the rows."""
        gaps = rows = 0
        blank = previous = False
        for line in self.lines:
            if not line.text:
                blank = True
                continue
            label = line.style in self.styles and line.key is not None
            if label and previous:
                rows += 1
                gaps += blank
            previous = previous or label
            blank = False
        return rows > 0 and gaps * 2 > rows

    def _end(self) -> int:
        """Where the site's own words below the fields begin."""
        end = self._signed()
        filled = 0
        firsts: dict[str, int] = {}
        for at, line in enumerate(self.lines):
            if line.key and line.style in self.styles:
                firsts.setdefault(line.key, at)
        for index in range(end - 1, min(firsts.values(), default=end), -1):
            line = self.lines[index]
            if not line.text:
                continue
            filled += 1
            if filled > FOOTER_LINES or (
                firsts.get(line.key or "") == index and line.style is not Style.ALONE
            ):
                break
            if self._foot(line) and self._apart(self.lines[index - 1]):
                end = index
        return end

    def _signed(self) -> int:
        """Where the site says goodbye: a closing, and its team."""
        filled = [index for index, line in enumerate(self.lines) if line.text][-2:]
        if not filled or self.lines[filled[-1]].style is not None:
            return len(self.lines)
        last = self.lines[filled[-1]].text.casefold()
        if len(last) > 60 or not any(word in _WORDS.split(last) for word in phrases.of(TEAM)):
            return len(self.lines)
        closed = (
            len(filled) == 2 and self.lines[filled[0]].text.casefold().strip(" ,.!") in phrases.closings()
        )
        return filled[0] if closed else filled[-1]

    def _apart(self, above: Line) -> bool:
        """Whether what stands below a line is set apart from it."""
        ruled = is_rule(above.text) or above.text in ("--", "—")
        foot = above.text[:400].casefold().startswith(phrases.of(FOOTERS))
        return not above.text or ruled or foot or above.last

    def _foot(self, line: Line) -> bool:
        if line.key and line.style in self.styles and line.style is not Style.ALONE:
            return False
        text = line.text[:400].casefold()
        if text.startswith(phrases.of(FOOTERS)):
            return True
        said = phrases.finder(SURE)(text) or phrases.finder(MAYBE)(text)
        return said and not line.key and phrases.finder(SENT)(text)

    def remarks(self, index: int) -> bool:
        """Whether a line with a colon is the site's, or a plugin's, own remark."""
        line = self.lines[index]
        if line.style is not Style.COLON or line.key:
            return False
        return line.text.casefold().startswith(phrases.of(POWERED)) or self._foot(line)

    def introduces(self, index: int) -> bool:
        """Whether a label is rather a sentence, or a title, above the fields."""
        line = self.lines[index]
        if line.key or by_word(line.label, line.value) or (is_from(line.label) and "@" in line.value):
            return False
        if not line.value and self.below and len(line.label.split()) <= 3 and index + 1 < self.end:
            below = self.lines[index + 1]
            return not below.text or below.style is not None or bool(below.text[-1:] == ".")
        return not line.value or len(line.label.split()) > SENTENCE or line.value.startswith(("http", "www."))

    def is_label(self, index: int, last: Row | None, blank: bool) -> bool:
        """Whether a line outside a message carries a label."""
        line = self.lines[index]
        if line.style is None or line.style not in self.styles:
            return False
        waiting = last is not None and not last.values
        if line.style is Style.HEAD and (waiting or self.known[Style.COLON] > self.known[Style.HEAD]):
            answer = waiting and not blank and not line.key
            title = self.known[Style.COLON] > self.known[Style.HEAD] and self.titles(index)
            return not answer and not title
        if line.style >= STRONG:
            return True
        if line.style is Style.ALONE:
            return self._alone(index, last, blank, waiting=waiting)
        if line.style is Style.BARE:
            return line.key is not None and bears_out(line.key, line.value)
        if not line.key and self.exact and self.known[Style.CELL] >= 2:
            return False
        if not line.key and line.value and self.below and last is not None and self._own_line(last):
            return not self.spaced and not blank and not waiting
        return bool(line.key) or not waiting or blank or not self._below(index)

    def _below(self, index: int) -> bool:
        """Whether the label above has its value below it."""
        above = self.lines[index - 1]
        return above.style is not None and not above.value

    def _alone(self, index: int, last: Row | None, blank: bool, *, waiting: bool) -> bool:
        line = self.lines[index]
        if line.key is None:
            run_on = not self.spaced and self.known[Style.ALONE] >= 2 and last is not None and not waiting
            return self.said and (blank or last is None or run_on) and line.text[:1].isalnum()
        if last is not None and waiting:
            if last.key == line.key and not blank:
                return False
            below = self.lines[index + 1] if index + 1 < self.end else None
            filled = below is not None and bool(below.text) and below.key is None
            return blank or filled
        if line.key in LONG:
            return True
        usual = self.known[Style.ALONE] >= self.known[Style.COLON]
        return self.known[Style.ALONE] >= 2 and (blank or last is None or usual)

    def goes_on(self, index: int, last: Row, blank: bool) -> bool:
        """Whether a line without a label belongs to the value above."""
        if blank and self.titles(index):
            return False
        if not blank or not last.values:
            return True
        short = last.key is not None and last.key not in LONG
        return not short and self.said and not self.lines[index].last and self._own_line(last)

    def _own_line(self, last: Row) -> bool:
        return fold(last.label) in self.own_lines

    def titled_before(self, index: int) -> bool:
        """Whether groups of fields have titles, as far as can be seen above a line."""
        return self.first_title < index

    def _is_title(self, index: int) -> bool:
        apart = index == 0 or not self.lines[index - 1].text
        return (
            apart and self.lines[index].style is None and bool(self.lines[index].text) and self.titles(index)
        )

    def titles(self, index: int) -> bool:
        """Whether a line is a title above more fields."""
        line = self.lines[index]
        below = self.lines[index + 1] if index + 1 < self.end else None
        if below is not None and is_rule(below.text) and index + 2 < self.end:
            below = self.lines[index + 2]
        short = len(line.text.split()) <= TITLE and line.text[-1:] not in ".!?,;:"
        return short and below is not None and below.style is not None and below.style in self.styles
