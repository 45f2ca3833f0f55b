"""The body of a form post: fields and files out of urlencoded, multipart or JSON bytes.

URL standard, section 5 (application/x-www-form-urlencoded), RFC 7578 (multipart/form-data), and a JSON object
(`form_json`). `read` takes the entity that the door stores: header, empty line, body. A file is
never copied: it is a place in the bytes. Linear, and whatever is wrong is a problem; only a content type that is none
of the three gives no post at all.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from dataclasses import dataclass
from hashlib import sha256

from parsers import charsets
from parsers.form_json import read_json
from parsers.parameters import parameters
from parsers.problems import Code, Problems

MOST_PARTS = 500
PART_HEAD = 8 * 1024
TEXT = 1024 * 1024  # bytes of all text together; the door takes no more
NAME = 200  # characters of a field's name
HEAD = 8 * 1024
WIDE = re.compile(r"(?i)(?:utf-?(?:16|32)|ucs-?[24])")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
LEFT_OUT = "X-Leadgate-Left-Out"
"""Header of an entity from which the door cut files that were too large: their numbers among the parts."""

URLENCODED, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
KINDS = (URLENCODED, MULTIPART, JSON)

_FIELD = re.compile(rb"^([!-9;-~]{1,60}):[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_ESCAPES = (("%22", '"'), ("%0D%0A", " "), ("%0d%0a", " "), ("%0D", " "), ("%0A", " "))
"""How browsers write what may not stand in a name (HTML standard, multipart/form-data)."""


@dataclass(frozen=True, slots=True)
class PostedFile:
    """A file of a post: `raw[start:end]` of the entity. `left_out`: the door took its name, and not its content."""

    number: int  # of its part
    field: str
    filename: str
    content_type: str
    start: int
    end: int
    left_out: bool = False

    @property
    def size(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Body:
    """What was posted: fields as sent, in order, reserved ones among them."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[PostedFile, ...]
    problems: Problems
    too_long: bool = False  # more text or more parts than are read

    def first(self, name: str) -> str:
        """The first value of a field, "" without one."""
        return next((value for key, value in self.fields if key == name), "")


def kind_of(content_type: str) -> str | None:
    """Which of KINDS a Content-Type is, None for any other."""
    media = content_type.partition(";")[0].strip().lower()
    return media if media in KINDS else None


def entity(content_type: str, left_out: tuple[int, ...] = ()) -> bytes:
    """The head of a stored post, its empty line included. Control characters cannot get into it."""
    told = "".join(char for char in content_type if char.isprintable())
    head = f"Content-Type: {told}\r\n"
    if left_out:
        head += f"{LEFT_OUT}: {','.join(map(str, left_out))}\r\n"
    return f"{head}\r\n".encode("latin-1", "replace")


def read(raw: bytes) -> Body | None:
    """The fields and files of a stored post; None where it is none of KINDS."""
    end = raw.find(b"\r\n\r\n", 0, HEAD)
    head = {m[1].lower(): m[2].decode("latin-1") for m in _FIELD.finditer(raw[: max(end, 0)])}
    content_type = head.get(b"content-type", "")
    start, charset = end + 4, parameters(content_type).get("charset")
    match kind_of(content_type) if end >= 0 else None:
        case "application/x-www-form-urlencoded":
            return _urlencoded(raw, start, charset)
        case "multipart/form-data":
            numbers = head.get(LEFT_OUT.lower().encode(), "").split(",")
            left_out = frozenset(int(n) for n in numbers if n.isdecimal() and len(n) < 6)
            return _multipart(raw, start, parameters(content_type).get("boundary", ""), left_out)
        case "application/json":
            return _json(raw, start, charset)
        case _:
            return None


def digest(raw: bytes, file: PostedFile) -> str:
    """SHA-256 of a file's content, in hex."""
    return sha256(memoryview(raw)[file.start : file.end]).hexdigest()


def _urlencoded(raw: bytes, start: int, charset: str | None) -> Body:
    body = raw[start : start + TEXT]
    pairs = [pair for pair in body.split(b"&") if pair]
    too_long = len(raw) - start > TEXT or len(pairs) > MOST_PARTS
    found, problems = [], Problems()
    split = [pair.partition(b"=") for pair in pairs[:MOST_PARTS]]
    for name, _, value in split:
        if name == b"_charset_" and charset is None:
            charset = value.decode("latin-1")
    for name, _, value in split:
        key, text = (_unquoted(half) for half in (name, value))
        found.append((_name(_text(key, charset, problems)), _lines(_text(text, charset, problems))))
    return Body(tuple(found), (), _told(problems, too_long), too_long)


def _unquoted(text: bytes) -> bytes:
    """Percent-decoded by the decoder of quoted-printable, which is the same with another sign, in C: a megabyte of
    nothing but percent signs costs a tenth of what it costs by splitting."""
    text = text.replace(b"+", b" ")
    if b"%" not in text:
        return text
    escaped = _NO_ESCAPE.sub(b"%25", text).replace(b"=", b"%3D")
    return a2b_qp(escaped.replace(b"%", b"="))


