"""Lines that announce or close an older mail: `---------- Forwarded message ---------`, `Begin forwarded message:`.

The phrases are those of `locale_phrases`; dashes of any kind around them, or a colon behind. One anchored expression a
line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from parsers import header_block
from parsers.locale_phrases import ENDED, FORWARDED, ORIGINAL

FORWARD, ORIGINALLY = "forward", "original"
LONGEST_PHRASE = 160

_EDGE = " \t\xa0*_-=~#>‐‑–—―─━.,·•|[]<"
DASHES = "-_=~–—‐‑─━*#"
_DASH = r"\-_=~–—‐‑─━*#"
RULE = re.compile(r"[_\-=─━—–‐*~]{5,}$")
_DASHED = re.compile(
    rf"[\s>|]*([{_DASH}]{{2,}})\s*([^\s{_DASH}].{{0,120}}?)\s*(?:([{_DASH}]{{2,}})|[:：])\s*(.*)$"
)
_BY = (" by ", " von ", " par ", " por ", " da ", " door ", " from ", " de ")


class Separator(NamedTuple):
    """What a line announces: `kind` and `language` of its phrase (None where its words are not known here), `rest`
    behind it on the line, how many dashes lead it."""

    kind: str | None
    language: str | None
    rest: str
    dashes: int


@cache
def phrases() -> dict[str, tuple[str, str]]:
    """Folded phrase -> what it announces (FORWARD or ORIGINALLY) and its language."""
    table: dict[str, tuple[str, str]] = {}
    for kind, source in ((ORIGINALLY, ORIGINAL), (FORWARD, FORWARDED)):
        for language, line in source.items():
            for form in line.split("|"):
                table.setdefault(header_block.fold_label(form.strip(_EDGE)), (kind, language))
    return table


def read(line: str) -> Separator | None:
    """The separator that a line is, None where it is none: without a known phrase dashes must stand on both sides."""
    dashes = len(line) - len(line.lstrip(DASHES))
    if len(line) < LONGEST_PHRASE and (dashes >= 2 or line.rstrip(" *_").endswith((":", "："))):
        found = phrases().get(header_block.fold_label(line.strip(_EDGE + ":：")))
        if found is not None:
            return Separator(*found, "", dashes)
    match = _DASHED.match(line)
    if match is None:
        return None
    core = header_block.fold_label(match[2].strip(_EDGE))
    found = phrases().get(core) or _by_somebody(core)
    if found is not None:
        return Separator(*found, match[4].strip(), len(match[1]))
    return Separator(None, None, "", len(match[1])) if len(match[1]) >= 3 and match[3] else None


def _by_somebody(core: str) -> tuple[str, str] | None:
    """The meaning of "Forwarded by Jane Roe/ACME on 11/23/2026"."""
    for word in _BY:
        head, middle, _ = core.partition(word)
        if middle and (found := phrases().get(f"{head}{word.rstrip()}") or phrases().get(head)):
            return found
    return None


def by_itself(line: str) -> bool:
    """Whether a separator with a known phrase is one though nothing follows that says who wrote: dashes on both sides,
    or three of them before it. "## Original message" and "**Original**" are headings."""
    head = line[: len(line) - len(line.lstrip(DASHES))]
    tail = line[len(line.rstrip(DASHES)) :]
    if line.strip(_EDGE).lower() == "original":
        return False  # the word alone heads the old half of a comparison, too
    lines = DASHES[:-2]
    return sum(char in lines for char in head) >= 3 or (
        any(c in lines for c in head) and any(c in lines for c in tail)
    )


def is_end(line: str) -> bool:
    """Whether a line closes a forwarded mail: "----- End forwarded message -----", "=8<= End of original text =8<="."""
    if len(line) > 120 or line[:1] not in DASHES:
        return False
    return header_block.fold_label(line.replace("8<", "").strip(_EDGE)) in _ends()


@cache
def _ends() -> frozenset[str]:
    return frozenset(header_block.fold_label(form) for line in ENDED.values() for form in line.split("|"))
