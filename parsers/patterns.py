"""Patterns people wrote, run in time linear in the text.

RE2 has no backreferences and no look-around, so nothing it accepts can backtrack. Pattern length and memory are
bounded; a pattern past that is refused when it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import re2

LONGEST_PATTERN = 500
PATTERN_MEMORY = 1 << 20
"""Bytes RE2 may use for one compiled pattern and its state cache."""

Finder = Callable[[str], tuple[int, int] | None]


class BadPattern(ValueError):
    """RE2 does not take this pattern; the text says why."""


@lru_cache(maxsize=256)
def compile_finder(pattern: str) -> Finder:
    """A function giving where the pattern's first group (without one: the whole of it) first stands in a text.

    Case does not matter; `^` and `$` mean lines. Raises BadPattern.
    """
    search = _search(pattern, lines=True)

    def find(text: str) -> tuple[int, int] | None:
        data = text.encode(errors="replace")
        found = search(data)
        if found is None:
            return None
        start, end = found.span(1 if found.re.groups and found.group(1) is not None else 0)
        before = len(data[:start].decode(errors="replace"))
        return before, before + len(data[start:end].decode(errors="replace"))

    return find


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """A function telling whether the pattern occurs anywhere in a text, whatever its case; raises BadPattern."""
    search = _search(pattern, lines=False)
    return lambda text: search(text.encode(errors="replace")) is not None


def _search(pattern: str, *, lines: bool) -> Callable[[bytes], Any]:
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(f"is longer than {LONGEST_PATTERN} characters")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    try:
        compiled = re2.compile(f"(?m:{pattern})".encode() if lines else pattern.encode(), options)
    except (re2.error, UnicodeEncodeError) as fault:
        raise BadPattern(f"is not a usable RE2 pattern: {_sentence(fault)}") from None
    return cast("Callable[[bytes], Any]", compiled.search)


def _sentence(fault: Exception) -> str:
    reason = fault.args[0] if fault.args else ""
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return "".join(char if char.isprintable() else "?" for char in text[:120])
