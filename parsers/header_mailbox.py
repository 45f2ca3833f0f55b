"""One mailbox in an address field, as nearly all programs write it (RFC 5322, section 3.4; names by RFC 2047).

Plain words, a quoted name without escapes, or encoded words of the usual charsets before an address in angle brackets;
or an address alone. What is plain is read as mail-parser reads it, without asking it; lists, groups, comments and
whatever else is possible are its business.
"""

from __future__ import annotations

import re

from parsers import encoded_words
from parsers.message import Mailbox
from parsers.problems import Problems

_WORDS = re.compile(rb"[A-Za-z0-9](?:[A-Za-z0-9 -]{0,80}[A-Za-z0-9])?")
_QUOTED = re.compile(rb"\"([^\"\\=<>@\x00-\x1f\x7f-\xff]{1,80})\"")
_ENCODED = (
    rb"=\?(?i:utf-8|iso-8859-15?|windows-125[02]|us-ascii)\?"
    rb"(?:[Qq]\?[A-Za-z0-9!*+/=_.'-]{1,75}|[Bb]\?[A-Za-z0-9+/=]{1,75})\?="
)
_SEVERAL = re.compile(rb"(?:(?:%b|[A-Za-z0-9-]{1,40})(?: |\Z)){1,9}" % _ENCODED)
_ADDRESS = re.compile(
    rb"[A-Za-z0-9_+-]{1,64}(?:\.[A-Za-z0-9_+-]{1,64}){0,9}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}"
)
_SPECIAL = frozenset('<>()[]:;@\\,"=?')


def plain(value: bytes) -> Mailbox | None:
    """The mailbox that a field's value is; None where it is anything else, or its name leaves a doubt."""
    name, address = b"", value
    if value[-1:] == b">":
        name, _, address = value[:-1].rpartition(b"<")
    if _ADDRESS.fullmatch(address) is None or (name and name[-1] != ord(" ")):
        return None
    if not name:
        return Mailbox(None, address.decode("ascii"))
    shown = _name(name[:-1])
    return None if shown is None else Mailbox(" ".join(shown.split()), address.decode("ascii"))


def _name(name: bytes) -> str | None:
    if _WORDS.fullmatch(name):
        return name.decode("ascii")
    if quoted := _QUOTED.fullmatch(name):
        text = quoted[1].decode("ascii").strip()
        return text if text and text[0] != "'" else None
    if b"=?" not in name or not _SEVERAL.fullmatch(name):
        return None
    problems: Problems = []
    text = encoded_words.decode(name, problems)
    doubtful = problems or not text or not text.isprintable() or text[0] == "'" or _SPECIAL & set(text)
    return None if doubtful else text
