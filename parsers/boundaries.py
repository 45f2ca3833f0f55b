"""Where an older mail begins inside a text, whatever the mail program: the ground `forward` and `reply` share.

Four kinds, in the order they are looked for at each line: a separator that says "forwarded", a separator that says
"original" (or a rule of underscores) with or without headers below, a header block without a separator, an
attribution line.

Most lines of most mails are passed by: see `_candidates`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from parsers import attribution, header_block, header_line, separator
from parsers import attribution_words as words
from parsers.attribution import Attribution
from parsers.header_block import Block
from parsers.separator import FORWARD, ORIGINALLY
from parsers.textlines import Lines

HEADERS, ATTRIBUTED = "headers", "attribution"

_LONGEST_LINE = 8_000
_LEADS = frozenset(separator.DASHES + "[|")


@dataclass(slots=True)
class Boundary:
    """An older mail is announced at line `start`; its own text begins at line `body`. One of `block` and `said` may
    be known."""

    kind: str
    start: int
    body: int
    depth: int
    block: Block | None = None
    said: Attribution | None = None
    phrase: str = ""
    language: str | None = None
    dashes: int = 0
    head: str = ""  # what was written on line `start` before the older mail is announced


def all_from(lines: Lines, at: int = 0) -> Iterator[Boundary]:
    """The boundaries at or after line `at`, outermost first; each begins behind the headers of the one before."""
    index, count = at, len(lines)
    may_begin = _candidates(lines)
    while index < count:
        found = at_line(lines, index) if may_begin[index] else None
        if found is None:
            index += 1
        else:
            yield found
            index = max(found.body, index + 1)


def _candidates(lines: Lines) -> list[bool]:
    """Of each line whether an older mail may begin there.

    Every form of announcement begins with a dash, a bar or a bracket, or has a colon (labels, "Begin forwarded
    message:"), a digit or an address on its first line; but for attributions, which may begin with a word of theirs
    and have a colon or a digit on one of the lines that follow.
    """
    marks = lines.marks()
    near = len(lines) + attribution.SPAN  # the next line with a mark
    found: list[bool] = []
    for index in range(len(lines) - 1, -1, -1):
        line = lines.body[index]
        if marks[index]:
            near = index
            found.append(line != "")
        else:
            found.append(
                line != ""
                and (
                    line[0] in _LEADS
                    or (near - index < attribution.SPAN and words.opens(line[:24].casefold()))
                )
            )
    found.reverse()
    return found


class Boundaries:
    """The boundaries of a whole text, outermost first; looked for once, and only as far as they are asked for."""

    def __init__(self, lines: Lines) -> None:
        self._found: list[Boundary] = []
        self._rest = all_from(lines)

    def __iter__(self) -> Iterator[Boundary]:
        index = 0
        while True:
            if index == len(self._found):
                following = next(self._rest, None)
                if following is None:
                    return
                self._found.append(following)
            yield self._found[index]
            index += 1


def at_line(lines: Lines, at: int) -> Boundary | None:
    """The boundary that begins exactly at this line."""
    line = lines.body[at]
    if len(line) > _LONGEST_LINE:
        return None
    if line[0] in _LEADS or line[-1] in ":：":
        found = _separated(lines, at, line)
        if found is not None:
            return found
    if ":" in line[:48] or "：" in line[:48]:
        block = header_block.find(lines, at)
        if block is not None and block.sure() and not _only_shown(lines, block):
            start = _dated_above(lines, at, block)
            return _announced_in_words(lines, start, block) or Boundary(
                HEADERS, start, block.end, block.depth, block, language=block.language
            )
        exploded = header_line.explode(line) if len(line) > 60 else None
        if exploded is not None:
            return _one_line(at, at + 1, lines.depth[at], exploded, HEADERS, None, "", 0)
    said = attribution.find(lines, at)
    return _attributed(lines, at, said) if said is not None else None


def _attributed(lines: Lines, at: int, said: Attribution) -> Boundary:
    """What an attribution announces; where headers follow it (old Yahoo), they say more."""
    ahead = lines.next_filled(said.end, 1)
    label = (
        ahead is not None
        and lines.depth[ahead] == lines.depth[at]
        and header_block.label_of(lines.body[ahead])
    )
    block = header_block.find(lines, ahead) if ahead is not None and label else None
    if block is not None and block.sure() and not said.head:
        return Boundary(HEADERS, at, block.end, block.depth, block, language=block.language)
    return Boundary(
        ATTRIBUTED, at, said.end, lines.depth[at], said=said, language=said.language, head=said.head
    )


def _only_shown(lines: Lines, block: Block) -> bool:
    """Whether headers are an example in a text: they are indented, and text stands below that is not."""
    return lines.raw[block.start][:2].isspace() and block.depth == 0 and lines.last_flush() >= block.end


def _dated_above(lines: Lines, at: int, block: Block) -> int:
    """Where a block begins: with the line above it, where that is its date without a colon ("Message du 27/10/26")."""
    if "date" in block.fields or at == 0 or not lines.body[at - 1] or lines.depth[at - 1] != block.depth:
        return at
    found = header_block.bare_label_of(lines.body[at - 1])
    if found is None or found[0][0][0] != "date" or not any(char.isdigit() for char in found[1]):
        return at
    block.fields["date"] = found[1]
    return at - 1


def _announced_in_words(lines: Lines, at: int, block: Block) -> Boundary | None:
    """A header block below a line that says "This is a forwarded message" without dashes or a colon (The Bat!)."""
    for above in range(at - 1, max(at - 3, -1), -1):
        line = lines.body[above]
        if line:
            found = separator.phrases().get(header_block.fold_label(line)) if len(line) < 60 else None
            if found is None or lines.depth[above] != block.depth:
                return None
            body = _behind_rule(lines, block)
            return Boundary(found[0], above, body, block.depth, block, None, line, found[1])
    return None


def _separated(lines: Lines, at: int, line: str, above: str = "") -> Boundary | None:
    """The boundary that a separator line is, which may stand below another of kind `above`."""
    if separator.RULE.match(line):
        return _above_headers(lines, at, HEADERS, len(line))
    found = separator.read(line)
    if found is None:
        return None
    kind, language, rest, dashes = found
    if kind is None:  # dashes around words of a language not known here
        return _above_headers(lines, at, ORIGINALLY, dashes)
    phrase = header_block.fold_label(line)[:60]
    if rest and (glued := _glued(lines, at, rest)):
        exploded, body = glued
        return _one_line(at, body, lines.depth[at], exploded, kind, language, phrase, dashes)
    ahead = lines.next_filled(at + 1, 3)
    if ahead is not None:
        sure = dashes >= 2 or kind == FORWARD
        block = header_block.find_announced(lines, ahead) if sure else header_block.find(lines, ahead)
        if block is not None:
            body = _behind_rule(lines, block) if dashes >= 2 else block.end
            return Boundary(kind, at, body, block.depth, block, None, phrase, language, dashes)
        if pieces := header_line.explode(lines.body[ahead]):
            return _one_line(at, ahead + 1, lines.depth[ahead], pieces, kind, language, phrase, dashes)
        said = attribution.find(lines, ahead)
        if said is not None:
            return Boundary(kind, at, said.end, lines.depth[ahead], None, said, phrase, language, dashes)
        if kind == FORWARD and not above and lines.body[ahead][0] in separator.DASHES:
            # "Begin forwarded message:", then "-----Original Message-----"
            inner = _separated(lines, ahead, lines.body[ahead], FORWARD)
            if inner is not None and inner.block is not None:
                return replace(inner, kind=kind, start=at, phrase=phrase, language=language, dashes=dashes)
    if dashes < 2 or not separator.by_itself(line):
        return None  # "Forwarded message:" in running text, "## Original message" as a heading
    return Boundary(kind, at, at + 1, lines.depth[at], None, None, phrase, language, dashes)


def _above_headers(lines: Lines, at: int, kind: str, dashes: int) -> Boundary | None:
    """The boundary of a line that is one only where sure headers follow."""
    ahead = lines.next_filled(at + 1, 2)
    block = header_block.find(lines, ahead) if ahead is not None else None
    if block is None or not block.sure():
        return None
    return _conversation(lines, at, block) or Boundary(
        kind, at, block.end, block.depth, block, language=block.language, dashes=dashes
    )


def _conversation(lines: Lines, at: int, block: Block) -> Boundary | None:
    """A thread that Gmail forwards whole: its phrase and the common subject stand above the first mail's rule."""
    label = header_block.label_of(lines.body[at - 1]) if at > 1 else None
    if label is None or label[0][0][0] != "subject" or "subject" in block.fields:
        return None
    found = separator.phrases().get(header_block.fold_label(lines.body[at - 2]))
    if found is None or found[0] != FORWARD:
        return None
    block.fields["subject"] = label[1]
    return Boundary(FORWARD, at - 2, block.end, block.depth, block, None, "", found[1])


def _behind_rule(lines: Lines, block: Block) -> int:
    """The line behind a block; behind the rule that closes it (SquirrelMail, The Bat!), if one does."""
    ahead = lines.next_filled(block.end, 1)
    if ahead is not None and (ahead == block.end or "8<" in lines.body[ahead]):
        line = lines.body[ahead]
        if (len(line) >= 20 and separator.RULE.match(line)) or "=8<=" in line:
            return ahead + 1
    return block.end


def _glued(lines: Lines, at: int, rest: str) -> tuple[list[str], int] | None:
    """Headers that begin on the separator's own line, all on it or broken anywhere, and the line behind them."""
    for index in range(at + 1, at + 6):
        if exploded := header_line.explode(rest):
            return exploded, index
        if index >= len(lines) or not lines.body[index] or len(rest) > 2_000:
            return None
        rest = f"{rest} {lines.body[index]}"
    return None


def _one_line(
    at: int,
    body: int,
    depth: int,
    pieces: list[str],
    kind: str,
    language: str | None,
    phrase: str,
    dashes: int,
) -> Boundary:
    """A boundary whose headers were glued together."""
    block = Block(at, body, depth=depth)
    languages: frozenset[str] | None = None
    for piece in pieces:
        label = header_block.label_of(piece)
        if label is None:  # a label without a colon: "Dw Walter Sheltan <…>"
            name = header_line.bare_label(piece)
            block.fields.setdefault(name or "cc", piece.split(" ", 1)[-1])
            continue
        for name, spoken in label[0]:
            if name not in block.fields and name != "other":
                block.fields[name] = label[1]
                if "en" not in spoken:
                    languages = spoken if languages is None else languages & spoken or languages
                break
    block.languages = languages or frozenset(("en",))
    return Boundary(kind, at, body, depth, block, None, phrase, language or block.language, dashes)
