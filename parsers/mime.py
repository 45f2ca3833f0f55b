"""Raw bytes -> header values and a tree of parts. The only room that imports mail-parser.

mail-parser (and the standard library's feed parser under it) sees a trimmed message (`parsers.limits`): bounded in
every direction, headers in UTF-8, bodies left out. Where that has nothing to parse (one entity, plain mailboxes, a
plain date: most mail that programs send), it is not asked. When it fails, the standard library's parser and this
project's own reading of addresses and dates take over and a problem says so; when that fails too, everything after the
header is one text. So `read` always answers. Large leaves are decoded from the raw bytes in chunks.

mail-parser is imported at the first message that needs it, not with this module (0.07 s).
"""

from __future__ import annotations

import email
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message as StdMessage
from functools import cache
from typing import Any, cast

from parsers import addresses, charsets, dates, encoded_words, header_date, header_mailbox, limits
from parsers.header_fields import DEFAULT
from parsers.message import Mailbox
from parsers.parameters import parameters
from parsers.parts import Part
from parsers.problems import Code, Problems

DEEPEST = 100
RECIPIENTS = ("to", "cc")
ONCE = frozenset(  # RFC 5322, section 3.6
    (
        "date",
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "message-id",
        "in-reply-to",
        "references",
        "subject",
    )
)
SIMPLE_BYTES = 100_000
SIMPLE = replace(DEFAULT, text_leaf_bytes=SIMPLE_BYTES, leaf_bytes=1_024, parts=100, whole_header=True)
_LONG_LINE = re.compile(rb"[^\n]{2000}")
_MARK = limits.MARK.lower()


@dataclass(slots=True)
class Mime:
    """A message as its MIME parser saw it. `fields` are all header fields, in order, unfolded, undecoded."""

    root: Part
    fields: list[tuple[str, bytes]]
    problems: Problems
    mail: Any = None  # mail-parser's MailParser, None where it was not asked or failed
    hint: Callable[[], str | None] = lambda: None  # the charset of unlabelled 8-bit characters
    index: dict[str, bytes] = field(default_factory=dict)  # of the first fields, by name in lower case
    repeated: set[str] = field(
        default_factory=set
    )  # the names in `index` of fields that may stand once and don't

    def simple(self) -> StdMessage | None:
        """The message with its texts, for readers whose expressions are not linear; None where it is too long for them.

        Too long is a text over `SIMPLE_BYTES`, or a line over 2,000 bytes.
        """
        trimmed = limits.trim(self.root.raw, SIMPLE)
        if len(trimmed.data) > 2 * SIMPLE_BYTES or _LONG_LINE.search(trimmed.data):
            return None
        return email.message_from_bytes(trimmed.data)

    def first(self, name: str) -> bytes | None:
        """The undecoded value of the first such field; `name` in lower case."""
        return self.firsts().get(name)

    def firsts(self) -> dict[str, bytes]:
        """The undecoded value of the first field of each name, in lower case; of recipients all of them.

        A field that may stand once and doesn't is a problem: programs differ in which of them they show and check.
        """
        if not self.index:
            for key, value in self.fields:
                name = key.lower()
                if name not in self.index:
                    self.index[name] = value
                elif name in ONCE:
                    self.repeated.add(name)
                    if name in RECIPIENTS:
                        self.index[name] += b", " + value
            self.problems.extend((Code.DUPLICATE_HEADER, name) for name in sorted(self.repeated))
        return self.index

    def text(self, name: str) -> str | None:
        """The decoded value of the first such field, None where there is none."""
        value = self.first(name)
        return None if value is None else self._decoded(value, name)

    def _decoded(self, value: bytes, name: str) -> str:
        hint = None if encoded_words.is_plain(value) else self.hint()
        return encoded_words.decode(value, self.problems, name, hint)

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """Everybody in an address field.

        One plain mailbox as it stands, mail-parser's reading where it has no doubt, else the lenient one.
        """
        value = self.first(name)
        if not value:
            return ()
        if (plain := header_mailbox.plain(value)) is not None:
            return (plain,)
        if self.mail is not None and self._is_for_library(name, value):
            found = getattr(self.mail, name.replace("-", "_") if name != "from" else "from_")
            doubts = [
                d for d in self.mail.address_header_defects if d["header"] == name and d["occurrence"] == 0
            ]
            if found and not doubts:
                return tuple(Mailbox(_tidy(shown), address) for shown, address in found)
        people = addresses.read(self._list(value, name), local=True)
        if any("@" not in (person.address or "") for person in people) or not (
            people or _only_empty_groups(value)
        ):
            self.problems.append((Code.BAD_ADDRESS, f"{name}: {encoded_words.decode(value, [], name)[:120]}"))
        return people

    def _is_for_library(self, name: str, value: bytes) -> bool:
        """mail-parser is shown these, reads only the first of each, and loses raw characters."""
        shown = name in ("from", "to", "cc", "reply-to")
        joined = name in RECIPIENTS and name in self.repeated
        return shown and not joined and encoded_words.is_plain(value)

    def _list(self, value: bytes, name: str) -> str:
        """An address list as text: words decoded one by one and quoted, so that a comma in a name stays in it."""
        if b"=?" not in value:
            return self._decoded(value, name)

        def quoted(match: re.Match[str]) -> str:
            word = encoded_words.decode(match[0], self.problems, name)
            return '"' + word.replace('"', "'").replace("\\", "") + '"'

        text = charsets.unlabelled(value, self.hint())
        return re.sub(r"\"?(?:=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,2000}\?=\s*)+\"?", quoted, text)

    def date(self) -> datetime | None:
        """The Date field as an aware datetime in its own offset."""
        if (plain := self.first("date")) and (moment := header_date.plain(plain)):
            return moment
        value = self.text("date")
        if not value:
            return None
        if self.mail is not None and isinstance(self.mail.date, datetime):
            found = re.search(r"([+-])(\d\d):?(\d\d)\b", value[8:])
            named = round(float(self.mail.timezone or 0) * 60)  # "EST": whole hours
            minutes = int(found[1] + "1") * (int(found[2]) * 60 + int(found[3])) if found else named
            try:
                return self.mail.date.astimezone(timezone(timedelta(minutes=minutes)))
            except (ValueError, OverflowError):
                return self.mail.date
        parsed = header_date.obsolete(value) or dates.parse(value)
        if parsed is None:
            self.problems.append((Code.BAD_DATE, value[:80]))
            return None
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def read(raw: bytes) -> Mime:
    """The MIME reading of any bytes."""
    trimmed = limits.trim(raw)
    problems = trimmed.problems
    if trimmed.plain:
        root = _entity(_lines_of(trimmed.data), "text/plain", trimmed)
        return Mime(root, trimmed.fields, problems, None, trimmed.hint)
    mail = None
    try:
        mail = _mail_parser()(trimmed.data)
        std = mail.message
    except Exception as error:  # noqa: BLE001 - whatever a parser written for good mail raises on bad
        problems.append((Code.PARSER_FALLBACK, f"{type(error).__name__}: {error}"[:200]))
        std = email.message_from_bytes(trimmed.data)
    root = _part(std, trimmed, 0)
    return Mime(root, trimmed.fields, problems, mail, trimmed.hint)


