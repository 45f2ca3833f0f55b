"""The documents of a message -> the leads it brings as data.

Looked for in this order: ADF anywhere in the text; JSON, XML, vCard or CSV that is the text; documents attached. An
ordinary mail is passed by quickly: its text holds none of the marks, and nothing attached claims to be data.

Whether they count is `purpose`'s to say. A card that shows the sender's own address is that person's card, never a
lead.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from parsers.message import Message
from parsers.parts import Part
from parsers.problems import Code, Problems
from parsers.structured import adf, bounds, csv_rows, decoding, labels, purpose, table
from parsers.structured.csv_cells import SEPARATORS
from parsers.structured.rows import CONTACT, Document, Record, Structured, build, fingerprint, noted
from parsers.text import Bodies
from parsers.textlines import unquote

NEVER = ("bounce", "auto-reply", "delivery-notice", "feedback-report")
STARTS = 3
HEAD = 4_000
"""Characters among which a header of a table must stand."""

_DATA_LINE = re.compile(r"^[ \t]{0,20}(?=[{\[]|<\?xml|<[A-Za-z]|BEGIN:VCARD)", re.MULTILINE)
_ESCAPED = re.compile(r"&(?:amp;){0,2}lt;\s?\??(?:adf|prospect)\b", re.IGNORECASE)
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class _Found:
    """A document that was read, where it stood, and how much of the text it is (0 to 1; None: it is attached).

    `origin` is "body" or a file name.
    """

    document: Document
    origin: str
    share: float | None


def read(message: Message, bodies: Bodies) -> Structured | None:
    """The leads a message brings as data; None where it brings none."""
    if message.automatic in NEVER:
        return None
    found = _body(message, bodies)
    found += [] if found else list(_attached(bodies))
    found = [one for one in found if one.document.records]
    if not found:
        return None
    best = min((one.document.format for one in found), key=table.RANK.index)
    chosen = [one for one in found if one.document.format == best]
    documents = [one.document for one in chosen]
    if best == "vcard":
        documents = [_others_cards(document, message) for document in documents]
    rows = build(documents)
    if not any(row.fields.keys() & set(CONTACT) for row in rows):
        return None
    problems = [problem for document in documents for problem in document.problems]
    total = sum(len(document.records) for document in documents)
    if total > bounds.ROWS:
        problems.append((Code.DOCUMENT_CUT, f"{total} rows, more than {bounds.ROWS}"))
    problems += [
        (Code.OTHER_DOCUMENT, f"{one.origin}: {one.document.format}") for one in found if one not in chosen
    ]
    layout, labels = fingerprint(documents)
    counts = purpose.counts(message, best, chosen[0].share)
    return Structured(best, rows, layout, chosen[0].origin, counts, labels, noted(problems))


def words(text: str, found: Structured) -> str:
    """What people wrote of a text that brings these leads: nothing of a text that is data, all above ADF."""
    return adf.above(text) if found.format == "adf" else ""


def _body(message: Message, bodies: Bodies) -> list[_Found]:
    """What the text itself holds; of an answer only what is new in it."""
    text = message.text
    if message.forwarded is not None and message.forwarded.text:
        text = message.forwarded.text
    elif message.in_reply_to or message.references:
        text = message.reply
    document = _adf(text) or _adf_in_html(bodies)
    if document is not None:
        return [_Found(document, "body", 1.0)]
    return _data(text)


def _adf(text: str) -> Document | None:
    if "<" not in text and "&" not in text:
        return None
    text = text[: bounds.BYTES]
    if not adf.present(text):
        if _ESCAPED.search(text) is None:
            return None
        for _ in range(3):
            for written, meant in _ESCAPES:
                text = text.replace(written, meant)
            if adf.present(text):
                break
    if "\n>" in text or text.startswith(">"):
        text = "\n".join(unquote(text.split("\n"), 3))
    if '=3D"' in text:  # quoted-printable that nothing declared
        text = quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    document = adf.read(text)
    return document if document.records else None


def _adf_in_html(bodies: Bodies) -> Document | None:
    """ADF whose tags stand in an HTML body unescaped, so that its text shows none of them."""
    for part in bodies.shown:
        if part.content_type != "text/html":
            continue
        data = _bytes(part, [])
        if b"adf" in data or b"ADF" in data or b"prospect" in data or b"PROSPECT" in data:
            text = decoding.text_of(data, part.charset, [])
            if adf.present(text):
                return adf.read(text)
    return None


def _data(text: str) -> list[_Found]:
    """JSON, XML, a card or CSV that a text is, or that begins on a line of its own."""
    text = text[: bounds.BYTES]
    if "{" in text or "[" in text or "<" in text or "BEGIN:VCARD" in text:
        for count, match in enumerate(_DATA_LINE.finditer(text)):
            if count >= STARTS or match.end() > 20_000:
                break
            rest = text[match.end() :]
            reader = table.reader_of(rest, "")
            if reader is None or (reader.name in ("xml", "json") and not _whole(rest)):
                continue
            document = reader.read(rest)
            if document.records:
                end = max(rest.rfind(mark) for mark in ("}", "]", ">", "END:VCARD")) + 1
                return [_Found(document, "body", (end or len(rest)) / (len(text.strip()) or 1))]
    if _may_be_table(text) and csv_rows.looks_like_leads(text):
        document = csv_rows.read(text)
        if document.records:
            lines = sum(1 for line in text.split("\n", bounds.ROWS) if line.strip())
            return [_Found(document, "body", (len(document.records) + 1) / lines)]
    return []


def _may_be_table(text: str) -> bool:
    """Whether one of the first lines could be a header: three cells, two of them known. It costs prose little."""
    head = text[:HEAD]
    separators = [separator for separator in SEPARATORS if head.count(separator) >= 2]
    first = (line for line in head.splitlines() if line.strip()) if separators else ()
    return any(
        line.count(separator) >= 2
        and sum(1 for cell in line.split(separator) if labels.known(cell.strip(' "'))) >= 2
        for line in islice(first, csv_rows.TITLES)
        for separator in separators
    )


_XML_START = re.compile(r"(?:<\?xml[^>]{0,200}\?>\s{0,50})?<([A-Za-z][\w:.-]{0,60})[\s>/]")
_JSON_START = re.compile(r"\[\s{0,50}\{|\{\s{0,50}(?:\"|\}|')")


def _whole(text: str) -> bool:
    """Whether what looks like data is some: an XML element that ends, JSON that begins with a member."""
    if text[0] in "{[":
        return _JSON_START.match(text) is not None and '":' in text[:4_000].replace(" ", "")
    match = _XML_START.match(text)
    return match is not None and f"</{match[1]}".lower() in text.lower()


def _attached(bodies: Bodies) -> Iterator[_Found]:
    leaves = [(part, part.header is None) for part in bodies.attached]
    leaves += [(leaf, False) for part in bodies.attached if part.header is not None for leaf in part.walk()]
    parts = [
        part for part, top in leaves if part.header is None and not part.children and (top or part.filename)
    ]
    count = 0
    for part in parts:
        claim = table.claimed(part.content_type, part.filename)
        if claim is None:
            continue
        count += 1
        if count > bounds.DOCUMENTS:
            bodies.mime.problems.append((Code.DOCUMENT_CUT, f"more than {bounds.DOCUMENTS} documents"))
            return
        problems: Problems = []
        text = decoding.text_of(_bytes(part, problems), part.charset, problems)
        reader = table.reader_of(text, claim)
        if reader is None:
            continue
        document = reader.read(text)
        document.problems[:0] = problems
        whole = part is bodies.mime.root
        yield _Found(document, part.filename or part.content_type, 1.0 if whole else None)


def _bytes(part: Part, problems: Problems) -> bytes:
    """The decoded bytes of a part, up to the limit."""
    pieces: list[bytes] = []
    size = 0
    for chunk in part.chunks():
        pieces.append(chunk)
        size += len(chunk)
        if size > bounds.BYTES:
            problems.append((Code.DOCUMENT_CUT, f"more than {bounds.BYTES} bytes"))
            break
    return b"".join(pieces)[: bounds.BYTES]


def _others_cards(document: Document, message: Message) -> Document:
    """The cards of others than those who sent the mail: theirs are signatures."""
    people = (message.sender, *message.reply_to)
    own = {one.address.lower() for one in people if one and one.address}
    document.records = [record for record in document.records if not _addresses(record) & own]
    return document


def _addresses(record: Record) -> set[str]:
    return {cell.value.strip().lower() for cell in record.cells if cell.key == "email"}
