"""Address lists as mail programs write them into forwarded text, where the rules of headers do not hold.

Outlook separates by `;` and leaves commas in names unquoted, QQ puts a `;` between name and address, NetEase separates
by `、`, Lotus Notes names people by `Jane Roe/ACME@ACME`, and HTML turned into text may lose what stood between two.
Everything else is `parsers.addresses`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from parsers import addresses
from parsers.message import Mailbox

LONGEST = addresses.LONGEST

_WIDE = str.maketrans({"、": ",", "，": ",", "；": ";", "＜": "<", "＞": ">"})
_ENTITY = re.compile(r"&(?:lt|gt|quot|amp);")
_CLOSED = re.compile(r">\s{0,3}(?=[^\s,;<>\[\]()][^,;<>]{0,80}<[^\s<>@]{1,64}@)")
_EMPTY_BRACKETS = re.compile(r"\s*[(\[]\s*[)\]]")


def read(text: str) -> tuple[Mailbox, ...]:
    """Everybody in a list, in order."""
    text = _plain(text)
    pieces = [piece for piece, _ in addresses.split(text, ";")] if ";" in text else [text]
    found: list[Mailbox] = []
    for piece in pieces:
        # Between semicolons a comma belongs to a name, unless several addresses stand there.
        alone = len(pieces) > 1 and piece.count("@") < 2
        one = addresses.read_one(piece) if alone else None
        found.extend((one,) if one else () if alone else addresses.read(piece))
    return tuple(_tidy(mailbox) for mailbox in found[: addresses.MOST])


def read_one(text: str) -> Mailbox | None:
    """The one person a text names, None where it names nobody."""
    found = addresses.read_one(_plain(text))
    return _tidy(found) if found else None


def _plain(text: str) -> str:
    text = text[:LONGEST].translate(_WIDE)
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    text = text.replace(";<", " <").replace("[SMTP:", "[").replace("[smtp:", "[")
    if "/" in text and "@" in text and "<" not in text and '"' not in text:
        text = ",".join(_without_domain(item) for item in text.split(","))
    return _CLOSED.sub(">, ", text)


def _without_domain(item: str) -> str:
    """A name of Lotus Notes without the domain that makes it look like an address."""
    name, at, domain = item.rpartition("@")
    return name.replace("CN=", "", 1) if at and "/" in name and "." not in domain else item


def _tidy(mailbox: Mailbox) -> Mailbox:
    if mailbox.name and mailbox.name[-1] in ")]" and (name := _EMPTY_BRACKETS.sub("", mailbox.name)):
        return replace(mailbox, name=name)
    return mailbox
