"""The only importer of google-re2: patterns people wrote, run in time linear in the text.

RE2 has no backreferences and no look-around, so nothing it accepts can backtrack. Case does not matter, as
everywhere in rules. Pattern length and memory are bounded; a pattern past that is refused when it is read.
"""

from collections.abc import Callable

import re2

LONGEST_PATTERN = 500
PATTERN_MEMORY = 1 << 20
"""Bytes RE2 may use for one compiled pattern and its state cache."""


class BadPattern(ValueError):
    """RE2 does not take this pattern; the text says why."""


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """A function telling whether the pattern occurs anywhere in a text; raises BadPattern."""
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(f"is longer than {LONGEST_PATTERN} characters")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    try:
        search = re2.compile(pattern.encode(), options).search
    except (re2.error, UnicodeEncodeError) as fault:
        raise BadPattern(f"is not a usable RE2 pattern: {_sentence(fault)}") from None
    return lambda text: search(text.encode(errors="replace")) is not None


def _sentence(fault: Exception) -> str:
    reason = fault.args[0] if fault.args else ""
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return "".join(char if char.isprintable() else "?" for char in text[:120])
