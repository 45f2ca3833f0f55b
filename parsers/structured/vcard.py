"""vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) -> one record a card.

Folded lines, the quoted-printable soft breaks of 2.1, property groups (`item1.EMAIL`), charsets named per property,
escapes. Pictures and keys are left out. A card that does not end is read as far as it goes.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

from parsers import charsets
from parsers.problems import Code
from parsers.structured import bounds
from parsers.structured.decoding import storable
from parsers.structured.rows import Cell, Document, Record

LINES = 40_000
PARAMETERS = 20
KEYS = {
    "FN": "name", "ORG": "company", "TITLE": "job_title", "EMAIL": "email", "URL": "url", "NOTE": "message",
    "BDAY": "birth_date", "CATEGORIES": "tags", "REV": None, "ROLE": None, "NICKNAME": None, "X-SOCIALPROFILE": None,
    "IMPP": None, "LANG": "language", "TZ": None, "GENDER": None,
}  # fmt: skip
"""Properties with one value. Others are left out, but for N, TEL and ADR below and what begins with `X-`."""
NAME = ("last_name", "first_name", "middle_name", "salutation", "name_suffix")
ADDRESS = (None, None, "street", "city", "state", "postcode", "country")

_ESCAPE = re.compile(r"\\([\\;,:nN])")
_PARAMETER = re.compile(r";([^;:\"]*(?:\"[^\"]*\"[^;:\"]*)?)")
_NAME = re.compile(r"(?:[\w-]{1,40}\.)?([A-Za-z][\w-]{0,60})")
_PARTS = re.compile(r"(?:[^;\\]++|\\.)*+")


def read(text: str) -> Document:
    """The cards of a text."""
    document = Document("vcard", shape="card")
    cells: list[Cell] | None = None
    total = 0
    for line in _lines(text, document):
        word = line.strip().upper()
        if word == "BEGIN:VCARD":
            _finish(cells, document)
            cells = []
        elif word == "END:VCARD":
            _finish(cells, document)
            cells = None
        elif cells is not None and total < bounds.CELLS:
            for cell in _property(line):
                cells.append(cell)
                total += 1
    if cells is not None:
        document.problems.append((Code.DOCUMENT_DAMAGED, "the last card does not end"))
        _finish(cells, document)
    return document


def _finish(cells: list[Cell] | None, document: Document) -> None:
    if cells:
        document.records.append(Record(cells))


def _lines(text: str, document: Document) -> Iterator[str]:
    """Logical lines: folded ones joined, soft breaks of quoted-printable too."""
    held: list[str] = []
    soft = False
    lines = text.split("\n", LINES)
    if len(lines) > LINES:
        document.problems.append((Code.DOCUMENT_CUT, f"more than {LINES} lines"))
        lines.pop()
    for line in lines:
        if soft:
            held[-1] = held[-1][:-1]
            held.append(line.lstrip(" \t") if line[:1] in " \t" else line)
        elif line[:1] in (" ", "\t") and held:
            held.append(line[1:])
        else:
            if held:
                yield "".join(held)
            held = [line]
        quoted = soft or "QUOTED-PRINTABLE" in line[:200].upper()
        soft = quoted and line.endswith("=")
    if held:
        yield "".join(held)


def _property(line: str) -> Iterator[Cell]:
    match = _NAME.match(line)
    if match is None:
        return
    at = match.end()
    parameters: list[str] = []
    while at < len(line) and line[at] == ";" and len(parameters) < PARAMETERS:
        found = _PARAMETER.match(line, at, at + 1_000)
        if found is None or found.end() == at:
            return
        parameters.append(found[1].upper())
        at = found.end()
    if line[at : at + 1] != ":":
        return
    name, value = match[1].upper(), line[at + 1 :]
    kinds = {kind for parameter in parameters for kind in _kinds(parameter)}
    if kinds & {"BASE64", "B"}:
        return
    if "QUOTED-PRINTABLE" in kinds:
        label = next((one.partition("=")[2] for one in parameters if one.startswith("CHARSET=")), "utf-8")
        data = quopri.decodestring(value.encode("utf-8", "replace"))
        value = storable(charsets.decode(data, label)[0])
    yield from _cells(name, kinds, value[: 2 * bounds.VALUE])


def _kinds(parameter: str) -> list[str]:
    return parameter.partition("=")[2].replace('"', "").split(",") if "=" in parameter else [parameter]


def _cells(name: str, kinds: set[str], value: str) -> Iterator[Cell]:
    if name == "N":
        for key, part in zip(NAME, _parts(value), strict=False):
            yield Cell(f"N/{key}", key, part)
    elif name == "ADR":
        for place, part in zip(ADDRESS, _parts(value), strict=False):
            if place is not None:
                yield Cell(f"ADR/{place}", place, part)
    elif name == "TEL":
        key = "fax" if "FAX" in kinds else "mobile" if "CELL" in kinds else "phone"
        number = (
            value.removeprefix("tel:").partition(";ext=")[0] if value.startswith("tel:") else _plain(value)
        )
        yield Cell("TEL", key, number)
    elif name == "ORG":
        company, *units = _parts(value) or [""]
        yield Cell("ORG", "company", company)
        yield Cell("ORG/unit", None, ", ".join(unit for unit in units if unit))
    elif name in KEYS:
        text = _plain(value)
        yield Cell(name, KEYS[name], text.removeprefix("mailto:") if name == "EMAIL" else text)
    elif name.startswith("X-") and len(value) < 500:
        yield Cell(name, None, _plain(value))


def _parts(value: str) -> list[str]:
    parts: list[str] = []
    at = 0
    while at <= len(value) and len(parts) < 20:
        match = _PARTS.match(value, at)
        end = match.end() if match else at
        parts.append(_plain(value[at:end]))
        if end >= len(value):
            break
        at = end + 1
    return parts


def _plain(value: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()
