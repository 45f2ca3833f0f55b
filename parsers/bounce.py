"""Whether a message is a bounce, whom it is about, and why (RFC 3464, 3463, and what came before them).

Gated: the free-form readers are only asked when the message has no sender (`Return-Path: <>`), comes from a mailer
daemon, or has a subject that says so at its beginning and no one answered or forwarded; alone they take 3 in 100
ordinary mails for bounces. Evidence in this order: the machine-readable part, the header, Amazon's notifications,
`Final-Recipient` in the text, the text by the word lists of `locale_automatic`, then flufl.bounce's readers (imported
only then: they cost more than all the rest together).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from functools import cache

from parsers import encoded_words
from parsers.addresses import ADDRESS
from parsers.bounce_words import (
    LONGEST,
    REPLY,
    ROWS,
    STATUS,
    completed,
    decoded,
    finder,
    flufl_rows,
    pattern,
    text_rows,
)
from parsers.forward import subject_says
from parsers.locale_automatic import (
    ANSWERING_SUBJECTS,
    DAEMONS,
    LIKELY_SUBJECTS,
    MACHINE_PARTS,
    PLAIN_SENDERS,
    POSTMASTERS,
    SURE_SUBJECTS,
    SURE_TEXTS,
)
from parsers.message import Bounce, FailedRecipient
from parsers.mime import Mime

STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
HEADER_TYPES = ("text/rfc822-headers", "message/partial", "message/rfc822-headers", "message/global-headers")
GOOD_ACTIONS = ("delivered", "relayed", "expanded", "deliverable")

_FIELD = re.compile(
    r"(?im)^[ \t>]{0,8}(final-recipient|original-recipient|x-actual-recipient|action|status|diagnostic-code)[ \t]*:"
    r"[ \t]*([^\n]{0,2000}(?:\n[ \t]+[^\n]{1,1000}){0,8})"
)
_DOMAIN = re.compile(r"@[^\s>]{1,255}")
_MESSAGE_ID = re.compile(r"(?im)^[ \t>]{0,8}message-id:[ \t]*\n?[ \t]*(<[^<>\s]{1,300}>)")


class Gate(Enum):
    """What the sender and the subject allow."""

    CERTAIN = auto()  # a bounce, whoever it is about
    MACHINE = auto()  # a bounce if any reader finds an address
    REPLIES = auto()  # a bounce if any reader finds an address and what a server replied
    WORDS = auto()  # a bounce if a reader of machine-made text finds an address
    SHUT = auto()  # no bounce


def find(
    mime: Mime, subject: str | None, text: str, mail_from: str | None = None
) -> tuple[bool, Bounce | None]:
    """Whether the message is a bounce, and its details. `mail_from` is the envelope sender, "" for none, where
    known."""
    reports = (
        [part for part in mime.root.walk() if part.content_type in STATUS_TYPES] if mime.root.children else []
    )
    if reports:
        rows = _status_rows("\n\n".join(decoded(part.data()[0]) for part in reports))
        if rows and all((row.action or "").startswith(GOOD_ACTIONS) for row in rows):
            return False, None
        rows = completed(rows, subject, text) or _header_rows(mime) or _free_form(mime, subject, text)
        return True, Bounce(rows, _original_id(mime, text))
    if (noted := _amazon(text)) is not None:
        kind, rows = noted
        return kind == "bounce", Bounce(rows, None) if kind == "bounce" else None
    gate = _gate(mime, subject, text, _null_sender(mime) or mail_from == "")
    if gate is Gate.SHUT:
        return False, None
    rows = _header_rows(mime) or _inline_rows(text)
    if not rows and gate is not Gate.WORDS:
        rows = text_rows(mime, text)
    rows = completed(rows or flufl_rows(mime), subject, text)
    if gate is Gate.REPLIES:
        rows = tuple(row for row in rows if row.status or REPLY.search(row.diagnostic or ""))
    return (True, Bounce(rows, _original_id(mime, text))) if rows or gate is Gate.CERTAIN else (False, None)


def _sender(mime: Mime) -> str:
    """Name and local part of the sender in lower case, where they may be a machine's; the domain says nothing."""
    value = _DOMAIN.sub(" ", encoded_words.decode((mime.first("from") or b"")[:400], [])).lower()
    return value if any(part in value for part in MACHINE_PARTS) else ""


def _daemon(mime: Mime, sender: str) -> bool:
    path = (mime.first("return-path") or b"")[:400].decode("utf-8", "replace")
    if mime.first("x-failed-recipients"):
        return True
    return bool(
        (sender and pattern(DAEMONS).search(sender))
        or ("aemon" in path.lower() and pattern(DAEMONS).search(path))
    )


def _null_sender(mime: Mime) -> bool:
    return (mime.first("return-path") or b"").strip() == b"<>"


def _gate(mime: Mime, subject: str | None, text: str, nobody: bool) -> Gate:
    """What sender and subject allow; `nobody` says that the message has no sender."""
    sender = _sender(mime)
    if _daemon(mime, sender):
        return Gate.CERTAIN
    postmaster = bool(sender and pattern(POSTMASTERS).search(sender))
    if subject_answers(subject):
        return Gate.SHUT
    if (nobody or postmaster) and finder(SURE_TEXTS)(text[:1_500]):
        return Gate.CERTAIN
    if subject_says(subject) is not None:
        return Gate.SHUT
    sure = bool(pattern(SURE_SUBJECTS, anchored=True).match(subject or ""))
    if not (nobody or sender):
        return Gate.WORDS if sure else Gate.SHUT
    if nobody and (sure or postmaster):
        return Gate.CERTAIN
    likely = sure or finder(LIKELY_SUBJECTS)(subject or "")
    if (nobody and likely) or (postmaster and sure):
        return Gate.MACHINE
    if (postmaster and likely) or (sure and sender and pattern(PLAIN_SENDERS).search(sender)):
        return Gate.REPLIES
    return Gate.WORDS if sure else Gate.SHUT


