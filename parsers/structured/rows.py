"""Rows of leads: their types, their JSON, and how records of cells become rows.

A row's `key` stays the same however often and by whichever version of a reader the message is read: it is made of
the values as written, not of what was understood of them. So work done per (message, row key) is done once. Equal
rows of one document differ by a counter, and say so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parsers.problems import Code, Problems
from parsers.structured import bounds, values

Json = dict[str, Any]
Noted = tuple[tuple[str, str], ...]
"""Problem codes of `parsers.problems.Code`, each with what exactly."""

PROBLEMS = 50
CONTACT = ("email", "phone", "mobile", "name", "first_name", "last_name", "company")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a record as written, and where it stood.

    `place` is a column's label, a path of a tree or a property's name. `key` is the canonical key, None where it is
    not known. An unsure cell gives its key only where no other cell of the record does.
    """

    place: str
    key: str | None
    value: str
    sure: bool = True


@dataclass(slots=True)
class Record:
    """The cells of one lead, in order, and what was odd about it. `number` is the row people would count, from 1."""

    cells: list[Cell]
    problems: Problems = field(default_factory=list)
    number: int = 0


@dataclass(slots=True)
class Document:
    """What a reader found. `shape` and `labels` are what another document of the same layout has in common with it."""

    format: str
    records: list[Record] = field(default_factory=list)
    shape: str = ""
    labels: tuple[str, ...] = ()
    problems: Problems = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One lead of a document. `fields` stand under canonical keys, normalised where the value is certain.

    `extra` holds everything else under its own label, as written. `written` are all cells as (place, value), for
    templates that find a value by its place; JSON does not carry them.
    """

    key: str
    number: int
    fields: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    problems: Noted = ()
    written: tuple[tuple[str, str], ...] = field(default=(), repr=False, compare=False)

    def to_json(self) -> Json:
        """`{"key", "number", "fields", "extra", "problems": [{"code", "detail"}]}`."""
        return {
            "key": self.key,
            "number": self.number,
            "fields": dict(self.fields),
            "extra": dict(self.extra),
            "problems": _problems(self.problems),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Row:
        """The way back, but for `written`."""
        return cls(data["key"], data["number"], data["fields"], data["extra"], _noted(data["problems"]))


@dataclass(frozen=True, slots=True)
class Structured:
    """The leads a message brings as data.

    `format` is "adf", "json", "csv", "xml" or "vcard"; `origin` is "body" or the name of the first document read.
    `layout` is the fingerprint that documents of one layout share: the first of a layout is for a person to look at.
    `counts` is True where the mail exists to bring these rows, False where they hang on a person's mail: then they
    are an offer, and the mail is read as what the person wrote.
    """

    format: str
    rows: tuple[Row, ...]
    layout: str
    origin: str = "body"
    counts: bool = True
    labels: tuple[str, ...] = ()
    problems: Noted = ()

    def to_json(self) -> Json:
        """The value of `structured` beside the keys of the parse contract."""
        return {
            "format": self.format,
            "origin": self.origin,
            "counts": self.counts,
            "layout": self.layout,
            "labels": list(self.labels),
            "rows": [row.to_json() for row in self.rows],
            "problems": _problems(self.problems),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Structured:
        """The way back."""
        return cls(
            data["format"],
            tuple(Row.from_json(row) for row in data["rows"]),
            data["layout"],
            data["origin"],
            data["counts"],
            tuple(data["labels"]),
            _noted(data["problems"]),
        )


def build(documents: Sequence[Document]) -> tuple[Row, ...]:
    """The rows of documents of one format; a row that an earlier document brought already is not brought again."""
    rows: list[Row] = []
    seen: set[str] = set()
    for document in documents:
        styles = _styles(document)
        counts: dict[str, int] = {}
        for record in document.records[: bounds.ROWS - len(rows)]:
            digest = _digest(record)
            count = counts[digest] = counts.get(digest, 0) + 1
            if digest in seen:
                continue
            problems = list(record.problems)
            if count > 1:
                problems.append((Code.DUPLICATE_ROW, f"stands {count} times"))
            key = digest if count == 1 else f"{digest}-{count}"
            rows.append(_row(record, key, len(rows) + 1, styles, problems))
        seen.update(counts)
    return tuple(rows)


def fingerprint(documents: Sequence[Document]) -> tuple[str, tuple[str, ...]]:
    """The layout that documents have, and the labels it was made of."""
    labels = tuple(sorted({label for document in documents for label in document.labels}))[: bounds.COLUMNS]
    first = documents[0]
    text = "\n".join((first.format, first.shape, *labels))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16], labels


def _digest(record: Record) -> str:
    text = "\x1f".join(" ".join(cell.value.split()) for cell in record.cells if cell.value.strip())
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _styles(document: Document) -> dict[str, values.Style]:
    """How dates and numbers are written under each key, learnt from all rows of the document."""
    written: dict[str, list[str]] = {}
    for record in document.records:
        for cell in record.cells:
            if cell.key in values.KINDS:
                written.setdefault(cell.key, []).append(cell.value)
    return {key: values.style(values.KINDS[key], texts) for key, texts in written.items()}


def _row(record: Record, key: str, number: int, styles: dict[str, values.Style], problems: Problems) -> Row:
    fields: dict[str, str] = {}
    extra: dict[str, str] = {}
    for cell in _ordered(record.cells):
        value = cell.value.strip()
        if not value:
            continue
        if cell.key is None or cell.key in fields:
            if cell.key is None or fields[cell.key] != value:
                _keep(extra, cell.place, value[: bounds.VALUE])
            continue
        if len(value) > bounds.VALUE:
            problems.append((Code.DOCUMENT_CUT, f"{cell.key}: more than {bounds.VALUE} characters"))
            value = value[: bounds.VALUE]
        read = values.read(cell.key, value, styles.get(cell.key, values.Style()))
        fields[cell.key] = read.text
        if read.currency:
            fields.setdefault("currency", read.currency)
        if read.problem:
            problems.append((read.problem, f"{cell.key}: {value[:80]}"))
    _compose(fields)
    if not any(name in fields for name in CONTACT):
        problems.append((Code.ROW_WITHOUT_CONTACT, ""))
    written = tuple((cell.place, cell.value) for cell in record.cells)
    return Row(key, record.number or number, fields, extra, noted(problems), written)


def _ordered(cells: list[Cell]) -> Iterable[Cell]:
    """Sure cells first, each kind in its own order; an unsure one loses its key where a sure one has it."""
    sure = {cell.key for cell in cells if cell.sure and cell.value.strip()}
    yield from (cell for cell in cells if cell.sure)
    for cell in cells:
        if not cell.sure:
            yield Cell(cell.place, None if cell.key in sure else cell.key, cell.value)


def _keep(extra: dict[str, str], place: str, value: str) -> None:
    label, count = place[: bounds.LABEL], 1
    while label in extra and count < 10:
        if extra[label] == value:
            return
        count += 1
        label = f"{place[: bounds.LABEL]} ({count})"
    if len(extra) < bounds.COLUMNS:
        extra.setdefault(label, value)


def _compose(fields: dict[str, str]) -> None:
    """What follows without a guess: the whole name, a street with its number, a mobile number as phone."""
    if "mobile" in fields and "phone" not in fields:
        fields["phone"] = fields.pop("mobile")
    for key in ("street", "address"):
        if "house_number" in fields and key in fields:
            fields[key] = f"{fields[key]} {fields.pop('house_number')}"
    if "name" not in fields and (
        parts := [fields[part] for part in ("first_name", "last_name") if part in fields]
    ):
        fields["name"] = " ".join(parts)


def noted(problems: Problems) -> Noted:
    """Problems as a row or a document keeps them: each once, bounded."""
    return tuple((str(code), detail) for code, detail in list(dict.fromkeys(problems))[:PROBLEMS])


def _noted(data: Iterable[Mapping[str, Any]]) -> Noted:
    return tuple((row["code"], row["detail"]) for row in data)


def _problems(problems: Noted) -> list[Json]:
    return [{"code": code, "detail": detail} for code, detail in problems]
