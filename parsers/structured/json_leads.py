"""JSON of unknown shape -> records, by repetition (`tree`): an object, an array, objects line by line, nested.

RFC 8259, read leniently: commas before a closing bracket, control characters in strings and NaN are taken; of a
document that breaks off or goes wrong the whole objects before that place are kept. Numbers stay as written: no
amount is rounded on its way.
"""

from __future__ import annotations

import json
import re
from typing import Any

from parsers.problems import Code
from parsers.structured import bounds, tree
from parsers.structured.decoding import storable
from parsers.structured.rows import Document
from parsers.structured.tree import Node

DEEPEST = 40
LINES = 5_000
MARKS = 500_000
"""Commas and colons of a document: more values than that are not even looked at."""
_STRING = re.compile(r"\"(?:[^\"\\]++|\\.)*+(?:\"|\Z)", re.DOTALL)
_NO_BRACKET = re.compile(r"[^\[\]{}]+")
_STRING_OR_COMMA = re.compile(r"\"(?:[^\"\\]++|\\.)*+(?:\"|\Z)|,(?=\s{0,200}[\]}])", re.DOTALL)


def _as_written(text: str) -> str:
    return text


_DECODER = json.JSONDecoder(
    parse_float=_as_written, parse_int=_as_written, parse_constant=_as_written, strict=False
)


def read(text: str) -> Document:
    """The leads of a JSON document; no records where nobody can be reached by anything in it."""
    document = Document("json")
    text = text.strip()
    if text.count(",") + text.count(":") > MARKS:
        document.problems.append((Code.DOCUMENT_CUT, f"more than {MARKS} values"))
        return document
    if _too_deep(text):
        document.problems.append((Code.DOCUMENT_CUT, f"nested deeper than {DEEPEST}"))
        return document
    found = _values(text, document)
    budget = _Budget()
    root = budget.node("", found[0] if len(found) == 1 else found)
    if budget.left <= 0:
        document.problems.append((Code.DOCUMENT_CUT, f"more than {bounds.CELLS} values"))
    return tree.read(root, document)


def _too_deep(text: str) -> bool:
    """Whether brackets are nested deeper than `DEEPEST`: closed pairs are taken out, from the innermost on."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    marks = _NO_BRACKET.sub("", _STRING.sub("", text))
    for _ in range(DEEPEST):
        if not marks:
            return False
        size = len(marks)
        marks = marks.replace("[]", "").replace("{}", "")
        if len(marks) == size:
            break
    return marks.count("[") + marks.count("{") > DEEPEST or "[]" in marks or "{}" in marks


def _values(text: str, document: Document) -> list[Any]:
    """The document's values: one, or one a line; as far as they can be read."""
    found, end = _one(text)
    if end == len(text):
        return [found]
    if end > 0:
        return _several(text, [found], end, document)
    text = _STRING_OR_COMMA.sub(lambda match: match[0] if match[0][0] == '"' else "", text)
    found, end = _one(text)
    if end > 0:
        document.problems.append((Code.DOCUMENT_DAMAGED, "a comma stands before a closing bracket"))
        return [found]
    document.problems.append((Code.DOCUMENT_DAMAGED, "it breaks off or is no JSON from some place on"))
    return _whole_objects(text)


def _one(text: str, at: int = 0) -> tuple[Any, int]:
    """A value and where it ends; 0 where none can be read. The JSON behind a value is not looked at."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, 0


def _several(text: str, found: list[Any], end: int, document: Document) -> list[Any]:
    """Further values behind the first, with nothing but white space or commas between them (JSON lines)."""
    space = re.compile(r"[\s,;]{0,1000}")
    while end < len(text) and len(found) < LINES:
        match = space.match(text, end)
        at = match.end() if match else end
        if at >= len(text):
            break
        value, end = _one(text, at) if text[at] in "{[" else (None, 0)
        if end == 0:
            document.problems.append(
                (Code.DOCUMENT_DAMAGED, f"there is something else from character {at} on")
            )
            break
        found.append(value)
    return found


def _whole_objects(text: str) -> list[Any]:
    """The objects of the outermost array of objects, up to the first that cannot be read."""
    at = text.find("[")
    found: list[Any] = []
    while at >= 0 and len(found) < LINES:
        at = text.find("{", at)
        if at < 0:
            break
        value, end = _one(text, at)
        if end == 0:
            break
        found.append(value)
        at = end
    return found


class _Budget:
    """Counts the values that become nodes."""

    def __init__(self) -> None:
        self.left = bounds.CELLS

    def node(self, name: str, value: Any) -> Node:
        """A value and all in it; no deeper than `DEEPEST`."""
        node = Node(storable(str(name)[: bounds.LABEL]))
        if isinstance(value, dict):
            for key, inner in value.items():
                if self._spent():
                    break
                node.children.append(self.node(key, inner))
        elif isinstance(value, list):
            for inner in value:
                if self._spent():
                    break
                node.children.append(self.node("", inner))
        elif isinstance(value, bool):
            node.value = "true" if value else "false"
        elif value is not None:
            node.value = storable(str(value))
        return node

    def _spent(self) -> bool:
        self.left -= 1
        return self.left <= 0
