"""Who wrote what is forwarded here: the outermost forwarded mail inside a text (product page, sections 3 and 4).

What decides, in this order: the outermost older mail in the text counts (a forward inside a quoted reply is no
forward of this mail); a separator that says "forwarded" makes a forward; headers without one, an "original message"
or an attribution line mean a reply or a forward alike, so the subject's first prefix decides, and where it has
none, whether the mail answers another. Nothing is unwrapped on an attribution alone unless the subject says so.
Forwards by attachment come from MIME.
"""

from __future__ import annotations

import re
from functools import cache

from parsers import boundaries, dates, people, separator, textlines
from parsers.boundaries import Boundaries, Boundary
from parsers.header_block import Block
from parsers.locale_phrases import ANSWERS_IN, FORWARD_PREFIXES, REPLY_PREFIXES
from parsers.message import Forwarded
from parsers.textlines import Lines

# What gateways and lists put before a prefix: "[sales] ", "*EXTERN* ", "EXT: ".
_TAG = r"\[[^\[\]:]{1,40}\]|\*{1,3}[\w ]{1,20}\*{1,3}|ext(?:ern(?:al)?)?(?=:)|spam(?=:)"
_TAGS = rf"[\s\u200e\u200f\u202a-\u202e\ufeff]*(?:(?:{_TAG})[\s:]{{0,3}}){{0,3}}"
_PREFIX = re.compile(
    _TAGS + r"(\[?)([^\W\d_][\w. ]{0,14}?\.?)\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3})?\s*[:：]",
    re.IGNORECASE,
)

RULE = 40  # dashes that close a forwarded mail (KMail)
SIGNATURE_LINES = 8  # of the forwarder, below a line that closes the forwarded mail


@cache
def _prefixes() -> dict[str, str]:
    table = {word.strip(): "reply" for word in REPLY_PREFIXES.casefold().split("|")}
    table.update({word.strip(): "forward" for word in FORWARD_PREFIXES.casefold().split("|")})
    return table


def subject_says(subject: str | None) -> str | None:
    """ "forward" or "reply" by the first prefix of a subject, or "forward" by Pine's "(fwd)" behind it; else None."""
    match = _PREFIX.match(subject or "")
    said = _prefixes().get(match[2].casefold().strip()) if match else None
    return said or ("forward" if (subject or "").rstrip().lower().endswith("(fwd)") else None)


def _answers_here(subject: str | None, language: str | None) -> bool:
    """Whether a prefix means an answer in the language of the older mail (`VS:` in Finnish)."""
    match = _PREFIX.match(subject or "")
    return match is not None and language in ANSWERS_IN.get(match[2].casefold().strip(), ())


def without_prefix(subject: str) -> str:
    """A subject without its first prefix."""
    match = _PREFIX.match(subject)
    if match is None:
        return subject.strip()
    rest = subject[match.end() :].strip()
    return rest[:-1].rstrip() if match[1] and rest.endswith("]") else rest


def find(
    lines: Lines, older: Boundaries, subject: str | None, *, answers: bool
) -> tuple[Forwarded, Boundary] | None:
    """The outermost forward in a text, or None.

    Args:
        lines: the whole text.
        older: where older mails begin in it.
        subject: the message's own subject.
        answers: whether the message names another it answers (In-Reply-To or References).
    """
    says = subject_says(subject)
    outer = subject if says == "forward" else None
    for boundary in older:
        bare = boundary.block is None and boundary.said is None
        if bare and (says == "forward" or boundary.kind == separator.FORWARD):
            continue  # a separator with nothing below it that says who wrote
        quoted = lines.depth[boundary.start] > 0
        said = "reply" if _answers_here(subject, boundary.language) else says
        decided = _is_forward(boundary, said, answers=answers, quoted=quoted)
        if says == "forward" and not decided and boundary.kind == boundaries.ATTRIBUTED:
            continue  # a quotation in the note that names no address
        return (_read(lines, boundary, outer), boundary) if decided and not bare else None
    return None


def _is_forward(boundary: Boundary, says: str | None, *, answers: bool, quoted: bool) -> bool:
    """Whether the outermost older mail of a text is forwarded, where it could as well be answered."""
    if boundary.kind == separator.FORWARD:
        return not (quoted and says == "reply")  # what is answered was a forward
    if boundary.kind == boundaries.ATTRIBUTED:
        sender = boundary.said.sender if boundary.said else None
        return says == "forward" and sender is not None and sender.address is not None
    if says is None and boundary.kind == boundaries.HEADERS and boundary.block:
        return not answers and "to" in boundary.block.fields  # without a recipient rather a notification
    return says == "forward" or (says is None and not answers)


