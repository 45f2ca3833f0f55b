"""What a verified user forwards: about the original sender, or about the original recipients where a user wrote it.

The outermost forwarded mail counts. Where colleagues only passed on to each other what somebody outside had written,
the mail inside it counts, and so on inwards. Only a verified user's forward is ever unwrapped.
"""

from collections.abc import Iterator

from ingest.letter import Letter, Read, Reading, Stop, person, who
from ingest.outside import may_ask, may_be_contact, never_of, outside, plain_subject, visitor
from parsers import forward, textlines
from parsers.boundaries import Boundaries
from parsers.message import Forwarded, Mailbox, Message

DEEPEST = 10
"""Mails inside each other that are looked at."""


def read_forward(letter: Letter, message: Message, user_id: str) -> Read:
    """The reading of a forward. Held where nobody outside is found in it."""
    assert message.forwarded is not None
    directory, note = letter.directory, message.forwarded.note
    stop = Stop("held", "forward_unreadable", {"who": who(message)}, user_id)
    for inner in _inwards(message.forwarded):
        original = inner.sender
        if original is None or not original.address:
            return stop
        if listed := never_of(directory, (original,)):
            return listed
        written = visitor(message.fields) if inner is message.forwarded else None
        if written is not None and may_be_contact(directory, written):
            return _form(letter, message, inner, written, user_id)
        outgoing = directory.is_internal(original.address)
        if not outgoing and not may_ask(directory, original):
            return Stop("held", "no_contact", {"who": original.address}, user_id)
        participants = outside(directory, (*inner.to, *inner.cc))
        if not outgoing or participants:
            return Reading(
                direction="out" if outgoing else "in",
                people=participants if outgoing else (person(original),),
                author=None if outgoing else person(original),
                subject=plain_subject(inner.subject or message.subject),
                text=inner.text,
                user_id=(directory.user_of(original.address) or user_id) if outgoing else None,
                forwarded_by=user_id,
                note=note,
                forwarded={"claimed_from": original.to_json(), "date": inner.date, "how": inner.how},
                owner_id=user_id,
                creates=directory.account.bcc_unmatched == "create",
                proposed=() if outgoing else tuple(p.address for p in participants),
            )
        stop = never_of(directory, (*inner.to, *inner.cc)) or Stop(
            "held", "no_contact", {"who": who(message)}, user_id
        )
    return stop


def _form(letter: Letter, message: Message, inner: Forwarded, written: Mailbox, user_id: str) -> Reading:
    """A website's notification that a user passes on: about the visitor, whoever it says it is from."""
    assert inner.sender is not None
    return Reading(
        direction="in",
        people=(person(written),),
        author=person(written),
        subject=plain_subject(inner.subject or message.subject),
        text=inner.text,
        fields=dict(message.fields),
        forwarded_by=user_id,
        note=inner.note,
        forwarded={"claimed_from": inner.sender.to_json(), "date": inner.date, "how": inner.how},
        owner_id=user_id,
        creates=letter.directory.account.bcc_unmatched == "create",
    )


def _inwards(outermost: Forwarded) -> Iterator[Forwarded]:
    """The forwarded mail, then the mail that it forwards or quotes, and so on."""
    inner = outermost
    for _ in range(DEEPEST):
        yield inner
        lines = textlines.read(inner.text)
        # It is known to be passed on: whatever older mail is in it counts, however it is announced.
        subject = f"Fwd: {plain_subject(inner.subject)}"
        found = forward.find(lines, Boundaries(lines), subject, answers=False)
        if found is None:
            return
        inner = found[0]
