"""The one door of this folder: the bytes of a message in, an understood `Message` out (product page, section 4).

Reads as a table of contents. Holds for every input: it answers, in time and memory linear in the size, without an
exception; what is odd is a problem on the message. A step that fails all the same costs its own answer only
(`parser-crash`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from parsers import (
    automatic,
    bounce,
    contact,
    encoded_words,
    form_mail,
    forward,
    mime,
    reply,
    text,
    textlines,
)
from parsers.boundaries import Boundaries
from parsers.file_names import safe_name
from parsers.message import Attachment, Forwarded, Message, Problem
from parsers.mime import Mime
from parsers.parts import Part
from parsers.problems import Code, Problems
from parsers.structured import reading as structured
from parsers.structured.rows import Structured

T = TypeVar("T")

HEADERS_KEPT = 200
HEADER_LENGTH = 2_000
REFERENCES = 200
PROBLEMS = 50
PEOPLE = ("from", "sender", "reply-to", "to", "cc")

_ID = re.compile(r"<[^<>\s]{1,998}>")


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """What the reader is told: the account's users' addresses and own domains, in lower case, and the envelope
    sender.

    `mail_from` is None where it is not known and "" for a null sender.
    """

    user_addresses: frozenset[str] = frozenset()
    own_domains: frozenset[str] = frozenset()
    mail_from: str | None = None


DEFAULT = ParseOptions()


def understand(raw: bytes, options: ParseOptions = DEFAULT) -> Message:
    """Everything that can be read of a message. Never raises."""
    found: Problems = []
    if not raw.strip():
        return Message(problems=(Problem(Code.EMPTY),))
    try:
        parsed = mime.read(raw)
        found = parsed.problems
        return _message(parsed, options)
    except Exception as error:  # noqa: BLE001 - the last net: nothing a stranger sends may stop the reading
        found.append((Code.PARSER_CRASH, f"{type(error).__name__}: {error}"[:200]))
        return Message(
            text=raw[:1_000_000].decode("utf-8", "replace").replace("\r\n", "\n"), problems=_problems(found)
        )


def _message(parsed: Mime, options: ParseOptions) -> Message:
    step = _Steps(parsed.problems).step
    subject = step("subject", lambda: parsed.text("subject"))
    people = {name: step(name, partial(parsed.mailboxes, name)) or () for name in PEOPLE}
    references = step("references", lambda: _references(parsed)) or ()
    answered = step("in-reply-to", lambda: _first_id(parsed.text("in-reply-to")))
    bodies = step("parts", lambda: text.Bodies(parsed))
    whole = (step("text", bodies.text) if bodies else None) or ""
    lines = textlines.read(whole)
    found_bounce = step("bounce", lambda: bounce.find(parsed, subject, whole, options.mail_from))
    bounced, details = found_bounce or (False, None)
    kind = step("automatic", lambda: automatic.kind(parsed, subject, whole, bounced, options.mail_from))
    forwarded, boundary = None, None
    older = Boundaries(lines)
    if not bounced:
        answers = bool(answered or references) or kind == "auto-reply"
        found = step("forward", lambda: forward.find(lines, older, subject, answers=answers))
        forwarded, boundary = found or (None, None)
        if forwarded is None and bodies and kind in (None, "list", "bulk"):
            forwarded = step("attached", lambda: _attached_forward(bodies.forwards(), whole))
    newest, signature = step("reply", lambda: reply.newest(lines, older, boundary)) or (whole, None)
    senders = people["from"] or people["sender"]
    parts = bodies.attached if bodies else []
    attached = step("attachments", lambda: [_attachment(part, parsed) for part in parts])
    message = Message(
        message_id=step("message-id", lambda: _first_id(parsed.text("message-id"))),
        in_reply_to=answered,
        references=references,
        date=step("date", parsed.date),
        subject=subject,
        sender=senders[0] if senders else None,
        reply_to=people["reply-to"],
        to=people["to"],
        cc=people["cc"],
        text=whole,
        reply=newest,
        signature=signature,
        forwarded=forwarded,
        automatic=kind,
        bounce=details,
        attachments=tuple(attached or ()),
        headers=step("headers", lambda: _headers(parsed)) or (),
    )
    html = bodies.html if bodies else form_mail.no_html
    leads = step("structured", lambda: structured.read(message, bodies)) if bodies else None
    fields = step("fields", lambda: _fields(message, leads, html)) or {}
    signed = step("contact", lambda: contact.read(message)) if not fields else None
    return replace(
        message, fields=fields, structured=leads, contact=signed, problems=_problems(parsed.problems)
    )


def _fields(message: Message, leads: Structured | None, html: Callable[[], str | None]) -> Mapping[str, str]:
    """Those of the form in the text, and those of the one lead the message brings as data, if it exists to bring it."""
    if leads is None or not leads.counts:
        return form_mail.read(message, html)
    row = leads.rows[0].fields if len(leads.rows) == 1 else {}
    if leads.origin != "body":
        return form_mail.read(message, html) or row
    inner = message.forwarded
    inner = replace(inner, text=structured.words(inner.text, leads)) if inner else None
    reply_alone = structured.words(message.reply, leads)
    return {**row, **form_mail.read(replace(message, text=reply_alone, reply=reply_alone, forwarded=inner))}


class _Steps:
    """Runs one step of the reading; its failure costs that step's answer, no more."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def step(self, name: str, read: Callable[[], T]) -> T | None:
        """What `read` gives, None where it failed."""
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a problem on the message
            self.problems.append((Code.PARSER_CRASH, f"{name}: {type(error).__name__}: {error}"[:200]))
            return None


