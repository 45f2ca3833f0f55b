"""The types of an understood message, and their JSON: product page, section 4, the parse contract.

Frozen values only: nothing in here parses. `Message.to_json` gives the contract's keys, `structured` and `contact` (a
`file` key is the command line's business); unknown values are None or empty, never missing. `Message.from_json` is the
way back from what a database keeps; the facts JSON does not carry (`headers`, `Forwarded.how`) come back empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parsers.person import Contact
from parsers.structured.rows import Structured

Json = dict[str, Any]

AUTOMATIC_KINDS = (
    "bounce",
    "auto-reply",
    "auto-generated",
    "list",
    "bulk",
    "delivery-notice",
    "feedback-report",
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One person or address as written. At least one of the two is known; the address keeps its spelling."""

    name: str | None
    address: str | None

    def to_json(self) -> Json:
        """`{"name", "address"}`."""
        return {"name": self.name, "address": self.address}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Mailbox:
        """The way back."""
        return cls(data.get("name"), data.get("address"))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something odd about the message: a stable code of `parsers.problems.Code`, and what exactly."""

    code: str
    detail: str = ""

    def to_json(self) -> Json:
        """`{"code", "detail"}`."""
        return {"code": str(self.code), "detail": self.detail}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """The way back."""
        return cls(data["code"], data.get("detail") or "")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of one attached leaf. `filename` is safe to show and to store under, `size` is in decoded bytes.

    `original_filename` is the name as the sender wrote it where that differs: data, never a path.
    """

    filename: str | None
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None
    original_filename: str | None = None

    def to_json(self) -> Json:
        """The contract's keys; the original file name stays in the problems' detail."""
        return {
            "filename": self.filename,
            "content_type": self.content_type,
            "size": self.size,
            "sha256": self.sha256,
            "inline": self.inline,
            "content_id": self.content_id,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Attachment:
        """The way back."""
        return cls(
            data.get("filename"),
            data["content_type"],
            data["size"],
            data["sha256"],
            bool(data.get("inline")),
            data.get("content_id"),
        )


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The outermost forwarded mail inside a message.

    `date` is ISO 8601 where it can be read, else as written. `note` is what the forwarder wrote above it. `how`
    names the evidence ("separator", "header block", "attribution", "attached message") for the receipt's trail.
    """

    sender: Mailbox | None
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str | None = None
    date: str | None = None
    text: str = ""
    note: str = ""
    client: str | None = None
    language: str | None = None
    how: str = ""

    def to_json(self) -> Json:
        """The contract's `forwarded`."""
        return {
            "from": self.sender.to_json() if self.sender else None,
            "to": _list(self.to),
            "cc": _list(self.cc),
            "subject": self.subject,
            "date": self.date,
            "text": self.text,
            "note": self.note,
            "client": self.client,
            "language": self.language,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Forwarded:
        """The way back."""
        return cls(
            _mailbox(data.get("from")),
            _mailboxes(data.get("to")),
            _mailboxes(data.get("cc")),
            data.get("subject"),
            data.get("date"),
            data.get("text") or "",
            data.get("note") or "",
            data.get("client"),
            data.get("language"),
        )


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One address a bounce is about. `status` is an enhanced status code (RFC 3463), `action` that of RFC 3464."""

    address: str
    status: str | None = None
    action: str | None = None
    diagnostic: str | None = None

    def to_json(self) -> Json:
        """The contract's row of `bounce.recipients`."""
        return {
            "address": self.address,
            "status": self.status,
            "action": self.action,
            "diagnostic": self.diagnostic,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FailedRecipient:
        """The way back."""
        return cls(data["address"], data.get("status"), data.get("action"), data.get("diagnostic"))


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says: who was not reached, and which message it was."""

    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str | None = None

    def to_json(self) -> Json:
        """The contract's `bounce`."""
        return {
            "recipients": [recipient.to_json() for recipient in self.recipients],
            "original_message_id": self.original_message_id,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Bounce:
        """The way back."""
        rows = tuple(FailedRecipient.from_json(row) for row in data.get("recipients") or ())
        return cls(rows, data.get("original_message_id"))


@dataclass(frozen=True, slots=True)
class Message:
    """An understood message. `date` is aware; `text` is the whole text, `reply` the newest part of it.

    `headers` are the first fields of the message, decoded, in order and bounded in number and length, for the steps
    that look at trace and list fields.
    """

    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    date: datetime | None = None
    subject: str | None = None
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    text: str = ""
    reply: str = ""
    signature: str | None = None
    forwarded: Forwarded | None = None
    automatic: str | None = None
    bounce: Bounce | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[Problem, ...] = ()
    structured: Structured | None = None
    contact: Contact | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def header(self, name: str) -> str | None:
        """The first field of that name (any case), decoded; None where there is none."""
        folded = name.lower()
        return next((value for key, value in self.headers if key.lower() == folded), None)

    def to_json(self) -> Json:
        """The parse contract, without `file`, and `structured` and `contact` behind it."""
        return {
            "message_id": self.message_id,
            "in_reply_to": self.in_reply_to,
            "references": list(self.references),
            "date": self.date.isoformat() if self.date else None,
            "subject": self.subject,
            "from": self.sender.to_json() if self.sender else None,
            "reply_to": _list(self.reply_to),
            "to": _list(self.to),
            "cc": _list(self.cc),
            "text": self.text,
            "reply": self.reply,
            "signature": self.signature,
            "forwarded": self.forwarded.to_json() if self.forwarded else None,
            "automatic": self.automatic,
            "bounce": self.bounce.to_json() if self.bounce else None,
            "fields": dict(self.fields),
            "attachments": [attachment.to_json() for attachment in self.attachments],
            "problems": [problem.to_json() for problem in self.problems],
            "structured": self.structured.to_json() if self.structured else None,
            "contact": self.contact.to_json() if self.contact else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        """The message behind `to_json`, but for `headers` and `Forwarded.how`."""
        return cls(
            message_id=data.get("message_id"),
            in_reply_to=data.get("in_reply_to"),
            references=tuple(data.get("references") or ()),
            date=datetime.fromisoformat(data["date"]) if data.get("date") else None,
            subject=data.get("subject"),
            sender=_mailbox(data.get("from")),
            reply_to=_mailboxes(data.get("reply_to")),
            to=_mailboxes(data.get("to")),
            cc=_mailboxes(data.get("cc")),
            text=data.get("text") or "",
            reply=data.get("reply") or "",
            signature=data.get("signature"),
            forwarded=Forwarded.from_json(data["forwarded"]) if data.get("forwarded") else None,
            automatic=data.get("automatic"),
            bounce=Bounce.from_json(data["bounce"]) if data.get("bounce") else None,
            fields=dict(data.get("fields") or {}),
            attachments=tuple(Attachment.from_json(row) for row in data.get("attachments") or ()),
            problems=tuple(Problem.from_json(row) for row in data.get("problems") or ()),
            structured=Structured.from_json(data["structured"]) if data.get("structured") else None,
            contact=Contact.from_json(data["contact"]) if data.get("contact") else None,
        )


def _list(mailboxes: Iterable[Mailbox]) -> list[Json]:
    return [mailbox.to_json() for mailbox in mailboxes]


def _mailbox(data: Mapping[str, Any] | None) -> Mailbox | None:
    return Mailbox.from_json(data) if data else None


def _mailboxes(data: Iterable[Mapping[str, Any]] | None) -> tuple[Mailbox, ...]:
    return tuple(Mailbox.from_json(row) for row in data or ())
