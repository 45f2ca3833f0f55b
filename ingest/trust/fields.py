"""The header of a mail as a signature sees it: every field with its very bytes (RFC 5322 §2.2, RFC 6376 §2.8).

The reader of mails (`parsers`) is lenient, as people's mail wants it. Here it is the other way round: what another
program could read otherwise (line ends of two kinds, a line that is no field, a field twice that may stand once) makes
the header `ambiguous`, and nothing is proven by a mail with such a header.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

LONGEST_HEADER = 1024 * 1024
ONCE = frozenset(
    b"from sender reply-to to cc bcc subject date message-id in-reply-to references mime-version content-type "
    b"content-transfer-encoding".split()
)
"""Fields that may stand once (RFC 5322 §3.6, RFC 2045)."""
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")


@dataclass(frozen=True)
class Head:
    """The fields in order as (lower-case name, whole field with its line end), and where the body begins."""

    fields: tuple[tuple[bytes, bytes], ...]
    body_at: int
    ambiguous: str | None
    """What may be read in two ways, in words."""

    @cached_property
    def names(self) -> tuple[bytes, ...]:
        return tuple(name for name, _ in self.fields)

    def values(self, name: bytes) -> list[bytes]:
        """The values of the fields of that name, folded as they are."""
        return [value_of(field) for key, field in self.fields if key == name]


def value_of(field: bytes) -> bytes:
    """What stands behind the colon."""
    return field.partition(b":")[2]


def line_ends_fixed(raw: bytes) -> bytes:
    """Mail of a pipe or a file has the line ends of its machine; signatures are made over CR LF."""
    return raw if raw.find(b"\r", 0, LONGEST_HEADER) >= 0 else raw.replace(b"\n", b"\r\n")


def split(raw: bytes) -> Head:
    """The header of a mail with CR LF line ends."""
    if raw.startswith(b"\r\n"):
        return Head((), 2, "it has no header")
    end = raw.find(b"\r\n\r\n", 0, LONGEST_HEADER)
    if end < 0:
        if len(raw) > LONGEST_HEADER:
            return Head((), len(raw), "its header is too long")
        header, body_at = (raw if raw.endswith(b"\r\n") else raw + b"\r\n"), len(raw)
    else:
        header, body_at = raw[: end + 2], end + 4
    fields, odd = _fields(header)
    return Head(tuple(fields), body_at, odd or _doubled(fields))


def _fields(header: bytes) -> tuple[list[tuple[bytes, bytes]], str | None]:
    pairs = header.count(b"\r\n")
    if header.count(b"\n") != pairs or header.count(b"\r") != pairs or b"\0" in header:
        return [], "its header has line ends of two kinds"
    found: list[tuple[bytes, list[bytes]]] = []
    for number, text in enumerate(header.split(b"\r\n")[:-1]):
        line = text + b"\r\n"
        if line[:1] in (b" ", b"\t"):
            if not found:
                return [], "its header begins with a continued line"
            found[-1][1].append(line)
        elif name := _FIELD.match(line):
            found.append((name[1].lower(), [line]))
        elif number or not line.startswith(b"From "):  # an mbox's first line is no field, and no harm
            return [], "its header has a line that is no field"
    return [(name, b"".join(lines)) for name, lines in found], None


def _doubled(fields: Sequence[tuple[bytes, bytes]]) -> str | None:
    seen: set[bytes] = set()
    for name, _ in fields:
        if name in seen and name in ONCE:
            return f"its field {name.decode('ascii').title()} stands twice"
        seen.add(name)
    return None
