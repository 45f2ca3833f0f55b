"""Which body of a message is its text, and that text (product page, section 4).

text/plain where there is one worth reading, else HTML as text; parts shown one after another (multipart/mixed) are
joined. Attached texts are attachments. Nothing is lost for a wrong charset or a broken transfer encoding: what can
be read is kept and a problem says what was wrong.
"""

from __future__ import annotations

import re

from parsers import charsets, html_text, plain_text, written_files
from parsers.limits import EMBEDDED, Span
from parsers.mime import Mime
from parsers.parts import Part
from parsers.problems import Code

LONGEST = 6_000_000
COMPARED = 10  # texts of one message
LARGE = 65_536  # bytes: whatever is in there, it is something to read
STUB = 300  # a plain text shorter than this that only points to the HTML beside it is none
STUB_WORDS = (b"html", b"in your browser", b"im browser", b"mail client", b"mail program", b"mail reader")
LONGEST_MAIL_FILE = 20_000_000
_NO_LETTERS = re.compile(r"[\W_]+")
_META = re.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})")


class Bodies:
    """The parts of a message sorted into what is shown as text and what is attached."""

    def __init__(self, mime: Mime) -> None:
        self.mime = mime
        self.shown: list[Part] = []
        self.attached: list[Part] = []
        self.unshown: list[Part] = []  # HTML beside a text that is shown
        self._sort(mime.root, "mixed", True)
        if not self.shown:
            self._show_a_named_text()

    def _sort(self, part: Part, parent: str, first: bool) -> None:
        kind = part.content_type
        if kind == "multipart/alternative":
            self._alternative(part)
        elif kind.startswith("multipart/"):
            for index, child in enumerate(part.children):
                self._sort(child, kind[10:], index == 0)
        elif part.header is not None:
            self.attached.append(part)
        elif self._is_text(part, parent, first):
            self.shown.append(part)
            self.attached.extend(_written(part))
        elif (
            part.content_type != "text/plain"
            or part.filename
            or part.disposition == "attachment"
            or _has_body(part)
        ):
            self.attached.append(part)

    def _show_a_named_text(self) -> None:
        """A mail whose only text carries a file name: that is what it says, unless it is called an attachment."""
        for part in self.attached:
            if part.content_type in ("text/plain", "text/html") and part.disposition != "attachment":
                self.attached.remove(part)
                self.shown.append(part)
                return

    def _is_text(self, part: Part, parent: str, first: bool) -> bool:
        if part.content_type not in (
            "text/plain",
            "text/html",
            "text/enriched",
            "text/richtext",
            "text/x-amp-html",
            "text/watch-html",
        ):
            return part is self.mime.root and part.content_type.startswith("text/") and not part.filename
        if part.disposition == "attachment" and part is not self.mime.root:
            return False
        if part.filename and part is not self.mime.root and (part.disposition != "inline" or not first):
            return False
        return not (parent == "related" and not first)

    def _alternative(self, part: Part) -> None:
        """The one child to show; what is no body at all (an invitation, a picture) stays an attachment."""
        groups: list[tuple[list[Part], list[Part]]] = []
        shown, attached = self.shown, self.attached
        for child in part.children:
            self.shown, self.attached = [], []
            self._sort(child, "alternative", True)
            groups.append((self.shown, self.attached))
        self.shown, self.attached = shown, attached
        for _, extra in groups:
            self.attached.extend(extra)
        candidates = [parts for parts, _ in groups if parts]
        plain = [parts for parts in candidates if all(p.content_type == "text/plain" for p in parts)]
        html = [parts for parts in candidates if any(p.content_type == "text/html" for p in parts)]
        for parts in plain:
            if any(_worth_reading(p) for p in parts):
                self.shown.extend(parts)
                self.unshown.extend(html[-1] if html else ())
                return
        best = html[-1:] or plain[:1] or candidates[:1]
        for parts in best:
            self.shown.extend(parts)

    def text(self) -> str:
        """The whole text; LF line ends."""
        rendered = [(part, piece) for part in self.shown if (piece := render(part, self.mime)).strip()]
        pieces = [piece for _, piece in rendered]
        if 1 < len(rendered) <= COMPARED and len({part.content_type for part, _ in rendered}) > 1:
            pieces = _without_repetition(rendered)
        text = "\n\n".join(pieces) if len(pieces) > 1 else pieces[0] if pieces else ""
        if len(text) > LONGEST:
            self.mime.problems.append((Code.TEXT_CUT, f"{len(text)} characters"))
            text = text[:LONGEST]
        return text

    def html(self) -> str | None:
        """The HTML body as it was sent, whether it or a text beside it is the message's text; None where there is
        none."""
        for part in (*self.shown, *self.unshown):
            if part.content_type == "text/html":
                return _decoded(part, part.data()[0], self.mime, html=True)[0]
        return None

    def forwards(self) -> list[Part]:
        """The mails somebody attached; those of a digest or a report are not forwarded."""
        if self.mime.root.content_type in ("multipart/digest", "multipart/report"):
            return []
        return [part for part in self.attached if part.header is not None or _is_mail_file(part)]


