"""One entity of a message and its bytes: transfer encodings undone, large bodies in chunks.

Broken base64 and quoted-printable give what can be decoded (RFC 2045, sections 6.7 and 6.8); text that only claims
to be base64 is taken as it stands. Large bodies are decoded from the raw bytes a megabyte at a time.
"""

from __future__ import annotations

import binascii
import hashlib
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as StdMessage

from parsers import encoded_words, limits, written_files

CHUNK = 1 << 20
UUENCODED = ("x-uuencode", "uuencode", "uue", "x-uue")


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
    span: limits.Span | None = (
        None  # of a leaf or an embedded message in `raw`, still in its transfer encoding
    )
    raw: bytes = b""
    header: StdMessage | None = None  # of an embedded message

    @property
    def charset(self) -> str | None:
        """The declared charset, as written."""
        return self.parameters.get("charset") or None

    @property
    def size(self) -> int:
        """The bytes of the body as it was sent."""
        return self.span.end - self.span.start if self.span else 0

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def chunks(self) -> Iterator[bytes]:
        """The decoded bytes, in pieces of about a megabyte."""
        if self.span is None or self.size <= CHUNK:
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
                yield _quoted_printable(self.raw[start:stop])
                start = stop
        else:
            for at in range(start, end, CHUNK):
                yield self.raw[at : min(at + CHUNK, end)]

    def data(self) -> tuple[bytes, bool]:
        """All decoded bytes, and whether the transfer encoding was damaged."""
        if self.span is None:
            return b"", False
        if self.size > CHUNK:
            return b"".join(self.chunks()), False
        body = self.raw[self.span.start : self.span.end]
        if self.encoding == "base64":
            found, damaged = encoded_words.base64(body)
            if found is not None and not (damaged and _no_base64(body)):
                return found, damaged
            return body, True
        if self.encoding == "quoted-printable":
            return _quoted_printable(body), False
        if self.encoding in UUENCODED or self.encoding == "x-yenc":
            return written_files.decode(body, self.encoding), False
        return body, False

    def head(self, most: int) -> tuple[bytes, bool]:
        """As `data`, but a large body is decoded only until there are `most` bytes."""
        if self.size <= CHUNK:
            return self.data()
        pieces: list[bytes] = []
        for chunk in self.chunks():
            pieces.append(chunk)
            most -= len(chunk)
            if most <= 0:
                break
        return b"".join(pieces), False

    def digest(self) -> tuple[int, str]:
        """Size in decoded bytes and their SHA-256 in hex."""
        size, sha = 0, hashlib.sha256()
        for chunk in self.chunks():
            size += len(chunk)
            sha.update(chunk)
        return size, sha.hexdigest()


_BLANKS_AT_A_BREAK = re.compile(rb"=[ \t]{1,80}(?=\r?\n|\Z)")


def _quoted_printable(body: bytes) -> bytes:
    if b"= " in body or b"=\t" in body:
        body = _BLANKS_AT_A_BREAK.sub(b"=", body)
    return quopri.decodestring(body)


def _no_base64(body: bytes) -> bool:
    """Plain text that claims to be base64: a tenth or more of it, up to the padding, cannot stand in base64."""
    before = body.partition(b"=")[0].strip()
    clean = before.translate(None, b" \t\r\n")
    foreign = len(clean) - len(clean.translate(None, encoded_words.NOT_BASE64_OR_PAD))
    return foreign * 10 >= len(clean) or before.count(b" ") * 20 >= len(before)


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
