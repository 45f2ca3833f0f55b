"""Where a disclaimer begins: what firms and scanners put below a mail ("This e-mail is confidential …").

Sure signs only: a paragraph that begins and speaks as disclaimers do (`locale_disclaimers`), something written above
it, and nothing but such paragraphs below. Only the last `REACH` lines are looked at.
"""

from __future__ import annotations

import re
from functools import cache

from parsers.locale_disclaimers import CERTAIN, OPENINGS

REACH = 60
FEWEST_WORDS = 5
LONGEST_LINE = 4_000
_EDGE = "*_-=~#|<>[]() \t\xa0\"'"


@cache
def _openings() -> tuple[str, ...]:
    return tuple(form for line in OPENINGS.values() for form in line.split("|"))


@cache
def _certain() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in CERTAIN.split("|")))


def split(lines: list[str]) -> tuple[list[str], str | None]:
    """The lines before the disclaimer, and the disclaimer (None where there is none)."""
    floor = max(0, len(lines) - REACH)
    begins = end = len(lines)
    while end > floor:
        while end > floor and not lines[end - 1].strip(_EDGE):
            end -= 1
        start = end
        while start > floor and lines[start - 1].strip(_EDGE):
            start -= 1
        if start == end or not _is_disclaimer(lines[start:end]):
            break
        begins = end = start
    if begins == len(lines) or not any(line.strip(_EDGE) for line in lines[:begins]):
        return lines, None
    return lines[:begins], "\n".join(line.rstrip() for line in lines[begins:]).strip()


def _is_disclaimer(paragraph: list[str]) -> bool:
    first = paragraph[0][:LONGEST_LINE].strip(_EDGE).casefold()
    if not first.startswith(_openings()):
        return False
    whole = " ".join(line[:LONGEST_LINE] for line in paragraph).casefold()
    return len(whole.split()) >= FEWEST_WORDS and _certain().search(whole) is not None
