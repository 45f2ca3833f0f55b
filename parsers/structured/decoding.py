"""The bytes of a document as text, in spite of what it says about its encoding.

A byte order mark is believed; so are NUL bytes at every other place (UTF-16 without a mark, or UTF-16 declared as
something else). Otherwise UTF-8 is tried before whatever is declared: bytes that are UTF-8 by accident do not
happen, declarations that are wrong do. Then the declared charset, then windows-1252.
"""

from __future__ import annotations

import codecs
import re

from parsers import charsets
from parsers.problems import Code, Problems
from parsers.structured import bounds

_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_SAMPLE = 512


def text_of(data: bytes, declared: str | None, problems: Problems) -> str:
    """The text with LF line ends, without byte order mark and NUL."""
    text = _decoded(data, declared, problems)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text.lstrip("\ufeff")


def storable(text: str) -> str:
    """A text that escapes were undone in, without NUL and with lone surrogates replaced: any database keeps it."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(data: bytes, declared: str | None, problems: Problems) -> str:
    for mark, name in charsets.BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if wide := _wide(data[:_SAMPLE]):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) >= bounds.BYTES and error.start > len(data) - 4:  # cut inside a character
            return data[: error.start].decode("utf-8")
    said = _DECLARED.search(data[:_SAMPLE])
    label = declared or (said[1].decode("ascii") if said else None)
    codec = charsets.lookup(label) if label else None
    if codec in (None, "utf-8", "ascii") or (codec or "").startswith(("utf-16", "utf-32")):
        problems.append((Code.WRONG_CHARSET, f"{label or 'none declared'}: read as windows-1252"))
        return charsets.decode(data, "windows-1252")[0]
    text, trouble = charsets.decode(data, label)
    if trouble:
        problems.append((Code.WRONG_CHARSET, (label or "")[:60]))
    return text


def _wide(sample: bytes) -> str | None:
    """UTF-16 by its NUL bytes: of the first characters, three quarters are Latin."""
    if len(sample) < 4 or sample.count(0) * 4 < len(sample):
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 3 * even:
        return codecs.lookup("utf-16-le").name
    return codecs.lookup("utf-16-be").name if even > 3 * odd else None
