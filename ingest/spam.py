"""Whether something is spam (product §3): by the account's lists of senders, by a folder for spam, and for a form post,
which may be an advertiser's machine's, by a table of signs, of which the first found decides.

The lists go before everything but a person's word, and never concern our own: whoever is known as a user, or writes
from inside. A sender is whom From names, and whom the message is read to be from: a form's mail is the website's.

The signs are asked of posts alone, and of what was stored with them, so that reading a message again finds the same.
Nothing is refused for it: the post is kept as `ignored`, reason `spam`, with the sign. Each sign is one that people do
not make: a field they do not see, a form filled in faster than anybody reads, the markup and heaps of links of forum
spam.
"""

import re
from collections.abc import Callable

from ingest.letter import Identity, Letter, Stop
from parsers.form_post import ELAPSED, HONEYPOT
from parsers.message import Message
from store.contacts import Person
from store.senders import ALLOWED, BLOCKED, listed

IN_JUNK = Stop("ignored", "spam", {"why": "junk_folder"})
LEAST_MILLISECONDS = 2_000
MOST_LINKS = 6
"""Links in a text; somebody who asks for an offer names fewer."""
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>]", re.IGNORECASE)
_MARKUP = re.compile(r"\[url[=\]]|\[link[=\]]|<a\s[^<>]{0,200}?href", re.IGNORECASE)
_MILLISECONDS = re.compile(r"([0-9]{1,11})(?:\.[0-9]{1,20})?")
_NAMES = ("name", "first_name", "last_name")


def blocked(
    letter: Letter, message: Message, identity: Identity, author: Person | None = None
) -> Stop | None:
    """The stop for what a blocked sender wrote. `author`: whom it is read to be from, once that is known."""
    if letter.not_spam_by is not None or _standing(letter, message, identity, author) != BLOCKED:
        return None
    return Stop("ignored", "spam", {"why": "blocked_sender"})


def suspect(letter: Letter, message: Message, identity: Identity, author: Person | None) -> Stop | None:
    """The stop for a post or a mail in a folder for spam that is spam, its sender not being allowed."""
    if letter.not_spam_by is not None or _standing(letter, message, identity, author) == ALLOWED:
        return None
    return IN_JUNK if letter.junk else spam_sign(message)


def _standing(letter: Letter, message: Message, identity: Identity, author: Person | None) -> str | None:
    """What the account's lists say of the senders: of several, the worst."""
    account = letter.directory.account
    if identity.user_id is not None or not (account.allowed_senders or account.blocked_senders):
        return None
    named = [message.sender.address if message.sender else None, author.address if author else None]
    told = {
        listed(account.allowed_senders, account.blocked_senders, address)
        for address in named
        if address and not letter.directory.is_internal(address)
    }
    return next((word for word in (BLOCKED, ALLOWED) if word in told), None)


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