def _first_id(value: str | None) -> str | None:
    if not value:
        return None
    found = _ID.search(value)
    return found[0] if found else (value.strip()[:998] or None)


def _references(parsed: Mime) -> tuple[str, ...]:
    value = parsed.first("references")
    if not value:
        return ()
    found = list(dict.fromkeys(_ID.findall(encoded_words.decode(value, []))))
    return tuple(found if len(found) <= REFERENCES else found[:20] + found[20 - REFERENCES :])


def _plain(value: bytes, ignored: Problems) -> str:
    if value.isascii() and b"=?" not in value and b"\t" not in value and b"  " not in value:
        return value.decode("ascii")
    return encoded_words.decode(value, ignored)


def _headers(parsed: Mime) -> tuple[tuple[str, str], ...]:
    ignored: Problems = []
    return tuple(
        (name, _plain(value[:HEADER_LENGTH], ignored)) for name, value in parsed.fields[:HEADERS_KEPT]
    )


def _attachment(part: Part, parsed: Mime) -> Attachment:
    size, digest = part.digest()
    name = part.filename
    safe = safe_name(name) if name else None
    if name and safe != name:
        parsed.problems.append((Code.UNSAFE_FILENAME, repr(name[:120])))
    inline = part.disposition == "inline" or (
        part.disposition != "attachment" and part.content_id is not None
    )
    return Attachment(
        safe, part.content_type, size, digest, inline, part.content_id, name if name != safe else None
    )


def _attached_forward(attached: list[Part], note: str) -> Forwarded | None:
    """The first mail attached, as message/rfc822 or as an .eml file, with what was written beside it as the note."""
    if not attached:
        return None
    part = attached[0]
    if part.header is not None:
        fields = [(name, mime.header_bytes(value)) for name, value in part.header.raw_items()]
        inner = Mime(part.children[0], fields, [])
    else:
        inner = mime.read(part.data()[0])
    senders = inner.mailboxes("from")
    subject = inner.text("subject")
    if not senders and subject is None:
        return None
    date = inner.date()
    return Forwarded(
        senders[0] if senders else None,
        inner.mailboxes("to"),
        inner.mailboxes("cc"),
        subject,
        date.isoformat() if date else inner.text("date"),
        text.Bodies(inner).text(),
        note.strip("\n"),
        None,
        None,
        "attached message",
    )


def _problems(found: Problems) -> tuple[Problem, ...]:
    return tuple(Problem(str(code), detail) for code, detail in list(dict.fromkeys(found))[:PROBLEMS])
