"""The fields of a form: `collect` makes the contract's `fields` of rows of labels and values.

What a label means says `form_labels`. Nothing overwrites, nothing is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from parsers import addresses
from parsers.addresses import ADDRESS
from parsers.form_labels import bears_out, fold, folded_set
from parsers.locale_forms import EMPTY, KEYS, WEAK_MESSAGE, WHOLE_OR_HALF

VALUE = 20_000
_BULLET = re.compile(r"(?:[-*•·–✓✔☑●▪]|\[x\])\s+")
_BOX = re.compile(r"\[[ xX✓✔]\] ")
_RULE = re.compile(r"[-_=*~•·–—+|#\s]{3,}$")
_TOWN = re.compile(r"((?:[A-Z]{1,3}-)?\d[\w-]*(?: (?:[A-Z]{2}|\d[A-Z]{2}|\d{2,3})(?= ))?)[ ,/]+([^\W\d].*)$")
_TOWN_LAST = re.compile(r"([^\W\d][^\d]*?)[ ,/]+((?:[A-Z]{1,3}-)?\d[\w -]*)$")


@dataclass(slots=True)
class Row:
    """A label, the key it is known under (None where it is not), and the lines of its value."""

    label: str
    key: str | None
    values: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The lines of the value as one text."""
        return "\n".join(self.values).strip()


@cache
def _empty() -> frozenset[str]:
    return frozenset(EMPTY.split("|"))


def is_rule(line: str) -> bool:
    """A line of nothing but dashes, stars, …"""
    return bool(line) and not line[0].isalnum() and bool(_RULE.match(line[:200]))


def collect(rows: Sequence[Row]) -> dict[str, str]:
    """The fields: canonical keys where one is known, other labels as written."""
    _settle(rows)
    fields: dict[str, str] = {}
    labels: dict[str, str] = {}  # under which label a key was filled
    for row in rows:
        if row.key == "from":
            _sender(row, fields)
            continue
        value = _value(row)
        if not value or value.casefold() in _empty():
            continue
        for key, text in _named(row, value):
            _put(fields, key, row.label, text, first=labels.setdefault(key, row.label))
    if "mobile" in fields and "phone" not in fields:
        fields = {("phone" if key == "mobile" else key): value for key, value in fields.items()}
    return fields


def _settle(rows: Sequence[Row]) -> None:
    """Keys that depend on the other rows: which half a name is, and which of several texts is the message."""
    have = {row.key for row in rows if fold(row.label) not in WHOLE_OR_HALF}
    for row in rows:
        half = WHOLE_OR_HALF.get(fold(row.label))
        if half and row.key in ("name", "first_name", "last_name"):
            row.key = half if ("first_name" if half == "last_name" else "last_name") in have else "name"
    texts = [row for row in rows if row.key == "message" and row.values]
    strong = [row for row in texts if fold(row.label) not in folded_set(WEAK_MESSAGE)]
    if strong:
        for row in texts:
            if row not in strong:
                row.key = None


def _sender(row: Row, fields: dict[str, str]) -> None:
    """`Anna Weiß <anna@…>`, or `Anna Weiß anna@…`."""
    value = row.value
    sender = addresses.read_one(value)
    name, address = (sender.name, sender.address) if sender else (None, None)
    if address is None and (found := ADDRESS.search(value)):
        name, address = value[: found.start()].strip(" <(,-"), found[0]
    if name:
        fields.setdefault("name", name)
    if address:
        fields.setdefault("email", address)


def _named(row: Row, value: str) -> Iterable[tuple[str, str]]:
    """The keys and values one row gives."""
    if row.key == "postcode_city" and len(value) <= 120:
        if found := _TOWN.match(value):
            return (("postcode", found[1]), ("city", found[2].strip()))
        if found := _TOWN_LAST.match(value):
            return (("city", found[1].strip(" ,/")), ("postcode", found[2].strip()))
        return (("postcode" if value.replace(" ", "").isdigit() else "city", value),)
    if row.key == "street" and value.startswith("http"):  # Wix says "Via:", which is a street in Italian
        return (("page_url", value),)
    if row.key == "email":
        found_all = list(dict.fromkeys(one.rstrip(".") for one in ADDRESS.findall(value[:2_000])))
        if not found_all:
            return ((row.label, value),)
        return tuple(("email", one) for one in found_all[:5])
    if row.key is not None and not bears_out(row.key, value):
        return ((row.label, value),)
    return ((row.key or row.label, value),)


def _put(fields: dict[str, str], key: str, label: str, value: str, *, first: str) -> None:
    """Into the fields; what is there already stays, and the other goes beside it: under its label, with a number
    where that is the label of the first one too."""
    if key not in fields:
        fields[key] = value
        return
    if fields[key].casefold() == value.casefold():
        return
    known = key in KEYS
    if not known and key == label:  # the same question ticked twice
        if value not in fields[key].split(", ") and len(fields[key]) < VALUE:
            fields[key] = f"{fields[key]}, {value}"
        return
    name, number = (f"{label} 2", 2) if label == first else (label, 1)
    while name in fields and number < 20:
        if fields[name] == value:
            return
        number += 1
        name = f"{label} {number}"
    fields.setdefault(name, value)


def _value(row: Row) -> str:
    values = row.values
    while values and (not values[-1].strip() or is_rule(values[-1].strip())):
        values = values[:-1]
    filled = [value for value in values if value]
    if filled and all(_BOX.match(value) for value in filled):
        filled = [value for value in filled if value[1:2] != " "]
        return ", ".join(value[3:].strip() for value in filled)[:VALUE]
    if row.key != "message" and filled and all(_BULLET.match(value) for value in filled):
        return ", ".join(value.split(None, 1)[1] for value in filled)[:VALUE]
    value = "\n".join(values).strip()[:VALUE]
    if row.key in ("phone", "mobile", "url", "fax", "page_url") and "<" in value:
        head, _, link = value.partition("<")
        value = head.strip() or link.strip(" >") or value
    return value
