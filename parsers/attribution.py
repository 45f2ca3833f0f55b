"""`On Mon, 2 Nov 2026 at 09:26, John Doe <john@doe.example> wrote:` in any of the languages, over up to four lines.

An attribution has evidence of two kinds: a verb of the tables, a date or time, an address, an opening word; and it
ends the paragraph (a colon, or the quoted text right below it). Mail programs without a verb (`30.09.2026, 18:30,
"John" <j@d.example>:`) have date, address and colon. Every candidate is at most `LONGEST` characters, so the work
per line is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers import attribution_words as words
from parsers import author, dates
from parsers.locale_phrases import WEAK
from parsers.message import Mailbox
from parsers.textlines import Lines

LONGEST = 420
LONGEST_WITHOUT_VERB = 200
LONGEST_NAME = 120
AT_END = 3  # characters behind a verb that ends its line
REACH = 4
SPAN = 2 * REACH  # lines within which all of an attribution stands

_DIGIT = re.compile(r"\d")
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")
_BRACKETED = re.compile(r"@[^\s<>()\[\]]{1,255}\s?[>)\]]{1,3}\s*$")
_GMAIL = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} gmt[+-]\d{1,2}:\d{2} \S")
# The opening words that are also looked for behind text on the same line.
_INSIDE = re.compile(
    r"(?<=[\s-])((?:On|Am|Le|El|Il|Op|Em|Den|Dne|Dnia|Il giorno)\s(?=\d|[^\W\d_]{2,10}[.,]?\s))"
)
_TRAIL = " \t\xa0>*_"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` to before `end`, who wrote, when (as written and ISO), in which language."""

    start: int
    end: int
    sender: Mailbox | None
    date: str | None
    language: str | None
    head: str = ""  # what was written on the first line before it


def find(lines: Lines, at: int) -> Attribution | None:
    """The attribution that begins at line `at`, or None."""
    first = lines.body[at]
    if not first or len(first) > LONGEST:
        return None
    depth = lines.depth[at]
    if not _may_begin(first, lines.marks()[at]) and not (
        first[-1] in ":：" and _quoted_below(lines, at + 1, depth)
    ):
        return None
    if first[-1] == ":" and (found := _behind_text(lines, at, first, depth)):
        return found
    joined, verbal = "", False
    index: int | None = at
    while index is not None and len(joined) <= LONGEST:
        line = lines.body[index]
        if index > at and lines.depth[index] != depth:
            line = lines.raw[index].strip()  # the closing bracket of a broken address looks like a quote
        joined = f"{joined} {line}" if joined else line
        verbal = verbal or words.may_have_verb(line)
        if found := _judge(lines, joined, at, index + 1, depth, verbal=verbal):
            return found
        index = None if joined[-1] in ":：" else _goes_on(lines, at, index, joined)
    return None


def _goes_on(lines: Lines, at: int, index: int, joined: str) -> int | None:
    """The line on which an attribution goes on behind line `index`, if it may."""
    following = index + 1
    if following >= len(lines):
        return None
    if following < at + REACH and lines.body[following]:
        broken = joined.count("<") > joined.count(">") and lines.raw[following].lstrip()[:1] == ">"
        same = lines.depth[following] == lines.depth[at]
        return following if (same or broken) and len(lines.body[following]) <= 200 else None
    ahead = lines.next_filled(following, 1)
    if ahead is not None and ahead < at + SPAN:
        address = lines.body[ahead].startswith(("<", "mailto:", "[mailto:")) or joined.endswith("<")
        closes = joined.count("<") > joined.count(">") and lines.raw[ahead].lstrip()[:1] == ">"
        return ahead if address or closes else None
    return None


def _behind_text(lines: Lines, at: int, line: str, depth: int) -> Attribution | None:
    """An attribution that follows new text on the same line, which ends with a colon, the quote standing below."""
    if depth or line.casefold().startswith(words.openings()) or not _quoted_below(lines, at + 1, depth):
        return None
    for match in _INSIDE.finditer(line):
        found = _judge(lines, line[match.start(1) :], at, at + 1, depth, verbal=True)
        if found is not None:
            return replace(found, head=line[: match.start(1)].rstrip(" -–—"))
    return None


def _may_begin(line: str, marks: bytes) -> bool:
    if (marks and ("<" in line or "@" in line or _has_moment(line))) or line[0] in "-–—":
        return True
    return words.opens(line[:24].casefold())


def _has_moment(text: str) -> bool:
    """Whether a time or date stands in it. Every form has a digit, which is looked for first: most lines have none."""
    digit = _DIGIT.search(text)
    return digit is not None and author.MOMENT.search(text, digit.start()) is not None


