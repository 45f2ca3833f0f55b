"""What is counted and cut in the raw bytes before any parser sees them.

Parsers of mail are written for mail as it should be. 100,000 parts, a header of 5 MB, a thousand levels of nesting or
a 24 MiB attachment make them slow, large or end in a RecursionError. So the raw bytes are gone through here once,
in linear time, and a *trimmed* message is made of them: the header fields that carry meaning, bounded in number and
length and in UTF-8; the same structure of parts (RFC 2046, section 5.1), bounded in number and depth; and of the leaf
bodies only the small ones. A leaf that was left out is named by its span in the raw bytes (`Trimmed.cut`), from
which size, digest and text are read in chunks.

Holds for every input: no exception, no loop over more than the limits allow, and nothing of the raw bytes is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers import charsets
from parsers.problems import Code

MARK = "X-Leadgate-Cut"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read. All sizes in bytes."""

    fields: int = 400  # header fields per header
    field_bytes: int = 32_768  # one header field
    header_bytes: int = 262_144  # one header
    parts: int = 1_000
    depth: int = 40
    leaf_bytes: int = 4_096  # a leaf that is no text and larger is cut
    text_leaf_bytes: int = 262_144  # a text leaf that is larger is cut


DEFAULT = Limits()


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
    fields: list[tuple[str, bytes]] = field(default_factory=list)
    cut: list[Span] = field(default_factory=list)
    problems: list[tuple[Code, str]] = field(default_factory=list)


_NAME = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_END = re.compile(rb"\n\r?\n")
_BOUNDARY = re.compile(rb"(?i)[;\s]boundary\s*=\s*(?:\"([^\"\r\n]{1,200})|([^\s;\"]{1,200}))")
_CLOSE_TO_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}[ \t]*:")
_ADDRESS_FIELDS = frozenset((b"from", b"to", b"cc", b"bcc", b"reply-to", b"sender"))
# What a parser is shown. Trace fields are long, many, and read from `Trimmed.fields` by the few steps that want them.
_SHOWN = _ADDRESS_FIELDS | {
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"content-disposition",
    b"content-id",
    b"content-location",
    b"content-description",
}
_PARAMETER_FIELDS = frozenset((b"content-type", b"content-disposition"))
PARAMETER_BYTES = 4_096  # the standard library's parameter parser is quadratic


def trim(raw: bytes, limits: Limits = DEFAULT) -> Trimmed:
    """The bounded view of `raw`."""
    out = Trimmed(raw=raw)
    start = _begin(out)
    _Scan(out, limits, start).run()
    return out


def _begin(out: Trimmed) -> int:
    """Line ends, an mbox line, leading blank lines: where the header starts."""
    raw = out.raw
    if b"\r" in raw[:65_536] and b"\n" not in raw[:65_536] and b"\n" not in raw:
        out.raw = raw = raw.replace(b"\r", b"\n")
        out.problems.append((Code.BARE_CR, ""))
    if b"\0" in raw:
        out.problems.append((Code.NUL, ""))
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    if raw.startswith((b"From ", b">From "), start):
        line_end = raw.find(b"\n", start, start + 1_000)
        if line_end > 0 and _NAME.match(raw, line_end + 1):
            start = line_end + 1
    blank = start
    while raw.startswith((b"\r\n", b"\n"), blank) and blank < start + 64:
        blank = raw.index(b"\n", blank) + 1
    return blank if blank > start and _CLOSE_TO_HEADER.match(raw, blank) else start


