"""A form post as an understood message: who wrote, the fields under canonical keys, the text, the files.

The fields that are leadgate's own begin with an underscore (`RESERVED`). They are no words of the visitor: they stand
in `Message.headers` under their names and nowhere else. Values that go into one line have one: a line break in a name
or an address never reaches a header of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers import form_body
from parsers.addresses import ADDRESS
from parsers.file_names import safe_name
from parsers.form_body import Body
from parsers.form_fields import Row, collect
from parsers.form_labels import canonical
from parsers.message import Attachment, Mailbox, Message, Problem
from parsers.problems import Code, Problems

HONEYPOT, REDIRECT, TAG, LANGUAGE, ELAPSED = "_gotcha", "_redirect", "_tag", "_lang", "_elapsed"
RESERVED = (HONEYPOT, REDIRECT, TAG, LANGUAGE, ELAPSED, "_charset_")
SEVERAL_LINES = ("message", "address", "street")
PROBLEMS = 50
LONGEST_MESSAGE = 1_000_000
KINDS_OF_FIELDS = {"textarea": "message", "email": "email", "tel": "phone", "text": None, "field": None}
"""Names that form plugins give by themselves (`text-1`, `contact[textarea-2]`), and what such a field holds."""
_NUMBERED = re.compile(r"(?i)(?:^|\[)(textarea|text|email|tel|field)[-_]?[0-9]{1,6}\]?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


def understand(raw: bytes) -> Message:
    """What was posted. Never raises; an entity that is no post is a message with a problem."""
    body = form_body.read(raw)
    if body is None:
        return Message(problems=(Problem(Code.UNREADABLE, "no form post"),))
    return _message(raw, body)


def visible(body: Body) -> list[tuple[str, str]]:
    """What the visitor wrote: fields with a value that are not reserved."""
    return [(name, value) for name, value in body.fields if name not in RESERVED and value.strip()]


def _message(raw: bytes, body: Body) -> Message:
    problems: Problems = list(body.problems)
    rows = [_row(name or "?", value) for name, value in visible(body)]
    _find_address(rows)
    fields = collect(rows)
    said = next((row for row in rows if row.key == "message"), None)
    whole = said.value[:LONGEST_MESSAGE] if said else ""
    shown = "\n".join(f"{row.label}: {row.value}" for row in rows if row is not said)
    name = fields.get("name") or " ".join(
        half for half in (fields.get("first_name"), fields.get("last_name")) if half
    )
    address = fields.get("email")
    text = "\n\n".join(filter(None, (shown, whole)))
    return Message(
        subject=fields.get("subject"),
        sender=Mailbox(name or None, address) if name or address else None,
        text=text,
        reply=whole or text,
        fields=fields,
        attachments=tuple(_attachments(raw, body, problems)),
        problems=tuple(Problem(str(c), detail) for c, detail in list(dict.fromkeys(problems))[:PROBLEMS]),
        headers=tuple((key, value[:2_000]) for key, value in body.fields if key in RESERVED),
    )


def _find_address(rows: list[Row]) -> None:
    """Where no field is known to hold the address (`input_2`), the one that holds nothing but an address does."""
    if any(row.key == "email" for row in rows):
        return
    alone = [row for row in rows if row.key is None and ADDRESS.fullmatch(row.value)]
    if len({row.value.casefold() for row in alone}) == 1:
        alone[0].key = "email"


def _key(label: str) -> str | None:
    """What a field's name means: that of a kind of field with a number says no more than the kind."""
    kind = _NUMBERED.search(label)
    return KINDS_OF_FIELDS[kind[1].lower()] if kind else canonical(label)


def _row(label: str, value: str) -> Row:
    key = _key(label)
    if key in SEVERAL_LINES or key is None:
        return Row(label, key, value.split("\n"))
    return Row(label, key, [" ".join(_CONTROL.sub(" ", value).split())])


def _attachments(raw: bytes, body: Body, problems: Problems) -> Iterable[Attachment]:
    for file in body.files:
        safe = safe_name(file.filename) if file.filename else None
        if file.left_out:
            problems.append((Code.FILE_LEFT_OUT, repr(file.filename[:120])))
            continue
        if file.filename and safe != file.filename:
            problems.append((Code.UNSAFE_FILENAME, repr(file.filename[:120])))
        yield Attachment(
            safe,
            file.content_type,
            file.size,
            form_body.digest(raw, file),
            original_filename=file.filename if file.filename != safe else None,
        )
