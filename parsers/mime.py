"""Raw bytes -> header values and a tree of parts. The only room that imports mail-parser.

mail-parser (and the standard library's feed parser under it) sees a trimmed message (`parsers.limits`): bounded in
every direction, headers in UTF-8, large leaves left out. When it fails all the same, the standard library's parser and
this project's own reading of addresses and dates take over and a problem says so; when that fails too, everything
after the header is one text. So `read` always answers. Large leaves are decoded from the raw bytes in chunks.

mail-parser is imported at the first message, not with this module (0.07 s).
"""

from __future__ import annotations

import binascii
import email
import hashlib
import logging
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message as StdMessage
from typing import Any
from urllib.parse import unquote_to_bytes

from parsers import addresses, charsets, dates, encoded_words, header_fields, limits
from parsers.message import Mailbox
from parsers.problems import Code, Problems

CHUNK = 1 << 20
DEEPEST = 100


@dataclass(slots=True)
class Part:
    """One entity of a message: a leaf with its bytes, or a multipart or embedded message with its children."""

    content_type: str
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str | None = None
    content_id: str | None = None
    encoding: str = ""
    children: list[Part] = field(default_factory=list)
    source: StdMessage | None = None  # a small leaf, still in its transfer encoding
    span: limits.Span | None = None  # a large leaf or an embedded message, in `raw`
    raw: bytes = b""
    header: StdMessage | None = None  # of an embedded message

    @property
    def charset(self) -> str | None:
        """The declared charset, as written."""
        return self.parameters.get("charset") or None

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def chunks(self) -> Iterator[bytes]:
        """The decoded bytes, in pieces of about a megabyte."""
        if self.span is None:
            yield self.data()[0]
            return
        start, end = self.span.start, self.span.end
        if self.encoding == "base64":
            yield from _base64_chunks(self.raw, start, end)
        elif self.encoding == "quoted-printable":
            while start < end:
                stop = (
                    end
                    if end - start <= CHUNK
                    else self.raw.rfind(b"\n", start, start + CHUNK) + 1 or start + CHUNK
                )
                yield quopri.decodestring(self.raw[start:stop])
                start = stop
        else:
            for at in range(start, end, CHUNK):
                yield self.raw[at : min(at + CHUNK, end)]

    def data(self) -> tuple[bytes, bool]:
        """All decoded bytes, and whether the transfer encoding was damaged."""
        if self.span is not None:
            return b"".join(self.chunks()), False
        if self.source is None:
            return b"", False
        body = _undecoded(self.source)
        if self.encoding == "base64":
            found, damaged = encoded_words.base64(body)
            if found is not None and not (damaged and _no_base64(body)):
                return found, damaged
            return body, True
        if self.encoding == "quoted-printable":
            return quopri.decodestring(body), False
        if self.encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            return _uudecode(body), False
        return body, False

    def digest(self) -> tuple[int, str]:
        """Size in decoded bytes and their SHA-256 in hex."""
        size, sha = 0, hashlib.sha256()
        for chunk in self.chunks():
            size += len(chunk)
            sha.update(chunk)
        return size, sha.hexdigest()


