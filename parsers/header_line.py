"""Headers that stand on one line, as Yahoo writes them into plain text: `From: A <a@b>To: c@dSent: …Subject: …`.

Each label of a language is looked for once in a line of bounded length.
"""

from __future__ import annotations

from itertools import pairwise

from parsers.header_block import fold_label, label_of, labels
from parsers.locale_tables import LABELS

LONGEST = 8_000


def explode(line: str) -> list[str] | None:
    """The headers of a line, one per string; None where it holds no such."""
    label = label_of(line)
    if label is None or len(line) > LONGEST:
        return None
    senders = [spoken for name, spoken in label[0] if name == "from"]
    if not senders:
        return None
    best_cuts: dict[int, str] = {}
    for language in (name for name in LABELS if name in senders[0]):
        cuts: dict[int, str] = {0: "from"}
        for name, forms in LABELS[language].items():
            if name in ("from", "other", "reply_to"):
                continue
            best = -1
            for form in (*forms.split("|"), *(("Cc", "CC") if name == "cc" else ())):
                place = _label_place(line, form, name)
                if place > 0 and (best < 0 or place < best):
                    best = place
            if best > 0:
                cuts.setdefault(best, name)
        if "subject" in cuts.values() and len(cuts) > len(best_cuts):
            best_cuts = cuts
    if len(best_cuts) < 3:
        return None
    return [line[start:end].strip() for start, end in pairwise([*sorted(best_cuts), len(line)])]


def _label_place(line: str, form: str, name: str) -> int:
    for colon in (":", " :", "："):
        place = line.find(form + colon, 1)
        if place > 0:
            return place
    if name not in ("cc", "subject") or len(form) < 2:
        return -1
    place = line.find(f"{form} ", 1)  # a label without a colon, stuck to what stands before it
    while place > 0 and line[place - 1].isspace():
        place = line.find(f"{form} ", place + 1)
    return place


def bare_label(piece: str) -> str | None:
    """The field named by the first word of a piece that has no colon behind it."""
    found = labels().get(fold_label(piece.split(" ", 1)[0]))
    return next((name for name, _ in found if name in ("cc", "subject")), None) if found else None
