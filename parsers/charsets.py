"""Charset names as they are really written, and text in spite of them.

`decode` never raises and never loses a text: declared charset first, then UTF-8, then windows-1252 (the WHATWG
encoding standard's habit for everything western that mislabels itself). `unicode-1-1-utf-7`, `ks_c_5601-1987`,
`x-sjis`, `gb2312` used for GBK … are what mail programs write; the aliases follow the WHATWG table where
Python's own differs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from parsers.locale_charsets import ALIASES, LIKELY_BYTES


def lookup(label: str) -> str | None:
    """The Python codec for a charset label, or None where it is not a text charset known here."""
    name = label.strip().strip("\"'").lower().split("*")[0].strip().removeprefix("charset=")
    found = ALIASES.get(name)
    if found:
        return found
    if not name or len(name) > 40 or not name.isascii() or not name.isprintable():
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name in _NOT_A_CHARSET:
        return None
    return ALIASES.get(info.name, info.name)


_NOT_A_CHARSET = frozenset(
    ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem")
)

Hint = Callable[[], str | None]

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, label: str | None, hint: Hint | None = None) -> tuple[str, str | None]:
    """The text of `data`, and what was wrong: None, "unknown" (the label) or "wrong" (the bytes do not fit it).

    `hint` tells a charset that the mail names elsewhere; it is asked when the label is no use.
    Lone surrogates that some codecs produce are replaced, so the result can always be written as UTF-8.
    """
    if label is not None or data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == codecs.BOM_UTF8:
        for mark, name in BOMS:
            if data.startswith(mark):
                return _scalar(data[len(mark) :].decode(name, "replace")), None
    codec = lookup(label) if label else "utf-8"
    trouble: str | None = None if codec else "unknown"
    if codec in (None, "ascii", "utf-8") and b"\x1b" in data and _ESCAPES.search(data):
        return data.decode("iso2022_jp_2", "replace"), trouble or "wrong"
    if codec:
        try:
            return _scalar(data.decode(codec)), None
        except (UnicodeError, ValueError, AssertionError):
            trouble = "wrong"
        if codec == "cp1252":  # five unassigned bytes: everybody shows the C1 control instead
            as_utf8 = _utf8(data)
            return (data.decode("latin-1"), None) if as_utf8 is None else (as_utf8, trouble)
    as_utf8 = _utf8(data)
    if as_utf8 is not None:
        return as_utf8, trouble if label else None
    if codec and codec not in ("ascii", "utf-8"):
        text = data.decode(codec, "replace")
        if text.count("\ufffd") * 20 <= len(text):  # a few damaged bytes: the charset itself was right
            return _scalar(text), trouble
    elif codec == "utf-8" and _mostly_utf8(data):
        return data.decode("utf-8", "replace"), trouble
    guessed = _guessed(data, hint() if hint else None) if codec in (None, "ascii", "utf-8") else None
    return guessed or _cp1252(data), trouble or "wrong"


def _guessed(data: bytes, hint: str | None) -> str | None:
    """By the charset the mail names elsewhere, else by what the bytes look like."""
    codec = lookup(hint) if hint else None
    if codec:
        try:
            return _scalar(data.decode(codec))
        except (UnicodeError, ValueError, AssertionError):
            pass
    codec = likely(data)
    return _scalar(data.decode(codec, "replace")) if codec else None


_DECLARED = re.compile(rb"(?i)charset\s*=\s*[\"']?([a-z0-9_.:-]{2,40})")
_ESCAPES = re.compile(rb"\x1b(?:\$[@AB(]|\([BIJ])")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MUTE = ("ascii", "utf-8", "cp1252")
SAMPLE = 1_024  # bytes that are looked at where nothing declares a charset
CLEARLY = 0.8


def declared(raw: bytes) -> str | None:
    """The first charset a message names that says more than "western": what its unlabelled bytes are likely in."""
    for match in _DECLARED.finditer(raw, 0, 65_536):
        label = match[1].decode("ascii")
        if lookup(label) not in (None, *_MUTE):
            return label
    return None


def unlabelled(data: bytes, hint: str | None) -> str:
    """The text of bytes that carry no charset; `hint` is one that the mail names elsewhere.

    The first that fits: escape sequences, UTF-8, the hint, what the bytes look like, windows-1252.
    """
    return decode(data, None, lambda: hint)[0]


def likely(data: bytes) -> str | None:
    """The codec of unlabelled text that is clearly not western: letters beyond ASCII stand beside each other there."""
    sample = data[:SAMPLE]
    runs = _HIGH_RUN.findall(sample)
    if sum(map(len, runs)) < 2.5 * len(runs):
        return None
    best, chosen = CLEARLY, None
    for codec, common in LIKELY_BYTES:
        share = _share(sample, codec, re.compile(common, re.DOTALL))
        if share > best:
            best, chosen = share, codec
    return chosen


def _share(sample: bytes, codec: str, common: re.Pattern[bytes]) -> float:
    """How many of the characters beyond ASCII are common ones if it is that codec; 0 where it cannot be."""
    try:
        text = sample.decode(codec, "ignore" if len(sample) == SAMPLE else "strict")
    except UnicodeDecodeError:
        return 0.0
    return len(common.findall(sample)) / max(sum(not char.isascii() for char in text), 1)


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _mostly_utf8(data: bytes) -> bool:
    """Damaged UTF-8 rather than something else: at least as many whole sequences as broken ones."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - broken >= broken


def _cp1252(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _scalar(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