def _multipart(raw: bytes, start: int, boundary: str, left_out: frozenset[int]) -> Body:
    fields: list[tuple[str, str]] = []
    files: list[PostedFile] = []
    problems: Problems = []
    text, charset = 0, None
    parts, closed = _parts(raw, start, boundary)
    for number, (first, last) in enumerate(parts):
        head_end, body = _head_end(raw, first, last)
        head = {m[1].lower(): m[2] for m in _FIELD.finditer(raw[first:head_end])}
        shown = head.get(b"content-disposition", b"").decode("utf-8", "replace")
        named = parameters(shown)
        name, filename = _written(named.get("name", "")), named.get("filename")
        media = head.get(b"content-type", b"").decode("latin-1")
        if filename is not None:
            if filename or last > body:  # a file field that was left empty comes without a name
                kind = media.partition(";")[0].strip().lower()[:100] or "application/octet-stream"
                out = number in left_out
                files.append(
                    PostedFile(number, _name(name), _written(filename), kind, body, max(body, last), out)
                )
            continue
        text += last - body
        if text > TEXT or len(fields) + len(files) >= MOST_PARTS:
            return Body(tuple(fields), tuple(files), _told(problems, True), True)
        value = _text(raw[body:last], parameters(media).get("charset") or charset, problems)
        if name == "_charset_":
            charset = value
        fields.append((_name(name), _lines(value)))
    if not closed:
        problems.append((Code.UNCLOSED_MULTIPART if parts else Code.MISSING_BOUNDARY, ""))
    return Body(tuple(fields), tuple(files), problems)


def _parts(raw: bytes, start: int, boundary: str) -> tuple[list[tuple[int, int]], bool]:
    """Where each part's header begins and its content ends, and whether the last delimiter is there (RFC 2046, 5.1.1).
    A part that nothing closes ends with the bytes."""
    parts: list[tuple[int, int]] = []
    if not boundary or len(boundary) > NAME:
        return parts, False
    delimiter = b"--" + boundary.encode("latin-1", "replace")
    opened = -1
    at = start if raw.startswith(delimiter, start) else raw.find(b"\n" + delimiter, start) + 1
    while at > 0:
        after = at + len(delimiter)
        last = raw.startswith(b"--", after)
        line = raw.find(b"\n", after, after + 80)
        if last or (line >= 0 and not raw[after:line].strip()):
            if opened >= 0:
                end = at - 2 if raw[at - 2 : at] == b"\r\n" else at - 1
                parts.append((opened, max(opened, end)))
            if last or len(parts) > MOST_PARTS:
                return parts, last
            opened = line + 1
        at = raw.find(b"\n" + delimiter, after - 1) + 1
    if opened >= 0:
        parts.append((opened, len(raw)))
    return parts, False


def _head_end(raw: bytes, first: int, last: int) -> tuple[int, int]:
    """Where a part's header ends and where its content begins."""
    if raw.startswith((b"\r\n", b"\n"), first):
        return first, first + (2 if raw[first : first + 1] == b"\r" else 1)
    until = min(last, first + PART_HEAD)
    for line in (b"\r\n\r\n", b"\n\n"):
        found = raw.find(line, first, until + len(line))
        if found >= 0:
            return found, found + len(line)
    return until, last


def _json(raw: bytes, start: int, charset: str | None) -> Body:
    problems: Problems = []
    if len(raw) - start > TEXT:
        return Body((), (), _told(problems, True), True)
    found, wrong = read_json(raw[start:], charset)
    if found is None:
        return Body((), (), [(Code.DOCUMENT_DAMAGED, "no JSON object")])
    if wrong:
        problems.append((Code.UNKNOWN_CHARSET if wrong == "unknown" else Code.WRONG_CHARSET, ""))
    fields = [(_name(name), _lines(value)) for name, value in found]
    too_long = len(fields) > MOST_PARTS
    return Body(tuple(fields[:MOST_PARTS]), (), _told(problems, too_long), too_long)


def _text(data: bytes, charset: str | None, problems: Problems) -> str:
    if charset and b"\0" not in data and data[:2] not in WIDE_MARKS and WIDE.match(charset.strip()):
        charset = (
            "utf-8"  # a form in UTF-16 is sent as UTF-8, whatever it calls itself (HTML standard, 4.10.21.5)
        )
    text, wrong = charsets.decode(data, charset or "utf-8")
    if wrong:
        problems.append((Code.UNKNOWN_CHARSET if wrong == "unknown" else Code.WRONG_CHARSET, ""))
    return text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _name(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())[:NAME]


def _written(name: str) -> str:
    for escape, char in _ESCAPES:
        name = name.replace(escape, char)
    return name


def _told(problems: Problems, too_long: bool) -> Problems:
    return [*problems, (Code.TEXT_CUT, "")] if too_long else problems
