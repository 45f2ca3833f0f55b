"""Reading a mail by the kind of address it came to (product §3, Reading by kind).

One table says which reader serves which kind. A reader gives a `Reading` (who outside it is about, which
entry it makes) or a `Stop`. Nothing is looked up here but the account's directory.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from ingest.letter import Identity, Letter, Reading, Stop, person, who
from parsers.message import Mailbox, Message
from store.contacts import Person
from store.directory import Directory

_NO_REPLY = re.compile(
    r"(?<![a-z])(?:no|not|do[-_.]?not|never)[-_.]?reply|mailer-daemon|keine?[-_.]?antwort|nepasrepondre|noreponder",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"\s*(?:re|aw|fwd?|wg|tr|rv|sv|vs|antw|doorst|odp|r|i)\s*(?:\[\d{1,3}\])?\s*:\s*", re.IGNORECASE
)
_PREFIXES = 10
LONGEST_ADDRESS = 320
"""Characters of an address: 64 before the @ and 255 behind it (RFC 5321 §4.5.3.1). Nobody can be answered at a
longer one, and PostgreSQL's indexes could not hold it."""

Read = Reading | Stop


def read(letter: Letter, message: Message, identity: Identity) -> Read:
    """What the mail says. Automatic mail and mail that is nobody's business are stopped here."""
    stopped = (
        _automatic(letter, message) or _among_colleagues(letter, message, identity) or _never(letter, message)
    )
    if stopped:
        return stopped
    return READERS[letter.kind](letter, message, identity)


def _personal(letter: Letter, message: Message, identity: Identity) -> Read:
    """A verified user's BCC or forward; anybody else's mail is incoming, its user the suggested owner.
    Where that user was removed it only ever joins what is known."""
    if identity.user_id is None:
        owner = identity.owner_hint
        return _incoming(
            letter, message, owner_id=owner, creates=owner is not None, unmatched="unknown_sender"
        )
    if message.forwarded is not None:
        return _forward(letter, message, identity.user_id)
    return _bcc_copy(letter, message, identity.user_id)


def _bcc(letter: Letter, message: Message, identity: Identity) -> Read:
    """A verified user's BCC; a stranger's mail only ever joins what is known."""
    if identity.user_id is not None:
        return _personal(letter, message, identity)
    unverified = _unverified_user(letter, message)
    return unverified or _incoming(letter, message, creates=False, unmatched="unknown_sender")


def _leads(letter: Letter, message: Message, identity: Identity) -> Read:
    """Somebody's enquiry. A user may forward here too, if it is certain that it was that user."""
    if identity.user_id is not None:
        return _personal(letter, message, identity)
    return _unverified_user(letter, message) or _incoming(letter, message)


def _lead(letter: Letter, message: Message, identity: Identity) -> Read:
    """Mail to a lead's own address: from that lead's contacts or from users."""
    if identity.user_id is not None:
        return _personal(letter, message, identity)
    return _unverified_user(letter, message) or _incoming(
        letter, message, creates=False, unmatched="not_a_contact"
    )


def _partner(letter: Letter, message: Message, identity: Identity) -> Read:
    del letter, identity
    return Stop("held", "no_template", {"who": who(message)})


def _postmaster(letter: Letter, message: Message, identity: Identity) -> Read:
    del letter, identity
    return Stop("held", "postmaster", {"who": who(message)})


READERS: Mapping[str, Callable[[Letter, Message, Identity], Read]] = {
    "personal": _personal,
    "bcc": _bcc,
    "leads": _leads,
    "lead": _lead,
    "form": _leads,
    "partner": _partner,
    "postmaster": _postmaster,
}

_STOPPING = {
    "bounce": Stop("ignored", "bounce"),
    "delivery-notice": Stop("ignored", "bounce"),
    "feedback-report": Stop("ignored", "auto_generated"),
    "auto-reply": Stop("ignored", "auto_reply"),
}
"""Kinds of automatic mail that are never read as somebody's words. `list`, `bulk` and `auto-generated` depend
on whether a known contact sent them, which only matching knows (`effect`)."""


def _automatic(letter: Letter, message: Message) -> Stop | None:
    if letter.kind == "postmaster" or message.automatic is None:
        return None
    return _STOPPING.get(message.automatic)


def _among_colleagues(letter: Letter, message: Message, identity: Identity) -> Stop | None:
    """Mail between people inside is ignored, unless a user hands us something on purpose."""
    directory, sender = letter.directory, message.sender.address if message.sender else None
    if not sender or not directory.is_internal(sender) or identity.user_id is not None:
        return None
    others = [m.address for m in (*message.to, *message.cc) if m.address]
    inside = all(directory.is_internal(address) for address in others)
    only_ours = all(directory.is_ours(address) for address in others)
    if inside and not only_ours and message.forwarded is None:
        return Stop("ignored", "internal")
    return None


def _never(letter: Letter, message: Message) -> Stop | None:
    sender = message.sender.address if message.sender else None
    if sender and letter.directory.never_logged(sender):
        return Stop("ignored", "never_log", {"who": sender})
    return None