def _read(lines: Lines, boundary: Boundary, outer: str | None) -> Forwarded:
    """What is forwarded at a boundary; where that names no subject, the outer one without its prefix."""
    note = textlines.trim(lines.raw[: boundary.start])
    if boundary.block is not None:
        return _from_headers(lines, boundary, boundary.block, note, outer)
    said = boundary.said
    return Forwarded(
        said.sender if said else None,
        (),
        (),
        without_prefix(outer) if outer else None,
        said.date if said else None,
        _body(lines, boundary),
        note,
        _client(boundary),
        boundary.language,
        "attribution" if said else "separator",
    )


def _from_headers(lines: Lines, boundary: Boundary, block: Block, note: str, outer: str | None) -> Forwarded:
    fields = block.fields
    language = boundary.language
    if language in (None, "en") and block.language != "en":
        language = block.language
    written = " ".join(fields.get("date", "").split())
    iso = dates.to_iso(written, block.languages) or dates.to_iso(written, language)
    subject = _subject(fields.get("subject"))
    if subject and outer and (rest := _folded_rest(lines, boundary, subject, without_prefix(outer))):
        subject = f"{subject} {rest}"
        boundary.body += 1
    return Forwarded(
        people.read_one(fields["from"]) if fields.get("from") else None,
        people.read(fields.get("to", "")),
        people.read(fields.get("cc", "")),
        subject,
        iso or written or None,
        _body(lines, boundary),
        note,
        _client(boundary),
        language,
        "separator" if boundary.kind == separator.FORWARD else "header block",
    )


def _folded_rest(lines: Lines, boundary: Boundary, subject: str, outer: str) -> str | None:
    """The line below the headers, where it is the end of a folded subject: the outer subject says so."""
    if boundary.body >= len(lines) or not lines.body[boundary.body]:
        return None
    rest = lines.body[boundary.body]
    whole = f"{subject} {rest}".split()
    return rest if len(outer) > len(subject) and whole == outer.split() else None


def _subject(value: str | None) -> str | None:
    return " ".join(value.split()).strip("*").strip() if value is not None else None


def _body(lines: Lines, boundary: Boundary) -> str:
    """The forwarded mail's own text, without the quote marks of the forward itself."""
    depth = boundary.depth
    end = len(lines)
    if depth:
        for index in range(boundary.body, len(lines)):
            if lines.body[index] and lines.depth[index] < depth:
                ahead = lines.next_filled(index + 1, 0)
                if ahead is None or lines.depth[ahead] < depth:
                    end = index
                    break
    taken = lines.raw[boundary.body : end]
    if lines.rest and end == len(lines):
        taken = taken + lines.rest.split("\n")
    depths = [lines.depth[i] for i in range(boundary.body, end) if lines.body[i]]
    if not depth and depths and min(depths) > 0:
        depth = min(depths)
    taken = textlines.unquote(taken, depth)
    taken = taken[: _end(taken)]
    indents = [len(line) - len(line.lstrip(" ")) for line in taken if line.strip()]
    if indents and (common := min(indents)):
        taken = [line[common:] for line in taken]
    return textlines.trim(taken).strip()


def _end(lines: list[str]) -> int:
    """Where a line closes the forwarded mail, with at most a signature of the forwarder behind it."""
    filled = 0
    for index in range(len(lines) - 1, 0, -1):
        line = lines[index].strip()
        if line and (
            separator.is_end(line) or (not filled and line == "-" * len(line) and len(line) >= RULE)
        ):
            return index
        filled += bool(line)
        if filled > SIGNATURE_LINES:
            break
    return len(lines)


def _client(boundary: Boundary) -> str | None:
    """The kind of mail program, where its separator gives it away."""
    phrase, dashes = boundary.phrase, boundary.dashes
    if boundary.kind == separator.FORWARD:
        if dashes == 0:
            return "apple_mail"
        if "----------" in phrase or dashes >= 9:
            return "gmail"
        return "thunderbird" if dashes == 8 else "yahoo" if dashes == 5 else None
    if boundary.kind == boundaries.HEADERS:
        return "outlook"
    return "outlook" if dashes == 5 else None