class _Scan:
    """One pass over the raw bytes, writing the trimmed message piece by piece."""

    def __init__(self, out: Trimmed, limits: Limits, start: int) -> None:
        self.out, self.limits, self.raw, self.at = out, limits, out.raw, start
        self.pieces: list[bytes] = []
        self.open: list[tuple[bytes, int]] = []  # boundary, depth
        self.known: dict[bytes, int] = {}  # boundary -> index in self.open
        self.parts = 0
        self.lines: list[bytes] = []
        self.messages: list[
            tuple[Span, int]
        ] = []  # embedded messages still open, and how many boundaries were

    def run(self) -> None:
        """The header, then delimiter by delimiter."""
        raw = self.raw
        kind, depth = self._header(0, top=True)
        while True:
            found = self._next_delimiter(self.at)
            if kind == "leaf":
                self._leaf(self.at, found[0] if found else len(raw))
            elif kind == "text":
                self._leaf(self.at, found[0] if found else len(raw), text=True)
            if found is None:
                break
            _, after, index, closing = found
            boundary, depth = self.open[index]
            while self.messages and self.messages[-1][1] > index:
                self.messages.pop()[0].end = found[0]
            for gone, _ in self.open[index + 1 :]:
                self.known.pop(gone, None)
            del self.open[index + 1 :]
            self.at = after
            if closing:
                self.pieces.append(b"\n--" + boundary + b"--\n")
                self.open.pop()
                self.known.pop(boundary, None)
                kind = "between"
                if not self.open:
                    break
                continue
            self.parts += 1
            if self.parts > self.limits.parts:
                self.out.problems.append((Code.PARTS_CUT, f"more than {self.limits.parts}"))
                break
            self.pieces.append(b"\n--" + boundary + b"\n")
            kind, depth = self._header(depth, top=False)
        if self.open:
            self.out.problems.append((Code.UNCLOSED_MULTIPART, ""))
            self.pieces.extend(b"\n--" + boundary + b"--\n" for boundary, _ in reversed(self.open))
        self.out.data = b"".join(self.pieces)

    def _next_delimiter(self, at: int) -> tuple[int, int, int, bool] | None:
        """(end of what was before, after the line, index of the boundary, closing) of the next delimiter line."""
        if not self.known:
            return None
        raw, known = self.raw, self.known
        line = (
            at
            if raw.startswith(b"--", at) and raw[at - 1 : at] in (b"\n", b"")
            else raw.find(b"\n--", at - 1) + 1
        )
        while line > 0 or (line == 0 and at == 0 and raw.startswith(b"--")):
            end = raw.find(b"\n", line)
            end = len(raw) if end < 0 else end
            if end - line < 280:
                text = raw[line + 2 : end].rstrip()
                closing = False
                index = known.get(text)
                if index is None and text.endswith(b"--"):
                    index, closing = known.get(text[:-2].rstrip()), True
                if index is not None:
                    before = line - 1 if line > 0 else 0
                    if before > 0 and raw[before - 1 : before] == b"\r":
                        before -= 1
                    return max(before, at if before < at else 0), min(end + 1, len(raw)), index, closing
            line = raw.find(b"\n--", end) + 1
        return None

    def _header(self, depth: int, top: bool) -> tuple[str, int]:
        """Write one header block and say what its body is: leaf, text, multipart or between (nothing to read)."""
        while True:
            fields, self.at = split_header(self.raw, self.at, self.limits, self.out.problems, top)
            if top:
                self.out.fields = fields
                top = False
            kind, boundary = self._write(fields)
            if kind == "multipart":
                if depth >= self.limits.depth:
                    self.out.problems.append((Code.NESTING_CUT, f"deeper than {self.limits.depth}"))
                    return "between", depth
                if boundary in self.known:
                    return "between", depth
                self.known[boundary] = len(self.open)
                self.open.append((boundary, depth + 1))
                return "multipart", depth
            if kind != "message":
                return kind, depth
            depth += 1
            if depth > self.limits.depth:
                self.out.problems.append((Code.NESTING_CUT, f"deeper than {self.limits.depth}"))
                return "between", depth

    def _write(self, fields: list[tuple[str, bytes]]) -> tuple[str, bytes]:
        kind, encoding, boundary, disposition = b"", b"", b"", b""
        lines: list[bytes] = []
        for name, value in fields:
            folded = name.lower().encode()
            if folded not in _SHOWN:
                continue
            if folded == b"content-type" and not kind:
                kind = value.split(b";", 1)[0].strip().lower() or b"text/plain"
                if kind.startswith(b"multipart/") and (found := _BOUNDARY.search(b";" + value)):
                    boundary = (found[1] or found[2]).rstrip()
                    value = (
                        kind + b'; boundary="' + boundary.replace(b"\\", b"\\\\") + b'"' + _report_type(value)
                    )
                elif b"/" not in kind:
                    value = b"text/plain" + value[len(kind) :]
            elif folded == b"content-transfer-encoding":
                encoding = value.strip().lower()
            elif folded == b"content-disposition":
                disposition = value.strip().lower()
            if folded in _PARAMETER_FIELDS and len(value) > PARAMETER_BYTES:
                value = value[:PARAMETER_BYTES]
            lines.append(name.encode() + b": " + utf8(value) + b"\n")
        self.lines = lines
        if boundary:
            self.pieces.append(b"".join(lines) + b"\n")
            return "multipart", boundary
        if kind.startswith(b"multipart/"):
            self.out.problems.append((Code.MISSING_BOUNDARY, ""))
            lines[:] = [line for line in lines if not line.lower().startswith(b"content-type:")]
            return "text", b""
        if kind in (b"message/rfc822", b"message/global") and encoding in (b"", b"7bit", b"8bit", b"binary"):
            span = Span(self.at, len(self.raw))
            self.lines = lines
            self.messages.append((span, len(self.open)))
            self._mark(span)
            return "message", b""
        texty = kind.startswith((b"text/", b"message/")) or not kind
        return ("text" if texty and not disposition.startswith(b"attachment") else "leaf"), b""

    def _leaf(self, start: int, end: int, text: bool = False) -> None:
        size = end - start
        if size > (self.limits.text_leaf_bytes if text else self.limits.leaf_bytes):
            self._mark(Span(start, end))
        else:
            self.pieces.append(b"".join(self.lines) + b"\n")
            self.pieces.append(self.raw[start:end])

    def _mark(self, span: Span) -> None:
        """A part without its body: the first line of its header says which span of the raw bytes that is."""
        self.pieces.append(b"%s: %d\n" % (MARK.encode(), len(self.out.cut)) + b"".join(self.lines) + b"\n")
        self.out.cut.append(span)


