"""The fields of a header block as bytes: split, unfolded, bounded, and those of them a parser is shown.

RFC 5322, section 2.2, as it is really written: lines that are no field, a missing blank line before the text,
parameters on an unindented line of their own, raw 8-bit characters. What a parser is shown is UTF-8 without control
characters, in fields of bounded length; trace fields are many and long and read elsewhere, so no parser sees them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from parsers import charsets, encoded_words, header_date, header_mailbox
from parsers.parameters import LONGEST, parameters
from parsers.problems import Code, Problems

Field = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read. All sizes in bytes."""

    fields: int = 400  # header fields per header
    field_bytes: int = 32_768  # one header field
    header_bytes: int = 262_144  # one header
    parts: int = 1_000
    depth: int = 40
    leaf_bytes: int = 0  # a leaf that is no text and larger is cut
    text_leaf_bytes: int = 0  # a text leaf that is larger is cut
    whole_header: bool = False  # the top header is shown as that of an embedded message is


DEFAULT = Limits()
_NAME = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_LIKELY = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}[ \t]*:")
_PARAMETER_LINE = re.compile(rb"[A-Za-z-]{3,20}\s*=")
_END = re.compile(rb"\n\r?\n")
LONGEST_BOUNDARY = 200
_KIND = re.compile(rb"\s*([A-Za-z0-9.+_-]{1,80})\s*/\s*([A-Za-z0-9.+_-]{1,120})\s*(?:\([^()]{0,200}\)\s*)?")
_ENCODING = re.compile(rb"[\s\"']*([^\s;\"'(]{1,40})")
_BOUNDARY = re.compile(rb"(?i)[;\s]boundary\s*=\s*(?:\"([^\"\r\n]{1,200})|([^\s;\"]{1,200}))")
_REPORT = re.compile(rb"(?i)[;\s]report-type\s*=\s*\"?([a-z-]{1,60})")
_ADDRESSES = frozenset(("from", "to", "cc", "bcc", "reply-to", "sender"))
_MIME = frozenset(("content-type", "content-transfer-encoding", "content-disposition", "content-id"))
_TOP = _MIME | {"from", "to", "cc", "reply-to", "date"}
_EMBEDDED = _MIME | _ADDRESSES | {"subject", "date", "message-id"}
_CONTROL = bytes((0, 10, 11, 12, 13, 28, 29, 30))
_ODD_LINES = 20


def begins(raw: bytes, at: int) -> bool:
    """Whether a header field begins at `at`."""
    return _LIKELY.match(raw, at) is not None


def split(raw: bytes, at: int, limits: Limits, problems: Problems, *, top: bool) -> tuple[list[Field], int]:
    """The fields of the header block at `at`, unfolded, and where its body starts."""
    if raw.startswith((b"\n", b"\r\n"), at):
        return [], raw.index(b"\n", at) + 1
    found = _END.search(raw, at)
    block_end, body = (found.start(), found.end()) if found else (len(raw), len(raw))
    if block_end - at > limits.header_bytes:
        problems.append((Code.HEADERS_CUT, f"{block_end - at} bytes"))
    reader = _Reader(limits, problems)
    place = at
    for line in raw[at : min(block_end, at + limits.header_bytes)].split(b"\n"):
        if not reader.take(line):
            if not reader.name:
                if top and reader.odd <= _JUNK_LINES and _known_field_soon(raw, place + len(line) + 1):
                    problems.append((Code.MALFORMED_HEADER, line[:60].decode("ascii", "replace")))
                    place += len(line) + 1
                    continue
                if top:
                    problems.append((Code.NO_HEADER, ""))
                return [], at
            later = raw[place + len(line) + 1 : min(place + len(line) + 400, block_end)].split(b"\n", 4)[:4]
            if reader.odd > _ODD_LINES or not any(_LIKELY.match(text) for text in later):
                problems.append((Code.MALFORMED_HEADER, "the text starts without a blank line"))
                body = place
                break
            problems.append((Code.MALFORMED_HEADER, line[:60].decode("ascii", "replace")))
        if reader.full:
            problems.append((Code.HEADERS_CUT, f"more than {limits.fields} fields"))
            return reader.fields, body
        place += len(line) + 1
    reader.finish()
    return reader.fields, body


_JUNK_LINES = 3
_KNOWN_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|subject|date|received|return-path|delivered-to|mime-version|content-type|message-id|reply-to):"
)


def _known_field_soon(raw: bytes, at: int) -> bool:
    """Whether a well-known field begins within the next lines: what stands before it is junk, not a text."""
    lines = raw[at : at + 1_000].split(b"\n", _JUNK_LINES)[:_JUNK_LINES]
    return any(_KNOWN_FIELD.match(line) for line in lines)


