"""Mail headers inside a text: `From: … Sent: … To: … Subject: …` in any language of the label tables.

Mail programs put them above forwarded and quoted mails, with or without a separator, bold (`*From:*`), quoted, with values on
the line below (HTML tables), with folded subjects and address lists, in two languages at once (Gmail: `De:` beside `Subject:`),
or all on one line (Yahoo). One look per line; a block is at most `LONGEST` lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from parsers import dates
from parsers.addresses import ADDRESS
from parsers.locale_tables import LABELS
from parsers.textlines import Lines

LONGEST = 60
_KEY = 40
_MARKS = " \t\xa0*_|·•"

Label = tuple[str, frozenset[str], str]  # field, languages, value


@dataclass(slots=True)
class Block:
    """Lines `start` to before `end` are headers; `fields` as written. `depth` is the quote depth of the block."""

    start: int
    end: int
    fields: dict[str, str] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    depth: int = 0

    @property
    def language(self) -> str:
        """The language of the labels; English where nothing speaks against it."""
        return next((name for name in LABELS if name in self.languages), "en")

    def sure(self) -> bool:
        """Whether this is a header block even where no separator announces it."""
        have = self.fields
        return ("from" in have and "subject" in have and ("to" in have or "date" in have)) or (
            "from" in have and "date" in have and "to" in have
        )


@cache
def labels() -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Folded label -> (field, languages that write it so), for every field it can mean."""
    table: dict[str, dict[str, set[str]]] = {}
    for language, fields in LABELS.items():
        for name, forms in fields.items():
            for form in forms.split("|"):
                table.setdefault(fold_label(form), {}).setdefault(name, set()).add(language)
    return {
        label: tuple((name, frozenset(languages)) for name, languages in meanings.items())
        for label, meanings in table.items()
    }


def fold_label(text: str) -> str:
    """A label as the table keys it."""
    return " ".join(text.strip(_MARKS).casefold().replace("’", "'").split())


def label_of(line: str) -> tuple[tuple[tuple[str, frozenset[str]], ...], str] | None:
    """The meanings of the label a line begins with, and the value behind it; None where it begins with none."""
    at = line.find(":", 0, _KEY)
    wide = line.find("：", 0, _KEY)
    if wide >= 0 and (at < 0 or wide < at):
        at = wide
    if at <= 0:
        return None
    found = labels().get(fold_label(line[:at]))
    if found is None:
        return None
    return found, line[at + 1 :].strip(" \t\xa0").lstrip("*_").strip() if line[:1] in "*_" else line[
        at + 1 :
    ].strip()


def find(lines: Lines, at: int) -> Block | None:
    """The header block that begins at line `at`, if there is one with at least two fields, a sender among them."""
    if label_of(lines.body[at].lstrip(_MARKS)) is None:
        return None
    block = Block(at, at, depth=lines.depth[at])
    bodies, depths, count = lines.body, lines.depth, len(lines)
    index, last = at, ""
    languages: frozenset[str] | None = None
    while index < min(count, at + LONGEST):
        line = bodies[index]
        if depths[index] != block.depth and line:
            break
        if not line:
            ahead = lines.next_filled(index, 2)
            if (
                ahead is None
                or not block.fields
                or ("subject" in block.fields and "from" in block.fields and len(block.fields) > 3)
            ):
                break
            if depths[ahead] != block.depth or (label := label_of(bodies[ahead].lstrip(_MARKS))) is None:
                break
            chosen = _meaning(label[0], block.fields, languages)
            if chosen is None or (block.sure() and chosen[0] == "other"):
                break
            index = ahead
            continue
        label = label_of(line.lstrip(_MARKS))
        if label is not None:
            chosen = _meaning(label[0], block.fields, languages)
            if chosen is None:
                break
            name, spoken = chosen
            if "en" not in spoken:
                languages = spoken if languages is None else languages & spoken or languages
            value = label[1].strip("*").strip()
            last = name
            if name != "other":
                block.fields[name] = value
            index += 1
            block.end = index
            if not value and name != "other" and (below := _below(lines, index, block.depth)) is not None:
                block.fields[name] = bodies[below].strip("*").strip()
                index = block.end = below + 1
            continue
        if not last or not _continues(lines, index, block, last):
            break
        if last in block.fields and len(block.fields[last]) < 20_000:
            block.fields[last] = f"{block.fields[last]} {line}".strip()
        index += 1
        block.end = index
    block.languages = languages or frozenset(("en",))
    known = "from" in block.fields or block.fields.keys() == {"date", "to"}
    return block if known and len(block.fields) >= 2 else None


def _meaning(
    meanings: tuple[tuple[str, frozenset[str]], ...],
    have: dict[str, str],
    languages: frozenset[str] | None,
) -> tuple[str, frozenset[str]] | None:
    """The field a label means here: one not yet seen, in the block's language or English."""
    for name, spoken in meanings:
        if name in have and name != "other":
            continue
        if languages is None or spoken & languages or "en" in spoken or name == "other":
            return name, spoken
    return None


def _below(lines: Lines, at: int, depth: int) -> int | None:
    """The line that holds the value of a label standing alone on its line."""
    index = lines.next_filled(at, 1)
    if index is None or lines.depth[index] != depth or label_of(lines.body[index].lstrip(_MARKS)) is not None:
        return None
    later = lines.next_filled(index + 1, 2)
    if later is not None and label_of(lines.body[later].lstrip(_MARKS)) is not None:
        return index
    return None


def _continues(lines: Lines, at: int, block: Block, last: str) -> bool:
    """Whether a line without a label belongs to the field above it."""
    before = block.fields.get(last, "")
    line = lines.body[at]
    if last in ("to", "cc", "from", "bcc", "reply_to"):
        if before.endswith((",", ";", "<")) and len(line) < 2_000:
            return True
        if before.count("<") > before.count(">") and ">" in line:
            return True
        if lines.raw[at][:1] in " \t" and ADDRESS.search(line) and len(line) < 300:
            return True
        if last == "from" and ADDRESS.search(line) and not ADDRESS.search(before) and len(line) < 120:
            return True
    # A folded subject or list: more labels must follow close below.
    for later in range(at + 1, min(at + 4, len(lines))):
        if not lines.body[later]:
            return False
        label = label_of(lines.body[later].lstrip(_MARKS))
        if label is not None and lines.depth[later] == block.depth:
            return any(name not in block.fields and name != "other" for name, _ in label[0])
    return False


_DASHES = re.compile(r"[-_=]{2,}")


def explode(line: str) -> list[str] | None:
    """Headers that stand on one line (`From: A <a@b>To: c@dSent: …Subject: …`), one per line; None if it is not so."""
    label = label_of(line)
    if label is None or len(line) > 8_000:
        return None
    senders = [spoken for name, spoken in label[0] if name == "from"]
    if not senders:
        return None
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
        if len(cuts) >= 3 and "subject" in cuts.values():
            places = [*sorted(cuts), len(line)]
            return [line[start:end].strip() for start, end in zip(places, places[1:], strict=False)]
    return None


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
