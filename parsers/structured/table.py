"""Which reader takes a document: one table.

What a text looks like decides before what its type or its name claims, since mail programs call CSV a spreadsheet
and portals call XML a text. CSV alone has no look of its own: an attached document is CSV because its type or name
says so, a body because its first lines have a header of leads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parsers.structured import adf, csv_rows, json_leads, vcard, xml_leads
from parsers.structured.rows import Document

LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: whether a text looks like it, which types and file endings claim it, and how it is read."""

    name: str
    looks: Callable[[str], bool]
    types: frozenset[str]
    endings: frozenset[str]
    read: Callable[[str], Document]


def _vcard(text: str) -> bool:
    return text[:LOOKED_AT].lstrip()[:11].upper() == "BEGIN:VCARD"


def _adf(text: str) -> bool:
    return "<" in text and adf.present(text)


def _json(text: str) -> bool:
    return text[:LOOKED_AT].lstrip()[:1] in ("{", "[")


def _xml(text: str) -> bool:
    start = text[:LOOKED_AT].lstrip().lower()
    return start[:1] == "<" and "<html" not in start and not start.startswith("<!doctype html")


def _never(text: str) -> bool:  # noqa: ARG001 - CSV looks like any text
    return False


READERS = (
    Reader("vcard", _vcard, frozenset(("text/vcard", "text/x-vcard", "text/directory", "application/vcard")),
           frozenset(("vcf", "vcard")), vcard.read),
    Reader("adf", _adf, frozenset(("text/adf", "application/adf", "application/x-adf", "application/adf+xml")),
           frozenset(("adf",)), adf.read),
    Reader("json", _json, frozenset(("application/json", "text/json", "application/x-json", "application/ld+json",
                                     "application/x-ndjson", "application/jsonl")),
           frozenset(("json", "ndjson", "jsonl")), json_leads.read),
    Reader("xml", _xml, frozenset(("application/xml", "text/xml")), frozenset(("xml",)), xml_leads.read),
    Reader("csv", _never, frozenset(("text/csv", "application/csv", "text/x-csv", "text/comma-separated-values",
                                     "text/tab-separated-values", "application/vnd.ms-excel")),
           frozenset(("csv", "tsv", "tab")), csv_rows.read),
)  # fmt: skip

RANK = ("adf", "json", "xml", "csv", "vcard")
"""Where a message brings several formats, the first of these is read: they tell of the same leads."""

LOOSE_TYPES = frozenset(
    ("application/octet-stream", "text/plain", "application/x-unknown", "binary/octet-stream")
)
LOOSE_ENDINGS = frozenset(("txt", "dat"))


def claimed(content_type: str, filename: str | None) -> str | None:
    """The reader that type and name claim; "" where only the content can tell; None where it is no such document."""
    ending = (filename or "").rpartition(".")[2].lower() if "." in (filename or "") else ""
    for reader in READERS:
        if ending in reader.endings:
            return reader.name
    for reader in READERS:
        if content_type in reader.types and ending[:3] != "xls":
            return reader.name
    if content_type.endswith("+xml") and content_type.startswith("application/") and "." not in content_type:
        return "xml" if not ending or ending == "xml" else None
    loose = content_type in LOOSE_TYPES and (ending in LOOSE_ENDINGS or not ending)
    return "" if loose else None


def reader_of(text: str, claim: str) -> Reader | None:
    """The reader that takes a text; None where none does."""
    for reader in READERS:
        if reader.looks(text):
            return reader
    if claim == "csv":
        return next(reader for reader in READERS if reader.name == "csv")
    if claim == "adf":
        return next(reader for reader in READERS if reader.name == "xml") if "<" in text[:LOOKED_AT] else None
    return None
