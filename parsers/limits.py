"""What is counted and cut in the raw bytes before any parser sees them.

Parsers of mail are written for mail as it should be. 100,000 parts, a header of 5 MB, a thousand levels of nesting
or a 24 MiB attachment make them slow, large or end in a RecursionError. So the raw bytes are gone through here
once, in linear time, and a *trimmed* message is made of them: the header fields that carry meaning
(`parsers.header_fields`); the same structure of parts (RFC 2046, section 5.1), bounded in number and depth; and none
of the leaf bodies. Each is named by its span in the raw bytes (`Trimmed.cut`), from which size, digest and text are
read once, large ones in chunks. (`Limits` can let small bodies through, for readers that want a whole message.)

Holds for every input: no exception, no loop over more than the limits allow, and the raw bytes stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from parsers import charsets, header_fields
from parsers.header_fields import DEFAULT, Field, Limits
from parsers.problems import Code, Problems

MARK = "X-Leadgate-Cut"
EMBEDDED = frozenset(("message/rfc822", "message/global"))
IDENTITY = frozenset((b"", b"7bit", b"8bit", b"binary"))
LONGEST_DELIMITER = 280
PREAMBLE = 262_144  # bytes within which the first part of a multipart begins
FALSE_DELIMITERS = 20
SNIFFED = 20  # multiparts whose boundary is looked for in their text
_DELIMITER = re.compile(rb"(?m)^--(\S[^\r\n]{0,199})\r?\n[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-")


@dataclass(slots=True)
class Span:
    """A body inside the raw bytes, still encoded. An embedded message's end is known when its enclosing part ends."""

    start: int
    end: int


@dataclass(slots=True)
class Trimmed:
    """The bounded view of a message. `fields` are the top header's, unfolded, in order, undecoded."""

    data: bytes = b""
    raw: bytes = b""
    fields: list[Field] = field(default_factory=list)
    cut: list[Span] = field(default_factory=list)
    problems: Problems = field(default_factory=list)
    plain: bool = True  # one entity, and nothing in its header but its MIME fields: `data` needs no parser
    hints: list[str | None] = field(default_factory=list)  # the answer of `hint`, once it was asked for

    def hint(self) -> str | None:
        """What charset unlabelled 8-bit characters are likely to be in, by what the message declares."""
        if not self.hints:
            self.hints.append(charsets.declared(self.raw))
        return self.hints[0]


class Body(Enum):
    """What follows a header."""

    TEXT = auto()  # a leaf that may be the message's text
    LEAF = auto()  # any other leaf
    APART = auto()  # a leaf no parser is shown, however small
    PARTS = auto()  # a multipart
    MESSAGE = auto()  # an embedded message: another header
    NOTHING = auto()  # nothing that is read


@dataclass(frozen=True, slots=True)
class _Delimiter:
    before: int  # where what stood before it ends
    after: int  # where the line behind it begins
    index: int  # of its boundary among the open ones
    closing: bool


def trim(raw: bytes, limits: Limits = DEFAULT) -> Trimmed:
    """The bounded view of `raw`."""
    out = Trimmed(raw=raw)
    start = _begin(out)
    _Scan(out, limits, start).run()
    return out


def _begin(out: Trimmed) -> int:
    """Line ends, an mbox line, leading blank lines: where the header starts."""
    raw = out.raw
    if b"\r" in raw[:65_536] and b"\n" not in raw:
        out.raw = raw = raw.replace(b"\r", b"\n")
        out.problems.append((Code.BARE_CR, ""))
    if b"\0" in raw:
        out.problems.append((Code.NUL, ""))
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    if raw.startswith((b"From ", b">From "), start):
        line_end = raw.find(b"\n", start, start + 1_000)
        if line_end > 0 and header_fields.begins(raw, line_end + 1):
            start = line_end + 1
    return _header_begin(raw, start)


def _header_begin(raw: bytes, at: int) -> int:
    """Behind the blank lines that stand at `at`, where a header follows them."""
    blank = _BLANK.match(raw, at)
    return blank.end() if blank and header_fields.begins(raw, blank.end()) else at


_BLANK = re.compile(rb"(?:[ \t]{0,400}\r?\n){1,20}")


