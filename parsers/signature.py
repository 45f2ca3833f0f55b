"""Where a signature begins: the `-- ` delimiter (RFC 3676, section 4.3), what telephones and lists add, `-Name`.

Sure signs only. A closing ("Best regards, Anna") is part of what somebody wrote and stays.
"""

from __future__ import annotations

import re
from functools import cache

from parsers.locale_phrases import SENT_FROM

_DELIMITER = re.compile(r"\s{0,3}(?:--|—|–|__|\*\*--|- -)[\s\xa0]*$")
_RULE = re.compile(r"[-_=*~#+–—─━ᐧ\s>]+$")
_LIST_RULE = re.compile(r"\s*(?:_{10,}|-{20,}|={20,})\s*$")
_NAMED = re.compile(r"\s{0,3}[-–—~/][ \t]?[^\W\d_][\w.'’]{0,20}(?:[ \t][^\W\d_][\w.'’]{0,20}){0,3}[\s]*$")
_LINK = re.compile(r"[<(\[]{0,2}https?://[^\s>)\]]{1,500}[>)\]]{0,2}")
FOOTER_LINES = 15
_WORDS_OF_DEVICE = 5


@cache
def _sent_from() -> tuple[str, ...]:
    forms = {form.casefold() for line in SENT_FROM.values() for form in line.split("|")}
    return tuple(sorted(forms, key=len, reverse=True))


def split(lines: list[str]) -> tuple[list[str], str | None]:
    """The lines before the signature, and the signature's text."""
    first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    for index in range(first + 1, len(lines)):
        line = lines[index]
        if 0 < len(line) < 8 and _DELIMITER.match(line):
            return lines[:index], _text(lines[index + 1 :])
    end = _last(lines, len(lines))
    for index in range(max(0, end - FOOTER_LINES), end):
        if _LIST_RULE.match(lines[index]) and _is_footer(lines, index, end):
            kept, _ = split(lines[:index])
            return kept, _text(lines[len(kept) :])
    for index in range(max(0, end - 3), end):
        if _by_device(lines[index]) and not _much_follows(lines, index + 1, end):
            return lines[:index], _text(lines[index:])
    last = end - 1
    if (
        last > 0
        and len(lines[last]) < 60
        and _NAMED.match(lines[last])
        and not lines[last - 1].strip()
        and _last(lines, last)
    ):
        return lines[:last], _text(lines[last:])
    return lines, None


def without_rules(lines: list[str]) -> list[str]:
    """The lines without rules (`-----`, `____`) at their end."""
    end = _last(lines, len(lines))
    while end > 1 and _RULE.match(lines[end - 1][:200]) and len(lines[end - 1]) <= 200:
        end = _last(lines, end - 1)
    return lines[:end]


def _last(lines: list[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _is_footer(lines: list[str], index: int, end: int) -> bool:
    """What mailing lists and scanners add: a rule, then a few lines to the end that name a list or a page."""
    rest = " ".join(lines[index + 1 : end]).casefold()
    return _last(lines, index) > 0 and any(
        word in rest for word in ("mailing list", "mailman", "unsubscribe", "listinfo", "googlegroups")
    )


def _by_device(line: str) -> bool:
    """Whether a line is what a telephone or a mail program adds: its phrase, and at most a few words and a link."""
    if len(line) > 600:
        return False
    bare = _LINK.sub("", line).strip("*_[]<>|() \t\xa0").casefold()
    if not bare or len(bare) > 120:
        return False
    if not bare.startswith(_sent_from()):
        return False
    for phrase in _sent_from():
        if bare.startswith(phrase):
            rest = bare[len(phrase) :]
            return len(rest.split()) <= _WORDS_OF_DEVICE and "," not in rest and not rest[:1].isalpha()
    return False


def _much_follows(lines: list[str], at: int, end: int) -> bool:
    return sum(len(line.split()) for line in lines[at:end]) > 12


def _text(lines: list[str]) -> str | None:
    return "\n".join(line.rstrip() for line in lines).strip() or None