@dataclass(slots=True)
class Mime:
    """A message as its MIME parser saw it. `fields` are all header fields, in order, unfolded, undecoded."""

    root: Part
    fields: list[tuple[str, bytes]]
    problems: Problems
    std: StdMessage
    mail: Any = None  # mail-parser's MailParser, None after a fallback

    def first(self, name: str) -> bytes | None:
        """The undecoded value of the first such field; `name` in lower case."""
        return next((value for key, value in self.fields if key.lower() == name), None)

    def text(self, name: str) -> str | None:
        """The decoded value of the first such field, None where there is none."""
        value = self.first(name)
        return None if value is None else encoded_words.decode(value, self.problems, name)

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """Everybody in an address field: mail-parser's reading where it has no doubt, else the lenient one."""
        value = self.first(name)
        if not value:
            return ()
        if self.mail is not None and self.first_of_many(name):
            found = getattr(self.mail, name.replace("-", "_") if name != "from" else "from_")
            doubts = [
                d for d in self.mail.address_header_defects if d["header"] == name and d["occurrence"] == 0
            ]
            if found and not doubts:
                return tuple(Mailbox(_tidy(shown), address) for shown, address in found)
        people = addresses.read(encoded_words_in_list(value, self.problems, name), local=True)
        if any("@" not in (person.address or "") for person in people) or not people:
            self.problems.append((Code.BAD_ADDRESS, f"{name}: {encoded_words.decode(value, [], name)[:120]}"))
        return people

    def first_of_many(self, name: str) -> bool:
        """mail-parser reads only these."""
        return name in ("from", "to", "cc", "reply-to", "bcc")

    def date(self) -> datetime | None:
        """The Date field as an aware datetime in its own offset."""
        value = self.text("date")
        if not value:
            return None
        if self.mail is not None and isinstance(self.mail.date, datetime):
            found = re.search(r"([+-])(\d\d):?(\d\d)\b", value[8:])
            minutes = int(found[1] + "1") * (int(found[2]) * 60 + int(found[3])) if found else 0
            try:
                return self.mail.date.astimezone(timezone(timedelta(minutes=minutes)))
            except (ValueError, OverflowError):
                return self.mail.date
        parsed = dates.parse(value)
        if parsed is None:
            self.problems.append((Code.BAD_DATE, value[:80]))
            return None
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def read(raw: bytes) -> Mime:
    """The MIME reading of any bytes."""
    trimmed = limits.trim(raw)
    problems = trimmed.problems
    mail = None
    try:
        mail = _mail_parser()(trimmed.data)
        std = mail.message
    except Exception as error:  # noqa: BLE001 - whatever a parser written for good mail raises on bad
        problems.append((Code.PARSER_FALLBACK, f"{type(error).__name__}: {error}"[:200]))
        std = email.message_from_bytes(trimmed.data)
    root = _part(std, trimmed, 0)
    return Mime(root, trimmed.fields, problems, std, mail)


_parser: Callable[[bytes], Any] | None = None


def _mail_parser() -> Callable[[bytes], Any]:
    global _parser
    if _parser is None:
        logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)  # it logs headers of strangers
        from mailparser import parse_from_bytes

        _parser = parse_from_bytes
    return _parser