@cache
def _answering() -> tuple[str, ...]:
    return tuple(word for word in ANSWERING_SUBJECTS.split("|") if word)


def subject_answers(subject: str | None) -> bool:
    """Whether a subject begins as those of automatic replies do."""
    return (subject or "").strip(" [(*\"'").casefold().startswith(_answering())


def _status_rows(text: str) -> tuple[FailedRecipient, ...]:
    """The recipients of a delivery-status text, one per group of fields (a blank line, or a recipient named
    again)."""
    seen: dict[str, FailedRecipient] = {}
    for fields in _groups(text[:LONGEST]):
        for row in _row(fields):
            seen.setdefault(row.address.lower(), row)
    return tuple(list(seen.values())[:ROWS])


def _groups(text: str) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(text):
        name, value = match[1].lower(), " ".join(match[2].split())
        if name in fields and name in ("final-recipient", "original-recipient"):
            yield fields
            fields = {}
        fields.setdefault(name, value)
    yield fields


def _row(fields: dict[str, str]) -> Iterable[FailedRecipient]:
    address = _recipient(fields)
    if address:
        status = STATUS.search(fields.get("status", "")) or STATUS.search(fields.get("diagnostic-code", ""))
        diagnostic = fields.get("diagnostic-code", "")
        yield FailedRecipient(
            address[:320],
            status[1] if status else None,
            _action(fields.get("action", "")),
            (diagnostic.partition(";")[2].strip() or diagnostic)[:1_000] or None,
        )


def _action(value: str) -> str | None:
    """An action of RFC 3464, section 2.3.3, also where it is only spelt alike."""
    word = value.split("(", maxsplit=1)[0].strip().lower()
    return {"failure": "failed", "fail": "failed", "delay": "delayed"}.get(word, word) or None


def _recipient(fields: dict[str, str]) -> str | None:
    for name in ("final-recipient", "x-actual-recipient", "original-recipient"):
        if address := _address(fields.get(name, "")):
            return address
    return None


def _address(value: str) -> str | None:
    kind, _, address = value.rpartition(";")
    address = address.strip().strip("<>").strip()
    if "@" in address and " " not in address and not kind.strip().lower().startswith("x400"):
        return address
    found = ADDRESS.search(address)
    return found[0] if found else None


def _header_rows(mime: Mime) -> tuple[FailedRecipient, ...]:
    for name in ("x-failed-recipients", "final-recipient", "original-recipient"):
        value = encoded_words.decode(mime.first(name) or b"", [])
        if found := ADDRESS.findall(value):
            return tuple(FailedRecipient(address) for address in dict.fromkeys(found))[:ROWS]
    return ()


def _inline_rows(text: str) -> tuple[FailedRecipient, ...]:
    return _status_rows(text) if "final-recipient" in text[:LONGEST].lower() else ()


def _free_form(mime: Mime, subject: str | None, text: str) -> tuple[FailedRecipient, ...]:
    return completed(text_rows(mime, text) or flufl_rows(mime), subject, text)


def _amazon(text: str) -> tuple[str, tuple[FailedRecipient, ...]] | None:
    """The kind and rows of an Amazon SES notification that came by mail; None for anything else."""
    text = text.lstrip()
    if not text.startswith("{") or (
        '"notificationType"' not in text[:2_000] and '"eventType"' not in text[:2_000]
    ):
        return None
    try:
        data, _ = json.JSONDecoder(strict=False).raw_decode(text[:LONGEST].replace("\n", ""))
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    kind = str(data.get("notificationType") or data.get("eventType") or "").lower()
    bounced = data.get("bounce")
    rows: list[FailedRecipient] = []
    for row in (bounced.get("bouncedRecipients") or ()) if isinstance(bounced, dict) else ():
        if isinstance(row, dict) and isinstance(row.get("emailAddress"), str):
            said = row.get("diagnosticCode")
            rows.append(
                FailedRecipient(
                    row["emailAddress"],
                    _text_or_none(row.get("status")),
                    _text_or_none(row.get("action")),
                    _text_or_none(said),
                )
            )
    return kind, tuple(rows[:ROWS])


def noted_by_amazon(text: str) -> str | None:
    """Another kind of automatic mail that an Amazon SES notification is."""
    noted = _amazon(text)
    return {"delivery": "delivery-notice", "complaint": "feedback-report"}.get(noted[0]) if noted else None


def _text_or_none(value: object) -> str | None:
    return value[:1_000] if isinstance(value, str) else None


def _original_id(mime: Mime, text: str) -> str | None:
    """The Message-ID of the mail that bounced: in the returned part, else in the text."""
    for part in mime.root.walk():
        if part.header is not None and (value := part.header.get("message-id")):
            found = re.search(r"<[^<>\s]{1,300}>", str(value))
            if found:
                return found[0]
        if part.content_type in HEADER_TYPES and (found := _MESSAGE_ID.search(decoded(part.data()[0]))):
            return found[1]
    found = _MESSAGE_ID.search(text[:LONGEST])
    return found[1] if found else None