@dataclass(frozen=True, slots=True)
class _Open:
    """A multipart whose end was not met. The parser is shown `written` for its boundary: that cannot clash."""

    boundary: bytes
    written: bytes
    depth: int  # of its parts
    digest: bool


class _Scan:
    """One pass over the raw bytes, writing the trimmed message piece by piece."""

    def __init__(self, out: Trimmed, limits: Limits, start: int) -> None:
        self.out, self.limits, self.raw, self.at = out, limits, out.raw, start
        self.pieces: list[bytes] = []
        self.open: list[_Open] = []
        self.known: dict[bytes, int] = {}  # boundary -> index in self.open, of the innermost
        self.multiparts = 0
        self.messages: list[tuple[Span, int]] = []  # embedded, not yet ended; with how many boundaries open
        self.lines: list[bytes] = []  # the shown header of the part at hand
        self.parts = 0
        self.sniffed = 0

    def run(self) -> None:
        """The header, then delimiter by delimiter."""
        body = self._header(0, digest=False, top=True)
        while True:
            found = self._next_delimiter(self.at)
            self._leaf(body, self.at, found.before if found else len(self.raw))
            if found is None:
                break
            body = self._cross(found)
            if not self.open or self.parts > self.limits.parts:
                break
        if self.open:
            self.out.problems.append((Code.UNCLOSED_MULTIPART, ""))
            self.pieces.extend(b"\n--" + multipart.written + b"--\n" for multipart in reversed(self.open))
        self.out.data = b"".join(self.pieces)

    def _cross(self, found: _Delimiter) -> Body:
        """Leave what ends at a delimiter and, where another part begins, read its header."""
        while self.messages and self.messages[-1][1] > found.index:
            self.messages.pop()[0].end = found.before
        multipart = self.open[found.index]
        self.at = found.after
        self._leave(found.index + (not found.closing))
        if found.closing:
            self.pieces.append(b"\n--" + multipart.written + b"--\n")
            return Body.NOTHING
        self.parts += 1
        if self.parts > self.limits.parts:
            self.out.problems.append((Code.PARTS_CUT, f"more than {self.limits.parts}"))
            return Body.NOTHING
        self.pieces.append(b"\n--" + multipart.written + b"\n")
        return self._header(multipart.depth, digest=multipart.digest, top=False)

    def _enter(self, shown: header_fields.Shown, depth: int) -> None:
        """Open a multipart; its Content-Type ends its header."""
        self.multiparts += 1
        self.out.plain = False
        written = b"%s-%d" % (MARK.encode(), self.multiparts)
        self.lines.append(b'Content-Type: %s; boundary="%s"\n' % (shown.multipart, written))
        self.pieces.append(b"".join(self.lines) + b"\n")
        self.known[shown.boundary] = len(self.open)
        self.open.append(_Open(shown.boundary, written, depth + 1, shown.kind == b"multipart/digest"))

    def _leave(self, most: int) -> None:
        """Keep only the first `most` of the open multiparts."""
        if len(self.open) > most:
            del self.open[most:]
            self.known = {multipart.boundary: index for index, multipart in enumerate(self.open)}

    def _next_delimiter(self, at: int) -> _Delimiter | None:
        """The next line that is a delimiter of an open multipart."""
        if not self.known:
            return None
        raw, known = self.raw, self.known
        at_line = raw.startswith(b"--", at) and (at == 0 or raw[at - 1] == 10)
        line = at if at_line else raw.find(b"\n--", max(at - 1, 0)) + 1
        while line > 0 or at_line:
            at_line = False
            end = raw.find(b"\n", line)
            end = len(raw) if end < 0 else end
            if end - line < LONGEST_DELIMITER:
                text = raw[line + 2 : end].rstrip()
                index, closing = known.get(text), False
                if index is None and text.endswith(b"--"):
                    index, closing = known.get(text[:-2].rstrip()), True
                if index is not None:
                    before = line - 1 if raw[line - 2 : line] != b"\r\n" else line - 2
                    return _Delimiter(max(before, at), min(end + 1, len(raw)), index, closing)
            line = raw.find(b"\n--", end) + 1
        return None

    def _header(self, depth: int, *, digest: bool, top: bool) -> Body:
        """Write one header block, those of embedded messages behind it too, and say what the body is."""
        while True:
            fields, self.at = header_fields.split(self.raw, self.at, self.limits, self.out.problems, top=top)
            shown = header_fields.show(
                fields,
                b"message/rfc822" if digest else b"text/plain",
                self.out.hint,
                top=top and not self.limits.whole_header,
            )
            if top:
                self.out.fields, self.out.plain, top = fields, not shown.beyond, False
            self.lines = shown.lines
            body = self._body(shown, depth)
            if body in (Body.PARTS, Body.MESSAGE) and depth >= self.limits.depth:
                self.out.problems.append((Code.NESTING_CUT, f"deeper than {self.limits.depth}"))
                body = Body.NOTHING
            if body is Body.NOTHING:
                self.pieces.append(b"".join(self.lines) + b"\n")
            elif body is Body.PARTS:
                self._enter(shown, depth)
            elif body is Body.MESSAGE:
                self.at = _header_begin(self.raw, self.at)
                span = Span(self.at, len(self.raw))
                self.messages.append((span, len(self.open)))
                self.out.plain = False
                self._mark(span)
                depth, digest = depth + 1, False
                continue
            return body

    def _body(self, shown: header_fields.Shown, depth: int) -> Body:
        kind = shown.kind
        if kind.startswith(b"multipart/"):
            # a multipart may carry the boundary of the one around it: some programs did so
            last = len(self.open) - 1
            if (
                shown.boundary
                and self.known.get(shown.boundary, last) == last
                and self._has_part(shown.boundary)
            ):
                return Body.PARTS
            named, shown.boundary = shown.boundary, self._written_boundary()
            self.out.problems.append((Code.MISSING_BOUNDARY, shown.boundary.decode("ascii", "replace")))
            if not shown.boundary:  # the preamble of the whole message is better than nothing
                return Body.NOTHING if named and depth else Body.TEXT
            return Body.PARTS
        if kind.startswith(b"message/"):
            plain = kind.decode("ascii", "replace") in EMBEDDED and shown.encoding in IDENTITY
            return Body.MESSAGE if plain else Body.APART
        return Body.TEXT if kind.startswith(b"text/") and not shown.attached else Body.LEAF

    def _has_part(self, boundary: bytes) -> bool:
        """Whether a part begins with that boundary soon: without one, what follows is read as text."""
        marker, at = b"--" + boundary, self.at
        for _ in range(FALSE_DELIMITERS):
            at = self.raw.find(marker, at, self.at + PREAMBLE)
            if at < 0:
                return False
            behind = at + len(marker)
            end = self.raw.find(b"\n", behind, behind + LONGEST_DELIMITER)
            begins = at == 0 or self.raw[at - 1] == 10
            if end < 0 and len(self.raw) - behind < LONGEST_DELIMITER:
                end = len(self.raw)
            if begins and end >= 0 and not self.raw[behind:end].strip():
                return True
            at = behind
        return True

    def _written_boundary(self) -> bytes:
        """The boundary of a multipart that names none, or a wrong one: a line of `--x` before the field of a part."""
        self.sniffed += 1
        found = _DELIMITER.search(self.raw, self.at, self.at + PREAMBLE) if self.sniffed < SNIFFED else None
        boundary = found[1].rstrip() if found else b""
        return b"" if boundary in self.known else boundary

    def _leaf(self, body: Body, start: int, end: int) -> None:
        most = {
            Body.TEXT: self.limits.text_leaf_bytes,
            Body.LEAF: self.limits.leaf_bytes,
            Body.APART: -1,
        }.get(body)
        if most is None:
            return
        if end - start > most:
            self._mark(Span(start, end))
        else:
            self.pieces.append(b"".join(self.lines) + b"\n" + self.raw[start:end])

    def _mark(self, span: Span) -> None:
        """A part without its body: the first line of its header says which span of the raw bytes that is."""
        self.pieces.append(b"%s: %d\n" % (MARK.encode(), len(self.out.cut)) + b"".join(self.lines) + b"\n")
        self.out.cut.append(span)