@cache
def _mail_parser() -> Callable[[bytes], Any]:
    logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)  # it logs headers of strangers
    from mailparser import MailParser

    class Reader(MailParser):  # type: ignore[misc]  # the library has no types
        """mail-parser without what nobody reads here: bodies and attachments, which it is not shown, and two
        dictionaries of all decoded headers.

        What is left are the standard library's message, addresses and dates: half of its work on a short mail.
        """

        def parse(self) -> Reader:
            self._reset()
            return self

    return cast("Callable[[bytes], Any]", Reader.from_bytes)


def _lines_of(data: bytes) -> Iterable[tuple[str, str]]:
    """The fields of a shown header, which are one line each."""
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line:
            return
        name, _, value = line.partition(":")
        yield name, value.lstrip(" \t")


def _part(node: StdMessage, trimmed: limits.Trimmed, depth: int) -> Part:
    """An entity with all below it."""
    part = _entity(node.raw_items(), node.get_default_type(), trimmed)
    kind, identity = part.content_type, part.encoding.encode() in limits.IDENTITY
    payload = node.get_payload()
    if isinstance(payload, list) and (part.span is None or (kind in limits.EMBEDDED and identity)):
        if depth < DEEPEST:
            part.children = [
                _part(child, trimmed, depth + 1) for child in payload if isinstance(child, StdMessage)
            ]
        if kind in limits.EMBEDDED and part.children:
            inner = payload[0]
            part.header = inner if isinstance(inner, StdMessage) else None
    elif kind.startswith("multipart/"):
        part.content_type = "text/plain"
    return part


def _entity(header: Iterable[tuple[str, Any]], default: str, trimmed: limits.Trimmed) -> Part:
    """What the fields of an entity say of it; `default` is its type where they name none."""
    mark = encoding = disposition = content_id = ""
    kind_value: str | None = None
    for name, value in header:
        folded = name.lower()
        if folded == "content-type" and kind_value is None:
            kind_value = _plain(value)
        elif folded == "content-transfer-encoding" and not encoding:
            encoding = _plain(value)
        elif folded == "content-disposition" and not disposition:
            disposition = _plain(value)
        elif folded == "content-id" and not content_id:
            content_id = _plain(value)
        elif folded == _MARK and not mark:
            mark = _plain(value)
    kind = (kind_value or default).split(";", 1)[0].strip().lower()
    if kind.count("/") != 1 or not kind.isascii() or not kind.isprintable() or " " in kind:
        kind = "text/plain"
    if "=" in disposition.split(";", 1)[0]:  # the kind was left out
        disposition = ";" + disposition
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
    return part


def _plain(value: Any) -> str:
    text = str(value)
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _only_empty_groups(value: bytes) -> bool:
    """`undisclosed-recipients:;` and its like (RFC 5322, section 3.4): nobody, and nothing odd."""
    pieces = value.partition(b"(")[0].replace(b";", b",").split(b",")
    named = [piece.strip() for piece in pieces if piece.strip()]
    return all(name.endswith(b":") or name.lower().startswith(b"undisclosed") for name in named)


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
