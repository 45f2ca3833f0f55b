"""`On Mon, 2 Nov 2026 at 09:26, John Doe <john@doe.example> wrote:` in any of the languages, over up to four lines.

An attribution has evidence of two kinds: a verb of the tables, a date or time, an address, an opening word; and it
ends the paragraph (a colon, or the quoted text right below it). Mail programs without a verb (`30.09.2026, 18:30,
"John" <j@d.example>:`) have date, address and colon. Every candidate is at most `LONGEST` characters, so the work
per line is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from parsers import addresses, dates
from parsers.locale_dates import ZONES
from parsers.locale_phrases import CONNECTORS, OPENING, WROTE
from parsers.message import Mailbox
from parsers.textlines import Lines

LONGEST = 420
LONGEST_WITHOUT_VERB = 200
REACH = 4

_MOMENT = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年|\d{1,2}[:：]\d{2}"
)
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\b\.?)?", re.IGNORECASE)
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")
_GMAIL = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} gmt[+-]\d{1,2}:\d{2} \S")
# The opening words that are also looked for behind text on the same line.
_INSIDE = re.compile(
    r"(?<=[\s-])((?:On|Am|Le|El|Il|Op|Em|Den|Dne|Dnia|Il giorno)\s(?=\d|[^\W\d_]{2,10}[.,]?\s))"
)
_QUOTES = "\"„“”«»'"
_TRAIL = " \t\xa0>*_"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` to before `end`, who wrote, when (as written and ISO), in which language."""

    start: int
    end: int
    sender: Mailbox | None
    date: str | None
    language: str | None
    head: str = ""  # what was written on the first line before it


@cache
def _verbs() -> re.Pattern[str]:
    forms = {form.casefold() for line in WROTE.values() for form in line.split("|")}
    ordered = sorted(forms, key=len, reverse=True)
    spaced = [re.escape(form) for form in ordered if form.isascii() or not _wide(form)]
    wide = [re.escape(form) for form in ordered if _wide(form)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)|(?:{'|'.join(wide)})")


def _wide(form: str) -> bool:
    return any(ord(char) >= 0x3000 for char in form)


@cache
def _connectors() -> frozenset[str]:
    return frozenset(word.casefold() for word in CONNECTORS)


@cache
def _openings() -> tuple[str, ...]:
    return tuple(sorted((word + " " for word in OPENING.split("|")), key=len, reverse=True))


@cache
def _language_of_verb() -> dict[str, str]:
    table: dict[str, str] = {}
    for language, line in WROTE.items():
        for form in line.split("|"):
            table.setdefault(form.casefold(), language)
    return table


def find(lines: Lines, at: int) -> Attribution | None:
    """The attribution that begins at line `at`, or None."""
    first = lines.body[at]
    if not first or len(first) > LONGEST or not _may_begin(first):
        return None
    depth = lines.depth[at]
    if not first.casefold().startswith(_openings()) and (found := _behind_text(lines, at, first, depth)):
        return found
    joined = ""
    for index in range(at, min(at + REACH, len(lines))):
        line = lines.body[index]
        if not line or (index > at and (lines.depth[index] != depth or len(line) > 200)):
            break
        joined = f"{joined} {line}" if joined else line
        if len(joined) > LONGEST:
            break
        if found := _judge(lines, joined, at, index + 1, depth):
            return found
    return None


def _behind_text(lines: Lines, at: int, line: str, depth: int) -> Attribution | None:
    """An attribution that follows new text on the same line, the quote standing below."""
    if not line.endswith(":") or depth or not _quoted_below(lines, at + 1, depth):
        return None
    for match in _INSIDE.finditer(line):
        found = _judge(lines, line[match.start(1) :], at, at + 1, depth)
        if found is not None:
            return replace(found, head=line[: match.start(1)].rstrip(" -–—"))
    return None


def _may_begin(line: str) -> bool:
    low = line[:24].casefold().lstrip("-–— ")
    return low.startswith(_openings()) or "<" in line or "@" in line or line[:1] in "-–—" or _has_moment(line)


def _has_moment(text: str) -> bool:
    """Whether a time or date stands in it. Every form has a digit, which is looked for first: most lines have none."""
    digit = _DIGIT.search(text)
    return digit is not None and _MOMENT.search(text, digit.start()) is not None