def _unverified_user(letter: Letter, message: Message) -> Stop | None:
    """Held: it claims to come from a user, and acting as one needs proof."""
    sender = message.sender.address if message.sender and message.sender.address else ""
    user_id = letter.directory.user_of(sender)
    return Stop("held", "sender_unverified", {"who": who(message)}, user_id) if user_id else None


def _incoming(
    letter: Letter,
    message: Message,
    *,
    owner_id: str | None = None,
    creates: bool = True,
    unmatched: str = "unmatched",
) -> Read:
    """Somebody outside wrote to us; the contact is the sender, or who answers shall go to."""
    author = _outside_author(letter.directory, message)
    if author is None:
        return Stop("held", "no_contact", {"who": who(message)})
    return Reading(
        direction="in",
        people=(author,),
        author=author,
        subject=plain_subject(message.subject),
        text=message.reply or message.text,
        fields=dict(message.fields),
        owner_id=owner_id,
        creates=creates,
        unmatched=unmatched,
    )


def read_for_person(letter: Letter, message: Message) -> Read:
    """What a message says once a person has taken it on: a user's mail counts as that user's."""
    sender = message.sender.address if message.sender and message.sender.address else ""
    user_id = letter.directory.user_of(sender)
    if user_id is None:
        return _incoming(letter, message)
    return _forward(letter, message, user_id) if message.forwarded else _bcc_copy(letter, message, user_id)


def _outside_author(directory: Directory, message: Message) -> Person | None:
    """From, unless it is ours, internal or a no-reply address: then Reply-To, then the fields of the body."""
    if message.sender and _may_be_contact(directory, message.sender):
        return person(message.sender)
    for mailbox in message.reply_to:
        if _may_be_contact(directory, mailbox):
            return person(mailbox)
    written = Mailbox(message.fields.get("name"), message.fields.get("email"))
    return person(written) if _may_be_contact(directory, written) else None


def _bcc_copy(letter: Letter, message: Message, user_id: str) -> Read:
    """A user's own mail to somebody outside: To and Cc less us; the first To is the main contact."""
    people = _outside(letter.directory, (*message.to, *message.cc))
    if not people:
        return Stop("held", "no_contact", {"who": who(message)}, user_id, "out")
    return Reading(
        direction="out",
        people=people,
        author=None,
        subject=plain_subject(message.subject),
        text=message.reply or message.text,
        user_id=user_id,
        owner_id=user_id,
        creates=letter.directory.account.bcc_unmatched == "create",
    )


def _forward(letter: Letter, message: Message, user_id: str) -> Read:
    """A user's forward: about the original sender; about the original recipients if a user had sent it."""
    inner, directory = message.forwarded, letter.directory
    assert inner is not None
    original = inner.sender
    if original is None or not original.address:
        return Stop("held", "forward_unreadable", {"who": who(message)}, user_id)
    outgoing = directory.is_internal(original.address)
    participants = _outside(directory, (*inner.to, *inner.cc))
    if not outgoing and not _may_be_contact(directory, original):
        return Stop("held", "no_contact", {"who": original.address}, user_id)
    people = participants if outgoing else (person(original),)
    if not people:
        return Stop("held", "no_contact", {"who": who(message)}, user_id)
    return Reading(
        direction="out" if outgoing else "in",
        people=people,
        author=None if outgoing else person(original),
        subject=plain_subject(inner.subject or message.subject),
        text=inner.text,
        user_id=(directory.user_of(original.address) or user_id) if outgoing else None,
        forwarded_by=user_id,
        note=inner.note,
        forwarded={"claimed_from": original.to_json(), "date": inner.date, "how": inner.how},
        owner_id=user_id,
        creates=directory.account.bcc_unmatched == "create",
        proposed=() if outgoing else tuple(p.address for p in participants),
    )


def _outside(directory: Directory, mailboxes: Iterable[Mailbox]) -> tuple[Person, ...]:
    """The people outside among `mailboxes`, each once, in order."""
    found: dict[str, Person] = {}
    for mailbox in mailboxes:
        if _may_be_contact(directory, mailbox):
            found.setdefault(person(mailbox).normal, person(mailbox))
    return tuple(found.values())


def _may_be_contact(directory: Directory, mailbox: Mailbox) -> bool:
    address = mailbox.address or ""
    local_part, at, domain = address.rpartition("@")
    return bool(
        at
        and local_part
        and domain
        and len(address) <= LONGEST_ADDRESS
        and (local_part.startswith('"') or len(address.split()) == 1)
        and not _NO_REPLY.search(local_part)
        and not directory.is_internal(address)
        and not directory.never_logged(address)
    )


def plain_subject(subject: str | None) -> str:
    """The subject without its reply and forward prefixes."""
    text = subject or ""
    for _ in range(_PREFIXES):
        found = _PREFIX.match(text)
        if not found or found.end() == len(text):
            break
        text = text[found.end() :]
    return text.strip()
