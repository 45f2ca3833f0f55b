"""A JSON object as the fields of a form: nested values become `outer.inner`, pairs of names and values what they name.

Numbers stay as they were written (1e400, 12.50, a hundred digits), a name that stands twice gives two fields, and the
charset is the declared one, else what RFC 4627, section 3, tells by the first bytes. Recursion has an end: what is
nested deeper than the parser goes is no form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from parsers import charsets

NESTED = 4
MOST = 500
NAMES = ("label", "title", "question", "name", "key", "field", "ref", "id")
VALUES = ("value", "values", "answer", "text")
"""What the halves of a pair are called where a program posts its fields as a list: [{"name": …, "value": …}]."""


class _Number(str):
    """A number, NaN or infinity as it was written."""

    __slots__ = ()


class _Object(list[tuple[str, Any]]):
    """An object's members in their order, each as often as it stands there."""


def read_json(data: bytes, charset: str | None) -> tuple[list[tuple[str, str]] | None, str | None]:
    """At most MOST + 1 fields, None where it is no JSON object; what is wrong with the charset, as
    `charsets.decode`."""
    detected = json.detect_encoding(data)
    wide = detected.startswith(("utf-16", "utf-32"))
    text, wrong = charsets.decode(data, detected if wide else charset or "utf-8")
    try:
        found = json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
            object_pairs_hook=_Object,
        )
        return (list(islice(_flat(found, "", 0), MOST + 1)) if isinstance(found, _Object) else None), wrong
    except (ValueError, RecursionError):
        return None, wrong


def _flat(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Object) and depth < NESTED:
        for key, inner in value:
            yield from _flat(inner, f"{name}.{key}" if name else key, depth + 1)
    elif isinstance(value, list) and (pairs := _pairs(value)):
        yield from pairs
    elif (
        isinstance(value, list)
        and not isinstance(value, _Object)
        and all(not isinstance(item, list) for item in value[:MOST])
    ):
        yield name, ", ".join(filter(None, map(_scalar, value)))
    else:
        yield name, _written(value) if isinstance(value, list) else _scalar(value)


def _pairs(items: list[Any]) -> list[tuple[str, str]]:
    """The fields of a list of names and values; none where it is another list."""
    found = []
    for item in items[: MOST + 1]:
        members = dict(item) if isinstance(item, _Object) else {}
        name = next((members[key] for key in NAMES if _is_text(members.get(key))), None)
        values = [members[key] for key in VALUES if key in members]
        if name is None or not values:
            return []
        inner = values[0] if isinstance(values[0], list) else [values[0]]
        if any(isinstance(each, list) for each in inner):
            return []
        found.append((name, ", ".join(filter(None, map(_scalar, inner)))))
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, _Number) and bool(value.strip())


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _written(value)
    return "" if value is None else json.dumps(value)


def _written(value: Any) -> str:
    """A value as JSON, numbers as they came."""
    if isinstance(value, _Object):
        members = [f"{json.dumps(key, ensure_ascii=False)}: {_written(inner)}" for key, inner in value]
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([_written(item) for item in value]) + "]"
    return value if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
