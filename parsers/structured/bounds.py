"""How much of a document is read. What lies behind is named by the problem `document-cut`, never dropped in silence."""

from __future__ import annotations

BYTES = 4_000_000
"""Of one document, decoded from its transfer encoding."""
DOCUMENTS = 20
"""Of one message."""
ROWS = 2_000
"""Of one message: a list as long as this is looked over in a preview, not read as mail."""
CELLS = 40_000
"""Of one document: cells of a table, elements and attributes of a tree."""
COLUMNS = 300
RECORD = 1_000
"""Values of one record of a tree."""
DEPTH = 60
"""Levels of nesting that are told apart."""
VALUE = 20_000
"""Characters of one value."""
LABEL = 200
"""Characters of one label."""