class _Reader:
    """Collects the lines of a header into fields."""

    def __init__(self, limits: Limits, problems: Problems) -> None:
        self.limits, self.problems = limits, problems
        self.fields: list[Field] = []
        self.name = ""
        self.value: list[bytes] = []
        self.size = 0
        self.odd = 0
        self.full = False

    def take(self, line: bytes) -> bool:
        """Use one line; False where it is no part of a header."""
        if line[:1] in (b" ", b"\t"):
            if self.name:
                self._add(line)
            return True
        match = _NAME.match(line)
        if match:
            self.finish()
            self.name, self.value, self.size = (
                match[1].decode("ascii"),
                [line[match.end() :].rstrip(b"\r")],
                len(line),
            )
            return True
        if self.name and self.value[-1].rstrip().endswith(b";") and _PARAMETER_LINE.match(line):
            self._add(b" " + line)
            return True
        self.odd += 1
        return False

    def _add(self, line: bytes) -> None:
        self.size += len(line)
        if self.size <= self.limits.field_bytes:
            self.value.append(line.rstrip(b"\r"))

    def finish(self) -> None:
        """End the field at hand."""
        if not self.name:
            return
        whole = (self.value[0] if len(self.value) == 1 else b"".join(self.value)).strip()
        if self.size > self.limits.field_bytes:
            self.problems.append((Code.HEADER_TOO_LONG, f"{self.name}: {self.size} bytes"))
            whole = whole[: self.limits.field_bytes]
            if self.name.lower() in _ADDRESSES:
                self.problems.append((Code.ADDRESSES_CUT, self.name))
                whole = whole.rpartition(b",")[0] or whole
        self.fields.append((self.name, whole))
        self.full = len(self.fields) >= self.limits.fields


@dataclass(slots=True)
class Shown:
    """A header as a parser is shown it, and what of it decides how the body is read (in lower case)."""

    lines: list[bytes]
    kind: bytes
    encoding: bytes = b""
    boundary: bytes = b""
    multipart: bytes = b""  # the Content-Type of a multipart, to be written with a boundary: it is in no line
    attached: bool = False
    beyond: bool = False  # there is a field beside MIME's: an address list or a date that needs a parser


def show(fields: list[Field], default: bytes, hint: Callable[[], str | None], *, top: bool) -> Shown:
    """The shown lines of a header; `default` is the content type of a part that names none, `hint` as for `utf8`.

    Of the `top` header only what needs a parser is shown: everything else is read from the fields themselves, also an
    address field that holds one plain mailbox, and a plain date.
    """
    wanted = _TOP if top else _EMBEDDED
    shown = Shown([], b"")
    for name, value in fields:
        folded = name.lower()
        if folded not in wanted:
            continue
        if top and folded not in _MIME:
            if (header_date if folded == "date" else header_mailbox).plain(value) is not None:
                continue
            shown.beyond = True
        written = value
        if folded == "content-type":
            if shown.kind:
                continue
            shown.kind, written = _content_type(value, shown)
            if shown.multipart:
                continue
        elif folded == "content-transfer-encoding":
            found = _ENCODING.match(value)
            written = found[1].lower() if found else b""
            shown.encoding = shown.encoding or written
        elif folded == "content-disposition":
            shown.attached = shown.attached or value[:20].lower().startswith(b"attachment")
            written = value[:LONGEST]
        shown.lines.append(b"%s: %s\n" % (name.encode(), utf8(written, hint)))
    if not shown.kind:
        shown.kind = default
        if default != b"text/plain":
            shown.lines.append(b"Content-Type: " + default + b"\n")
    return shown


def _content_type(value: bytes, shown: Shown) -> tuple[bytes, bytes]:
    """The type in lower case, and the value to show: one kind, a semicolon."""
    found = _KIND.match(value)
    if not found:
        return b"text/plain", b"text/plain;" + value.partition(b";")[2][:LONGEST]
    kind = found[1].lower() + b"/" + found[2].lower()
    value = b"%s; %s" % (kind, value[found.end() :].lstrip(b"; \t")) if found.end() < len(value) else kind
    if kind.startswith(b"multipart/"):
        named = _BOUNDARY.search(value)
        if named:
            shown.boundary = (named[1] or named[2]).rstrip()
        elif b"*" in value:
            text = parameters(value.decode("utf-8", "replace")).get("boundary", "")
            shown.boundary = text.encode()[:LONGEST_BOUNDARY].rstrip()
        report = _REPORT.search(value)
        shown.multipart = kind + (b"; report-type=" + report[1] if report else b"")
    return kind, value[:LONGEST]


def utf8(value: bytes, hint: Callable[[], str | None]) -> bytes:
    """Raw 8-bit header text as UTF-8, control characters out. `hint` tells a charset the message names elsewhere."""
    if encoded_words.is_plain(value):
        return value.translate(None, _CONTROL)
    if b"=?" in value:
        return value.replace(b"\0", b"").replace(b"\r", b"").replace(b"\n", b"")
    return charsets.unlabelled(value, hint()).encode("utf-8").translate(None, b"\0\r\n")