_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)")


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, RFC 2231 pieces joined, names in lower case."""
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(value[: header_fields.PARAMETER_BYTES]):
        name, text = match[1].lower(), match[2].strip()
        if text[:1] == '"':
            text = re.sub(
                r"\\([\"\\])", r"\1", text[1:-1] if text[-1:] == '"' and len(text) > 1 else text[1:]
            )
        base, star, rest = name.partition("*")
        if not star:
            found.setdefault(name, text)
        else:
            number = rest.rstrip("*")
            encoded = rest.endswith("*") or rest == ""
            pieces.setdefault(base, []).append(
                (int(number) if number.isdecimal() and len(number) < 5 else 0, encoded, text)
            )
    for base, rows in pieces.items():
        rows.sort(key=lambda row: row[0])
        charset, data = None, b""
        for index, (_, encoded, text) in enumerate(rows):
            if encoded:
                if index == 0 and text.count("'") >= 2:
                    charset, _, text = text.split("'", 2)
                data += unquote_to_bytes(text)
            else:
                data += text.encode("utf-8", "surrogateescape")
        found[base] = charsets.decode(data, charset or None)[0]
    return found


def _part(node: StdMessage, trimmed: limits.Trimmed, depth: int) -> Part:
    mark = encoding = disposition = content_id = ""
    kind_value: str | None = None
    for name, value in node.raw_items():
        folded = name.lower()
        if folded == "content-type" and kind_value is None:
            kind_value = _plain(value)
        elif folded == "content-transfer-encoding" and not encoding:
            encoding = _plain(value).split(";")[0].strip().strip("\"'").lower()
        elif folded == "content-disposition" and not disposition:
            disposition = _plain(value)
        elif folded == "content-id" and not content_id:
            content_id = _plain(value)
        elif folded == limits.MARK.lower() and not mark:
            mark = _plain(value)
    kind = (kind_value or node.get_default_type()).split(";", 1)[0].strip().lower()
    if kind.count("/") != 1 or not kind.isascii() or not kind.isprintable() or " " in kind:
        kind = "text/plain"
    part = Part(
        kind,
        parameters(kind_value) if kind_value and ";" in kind_value else {},
        disposition.split(";", 1)[0].strip().lower(),
        encoding=encoding,
        raw=trimmed.raw,
        content_id=content_id.strip().strip("<>")[:998] or None,
    )
    name_of = parameters(disposition).get("filename") if ";" in disposition else None
    name_of = name_of or part.parameters.get("name")
    part.filename = encoded_words.decode(name_of, trimmed.problems, "filename") if name_of else None
    if mark.isdecimal() and int(mark) < len(trimmed.cut):
        part.span = trimmed.cut[int(mark)]
    payload = node.get_payload()
    if isinstance(payload, list) and not (part.span is not None and kind not in limits.EMBEDDED):
        if depth < DEEPEST:
            part.children = [
                _part(child, trimmed, depth + 1) for child in payload if isinstance(child, StdMessage)
            ]
        if kind in limits.EMBEDDED and part.children:
            inner = payload[0]
            part.header = inner if isinstance(inner, StdMessage) else None
    else:
        if kind.startswith("multipart/"):
            part.content_type = "text/plain"
        part.source = node
    return part


def _plain(value: Any) -> str:
    text = str(value)
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _undecoded(node: StdMessage) -> bytes:
    payload = vars(node).get("_payload")  # get_payload() would already decode with the declared charset
    if isinstance(payload, str):
        return (
            payload.encode("ascii", "surrogateescape")
            if payload.isascii() or _surrogates(payload)
            else payload.encode()
        )
    return b""


def _no_base64(body: bytes) -> bool:
    """Plain text that claims to be base64: a tenth or more of it, up to the padding, cannot stand in base64."""
    clean = body.partition(b"=")[0].translate(None, b" \t\r\n")
    foreign = len(clean) - len(clean.translate(None, encoded_words.NOT_BASE64_OR_PAD))
    return foreign * 10 >= len(clean) or (b" " in body.strip() and len(clean) < len(body) // 2)


def _surrogates(text: str) -> bool:
    try:
        text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _base64_chunks(raw: bytes, start: int, end: int) -> Iterator[bytes]:
    held = b""
    for at in range(start, end, CHUNK):
        piece = held + raw[at : min(at + CHUNK, end)].translate(None, encoded_words.NOT_BASE64_OR_PAD)
        stop = piece.find(b"=")
        if stop >= 0:
            piece = piece[:stop]
        whole = len(piece) // 4 * 4
        yield binascii.a2b_base64(piece[:whole])
        held = piece[whole:]
        if stop >= 0:
            break
    if len(held) > 1:
        yield binascii.a2b_base64(held + b"=" * (4 - len(held)))


def _uudecode(body: bytes) -> bytes:
    out: list[bytes] = []
    inside = False
    for line in body.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.rstrip() == b"end":
            break
        elif line:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                size = (((line[0] - 32) & 63) * 4 + 5) // 3
                try:
                    out.append(binascii.a2b_uu(line[:size]))
                except binascii.Error:
                    continue
    return b"".join(out) or body


def encoded_words_in_list(value: bytes, problems: Problems, name: str) -> str:
    """An address list as text: words decoded one by one and quoted, so that a comma in a name stays in the name."""
    if b"=?" not in value:
        return encoded_words.decode(value, problems, name)

    def quoted(match: re.Match[str]) -> str:
        return '"' + encoded_words.decode(match[0], problems, name).replace('"', "'").replace("\\", "") + '"'

    text = charsets.decode(value, None)[0]
    return re.sub(r"\"?(?:=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,2000}\?=\s*)+\"?", quoted, text)


def _tidy(name: str) -> str | None:
    name = " ".join(name.split()) if name else ""
    if "=?" in name:
        name = encoded_words.decode(name, [])
    if len(name) > 2 and name[0] == name[-1] == "'":
        name = name[1:-1].strip()
    return name or None


def header_bytes(value: Any) -> bytes:
    """A header value of the standard library's message as the bytes it came from."""
    return str(value).encode("utf-8", "surrogateescape").replace(b"\r\n", b"").replace(b"\n", b"")
