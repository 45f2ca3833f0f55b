"""Where a signature begins: the `-- ` delimiter (RFC 3676, section 4.3), what telephones add, and nothing less sure."""

from __future__ import annotations

import re
from functools import cache

from parsers.locale_phrases import SENT_FROM

_DELIMITER = re.compile(r"\s{0,3}(?:--|—|–|__|\*\*--)[\s\xa0]*$")


@cache
def _sent_from() -> tuple[str, ...]:
    return tuple(form.casefold() for line in SENT_FROM.values() for form in line.split("|"))


def split(lines: list[str]) -> tuple[list[str], str | None]:
    """The lines before the signature, and the signature's text."""
    for index, line in enumerate(lines):
        if len(line) < 8 and _DELIMITER.match(line) and any(text.strip() for text in lines[:index]):
            return lines[:index], _text(lines[index + 1 :])
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    for index in range(max(0, end - 3), end):
        line = lines[index].strip().strip("*_[]<>| ").casefold()
        if 0 < len(line) < 120 and line.startswith(_sent_from()):
            return lines[:index], _text(lines[index:])
    return lines, None


def _text(lines: list[str]) -> str | None:
    return "\n".join(line.rstrip() for line in lines).strip() or None
