"""The newest text of a message: without what it quotes and without the signature (product page, section 4).

When in doubt keep: cutting too much is the worse fault, and `text` always keeps all. Quoted lines between new ones stay
(interleaved answers); only what stands at the end, or is announced by an attribution or a header block, goes.
"""

from __future__ import annotations

from parsers import boundaries, signature, textlines
from parsers.boundaries import Boundary
from parsers.textlines import Lines


def newest(lines: Lines, forward: Boundary | None) -> tuple[str, str | None]:
    """The newest text and the signature cut from its end (None where there is none)."""
    end = forward.start if forward is not None else _end(lines)
    kept = lines.raw[:end]
    kept = _without_trailing_quote(lines, kept)
    kept, cut = signature.split(kept)
    return textlines.trim(kept), cut


def _end(lines: Lines) -> int:
    for boundary in boundaries.all_from(lines):
        if boundary.depth and boundary.kind == boundaries.ATTRIBUTED:
            continue
        return boundary.start
    return len(lines)


def _without_trailing_quote(lines: Lines, kept: list[str]) -> list[str]:
    end = len(kept)
    while end > 0 and (lines.depth[end - 1] > 0 or not lines.body[end - 1]):
        end -= 1
    return kept[:end] if any(lines.body[index] for index in range(end)) else kept
