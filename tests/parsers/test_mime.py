"""The MIME reader and mail-parser under it: what it is used for, what it is spared, and doing without it."""

from __future__ import annotations

import mailparser
import pytest

from parsers import mime
from parsers.message import Mailbox
from parsers.problems import Code
from parsers.understand import understand

MAIL = (
    b'From: "Buyer, Paula" <paula@shop.example>\r\nTo: a@acme.example, b@acme.example\r\n'
    b"Date: Mon, 23 Nov 2026 08:00:00 +0100\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n'
    b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n"
)


def test_mail_parser_reads_structure_addresses_and_date() -> None:
    mail = mime.read(MAIL).mail
    assert isinstance(mail, mailparser.MailParser)
    assert [part.get_content_type() for part in mail.message.walk()] == [
        "multipart/mixed", "text/plain", "image/png",
    ]  # fmt: skip
    assert mail.from_ == [("Buyer, Paula", "paula@shop.example")]
    assert mail.date.isoformat() == "2026-11-23T07:00:00+00:00"


def test_what_mail_parser_is_spared_still_exists_in_it() -> None:
    assert callable(mailparser.MailParser._make_mail)
    parsed = mime.read(MAIL)
    assert parsed.mail.mail == {}
    assert mailparser.parse_from_bytes(MAIL).mail["from"] == parsed.mail.from_


@pytest.mark.parametrize(
    "value",
    [
        "paula@shop.example",
        "<paula@shop.example>",
        "Paula Buyer <paula.b+x@shop.example>",
        "P-B 2 <p_b@a.b.example>",
    ],
)
def test_one_plain_mailbox_is_read_as_mail_parser_reads_it(value: str) -> None:
    raw = f"From: {value}\r\n\r\nhello".encode()
    parsed = mime.read(raw)
    assert parsed.mail.from_ == []
    [(name, address)] = mailparser.parse_from_bytes(raw).from_
    assert parsed.mailboxes("from") == (Mailbox(name or None, address),)


@pytest.mark.parametrize(
    "value",
    [
        "Paula paula@shop.example",
        '"P" <p@shop.example>',
        "P <p@localhost>",
        "P. B <p@shop.example>",
        "a@b.c, d@e.f",
    ],
)
def test_whatever_is_less_plain_is_shown_to_mail_parser(value: str) -> None:
    assert mime.read(f"From: {value}\r\n\r\nhello".encode()).mail.message["from"] == value


def test_no_parser_sees_a_body() -> None:
    parsed = mime.read(MAIL)
    assert [part.get_payload() for part in parsed.mail.message.get_payload()] == ["", ""]
    assert [part.data()[0] for part in parsed.root.children] == [b"hello", b"\x89PNG"]


def test_a_crash_of_mail_parser_costs_nothing_but_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: bytes) -> None:
        raise ValueError("as on odd mail")

    whole = understand(MAIL)
    monkeypatch.setattr(mime, "_mail_parser", lambda: crash)
    message = understand(MAIL)
    assert [problem.code for problem in message.problems] == [Code.PARSER_FALLBACK]
    assert message.to_json() | {"problems": []} == whole.to_json()
