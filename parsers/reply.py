"""The newest text of a message: without what it quotes, signature and disclaimer (product page, section 4).

When in doubt keep: cutting too much is the worse fault, and `text` always keeps all. The first older mail that a
text announces ends it, with one exception: below an attribution line only the quoted lines go, so that an answer
written under the quote stays, and answers between quoted lines keep the lines they answer. Quoted lines nobody
announces stay unless nothing but a signature follows them.
"""

from __future__ import annotations

from parsers import boundaries, disclaimer, signature, textlines
from parsers.boundaries import Boundaries, Boundary
from parsers.textlines import Lines

WRAPPED = 50  # a quoted line at least this long may have been broken, its rest standing unquoted below it


def newest(lines: Lines, older: Boundaries, forward: Boundary | None) -> tuple[str, str | None]:
    """The newest text and what was cut from its end, signature and disclaimer (None where there is none)."""
    boundary = forward or _boundary(lines, older)
    below: tuple[list[str], str | None] | None = None
    if boundary is None:
        if lines.rest:
            return f"{textlines.trim(lines.raw)}\n{lines.rest}".strip("\n"), None
        kept = lines.raw
    elif forward is None and (below := _answered_below(lines, boundary)) is not None:
        kept = below[0]
    else:
        kept = lines.raw[: boundary.start]
        if boundary.head:
            kept = [*kept, boundary.head]
    kept, small_print = disclaimer.split(kept)
    kept, cut = signature.split(kept)
    cut = cut or (below[1] if below else None)
    shorter = _without_trailing_quote(kept)
    if len(shorter) < len(kept):
        kept, earlier = signature.split(shorter)
        cut = earlier or cut
    cut = "\n\n".join(piece for piece in (cut, small_print) if piece) or None
    return textlines.trim(signature.without_rules(kept)), cut


def _boundary(lines: Lines, older: Boundaries) -> Boundary | None:
    """The first older mail that is not inside a quote whose end is followed by new text."""
    for boundary in older:
        depth = lines.depth[boundary.start]
        if depth and (boundary.kind == boundaries.ATTRIBUTED or _text_follows(lines, boundary.start, depth)):
            continue
        return boundary
    return None


def _text_follows(lines: Lines, at: int, depth: int) -> bool:
    """Whether unquoted text stands below the quote that holds line `at`."""
    after = _behind_quote(lines, at, depth)
    kept, _ = signature.split(lines.raw[after:])
    return any(line.strip() for line in kept)


def _behind_quote(lines: Lines, at: int, depth: int) -> int:
    """The first line behind a quote of at least `depth`; single lines that broke off a long quoted one belong to
    it."""
    index, count, end = at, len(lines), at
    while index < count:
        if lines.depth[index] >= depth:
            end = index + 1
        elif lines.body[index] and not _broken_off(lines, index, depth):
            break
        index += 1
    return end


def _broken_off(lines: Lines, at: int, depth: int) -> bool:
    """Whether an unquoted line is the rest of the quoted line above it, broken by a mail program."""
    if at == 0 or lines.depth[at - 1] < depth:
        return False
    line = lines.body[at]
    if line.startswith(("(http", "<http", "http", "<mailto", "[http")) and at + 1 < len(lines):
        return True
    long_above = len(lines.raw[at - 1]) >= WRAPPED
    quoted_below = at + 1 < len(lines) and lines.depth[at + 1] >= depth
    return long_above and quoted_below and len(line) < WRAPPED


def _answered_below(lines: Lines, boundary: Boundary) -> tuple[list[str], str | None] | None:
    """The text with the announced quote taken out and the signature below, where an answer stands below the quote; None
    where none does."""
    if boundary.kind != boundaries.ATTRIBUTED or boundary.depth:
        return None
    first = lines.next_filled(boundary.body, 3)
    if first is None or lines.depth[first] == 0:
        return None
    after = _behind_quote(lines, first, 1)
    rest, cut = signature.split(lines.raw[after:])
    if not any(line.strip() for line in rest):
        return None
    if later := _later_boundary(lines, after):
        rest = lines.raw[after : later.start]
        if not any(line.strip() for line in rest):
            return None
    head = [*lines.raw[: boundary.start], *([boundary.head] if boundary.head else [])]
    if any(lines.depth[index] for index in range(after, after + len(rest))):
        return [*head, *lines.raw[boundary.body : after], *rest], cut  # answers between the quoted lines
    return ([*head, "", *rest] if any(line.strip() for line in head) else rest), cut


def _later_boundary(lines: Lines, at: int) -> Boundary | None:
    return next((boundary for boundary in boundaries.all_from(lines, at) if boundary.depth == 0), None)


def _without_trailing_quote(kept: list[str]) -> list[str]:
    """The lines without quoted ones at the end; all of them where nothing else stands there."""
    end = len(kept)
    quoted = False
    while end > 0 and (not kept[end - 1].strip() or kept[end - 1].lstrip()[:1] == ">"):
        quoted = quoted or bool(kept[end - 1].strip())
        end -= 1
    return kept[:end] if quoted and end else kept
