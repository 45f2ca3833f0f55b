"""The parameters of a Content-Type or Content-Disposition as they are really written.

RFC 2045, section 5.1, and RFC 2231 (pieces, charsets), lenient: blanks where none belong, quotes that never end,
single quotes, values with blanks in them. Linear: a bounded part of the value is looked at once.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from parsers import charsets

LONGEST = 4_096  # bytes; the standard library's own parameter parser is quadratic

_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)")
_ESCAPED = re.compile(r"\\([\"\\])")


def parameters(value: str) -> dict[str, str]:
    """The parameters behind the first semicolon, RFC 2231 pieces joined, names in lower case."""
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(value[:LONGEST]):
        name, text = match[1].lower(), match[2].strip()
        if text[:1] == '"':
            text = text[1:-1] if text[-1:] == '"' and len(text) > 1 else text[1:]
            text = _ESCAPED.sub(r"\1", text)
        elif len(text) > 1 and text[0] == text[-1] == "'":
            text = text[1:-1]
        base, star, rest = name.partition("*")
        if not star:
            found.setdefault(name, text)
        else:
            number = rest.rstrip("*")
            encoded = rest.endswith("*") or rest == ""
            pieces.setdefault(base, []).append(
                (int(number) if number.isdecimal() and len(number) < 5 else 0, encoded, text)
            )
    for base, rows in pieces.items():
        found[base] = _joined(sorted(rows, key=lambda row: row[0]))
    return found


def _joined(rows: list[tuple[int, bool, str]]) -> str:
    charset, data = None, b""
    for index, (_, encoded, text) in enumerate(rows):
        if not encoded:
            data += text.encode("utf-8", "surrogateescape")
        elif index == 0 and text.count("'") >= 2:
            charset, _, rest = text.split("'", 2)
            data += unquote_to_bytes(rest)
        else:
            data += unquote_to_bytes(text)
    return charsets.decode(data, charset or None)[0]
