"""Whether a form post is an advertiser's machine's (product §3, Spam): a table of signs, the first found decides.

Asked of posts alone, and of what was stored with them, so that reading a message again finds the same. Nothing is
refused for it: the post is kept as `ignored`, reason `spam`, with the sign. Each sign is one that people do not make:
a field they do not see, a form filled in faster than anybody reads, the markup and the heaps of links of forum spam.
"""

import re
from collections.abc import Callable

from ingest.letter import Stop
from parsers.form_post import ELAPSED, HONEYPOT
from parsers.message import Message

LEAST_MILLISECONDS = 2_000
MOST_LINKS = 6
"""Links in a text; somebody who asks for an offer names fewer."""
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>]", re.IGNORECASE)
_MARKUP = re.compile(r"\[url[=\]]|\[link[=\]]|<a\s[^<>]{0,200}?href", re.IGNORECASE)
_MILLISECONDS = re.compile(r"([0-9]{1,11})(?:\.[0-9]{1,20})?")
_NAMES = ("name", "first_name", "last_name")


def spam_sign(message: Message) -> Stop | None:
    """What gives a post away, None where nothing does."""
    sign = next((name for name, found in SIGNS.items() if found(message)), None)
    return Stop("ignored", "spam", {"why": sign}) if sign else None


def _honeypot(message: Message) -> bool:
    return any(value.strip() for name, value in message.headers if name == HONEYPOT)


def _too_fast(message: Message) -> bool:
    """By the page's own clock: how long it had been open. Without script nothing is told, and nothing held against
    the visitor."""
    told = _MILLISECONDS.fullmatch((message.header(ELAPSED) or "").strip())
    return told is not None and int(told[1]) < LEAST_MILLISECONDS


def _link_as_name(message: Message) -> bool:
    return any(re.search(r"https?://", message.fields.get(name, ""), re.IGNORECASE) for name in _NAMES)


def _markup(message: Message) -> bool:
    return bool(_MARKUP.search(message.text))


def _links(message: Message) -> bool:
    return sum(1 for _ in _LINK.finditer(message.text)) > MOST_LINKS


SIGNS: dict[str, Callable[[Message], bool]] = {
    "honeypot": _honeypot,
    "too_fast": _too_fast,
    "link_as_name": _link_as_name,
    "markup": _markup,
    "links": _links,
}
"""The sign -> whether a post has it; their sentences are in `store.reasons.SPAM_SIGNS`."""
