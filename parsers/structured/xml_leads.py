"""XML of unknown shape -> records, by repetition (`tree`)."""

from __future__ import annotations

from parsers.structured import markup, tree
from parsers.structured.rows import Document


def read(text: str) -> Document:
    """The leads of an XML document; no records where nobody can be reached by anything in it."""
    document = Document("xml")
    root = markup.read(text, document.problems)
    return tree.read(root, document)
