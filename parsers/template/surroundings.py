"""The text around a marked value as locators: what stands before and behind it in every mail of its kind.

What varies must not become part of a locator: other marked values, and words with digits in them (dates, numbers of
requests). So the texts are cut there, and at `CONTEXT` characters, at whole words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from parsers.patterns import LONGEST_PATTERN
from parsers.template.marks import Mark, Spot, line_at
from parsers.template.reasons import Reason, Why, reason
from parsers.template.template import Around, Locator, Pattern
from parsers.template.view import View

CONTEXT = 40
LONGEST_LINE = 300
LEAST = 3
"""Characters a text must have to tell a place."""

_SHAPES = {
    "email": r"([a-z0-9._%+'-]+@[a-z0-9.-]+\.[a-z]{2,})",
    "phone": r"([+(]?\d[\d ()/.-]{4,28}\d)",
    "url": r"((?:https?://|www\.)\S+)",
    "number": r"(\d[\d.,' ]*\d|\d)",
    "date": r"(\d[\d./:T+-]{5,30})",
}
_VARIES = re.compile(r"\S*\d\S*")


def around(
    field: str, kind: str, flat: str, span: tuple[int, int], marked: Sequence[tuple[int, int]], place: str
) -> Iterator[tuple[Locator, Reason]]:
    """Locators for the value at a span of a folded text, the most telling first."""
    start, end = span
    before = _before(flat, start, marked)
    after = _after(flat, end, marked)
    if len(before.strip()) >= LEAST:
        why = Why.SUBJECT if place == "subject" else Why.AROUND
        tails = [after, _first_word(after)] if after.strip() else [""]
        for tail in dict.fromkeys(tails):
            told = reason(why, field=field, before=before.strip(), after=tail.strip())
            yield Around(before, tail, place), told
        if kind in _SHAPES:
            word = before.strip().rsplit(" ", 1)[-1]
            pattern = rf"{re.escape(word)}\W{{0,5}}{_SHAPES[kind]}"
            yield Pattern(pattern, place), reason(Why.PATTERN, field=field, before=word)
        if place == "text":
            short = _last_words(before)
            if short != before and len(short.strip()) >= LEAST:
                told = reason(why, field=field, before=short.strip(), after=_first_word(after).strip())
                yield Around(short, _first_word(after), place), told
    elif len(after.strip()) >= LEAST:
        yield Around("", after, place), reason(Why.AROUND, field=field, before="", after=after.strip())


def flat_at(places: list[int], start: int) -> int:
    """Where a place of the text stands in the folded one."""
    return bisect_left(places, start)


def _before(flat: str, start: int, marked: Sequence[tuple[int, int]]) -> str:
    begin = max([0, start - CONTEXT, *(end for _, end in marked if end <= start)])
    text = flat[begin:start]
    if begin == start - CONTEXT and begin > 0 and flat[begin - 1] != " " and " " in text:
        text = text[text.index(" ") + 1 :]
    varying = list(_VARIES.finditer(text))
    return text[varying[-1].end() :] if varying else text


def _after(flat: str, end: int, marked: Sequence[tuple[int, int]]) -> str:
    stop = min([len(flat), end + CONTEXT, *(start for start, _ in marked if start >= end)])
    text = flat[end:stop]
    varies = _VARIES.search(text)
    if varies is not None:
        text = text[: varies.start()]
    words = re.match(r"\s?\S{0,20}(?:\s\S{1,20}){0,2}", text)
    return words[0].rstrip() if words else ""


def _first_word(after: str) -> str:
    head = after[0] if after[:1] == " " else ""
    return head + after.strip().split(" ", 1)[0] if after.strip() else ""


def _last_words(before: str) -> str:
    words = before.rstrip().rsplit(" ", 2)
    tail = before[len(before.rstrip()) :]
    return " ".join(words[-2:]) + tail


def by_line(
    mark: Mark, kind: str, spot: Spot, marks: Sequence[Mark], view: View, *, least: int = LEAST
) -> Iterator[tuple[Locator, Reason]]:
    """The shape of the whole line: its words as they are, other marked values and words with digits as any.

    `least`: how many letters of it must be the same in every mail.
    """
    line = line_at(view, spot.start)
    if line is None or spot.end > line.end or line.end - line.start > LONGEST_LINE:
        return
    before, after = view.text[line.start : spot.start], view.text[spot.end : line.end]
    others = [other.text for other in marks if other.field != mark.field and "\n" not in other.text]
    value = _SHAPES[kind] if kind in _SHAPES else r"(\d+)" if mark.text.isdigit() else r"(\S.*?)"
    pattern = rf"^[ \t]*{_shape(before, others)}{value}{_shape(after, others)}[ \t]*$"
    static = _VARIES.sub("", _without(before, others) + _without(after, others))
    if sum(char.isalpha() for char in static) >= least and len(pattern) <= LONGEST_PATTERN:
        told = f"{_without(before, others)}[…]{_without(after, others)}".strip()[:120]
        yield Pattern(pattern), reason(Why.LINE, field=mark.field, line=told)


def _shape(text: str, others: Sequence[str]) -> str:
    """A piece of a line as RE2: values that vary are any words, white space is any."""
    pieces: list[str] = []
    for part in re.split(r"(\s+)", _without(text, others)):
        if not part:
            continue
        if part.isspace():
            pieces.append(r"[ \t]+")
        elif part == "…" or _VARIES.fullmatch(part):
            pieces.append(r"\S.*?" if part == "…" else r"\S+")
        else:
            pieces.append(re.escape(part).replace("…", r".*?"))
    return "".join(pieces)


def _without(text: str, others: Sequence[str]) -> str:
    for other in sorted(others, key=len, reverse=True):
        if len(other.strip()) > 1:
            text = text.replace(other.strip(), "…")
    return text
