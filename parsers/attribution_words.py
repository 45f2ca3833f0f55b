"""The words by which attribution lines are known: verbs, what such a line begins with, what stands in a verb's place.

Tables of `locale_phrases`, compiled once. Where one of many words may stand, the first words of all are looked up
before an expression of all of them runs.
"""

from __future__ import annotations

import re
from functools import cache

from parsers.locale_phrases import OPENING, QUOTING, WROTE

_WORD = re.compile(r"[^\W_]+")
_WIDE = "\u3000"  # where scripts without blanks begin


@cache
def verbs() -> re.Pattern[str]:
    """All verbs, apart from other words, in lower case."""
    forms = {form.casefold() for line in WROTE.values() for form in line.split("|")}
    ordered = sorted(forms, key=len, reverse=True)
    spaced = [re.escape(form) for form in ordered if form.isascii() or not _wide(form)]
    wide = [re.escape(form) for form in ordered if _wide(form)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)|(?:{'|'.join(wide)})")


@cache
def _verb_words() -> frozenset[str]:
    """The first word of each verb; of those written without blanks nothing."""
    forms = {form.casefold() for line in WROTE.values() for form in line.split("|")}
    return frozenset(_WORD.findall(form)[0] for form in forms if not _wide(form))


def may_have_verb(line: str) -> bool:
    """Whether the first word of a verb stands in a line: the expression of all of them costs ten times as much.

    Every verb stands apart from other words, but for those of scripts that have no blanks.
    """
    return max(line, default="") >= _WIDE or not _verb_words().isdisjoint(_WORD.findall(line.casefold()))


def _wide(form: str) -> bool:
    return max(form) >= _WIDE


@cache
def quoting() -> re.Pattern[str]:
    """What stands before the name in a verb's place."""
    forms = sorted(QUOTING.split("|"), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(re.escape(form) for form in forms)})\s")


@cache
def openings() -> tuple[str, ...]:
    """The words an attribution begins with, and the blank behind them."""
    return tuple(sorted((word + " " for word in OPENING.split("|")), key=len, reverse=True))


@cache
def _opening_words() -> frozenset[str]:
    return frozenset(opening.partition(" ")[0] for opening in openings())


@cache
def language_of_verb() -> dict[str, str]:
    """Verb -> the first language that writes so."""
    table: dict[str, str] = {}
    for language, line in WROTE.items():
        for form in line.split("|"):
            table.setdefault(form.casefold(), language)
    return table


def opens(low: str) -> bool:
    """Whether a text in lower case begins as attributions do, dashes before it aside."""
    low = low.lstrip("-–— ")
    return low.partition(" ")[0] in _opening_words() and low.startswith(openings())
