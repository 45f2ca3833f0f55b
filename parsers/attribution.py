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
REACH = 4

_MOMENT = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年|\d{1,2}[:：]\d{2}"
)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\b\.?)?", re.IGNORECASE)
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")
_GMAIL = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} gmt[+-]\d{1,2}:\d{2} \S")
# The opening words that are also looked for behind text on the same line.
_INSIDE = re.compile(
    r"(?<=[\s-])((?:On|Am|Le|El|Il|Op|Em|Den|Dne|Dnia|Il giorno)\s(?=\d|[^\W\d_]{2,10}[.,]?\s))"
)
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
    return (
        low.startswith(_openings())
        or "<" in line
        or "@" in line
        or line[:1] in "-–—"
        or bool(_MOMENT.search(line))
    )


def _judge(lines: Lines, text: str, start: int, end: int, depth: int) -> Attribution | None:
    bare = text.rstrip(_TRAIL)
    dashed = bare[:2] in ("--", "——") and bare[-2:] in ("--", "——")
    if dashed:
        bare = bare.strip("-— ")
    colon = bare.endswith((":", "："))
    low = bare.rstrip(":： ").casefold()
    moment = _MOMENT.search(low)
    address = "@" in low
    opening = low.lstrip("-–— ").startswith(_openings())
    quoted_below = _quoted_below(lines, end, depth)
    verb = None
    for match in _verbs().finditer(low):
        verb = match  # the last one is the line's verb
    if verb is not None:
        at_end = verb.end() >= len(low) - 3
        evidence = bool(moment) + address + opening + quoted_below + dashed
        ends = colon and (at_end or len(low) - verb.end() < 60) and evidence >= 2
        stands = (
            at_end
            and evidence >= 2
            and ((moment and (address or quoted_below)) or (dashed and (quoted_below or moment)))
        )
        return _attribution(bare, start, end, verb[0]) if ends or stands else None
    dated = _DATED.match(low) is not None
    if colon and moment and address and len(bare) < 200 and (low[:1].isdigit() or quoted_below or opening):
        return _attribution(bare, start, end, None)
    if (
        quoted_below
        and moment
        and len(bare) < 200
        and ((colon and (address or opening)) or (dated and address))
    ):
        return _attribution(bare, start, end, None)
    if (
        colon
        and address
        and moment
        and bare.rstrip(":： ")[-1:] in ">)]"
        and len(bare) < 200
        and dates.to_iso(bare)
    ):
        return _attribution(bare, start, end, None)
    alone = end >= len(lines) or not lines.body[end]
    if _GMAIL.match(low) and alone and len(bare) < 120:
        return _attribution(bare, start, end, None)
    return None


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
    """Who wrote, and the line without that."""
    found = addresses.ADDRESS.search(text)
    if verb is not None:
        place = text.casefold().rfind(verb)
        without = (
            f"{text[:place]} {'' if place < 0 else ' ' * 1}{text[place + len(verb) :]}"
            if place >= 0
            else text
        )
    else:
        without = text
    if found is None:
        name = _name(without, len(without))
        return (Mailbox(name, None) if name else None), without
    address = addresses.clean_address(found[0])
    place = without.find(found[0])
    before, after = (without[:place], without[place + len(found[0]) :]) if place >= 0 else (without, "")
    opened = before.rstrip(" \t<([:\"'„“”«»mailto")
    head = before[: len(opened)] if before[len(opened) :].strip() else before
    quote = before.rstrip(" \t<([")
    if quote and quote[-1] in "\"”“'»«":
        closing = quote[-1]
        begin = max(quote.rfind(mark, 0, len(quote) - 1) for mark in "\"„“«'”")
        if begin >= 0 and closing:
            name = addresses.clean_name(quote[begin + 1 : -1])
            if name:
                shown = None if name.lower() == address.lower() else name
                return Mailbox(shown, address), f"{before[:begin]} {after}"
    head = quote
    name = _name(head, len(head))
    if name and name.lower() == address.lower():
        name = None
    rest = f"{before.replace(name, ' ') if name else before} {after}"
    return Mailbox(name, address), rest


def _name(text: str, end: int) -> str | None:
    """The name at the end of a text that begins with a date: what follows the last number and its small words."""
    text = text[:end].rstrip(" ,;:<([\"'")
    last = None
    for match in _CLOCK.finditer(text):
        last = match
    if last is not None and last.end() >= len(text) - 2:  # the date stands behind the name
        return None if last.start() < 3 else _before_date(text)
    tail = text[last.end() :] if last is not None else text
    if (
        last is None
        and (comma := max(tail.rfind(","), tail.rfind("年"))) >= 0
        and any(c.isdigit() for c in tail[:comma])
    ):
        tail = tail[comma + 1 :]
    words = tail.replace("(", " (").split()
    while words and (
        words[0].casefold().strip(",.()") in _connectors()
        or words[0].strip(",.()+-:").isdigit()
        or not words[0].strip(",.;:-")
        or words[0].startswith(("(GMT", "(UTC", "GMT", "UTC", "+0", "-0"))
        or words[0].casefold().strip(".,") in dates.months()
        or words[0].strip(",.()").casefold() in ZONES
    ):
        words.pop(0)
    while words and words[-1].casefold().strip(",.()") in _connectors():
        words.pop()
    name = addresses.clean_name(" ".join(words))
    return name if name and not name.isdigit() and len(name) < 100 else None


def _before_date(text: str) -> str | None:
    found = _MOMENT.search(text)
    if found is None or found.start() < 2:
        return None
    words = text[: found.start()].split()
    while words and (words[-1].casefold().strip(",.") in _connectors() or words[-1].strip(",.").isdigit()):
        words.pop()
    name = addresses.clean_name(" ".join(words))
    return name if name and len(name.split()) <= 5 else None
