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
_INSIDE = (
    r"[^?]|\?(?!=)|\?=(?=\?=)|\?=(?=[0-9A-Fa-f]{2}[^\s?]{0,200}\?=)"  # also question marks left unencoded
)
_WORD = re.compile(rf"=\?([A-Za-z0-9_.:*'+-]{{1,60}})\?([bBqQ])\?((?:{_INSIDE}){{0,{WORD}}})\?=")
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


def decode(value: bytes | str, problems: Problems, name: str = "", hint: str | None = None) -> str:
    """The text of one unfolded header value. `name` only says where in the problems it adds.

    `hint` is a charset the message names elsewhere, for raw 8-bit characters.
    """
    if isinstance(value, bytes):
        if is_plain(value):
            text = value.decode("ascii")
        else:
            problems.append((Code.RAW_8BIT_HEADER, name))
            text = (
                value.decode("ascii", "surrogateescape")
                if b"=?" in value
                else charsets.unlabelled(value, hint)
            )
    else:
        text = value
    if "=?" in text:
        text = _words(text, problems, name, hint)
    if "\t" in text or "\n" in text or "\r" in text or "  " in text:
        text = _FOLD.sub(" ", text)
    if not text.isprintable():
        text = text.translate(_CONTROL)
    return text.strip()


def is_plain(value: bytes) -> bool:
    """Whether these bytes are ASCII and mean it: no escape sequence of ISO 2022 in them."""
    return value.isascii() and b"\x1b" not in value


def _words(text: str, problems: Problems, name: str, hint: str | None) -> str:
    out: list[str] = []
    pending: list[bytes] = []  # bytes of adjacent words of one charset: a character may be split over them
    unfinished = ""  # base64 that ended inside a group of four, to go on in the next word
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
        encoding, content = match[2].lower(), match[3]
        label = match[1].split("*", 1)[0].lower()
        if unfinished and encoding == "b" and label == charset and not between.strip(" \t\r\n"):
            content = unfinished + content
            pending.pop()
        unfinished = content if encoding == "b" and content[-1:] != "=" and len(content) % 4 else ""
        data = _bytes(encoding, content)
        if data is None:
            problems.append((Code.BAD_ENCODED_WORD, f"{name}: {match[0][:60]}"))
            continue
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
    return "".join(piece if _clean(piece) else _raw(piece, hint) for piece in out)


def _clean(text: str) -> bool:
    return text.isascii() or not any("\udc80" <= char <= "\udcff" for char in text)


def _raw(text: str, hint: str | None) -> str:
    """Raw 8-bit characters beside encoded words."""
    return charsets.unlabelled(text.encode("utf-8", "surrogateescape"), hint)


def _bytes(encoding: str, text: str) -> bytes | None:
    data = text.encode("utf-8", "surrogateescape")
    if encoding == "q":
        return _HEX.sub(lambda match: binascii.unhexlify(match[1]), data.replace(b"_", b" "))
    return base64(data)[0]


def base64(data: bytes) -> tuple[bytes | None, bool]:
    """What can be decoded of a base64 text, and whether it was damaged.

    Padding ends it (RFC 2045, section 6.8), unless another whole base64 text stands behind.
    """
    clean, _, rest = data.partition(b"=")
    rest = rest.lstrip(b"= \t\r\n").rstrip()
    damaged = bool(rest)
    if damaged and (further := _further_texts(clean, rest)) is not None:
        return further, True
    packed = clean.translate(None, _NOT_BASE64)
    if len(packed) != len(clean.translate(None, b" \t\r\n")):
        damaged = True
    if len(packed) % 4 == 1:
        packed, damaged = packed[:-1], True
    try:
        return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4)), damaged
    except binascii.Error:
        return None, True


_ONE_TEXT = re.compile(rb"[A-Za-z0-9+/]+={0,2}")


def _further_texts(first: bytes, rest: bytes) -> bytes | None:
    """All of several base64 texts written behind each other; None where the rest is something else."""
    packed = first.translate(None, NOT_BASE64_OR_PAD)
    packed += b"=" * (-len(packed) % 4) + rest.translate(None, b" \t\r\n")
    if packed.translate(None, NOT_BASE64_OR_PAD) != packed:
        return None
    texts = _ONE_TEXT.findall(packed)
    if any(len(text) % 4 for text in texts):
        return None
    return b"".join(map(binascii.a2b_base64, texts))