def _judge(lines: Lines, text: str, start: int, end: int, depth: int, *, verbal: bool) -> Attribution | None:
    """The attribution that a text is which stands on lines `start` to before `end`, judged by its evidence; `verbal`
    says whether it may have a verb."""
    bare = text.rstrip(_TRAIL)
    dashed = bare[:2] in ("--", "——") and bare[-2:] in ("--", "——")
    if dashed:
        bare = bare.strip("-— ")
    colon = bare.endswith((":", "："))
    quoted = _quoted_below(lines, end, depth)
    if not (verbal or colon or quoted or bare[:1].isdigit()):
        return None  # without a verb every form has one of these
    low = bare.rstrip(":： ").casefold()
    moment = _has_moment(low)
    if not (colon or moment or dashed):
        return None  # nothing of what every form has
    seen = _Evidence(
        colon=colon,
        moment=moment,
        address="@" in low,
        opening=words.opens(low),
        quoted=quoted,
        dashed=dashed,
    )
    if seen.colon and (quoting := words.quoting().match(low)):
        head = bare[quoting.end() :]
        sure = len(head) < LONGEST_NAME and (seen.address or seen.quoted)
        return _attribution(head, start, end, None) if sure else None
    verb = None
    for match in words.verbs().finditer(low) if verbal else ():
        verb = match  # the last one is the line's verb
    if verb is not None:
        behind = len(low) - verb.end()
        found = (
            seen.with_verb(behind) and (seen.vouched(low) or (behind <= AT_END and _named(bare, verb[0])))
        ) or (seen.colon and not depth and _says_enough(lines, bare, low, start, verb, quoted=seen.quoted))
        return _attribution(bare, start, end, verb[0]) if found else None
    alone = end >= len(lines) or not lines.body[end]
    if len(bare) < LONGEST_WITHOUT_VERB and (seen.without_verb(bare, low) or (alone and _GMAIL.match(low))):
        return _attribution(bare, start, end, None)
    return None


def _says_enough(lines: Lines, bare: str, low: str, start: int, verb: re.Match[str], *, quoted: bool) -> bool:
    """Whether a line of its own with a verb and a colon is an attribution though little else speaks for it.

    `John Doe <john@doe.example> wrote:` is one, `John Doe wrote:` above a quote, and `John Doe schrieb am 27.10.2026
    um 09:31:`, but not what a person says in a sentence.
    """
    if start and lines.body[start - 1]:
        return False
    behind = len(low) - verb.end()
    if quoted and behind <= AT_END and len(low) <= LONGEST_NAME:
        return _named(bare, verb[0])
    if verb[0] in WEAK and not low[0].isdigit():
        return False
    if _BRACKETED.search(low[: verb.start()][-300:]) and behind <= AT_END:
        return True
    return len(low) <= LONGEST_NAME and _stamped(low) and _named(bare, verb[0])


def _stamped(low: str) -> bool:
    """Whether both a time and a date stand in a line."""
    return bool(_clocked(low) and (_DATED.search(low) or author.YEAR.search(low)))


def _clocked(low: str) -> bool:
    """Whether a time stands in a line beside its date."""
    return author.CLOCK.search(_DATED.sub(" ", low)) is not None


def _named(bare: str, verb: str) -> bool:
    """Whether what is left of a line without date and verb looks like a name."""
    sender, _ = author.read(bare, verb)
    named = sender.name.split() if sender and sender.name else []
    return 0 < len(named) <= 5 and all(word[0] == word[0].upper() for word in named)


@dataclass(slots=True)
class _Evidence:
    """What speaks for an attribution."""

    colon: bool  # it ends with one
    moment: bool  # it holds a date or a time
    address: bool
    opening: bool  # it begins as attributions do
    quoted: bool  # quoted lines stand below it
    dashed: bool  # dashes stand around it

    def with_verb(self, behind: int) -> bool:
        """Whether a text with a verb, `behind` characters before its end, is one."""
        if self.moment + self.address + self.opening + self.quoted + self.dashed < 2:
            return False
        at_end = behind <= AT_END
        if self.colon and (at_end or behind < 60):
            return True
        timed = self.moment and (self.address or self.quoted)
        return at_end and (timed or (self.dashed and (self.quoted or self.moment)))

    def vouched(self, low: str) -> bool:
        """Whether more than a date speaks for a line with a verb: people write sentences with both."""
        return self.quoted or self.address or self.dashed or _clocked(low)

    def without_verb(self, bare: str, low: str) -> bool:
        """Whether a text without a verb is one: `30.09.2026, 18:30, "John" <j@d.example>:`."""
        if not self.moment:
            return False
        if self.colon and self.address:
            if _BRACKETED.search(bare.rstrip(":： ")[-300:]):
                return low[:1].isdigit() or self.quoted or self.opening or dates.to_iso(bare) is not None
            return (self.opening or self.quoted) and _stamped(low)
        if not self.quoted:
            return False
        if self.address:
            return _DATED.match(low) is not None
        return self.colon and (
            self.opening or (len(low) <= LONGEST_NAME and _stamped(low) and _named(bare, ""))
        )


def _quoted_below(lines: Lines, at: int, depth: int) -> bool:
    index = lines.next_filled(at, 2)
    if index is None:
        return False
    return lines.depth[index] > depth


def _attribution(text: str, start: int, end: int, verb: str | None) -> Attribution:
    language = words.language_of_verb().get(verb) if verb else None
    sender, rest = author.read(text, verb)
    iso = dates.to_iso(rest, language) or (author.written_date(rest))
    return Attribution(start, end, sender, iso, language)