_REPORT = re.compile(rb"(?i)[;\s]report-type\s*=\s*\"?([a-z-]{1,60})")


def _report_type(value: bytes) -> bytes:
    found = _REPORT.search(value)
    return b"; report-type=" + found[1] if found else b""


def utf8(value: bytes) -> bytes:
    """Raw 8-bit header text as UTF-8, control characters out."""
    if not value.isascii():
        value = charsets.decode(value, None)[0].encode("utf-8")
    return (
        value.translate(None, b"\0\r\n\x0b\x0c\x1c\x1d\x1e")
        if value.isascii()
        else value.replace(b"\0", b"").replace(b"\r", b"").replace(b"\n", b"")
    )


def split_header(
    raw: bytes,
    at: int,
    limits: Limits,
    problems: list[tuple[Code, str]],
    top: bool,
) -> tuple[list[tuple[str, bytes]], int]:
    """The fields of the header block at `at`, unfolded, and where its body starts."""
    fields: list[tuple[str, bytes]] = []
    if raw.startswith((b"\n", b"\r\n"), at):
        return fields, raw.index(b"\n", at) + 1
    found = _END.search(raw, at)
    block_end, body = (found.start(), found.end()) if found else (len(raw), len(raw))
    block = raw[at : min(block_end, at + limits.header_bytes)]
    if block_end - at > limits.header_bytes:
        problems.append((Code.HEADERS_CUT, f"{block_end - at} bytes"))
    name, value, size, odd = "", [], 0, 0
    place = at
    for line in block.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if name and size <= limits.field_bytes:
                value.append(line.rstrip(b"\r"))
                size += len(line)
        elif match := _NAME.match(line):
            if name:
                fields.append(_field(name, value, size, limits, problems))
                if len(fields) >= limits.fields:
                    problems.append((Code.HEADERS_CUT, f"more than {limits.fields} fields"))
                    return fields, body
            name = match[1].decode("ascii")
            value = [line[match.end() :].rstrip(b"\r")]
            size = len(line)
        elif not name and not fields:
            if top:
                problems.append((Code.NO_HEADER, ""))
            return fields, at
        else:
            odd += 1
            rest = raw[place + len(line) + 1 : place + len(line) + 400].split(b"\n", 4)[:4]
            if odd > 20 or not any(_CLOSE_TO_HEADER.match(later) for later in rest):
                problems.append((Code.MALFORMED_HEADER, "the text starts without a blank line"))
                fields.append(_field(name, value, size, limits, problems))
                return fields, place
            problems.append((Code.MALFORMED_HEADER, line[:60].decode("ascii", "replace")))
        place += len(line) + 1
    if name:
        fields.append(_field(name, value, size, limits, problems))
    return fields, body


def _field(
    name: str,
    value: list[bytes],
    size: int,
    limits: Limits,
    problems: list[tuple[Code, str]],
) -> tuple[str, bytes]:
    whole = (value[0] if len(value) == 1 else b"".join(value)).strip()
    if size > limits.field_bytes:
        problems.append((Code.HEADER_TOO_LONG, f"{name}: {size} bytes"))
        whole = whole[: limits.field_bytes]
        if name.lower().encode() in _ADDRESS_FIELDS:
            problems.append((Code.ADDRESSES_CUT, name))
            comma = whole.rfind(b",")
            whole = whole[:comma] if comma > 0 else whole
    return name, whole