def _without_repetition(rendered: list[tuple[Part, str]]) -> list[str]:
    """The pieces without HTML that only says again what a plain text beside it says: alternatives sent as a mixture."""
    plain = "".join(_letters(piece) for part, piece in rendered if part.content_type == "text/plain")
    return [
        piece
        for part, piece in rendered
        if part.content_type == "text/plain" or not (letters := _letters(piece)) or letters not in plain
    ]


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).lower()


def _written(part: Part) -> list[Part]:
    """The files that a text holds in itself, as parts."""
    if part.content_type != "text/plain":
        return []
    body = part.head(LONGEST)[0]
    return [
        Part(
            "application/octet-stream",
            filename=name,
            disposition="attachment",
            encoding=written.encoding,
            span=Span(written.start, written.end),
            raw=body,
        )
        for written in written_files.find(body)
        if (name := charsets.unlabelled(written.name, None))
    ]


def _is_mail_file(part: Part) -> bool:
    named = part.content_type in EMBEDDED or (part.filename or "").lower().endswith(".eml")
    return named and part.size <= LONGEST_MAIL_FILE


def _has_body(part: Part) -> bool:
    return part.size > LARGE or bool(part.data()[0].strip())


def _worth_reading(part: Part) -> bool:
    if part.size > LARGE:
        return True
    data = part.data()[0].replace(b"\xc2\xa0", b" ").replace(b"\xe2\x80\x8b", b"").strip(b" \t\r\n\xa0\0")
    stub = len(data) < STUB and any(word in data.lower() for word in STUB_WORDS)
    return bool(data) and not stub


def render(part: Part, mime: Mime) -> str:
    """One body as text, without the files that are written into it."""
    data, damaged = part.head(LONGEST)
    if part.content_type == "text/plain":
        data = written_files.without(data, written_files.find(data))
    if len(data) > LONGEST:
        data = data[:LONGEST]
        mime.problems.append((Code.TEXT_CUT, f"{part.size} bytes"))
    if damaged:
        mime.problems.append((Code.BROKEN_BASE64, part.content_type))
    if part.encoding not in KNOWN_ENCODINGS:
        mime.problems.append((Code.UNKNOWN_ENCODING, part.encoding[:40]))
    html = part.content_type == "text/html" or (
        part.content_type not in ("text/plain", "text/calendar")
        and data[:200].lstrip()[:5].lower() in (b"<html", b"<!doc")
    )
    text, trouble, label = _decoded(part, data, mime, html=html)
    if trouble:
        code = Code.UNKNOWN_CHARSET if trouble == "unknown" else Code.WRONG_CHARSET
        mime.problems.append((code, (label or "none declared")[:60]))
    if html:
        text, cut = html_text.to_text(text)
        if cut:
            mime.problems.append((Code.HTML_CUT, ""))
        return text
    return plain_text.plain(text, part)


def _decoded(part: Part, data: bytes, mime: Mime, *, html: bool) -> tuple[str, str | None, str | None]:
    """The text of a body's bytes, what was wrong with the charset, and which it was said to be."""
    label = part.charset
    if (
        html
        and (label is None or charsets.lookup(label) in (None, "ascii"))
        and (meta := _META.search(data[:4_096]))
    ):
        label = meta[1].decode("ascii")
    return *charsets.decode(data, label, mime.hint), label


KNOWN_ENCODINGS = frozenset(
    (
        "",
        "7bit",
        "8bit",
        "binary",
        "base64",
        "quoted-printable",
        "x-uuencode",
        "uuencode",
        "uue",
        "x-uue",
        "7-bit",
        "8-bit",
        "none",
    )
)