def _judge(lines: Lines, text: str, start: int, end: int, depth: int) -> Attribution | None:
    """The attribution that a text is which stands on lines `start` to before `end`, judged by its evidence."""
    bare = text.rstrip(_TRAIL)
    dashed = bare[:2] in ("--", "——") and bare[-2:] in ("--", "——")
    if dashed:
        bare = bare.strip("-— ")
    low = bare.rstrip(":： ").casefold()
    seen = _Evidence(
        colon=bare.endswith((":", "：")),
        moment=_has_moment(low),
        address="@" in low,
        opening=low.lstrip("-–— ").startswith(_openings()),
        quoted=_quoted_below(lines, end, depth),
        dashed=dashed,
    )
    verb = None
    for match in _verbs().finditer(low):
        verb = match  # the last one is the line's verb
    if verb is not None:
        found = seen.with_verb(len(low) - verb.end())
        return _attribution(bare, start, end, verb[0]) if found else None
    alone = end >= len(lines) or not lines.body[end]
    if len(bare) < LONGEST_WITHOUT_VERB and (seen.without_verb(bare, low) or (alone and _GMAIL.match(low))):
        return _attribution(bare, start, end, None)
    return None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for an attribution."""

    colon: bool  # it ends with one
    moment: bool  # it holds a date or a time
    address: bool
    opening: bool  # it begins as attributions do
    quoted: bool  # quoted lines stand below it
    dashed: bool  # dashes stand around it

    def with_verb(self, behind: int) -> bool:
        """Whether a text with a verb, `behind` characters before its end, is one."""
        if self.moment + self.address + self.opening + self.quoted + self.dashed < 2:
            return False
        at_end = behind <= 3
        if self.colon and (at_end or behind < 60):
            return True
        timed = self.moment and (self.address or self.quoted)
        return at_end and (timed or (self.dashed and (self.quoted or self.moment)))

    def without_verb(self, bare: str, low: str) -> bool:
        """Whether a text without a verb is one."""
        if not self.moment:
            return False
        if self.colon and self.address:
            closes = bare.rstrip(":： ")[-1:] in ">)]" and dates.to_iso(bare) is not None
            return low[:1].isdigit() or self.quoted or self.opening or closes
        return self.quoted and (
            (self.colon and self.opening) or (self.address and _DATED.match(low) is not None)
        )


def _quoted_below(lines: Lines, at: int, depth: int) -> bool:
    index = lines.next_filled(at, 2)
    if index is None:
        return False
    return lines.depth[index] > depth


def _attribution(text: str, start: int, end: int, verb: str | None) -> Attribution:
    language = _language_of_verb().get(verb) if verb else None
    sender, rest = _sender(text, verb)
    iso = dates.to_iso(rest, language) or (_written_date(rest))
    return Attribution(start, end, sender, iso, language)


def _written_date(rest: str) -> str | None:
    found = _MOMENT.search(rest)
    return " ".join(rest.split()).strip(" ,:;<>\"'") or None if found else None


def _sender(text: str, verb: str | None) -> tuple[Mailbox | None, str]:
    """Who wrote, and the line without that: the date and small words."""
    place = text.casefold().rfind(verb) if verb else -1
    if verb and place >= 0:
        text = f"{text[:place]}  {text[place + len(verb) :]}"
    found = addresses.ADDRESS.search(text)
    if found is None:
        name = _name(text)
        return (Mailbox(name, None) if name else None), text
    address = addresses.clean_address(found[0])
    before, after = text[: found.start()], text[found.end() :]
    head = before.rstrip(" \t<([")
    begin = (
        max((head.rfind(mark, 0, len(head) - 1) for mark in _QUOTES), default=-1)
        if head[-1:] in _QUOTES
        else -1
    )
    if begin >= 0 and (quoted := addresses.clean_name(head[begin + 1 : -1])):
        return Mailbox(_unlike(quoted, address), address), f"{before[:begin]} {after}"
    name = _name(head)
    rest = f"{before.replace(name, ' ') if name else before} {after}"
    return Mailbox(_unlike(name, address), address), rest


def _unlike(name: str | None, address: str) -> str | None:
    """A name, unless it is the address again."""
    return None if name is None or name.lower() == address.lower() else name


def _name(text: str) -> str | None:
    """The name at the end of a text that begins with a date: what follows the last number and its small words."""
    text = text.rstrip(" ,;:<([\"'")
    clocks = list(_CLOCK.finditer(text))
    if clocks and clocks[-1].end() >= len(text) - 2:  # the date stands behind the name
        return _before_date(text)
    tail = text[clocks[-1].end() :] if clocks else text
    comma = max(tail.rfind(","), tail.rfind("年"))
    if not clocks and comma >= 0 and any(char.isdigit() for char in tail[:comma]):
        tail = tail[comma + 1 :]
    words = tail.replace("(", " (").split()
    while words and _is_of_date(words[0]):
        words.pop(0)
    while words and words[-1].casefold().strip(",.()") in _connectors():
        words.pop()
    name = addresses.clean_name(" ".join(words))
    return name if name and not name.isdigit() and len(name) < 100 else None


def _is_of_date(word: str) -> bool:
    """Whether a word before a name belongs to the date or is a small word between the two."""
    low = word.casefold().strip(",.()")
    return (
        low in _connectors()
        or low in dates.months()
        or low in ZONES
        or not low.strip("0123456789+-:;")
        or word.startswith(("(GMT", "(UTC", "GMT", "UTC", "+0", "-0"))
    )


def _before_date(text: str) -> str | None:
    found = _MOMENT.search(text)
    if found is None or found.start() < 2:
        return None
    words = text[: found.start()].split()
    while words and (words[-1].casefold().strip(",.") in _connectors() or words[-1].strip(",.").isdigit()):
        words.pop()
    name = addresses.clean_name(" ".join(words))
    return name if name and len(name.split()) <= 5 else None
