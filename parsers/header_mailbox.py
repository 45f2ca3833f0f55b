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

_WORD = rb"[A-Za-z0-9](?:[A-Za-z0-9 -]{0,80}[A-Za-z0-9])?"
_QUOTED = rb"\"[^\"\\=<>@\x00-\x1f\x7f-\xff]{1,80}\""
_ENCODED = (
    rb"=\?(?i:utf-8|iso-8859-15?|windows-125[02]|us-ascii)\?"
    rb"(?:[Qq]\?[A-Za-z0-9!*+/=_.'-]{1,75}|[Bb]\?[A-Za-z0-9+/=]{1,75})\?="
)
_SEVERAL = rb"(?:[A-Za-z0-9-]{1,40} ){0,4}" + _ENCODED + rb"(?: " + _ENCODED + rb"| [A-Za-z0-9-]{1,40}){0,4}"
_ADDRESS = (
    rb"[A-Za-z0-9_+-]{1,64}(?:\.[A-Za-z0-9_+-]{1,64}){0,9}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}"
)
PLAIN = re.compile(rb"(?:(?:(%b|%b|%b) )?(<))?(%b)(?(2)>)" % (_WORD, _QUOTED, _SEVERAL, _ADDRESS))
_SPECIAL = frozenset('<>()[]:;@\\,"=?')


def plain(value: bytes) -> Mailbox | None:
    """The mailbox that a field's value is; None where it is anything else, or its name leaves a doubt."""
    found = PLAIN.fullmatch(value)
    if found is None:
        return None
    name, address = found[1], found[3].decode("ascii")
    if name is None:
        return Mailbox(None, address)
    if name[:1] == b'"':
        text = name[1:-1].decode("ascii").strip()
        if not text or text[0] == "'":
            return None
    elif b"=?" in name:
        problems: Problems = []
        text = encoded_words.decode(name, problems)
        if problems or not text or not text.isprintable() or not _SPECIAL.isdisjoint(text) or text[0] == "'":
            return None
    else:
        text = name.decode("ascii")
    return Mailbox(" ".join(text.split()), address)
