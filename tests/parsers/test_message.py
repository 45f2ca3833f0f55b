"""The parse contract: every key, always, and the way back from JSON."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from parsers.message import (
    Attachment,
    Bounce,
    FailedRecipient,
    Forwarded,
    Mailbox,
    Message,
    Problem,
)
from parsers.structured.rows import Row, Structured

KEYS = [
    "message_id",
    "in_reply_to",
    "references",
    "date",
    "subject",
    "from",
    "reply_to",
    "to",
    "cc",
    "text",
    "reply",
    "signature",
    "forwarded",
    "automatic",
    "bounce",
    "fields",
    "attachments",
    "problems",
    "structured",
    "contact",
]


def test_an_empty_message_has_every_key() -> None:
    answer = Message().to_json()
    assert list(answer) == KEYS
    assert answer["from"] is None
    assert answer["references"] == answer["to"] == answer["attachments"] == answer["problems"] == []
    assert answer["text"] == answer["reply"] == ""
    assert answer["fields"] == {}
    assert answer["structured"] is None


def test_json_and_back() -> None:
    anna = Mailbox("Anna Weiß", "anna@weiss.example")
    message = Message(
        message_id="<1@weiss.example>",
        in_reply_to="<0@weiss.example>",
        references=("<0@weiss.example>",),
        date=datetime(2026, 11, 23, 8, tzinfo=timezone(timedelta(hours=1))),
        subject="Anfrage",
        sender=anna,
        reply_to=(anna,),
        to=(Mailbox(None, "leads@acme.example"),),
        text="Guten Tag",
        reply="Guten Tag",
        forwarded=Forwarded(anna, subject="Anfrage", date="2026-11-23", text="Hallo", note="FYI"),
        automatic="bounce",
        bounce=Bounce((FailedRecipient("x@y.example", "5.1.1", "failed", "no such user"),), "<9@x>"),
        fields={"name": "Anna"},
        attachments=(Attachment("a.pdf", "application/pdf", 3, "00" * 32),),
        problems=(Problem("bad-date", "x"),),
        structured=Structured(
            "csv",
            (Row("1f", 2, {"name": "Anna"}, {"Farbe": "rot"}, (("ragged-row", "2 cells, 3 columns"),)),),
            "layout",
            "leads.csv",
            False,
            ("farbe", "name"),
            (("lines-skipped", "1 above the header"),),
        ),
    )
    answer = message.to_json()
    assert answer["date"] == "2026-11-23T08:00:00+01:00"
    assert Message.from_json(answer) == message
    assert Message.from_json(answer).to_json() == answer
