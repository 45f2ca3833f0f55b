"""Whether a message is a bounce, whom it is about, and why (RFC 3464, 3463, and what came before them).

Gated: the free-form readers are only asked when the message has no sender (`Return-Path: <>`), comes from a mailer daemon,
or carries a delivery-status part; alone they take 3 in 100 ordinary mails for bounces. Evidence in this order: the
machine-readable part, `X-Failed-Recipients`, flufl.bounce's readers, then the text. flufl.bounce is imported only then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers import encoded_words
from parsers.addresses import ADDRESS
from parsers.message import Bounce, FailedRecipient
from parsers.mime import Mime, Part

_DAEMON = re.compile(
    r"(?i)(?:^|[<\"\s'])(?:mailer[-_. ]?daemon|mail[-_. ]?delivery|postmaster|mdaemon|double-bounce|bounces?|mail[-_. ]?system|"
    r"mail administrator|delivery[-_. ]?(?:subsystem|system)|postmail|maildaemon|mail-daemon|mail_delivery|smtp[-_. ]?daemon)"
)
_SUBJECT = re.compile(
    r"(?i)undeliver|un-?deliverable|delivery (?:status notification|failure|failed|has failed|problem|report|unsuccessful)|returned mail|returned to sender|mail delivery (?:failed|failure|system|error|problem|delayed)"
    r"|failure notice|nicht zustellbar|unzustellbar|non remis|non distribu|no se puede entregar|non recapitabile|onbestelbaar|mail could not be delivered|message (?:undeliverable|delivery failure)"
    r"|could not (?:be delivered|send message)|delivery delayed|warning: (?:message|could not)|bounce|returned email|nondeliverable|non-?delivery|mail system error|mail delivery|address (?:unknown|not found)|user unknown|rejected|配信|投递|failed"
)
_FIELD = re.compile(
    r"(?im)^[ \t>]*(final-recipient|original-recipient|action|status|diagnostic-code|x-actual-recipient)[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*){0,6})"
)
_MESSAGE_ID = re.compile(r"(?im)^[ \t>]*message-id:[ \t]*\n?[ \t]*(<[^<>\s]{1,300}>)")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def find(mime: Mime, subject: str | None, text: str) -> tuple[bool, Bounce | None]:
    """Whether the message is a bounce, and its details."""
    status = next(
        (
            part
            for part in mime.root.walk()
            if part.content_type in ("message/delivery-status", "message/global-delivery-status")
        ),
        None,
    )
    if status is not None:
        rows = _status_rows(_text_of(status))
        if rows and all((row.action or "").startswith(("delivered", "relayed", "expanded")) for row in rows):
            return False, None
        return True, Bounce(rows or _free_form(mime, text), _original_id(mime, text))
    if not _gate(mime, subject):
        return False, None
    rows = _header_rows(mime) or _inline_rows(text) or _free_form(mime, text)
    if rows or _SUBJECT.search(subject or ""):
        return True, Bounce(rows, _original_id(mime, text))
    return False, None


def _gate(mime: Mime, subject: str | None) -> bool:
    sender = (mime.first("from") or b"").decode("utf-8", "replace")
    path = (mime.first("return-path") or b"").strip()
    daemon = bool(_DAEMON.search(sender[:400]))
    if mime.first("x-failed-recipients"):
        return True
    return daemon or (path == b"<>" and bool(_SUBJECT.search(subject or "")))


def _text_of(part: Part) -> str:
    pieces = (
        [_text_of(child) for child in part.children]
        if part.children
        else [part.data()[0].decode("utf-8", "replace")]
    )
    if part.header is not None:
        pieces.insert(0, "".join(f"{name}: {value}\n" for name, value in part.header.raw_items()))
    if part.children and part.header is None:
        pieces = [f"{_headers(child)}\n{_text_of(child)}" for child in part.children]
    return "\n\n".join(pieces).replace("\r\n", "\n")[:200_000]


def _headers(part: Part) -> str:
    return (
        "".join(f"{name}: {value}\n" for name, value in part.source.raw_items())
        if part.source is not None
        else ""
    )


def _status_rows(text: str) -> tuple[FailedRecipient, ...]:
    """The recipients of a delivery-status text, one per group of fields."""
    rows: list[FailedRecipient] = []
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(text[:200_000]):
        name, value = match[1].lower(), " ".join(match[2].split())
        if name in fields and name in ("final-recipient", "original-recipient"):
            rows.extend(_row(fields))
            fields = {}
        fields.setdefault(name, value)
    rows.extend(_row(fields))
    seen: dict[str, FailedRecipient] = {}
    for row in rows:
        seen.setdefault(row.address.lower(), row)
    return tuple(seen.values())


def _row(fields: dict[str, str]) -> Iterable[FailedRecipient]:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = fields.get(name, "")
        found = ADDRESS.search(value.split(";", 1)[-1])
        if found:
            status = _STATUS.search(fields.get("status", "")) or _STATUS.search(
                fields.get("diagnostic-code", "")
            )
            yield FailedRecipient(
                found[0].strip("<>."),
                status[1] if status else None,
                fields.get("action", "").split("(")[0].strip().lower() or None,
                fields.get("diagnostic-code", "").partition(";")[2].strip()
                or fields.get("diagnostic-code")
                or None,
            )
            return


def _header_rows(mime: Mime) -> tuple[FailedRecipient, ...]:
    value = encoded_words.decode(mime.first("x-failed-recipients") or b"", [])
    return tuple(FailedRecipient(address) for address in dict.fromkeys(ADDRESS.findall(value)))


def _inline_rows(text: str) -> tuple[FailedRecipient, ...]:
    return _status_rows(text) if "final-recipient" in text[:200_000].lower() else ()


def _free_form(mime: Mime, text: str) -> tuple[FailedRecipient, ...]:
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(mime.std)
    found = sorted({address.decode("utf-8", "replace") for address in (*permanent, *temporary)})
    failed = {address.decode("utf-8", "replace") for address in permanent}
    return tuple(
        FailedRecipient(address, None, "failed" if address in failed else "delayed")
        for address in found
        if "@" in address
    )


def _original_id(mime: Mime, text: str) -> str | None:
    """The Message-ID of the mail that bounced: in the returned part, else in the text."""
    for part in mime.root.walk():
        if (
            part.header is not None
            and part.content_type.startswith("message/rfc822")
            and (value := part.header.get("message-id"))
        ):
            found = re.search(r"<[^<>\s]{1,300}>", str(value))
            return found[0] if found else None
        if part.content_type in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            found = _MESSAGE_ID.search(part.data()[0].decode("utf-8", "replace").replace("\r\n", "\n"))
            if found:
                return found[1]
    found = _MESSAGE_ID.search(text[:200_000])
    return found[1] if found else None
