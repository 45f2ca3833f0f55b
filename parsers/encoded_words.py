"""Header text: RFC 2047 encoded words and raw 8-bit characters, as they are really written, to str.

Lenient where senders are wrong in known ways: words without white space between them, spaces or question marks
inside a word, a multi-byte character split over two words, base64 without padding, RFC 2231 language suffixes,
unknown charsets. Linear: a word is at most `WORD` characters long, and none is looked at twice.
"""

from __future__ import annotations

import binascii
import re

from parsers import charsets
from parsers.problems import Code, Problems

WORD = 2_000
_WORD = re.compile(rf"=\?([A-Za-z0-9_.:*'+-]{{1,60}})\?([bBqQ])\?((?:[^?]|\?(?!=)){{0,{WORD}}})\?=")
_SPACE = re.compile(r"[ \t\r\n]*")
_FOLD = re.compile(r"[\r\n\t]+ ?|[\r\n\t ]{2,}")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_CONTROL = {code: None for code in (*range(9), *range(11, 32), 127) if code != 13}
NOT_BASE64_OR_PAD = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)


def decode(value: bytes | str, problems: Problems, name: str = "") -> str:
    """The text of one unfolded header value. `name` only says where in the problems it adds."""
    if isinstance(value, bytes):
        if value.isascii():
            text = value.decode("ascii")
        else:
            problems.append((Code.RAW_8BIT_HEADER, name))
            text = (
                value.decode("ascii", "surrogateescape")
                if b"=?" in value
                else charsets.decode(value, None)[0]
            )
    else:
        text = value
    if "=?" in text:
        text = _words(text, problems, name)
    if "\t" in text or "\n" in text or "\r" in text or "  " in text:
        text = _FOLD.sub(" ", text)
    if not text.isprintable():
        text = text.translate(_CONTROL)
    return text.strip()


def _words(text: str, problems: Problems, name: str) -> str:
    out: list[str] = []
    pending: list[bytes] = []  # bytes of adjacent words of one charset: a character may be split over them
    charset = ""
    place = 0

    def flush() -> None:
        if pending:
            decoded, trouble = charsets.decode(b"".join(pending), charset)
            if trouble:
                problems.append(
                    (
                        Code.UNKNOWN_CHARSET if trouble == "unknown" else Code.WRONG_CHARSET,
                        f"{name}: {charset[:40]}",
                    )
                )
            out.append(decoded)
            pending.clear()

    for match in _WORD.finditer(text):
        between = text[place : match.start()]
        data = _bytes(match[2], match[3])
        if data is None:
            problems.append((Code.BAD_ENCODED_WORD, f"{name}: {match[0][:60]}"))
            continue
        label = match[1].split("*", 1)[0].lower()
        if between.strip(" \t\r\n") or not place:
            flush()
            out.append(between)
        elif label != charset:
            flush()
        charset = label
        pending.append(data)
        place = match.end()
    flush()
    out.append(text[place:])
    return "".join(piece if _clean(piece) else _raw(piece) for piece in out)


def _clean(text: str) -> bool:
    return text.isascii() or not any("\udc80" <= char <= "\udcff" for char in text)


def _raw(text: str) -> str:
    """Raw 8-bit characters beside encoded words."""
    return charsets.decode(text.encode("utf-8", "surrogateescape"), None)[0]


def _bytes(encoding: str, text: str) -> bytes | None:
    data = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _HEX.sub(lambda match: binascii.unhexlify(match[1]), data.replace(b"_", b" "))
    return base64(data)[0]


def base64(data: bytes) -> tuple[bytes | None, bool]:
    """What can be decoded of a base64 text, and whether it was damaged. Padding ends it (RFC 2045, section 6.8)."""
    clean, _, rest = data.partition(b"=")
    damaged = bool(rest.strip(b"= \t\r\n"))
    if damaged and not rest.strip(b"= \t\r\n").translate(None, b"=\r\n \t"):
        damaged = False
    packed = clean.translate(None, _NOT_BASE64)
    if len(packed) != len(clean.translate(None, b" \t\r\n")):
        damaged = True
    if len(packed) % 4 == 1:
        packed, damaged = packed[:-1], True
    try:
        return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4)), damaged
    except binascii.Error:
        return None, True
