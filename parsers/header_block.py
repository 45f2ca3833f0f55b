"""Mail headers inside a text: `From: … Sent: … To: … Subject: …` in any language of the label tables.

Mail programs put them above forwarded and quoted mails, with or without a separator, bold (`*From:*`), quoted, with
values on the line below (HTML tables), with folded subjects and address lists, in two languages at once (Gmail:
`De:` beside `Subject:`). One look per line; a block is at most `LONGEST` lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from parsers import dates
from parsers.addresses import ADDRESS
from parsers.locale_tables import LABELS
from parsers.textlines import Lines

LONGEST = 300
LONGEST_VALUE = 20_000
LABEL_WORDS = 3
UNLABELLED = 4  # lines that may hold sender and date above the labels
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
        have = self.fields.keys()
        if have in ({"from", "date"}, {"to", "date"}):
            person = self.fields.get("from") or self.fields.get("to") or ""
            dated = dates.to_iso(self.fields["date"], self.languages) is not None
            return dated and ADDRESS.search(person) is not None
        if "from" not in have or len(have & {"subject", "to", "date"}) < 2:
            return False
        people = f"{self.fields['from']} {self.fields.get('to', '')}"
        if ADDRESS.search(people) is not None:
            return True
        named = any(char.isalpha() for char in self.fields["from"])
        return named and "subject" in have and any(char.isdigit() for char in self.fields.get("date", ""))


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


def bare_label_of(line: str) -> tuple[tuple[tuple[str, frozenset[str]], ...], str] | None:
    """The same for a label without a colon: in a cell of its own, or the first words of the line."""
    line = line.strip("| ")
    for gap in ("|", "\t"):
        head, found, value = line.partition(gap)
        if found:
            meanings = labels().get(fold_label(head.strip().rstrip(":：")))
            return (meanings, value.strip(" |\t")) if meanings else None
    words = line.split(None, LABEL_WORDS)
    for count in range(min(LABEL_WORDS, len(words) - 1), 0, -1):
        head = " ".join(words[:count])
        if meanings := labels().get(fold_label(head)):
            return meanings, line[len(head) :].strip() if line.startswith(head) else " ".join(words[count:])
    return None


def find(lines: Lines, at: int) -> Block | None:
    """The header block that begins at line `at`, if there is one with at least two fields, a sender among them."""
    if label_of(lines.body[at].lstrip(_MARKS)) is None:
        return None
    block = _Collector(lines, at).collect()
    known = "from" in block.fields or block.fields.keys() == {"date", "to"}
    return block if known and len(block.fields) >= 2 else None


def find_announced(lines: Lines, at: int) -> Block | None:
    """The header block at line `at` below a separator that announces one: looser in its form.

    Labels may stand without a colon (eM Client, NetEase: `| From | … |`), the first may be of a language not known
    here (Gmail translates no other), and sender and date may stand above the labels without any (Lotus Notes).
    """
    return find(lines, at) or _without_colons(lines, at) or _foreign(lines, at) or _unlabelled(lines, at)


def _without_colons(lines: Lines, at: int) -> Block | None:
    if bare_label_of(lines.body[at]) is None:
        return None
    block = _Collector(lines, at, bare=True).collect()
    return block if "from" in block.fields and len(block.fields) >= 3 else None


def _foreign(lines: Lines, at: int) -> Block | None:
    line, below = lines.body[at], lines.next_filled(at + 1, 1)
    colon = max(line.find(":", 0, _KEY), line.find("：", 0, _KEY))
    if colon <= 0 or below is None or not ADDRESS.search(line, colon):
        return None
    block = _Collector(lines, below).collect()
    if len(block.fields) < 2 or "from" in block.fields or block.depth != lines.depth[at]:
        return None
    block.start = at
    block.fields["from"] = line[colon + 1 :].strip("*_ \t")
    return block


def _unlabelled(lines: Lines, at: int) -> Block | None:
    index: int | None = at
    above: list[str] = []
    while index is not None and len(above) <= UNLABELLED:
        line = lines.body[index]
        if label_of(line) is not None:
            block = _Collector(lines, index).collect()
            dated = next((text for text in above if dates.to_iso(text) is not None), None)
            people = [text for text in above if text is not dated]
            if (
                dated is None
                or not people
                or "from" in block.fields
                or not {"to", "subject"} <= block.fields.keys()
            ):
                return None
            block.start = at
            block.fields |= {"from": people[0], "date": dated}
            return block
        above.append(line)
        index = lines.next_filled(index + 1, 2)
    return None


class _Collector:
    """Takes line after line into a block until one does not belong to it."""

    def __init__(self, lines: Lines, at: int, *, bare: bool = False) -> None:
        self.lines = lines
        self.bare = bare  # labels have no colon
        self.block = Block(at, at, depth=lines.depth[at])
        self.languages: frozenset[str] | None = None
        self.last = ""
        self.stacked = False  # values stand below their labels
        self.gaps = 0  # blank lines between labels

    def collect(self) -> Block:
        """The block, its end behind the last line that belongs to it."""
        index = self.block.start
        stop = min(len(self.lines), index + LONGEST)
        while index < stop:
            line = self.lines.body[index]
            if line and self.lines.depth[index] != self.block.depth:
                break
            following = self._blank(index) if not line else self._line(index, line)
            if following is None:
                break
            index = following
        self.block.languages = self.languages or frozenset(("en",))
        return self.block

    def _blank(self, index: int) -> int | None:
        """The next label behind a blank line, where the block is not yet whole."""
        have = self.block.fields
        if self.bare:
            return None
        ahead = self.lines.next_filled(index, 2)
        whole = {"subject", "from"} <= have.keys() and len(have) > 3
        if ahead is None or not have or (whole and self.gaps < len(have) - 1):
            return None
        label = label_of(self.lines.body[ahead].lstrip(_MARKS))
        if label is None or self.lines.depth[ahead] != self.block.depth:
            return None
        chosen = _meaning(label[0], have, self.languages)
        if chosen is None or (self.gaps == 0 and chosen[0] == "other" and self.block.sure()):
            return None
        self.gaps += 1
        return ahead

    def _line(self, index: int, line: str) -> int | None:
        """Take a line; the next one to look at, None where it does not belong to the block."""
        block = self.block
        label = bare_label_of(line) if self.bare else label_of(line.lstrip(_MARKS))
        if label is None:
            if self.bare or not self.last or not _continues(self.lines, index, block, self.last):
                return None
            if self.last in block.fields and len(block.fields[self.last]) < LONGEST_VALUE:
                block.fields[self.last] = f"{block.fields[self.last]} {line}".strip()
            block.end = index + 1
            return index + 1
        chosen = _meaning(label[0], block.fields, self.languages)
        if chosen is None:
            return None
        self.last, spoken = chosen
        if "en" not in spoken:
            self.languages = spoken if self.languages is None else self.languages & spoken or self.languages
        value = label[1].strip("*").strip()
        block.end = index + 1
        if self.last == "other":
            return index + 1
        below = _below(self.lines, index + 1, block.depth, stacked=self.stacked) if not value else None
        if below is not None:
            self.stacked = True
            value = self.lines.body[below].strip("*").strip()
            block.end = below + 1
        block.fields[self.last] = value
        return block.end


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


def _below(lines: Lines, at: int, depth: int, *, stacked: bool) -> int | None:
    """The line that holds the value of a label standing alone on its line.

    Another label must follow it, unless the values of the labels above (`stacked`) stand below theirs, too.
    """
    index = lines.next_filled(at, 1)
    if index is None or lines.depth[index] != depth or label_of(lines.body[index].lstrip(_MARKS)) is not None:
        return None
    later = lines.next_filled(index + 1, 2)
    if stacked and index == at:
        return index
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
