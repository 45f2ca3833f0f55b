"""The folded form in which tags, titles and names are compared: the same on SQLite and PostgreSQL.

NFKC, case-folded (which makes ß to ss). For searching, two spellings are kept side by side, one with
accents dropped (Müller → muller) and one with German umlauts spelt out (Müller → mueller), so that a
search finds either however it was typed.
"""

import re
import unicodedata

from store.addresses import SECRET

_SECRET = re.compile(rf"(?<=[.-])[a-z2-7]{{{SECRET}}}(?=@|\+|%40|%2b)")
"""What makes an inbound address a key, in folded text."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """`text` for equality: NFKC, case-folded, white space as single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def searchable(text: str) -> str:
    """Both folded spellings of `text`, one per line: what a search looks into.

    Secrets of inbound addresses are left out: who may not read one could find it out letter by letter.
    """
    told = _SECRET.sub("…", fold(text))
    plain, spelt = _plain(told), _plain(told.translate(_SPELT_OUT))
    return plain if plain == spelt else f"{plain}\n{spelt}"


def search_term(text: str) -> str:
    """What is looked for in `searchable` text when a person types `text`."""
    return _plain(fold(text))


def ascii_local_part(name: str) -> str:
    """`name` as the readable part of an address: Jörg Weiß → joerg.weiss; "user" when nothing remains."""
    spelt = _plain(fold(name).translate(_SPELT_OUT))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in spelt).split()
    return ".".join(words)[:40].strip(".") or "user"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
