"""Reading a mail by the kind of address it came to (product §3, Reading by kind).

One table says which reader serves which kind. A reader gives a `Reading` (who outside it is about, which
entry it makes) or a `Stop`. Nothing is looked up here but the account's directory.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ingest.forwards import read_forward
from ingest.letter import Identity, Letter, Read, Reading, Stop, person, who
from ingest.outside import may_ask, never_of, outside, plain_subject, visitor
from ingest.partners import read_partner
from ingest.posts import read_post
from ingest.trust.judgement import FAILED
from parsers import forwarding_confirmation
from parsers.message import Message
from store.contacts import Person


def gmail_asks(letter: Letter, message: Message, identity: Identity) -> Stop | None:
    """Held: Gmail wants to know whether a mailbox may be forwarded to one of our addresses. Never a lead."""
    found = None if letter.by_post or identity.trust == FAILED else forwarding_confirmation.read(message)
    if found is None:
        return None
    data = {"mailbox": found.mailbox or "?", "link": found.link, "code": found.code or "–"}
    return Stop("held", "forwarding_confirmation", data, letter.inbound.user_id if letter.inbound else None)


def nobodys_business(letter: Letter, message: Message, identity: Identity) -> Stop | None:
    """Automatic mail, mail among colleagues and what is never logged, whoever sent it: asked before anybody has to
    say who that was."""
    return (
        _automatic(letter, message) or _among_colleagues(letter, message, identity) or _never(letter, message)
    )


def read(letter: Letter, message: Message, identity: Identity) -> Read:
    """What the mail says, where it is somebody's business and nobody has to say first who sent it."""
    found = READERS[letter.kind](letter, message, identity)
    if identity.forwarder is not None and isinstance(found, Reading):
        return replace(found, forwarder=identity.forwarder)
    return found


def _personal(letter: Letter, message: Message, identity: Identity) -> Read:
    """A verified user's BCC or forward; anybody else's mail is incoming, its user the suggested owner.
    Where that user was removed it only ever joins what is known."""
    if identity.user_id is None:
        owner = identity.owner_hint
        return _incoming(
            letter, message, owner_id=owner, creates=owner is not None, unmatched="unknown_sender"
        )
    if message.forwarded is not None:
        return read_forward(letter, message, identity.user_id)
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
    return _unverified_user(letter, message) or _incoming(letter, message, owner_id=letter.owner_id)


def _form(letter: Letter, message: Message, identity: Identity) -> Read:
    """A website's notification, or a post. From is evidence of nothing, so nothing is held for it; a user may forward
    a notification here."""
    if letter.by_post:
        return read_post(letter, message)
    if letter.inbound and letter.inbound.rotated:
        return Stop("held", "address_rotated", {"who": who(message)}, letter.owner_id)
    if identity.user_id is not None and message.forwarded is not None:
        return read_forward(letter, message, identity.user_id)
    found = _incoming(letter, message, owner_id=letter.owner_id)
    if isinstance(found, Stop) and message.fields.get(
        "phone"
    ):  # a number to call back is as good as an address
        return read_post(letter, message)
    return found


def _lead(letter: Letter, message: Message, identity: Identity) -> Read:
    """Mail to a lead's own address: from that lead's contacts or from users."""
    if identity.user_id is not None and identity.answers:
        return _note(message, identity.user_id)
    if identity.user_id is not None:
        return _personal(letter, message, identity)
    return _unverified_user(letter, message) or _incoming(
        letter, message, creates=False, unmatched="not_a_contact"
    )


def _note(message: Message, user_id: str) -> Reading:
    """A user's answer to a mail of ours: for colleagues only, and read as nothing else, whatever is quoted in it."""
    return Reading(
        direction="out",
        people=(),
        author=None,
        subject=plain_subject(message.subject),
        text=message.reply or message.text,
        user_id=user_id,
        answers=True,
    )


def _partner(letter: Letter, message: Message, identity: Identity) -> Read:
    """What a partner sends."""
    del identity
    return read_partner(letter, message)


def _postmaster(letter: Letter, message: Message, identity: Identity) -> Read:
    del letter, identity
    return Stop("held", "postmaster", {"who": who(message)})


def _bounce(letter: Letter, message: Message, identity: Identity) -> Read:
    """What comes to an address for bounces and is none: machines' answers are ignored before, people's are held."""
    del letter, identity
    return Stop("held", "no_bounce", {"who": who(message)})


READERS: Mapping[str, Callable[[Letter, Message, Identity], Read]] = {
    "personal": _personal,
    "bcc": _bcc,
    "leads": _leads,
    "lead": _lead,
    "form": _form,
    "partner": _partner,
    "postmaster": _postmaster,
    "bounce": _bounce,
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
    if message.fields and letter.kind in ("form", "leads"):  # the website's mail names itself as it likes
        return None
    others = [m.address for m in (*message.to, *message.cc) if m.address]
    inside = all(directory.is_internal(address) for address in others)
    only_ours = all(directory.is_ours(address) for address in others)
    if inside and not only_ours and message.forwarded is None:
        return Stop("ignored", "internal")
    return None


def _never(letter: Letter, message: Message) -> Stop | None:
    """Mail of somebody who is never logged, and a user's to such people alone: it is not even held."""
    sender, directory = message.sender, letter.directory
    if sender is None or not sender.address:
        return None
    addressed = (*message.to, *message.cc)
    if directory.is_internal(sender.address) and not outside(directory, addressed):
        return never_of(directory, addressed)
    return never_of(directory, (sender,))


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
    author = _outside_author(letter, message)
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
        return _incoming(letter, message, owner_id=letter.owner_id)
    return (
        read_forward(letter, message, user_id) if message.forwarded else _bcc_copy(letter, message, user_id)
    )


def read_to_attach(letter: Letter, message: Message) -> Reading:
    """What goes onto the lead that a person chose, also where nobody outside is named whom a lead could be about."""
    found = read_for_person(letter, message)
    if isinstance(found, Reading):
        return found
    sender = message.sender if message.sender and message.sender.address else None
    user_id = letter.directory.user_of(sender.address or "") if sender else None
    return Reading(
        direction="out" if user_id else "in",
        people=(),
        author=person(sender) if sender and not user_id else None,
        subject=plain_subject(message.subject),
        text=message.reply or message.text,
        user_id=user_id,
    )


def _outside_author(letter: Letter, message: Message) -> Person | None:
    """From, unless it is ours, internal or a no-reply address: then Reply-To, then the fields of the body. A form's
    From is the website: there Reply-To and the fields come first, and on a form's own address it is nobody."""
    fields, sender = message.fields, message.sender
    written = visitor(fields)
    site = sender.address.casefold() if sender and sender.address else ""
    answers = [box for box in message.reply_to if not fields or (box.address or "").casefold() != site]
    if written.address and any(
        (box.address or "").casefold() == written.address.casefold() for box in answers
    ):
        answers = [written]  # the same, with the name
    found = [*answers, written]
    if sender is not None and letter.kind != "form":
        found = [*found, sender] if fields else [sender, *found]
    return next((person(box) for box in found if may_ask(letter.directory, box)), None)


def _bcc_copy(letter: Letter, message: Message, user_id: str) -> Read:
    """A user's own mail to somebody outside: To and Cc less us; the first To is the main contact. To a lead's own
    address alone it is a note for colleagues."""
    people = outside(letter.directory, (*message.to, *message.cc))
    if not people and letter.kind != "lead":
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
