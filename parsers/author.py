"""Who wrote, and when, out of the text of an attribution line: the name beside the address, or between date and verb.

Every form is at most a line long (`attribution.LONGEST`); each expression looks at it once.
"""

from __future__ import annotations

import re
from functools import cache

from parsers import addresses, dates
from parsers.locale_dates import ZONES
from parsers.locale_phrases import CONNECTORS
from parsers.message import Mailbox

# A time or a date, as far as a line needs one to be an attribution: 9:30, 9h30, 2.11.26, 2026年, and a year by itself.
# All begin with a digit, and the expression says so: it skips to the next one.
MOMENT = re.compile(
    r"\d(?:\d?[:：.h]\d{2}|\d?[./-]\d{1,2}[./-]\d{2,4}|\d{3}年|(?:(?<=\b1)9|(?<=\b2)0)\d{2}\b)"
)
CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\b\.?)?", re.IGNORECASE)
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_QUOTES = "\"„“”«»'"
_POINTS = " \t,.()、，,;:—–-"


@cache
def _connectors() -> frozenset[str]:
    return frozenset(word.casefold() for word in CONNECTORS)


def written_date(rest: str) -> str | None:
    """A date that cannot be read, as it is written; None where there is none."""
    found = MOMENT.search(rest)
    return " ".join(rest.split()).strip(" ,:;<>\"'") or None if found else None


def read(text: str, verb: str | None) -> tuple[Mailbox | None, str]:
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
    head = before.rstrip(" \t<([").removesuffix("mailto:").rstrip(" \t<([")
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
    clocks = list(CLOCK.finditer(text))
    if clocks and clocks[-1].end() >= len(text) - 2:  # the date stands behind the name
        return _before_date(text)
    tail = text[clocks[-1].end() :] if clocks else text
    if clocks and (years := list(YEAR.finditer(tail))):  # "09:31, 27 Oct 2026 John Doe"
        tail = tail[years[-1].end() :]
    tail = tail.lstrip(_POINTS)
    comma = max(tail.rfind(","), tail.rfind("年"))
    if not clocks and comma >= 0 and any(char.isdigit() for char in tail[:comma]):
        tail = tail[comma + 1 :]
    words = tail.replace("(", " (").split()
    while words and _is_of_date(words[0]):
        words.pop(0)
    if words:
        words[0] = words[0].lstrip(_POINTS)
    while words and words[-1].casefold().strip(",.()") in _connectors():
        words.pop()
    name = addresses.clean_name(" ".join(words))
    return name if name and not name.isdigit() and len(name) < 100 else None


def _is_of_date(word: str) -> bool:
    """Whether a word before a name belongs to the date or is a small word between the two."""
    low = word.casefold().strip(_POINTS)
    return (
        not low
        or low in _connectors()
        or low in dates.months()
        or low in dates.weekdays()
        or low in ZONES
        or not low.strip("0123456789+-:;")
        or word.startswith(("(GMT", "(UTC", "GMT", "UTC", "+0", "-0"))
    )


def _before_date(text: str) -> str | None:
    found = MOMENT.search(text)
    if found is None or found.start() < 2:
        return None
    words = text[: found.start()].split()
    while words and (words[-1].casefold().strip(",.") in _connectors() or words[-1].strip(",.").isdigit()):
        words.pop()
    name = addresses.clean_name(" ".join(words))
    return name if name and len(name.split()) <= 5 else None
