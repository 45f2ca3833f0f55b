"""How a mail appears in a lead's timeline."""

from datetime import datetime, timedelta
from typing import Any

from ingest.letter import Letter, Reading
from parsers.message import Message
from store.history import NewEntry

SHARED, PRIVATE = "shared", "private"
OLDEST = timedelta(days=30)
NEWEST = timedelta(hours=1)


def entry_date(letter: Letter, message: Message) -> tuple[datetime, str | None]:
    """The date an entry is sorted under, and a note where it isn't the mail's own.

    The Date header counts if it is at most 30 days before and one hour after receipt (product §5).
    """
    written = message.date
    if written is None:
        return letter.received_at, None
    if letter.received_at - OLDEST <= written <= letter.received_at + NEWEST:
        return written, None
    return letter.received_at, f"the mail says {written.isoformat()}"


def visibility(letter: Letter, reading: Reading) -> str:
    """Who sees the mail: as its user decided for own mail; anybody's who sees the lead when it is no user's."""
    user_id = reading.forwarded_by or reading.user_id
    return letter.directory.visibility.get(user_id, SHARED) if user_id else SHARED


def entry_of(letter: Letter, message: Message, reading: Reading, reason: str) -> tuple[NewEntry, str | None]:
    """The entry that a message makes on a lead, and the event that tells of it."""
    if reason == "already_known":
        passed_on = passed_on_entry(letter, reading)
        return passed_on, "lead.commented" if passed_on.text else None
    if reading.user_id and not reading.people:
        return _comment(letter, message, reading), "lead.commented"
    if letter.by_post:
        return form_entry(letter, message, reading), "lead.email.received"
    event = "lead.email.sent" if reading.direction == "out" else "lead.email.received"
    return email_entry(letter, message, reading), event


def _comment(letter: Letter, message: Message, reading: Reading) -> NewEntry:
    """A user's mail that went to the lead alone: nobody outside has it."""
    at, note = entry_date(letter, message)
    data: dict[str, Any] = {"date_note": note} if note else {}
    if message.attachments:
        data["attachments"] = [attachment.to_json() for attachment in message.attachments]
    return NewEntry(
        kind="comment",
        at=at,
        text=reading.text,
        subject=reading.subject,
        author_user_id=reading.user_id,
        data=data or None,
        message_id=letter.id,
        visibility=visibility(letter, reading),
    )


def email_entry(letter: Letter, message: Message, reading: Reading) -> NewEntry:
    """An e-mail, in or out, with its newest text; the whole text stays with the message."""
    at, note = entry_date(letter, message)
    data: dict[str, Any] = {}
    if note:
        data["date_note"] = note
    if reading.forwarded_by:
        data["forwarded_by"] = reading.forwarded_by
        data["forwarded"] = dict(reading.forwarded or {})
        data["note"] = reading.note
    if reading.proposed:
        data["proposed_contacts"] = list(reading.proposed)
    if message.attachments:
        data["attachments"] = [attachment.to_json() for attachment in message.attachments]
    author = reading.author
    return NewEntry(
        kind="email",
        at=at,
        text=reading.text,
        direction=reading.direction,
        subject=reading.subject,
        author_user_id=None if author else reading.user_id,
        author_name=author.name if author else None,
        author_address=author.address if author else None,
        data=data or None,
        message_id=letter.id,
        visibility=visibility(letter, reading),
    )


def form_entry(letter: Letter, message: Message, reading: Reading) -> NewEntry:
    """A form post, with what the visitor filled in; to rules it is an incoming mail."""
    written = message.sender
    data: dict[str, Any] = {"fields": dict(reading.fields)}
    if message.attachments:
        data["attachments"] = [attachment.to_json() for attachment in message.attachments]
    return NewEntry(
        kind="form",
        at=letter.received_at,
        text=reading.text,
        direction="in",
        subject=reading.subject,
        author_name=written.name if written else None,
        author_address=written.address if written else None,
        data=data,
        message_id=letter.id,
    )


def passed_on_entry(letter: Letter, reading: Reading) -> NewEntry:
    """What a user wrote above a mail that is in the timeline already: a comment, or only that it was passed on."""
    return NewEntry(
        kind="comment" if reading.note.strip() else "note",
        at=letter.received_at,
        text=reading.note,
        subject=reading.subject,
        author_user_id=reading.forwarded_by,
        data={"forwarded": dict(reading.forwarded or {})},
        message_id=letter.id,
        visibility=visibility(letter, reading),
    )


def note_entry(letter: Letter, message: Message, kind: str) -> NewEntry:
    """A bounce or an automatic reply, noted on the lead it answers."""
    at, _ = entry_date(letter, message)
    sender = message.sender
    return NewEntry(
        kind=kind,
        at=at,
        text=message.reply or message.text,
        direction="in",
        subject=message.subject,
        author_name=sender.name if sender else None,
        author_address=sender.address if sender else None,
        data={"bounce": message.bounce.to_json()} if message.bounce else {"automatic": message.automatic},
        message_id=letter.id,
    )
