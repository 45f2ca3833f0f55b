"""The MIME reader and mail-parser under it: what it is used for, what it is spared, and doing without it."""

from __future__ import annotations

import mailparser
import pytest

from parsers import limits, mime
from parsers.header_fields import DEFAULT, Limits
from parsers.message import Mailbox
from parsers.problems import Code
from parsers.understand import understand
from tests.parsers import mutate

MAIL = (
    b'From: "Buyer, Paula" <paula@shop.example>\r\nTo: a@acme.example, b@acme.example\r\n'
    b"Date: Mon, 23 Nov 2026 08:00:00 +0100\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n'
    b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n"
)


def test_mail_parser_reads_structure_and_addresses() -> None:
    mail = mime.read(MAIL).mail
    assert isinstance(mail, mailparser.MailParser)
    assert [part.get_content_type() for part in mail.message.walk()] == [
        "multipart/mixed", "text/plain", "image/png",
    ]  # fmt: skip
    assert mail.to == [("", "a@acme.example"), ("", "b@acme.example")]
    assert mail.date is None  # a plain one: no parser is needed


def test_what_mail_parser_is_spared_still_exists_in_it() -> None:
    assert callable(mailparser.MailParser.parse)
    assert callable(mailparser.MailParser._reset)
    parsed = mime.read(MAIL)
    assert (parsed.mail.mail, parsed.mail.text_plain, parsed.mail.attachments) == ({}, [], [])
    assert mailparser.parse_from_bytes(MAIL).mail["to"] == parsed.mail.to


@pytest.mark.parametrize(
    "value",
    [
        "paula@shop.example",
        "<paula@shop.example>",
        "Paula Buyer <paula.b+x@shop.example>",
        "P-B 2 <p_b@a.b.example>",
        '"Buyer, Paula (Shop)" <paula@shop.example>',
        '"P. B." <paula@shop.example>',
        "=?utf-8?q?Paula_K=C3=A4ufer?= <paula@shop.example>",
        "Paula =?UTF-8?B?S8OkdWZlcg==?= <paula@shop.example>",
        "=?iso-8859-1?Q?Paula_K=E4?= =?utf-8?q?ufer?= Shop <paula@shop.example>",
    ],
)
def test_one_plain_mailbox_is_read_as_mail_parser_reads_it(value: str) -> None:
    raw = f"From: {value}\r\n\r\nhello".encode()
    parsed = mime.read(raw)
    assert parsed.mail is None
    [(name, address)] = mailparser.parse_from_bytes(raw).from_
    assert parsed.mailboxes("from") == (Mailbox(name or None, address),)


@pytest.mark.parametrize(
    "value",
    [
        "Paula paula@shop.example",
        '"P \\"B\\"" <p@shop.example>',
        '"=?utf-8?q?P=C3=A4?=" <p@shop.example>',
        "=?utf-8?q?p=40bank.example?= <p@shop.example>",
        "=?utf-8?q?P=FF?= <p@shop.example>",
        "=?x-own?q?P?= <p@shop.example>",
        '"p@bank.example" <p@shop.example>',
        "P <p@localhost>",
        "P. B <p@shop.example>",
        "a@b.c, d@e.f",
    ],
)
def test_whatever_is_less_plain_is_shown_to_mail_parser(value: str) -> None:
    assert mime.read(f"From: {value}\r\n\r\nhello".encode()).mail.message["from"] == value


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 23 Nov 2026 08:00:00 +0100",
        "Tue, 23 Nov 2026 08:00:00 +0100",  # it was a Monday
        "1 Feb 2026 08:00 -0330",
        "Mon, 2 Nov 1998 23:59:59 -0000 (GMT)",
    ],
)
def test_a_plain_date_is_read_as_mail_parser_reads_it(value: str) -> None:
    raw = f"Date: {value}\r\n\r\nhello".encode()
    parsed = mime.read(raw)
    assert parsed.mail is None
    assert parsed.date() == mailparser.parse_from_bytes(raw).date
    assert parsed.problems == []


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 23 Nov 2026 08:00:60 +0100",
        "Mon, 23 Nov 2026 08:00:00 EST",
        "Mon,  23 Nov 26 08:00:00 +0100",
        "Mon, 23 Nov 2026 24:00:00 +0100",
    ],
)
def test_any_other_date_is_shown_to_mail_parser(value: str) -> None:
    assert mime.read(f"Date: {value}\r\n\r\nhello".encode()).mail.message["date"] == value


def test_a_plain_date_that_does_not_exist_is_a_problem() -> None:
    parsed = mime.read(b"Date: Mon, 31 Nov 2026 08:00:00 +0100\r\n\r\nhello")
    assert parsed.date() is None
    assert parsed.problems == [(Code.BAD_DATE, "Mon, 31 Nov 2026 08:00:00 +0100")]


@pytest.mark.parametrize("seed", range(8))
def test_what_needs_no_parser_is_read_as_a_parser_would(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    originals = mutate.mails()
    mails = originals[seed::8] + [mutate.mutated(originals, number) for number in range(seed, 800, 8)]
    trim = limits.trim

    def shown(raw: bytes, most: Limits = DEFAULT) -> limits.Trimmed:
        trimmed = trim(raw, most)
        trimmed.plain = False
        return trimmed

    quick = [(mime.read(raw), understand(raw)) for raw in mails]
    monkeypatch.setattr(limits, "trim", shown)
    slow = [(mime.read(raw), understand(raw)) for raw in mails]
    assert any(read.mail is None for read, _ in quick)
    assert all(read.mail is not None for read, _ in slow)
    for (one, message), (other, parsed) in zip(quick, slow, strict=True):
        assert (message, one.root) == (parsed, other.root) or one.mail is not None


@pytest.mark.parametrize("name", sorted(mime.ONCE))
def test_a_field_that_may_stand_once_and_does_not_is_a_problem(name: str) -> None:
    field = f"{name.title()}: a@shop.example\r\n"
    rest = "X-Field: a\r\nReceived: b\r\n" * 2 + "\r\nhello"
    once, thrice = (
        understand((field + rest).encode()),
        understand((field + "A: b\r\n" + field * 2 + rest).encode()),
    )
    code = Code.DUPLICATE_HEADER
    assert [problem.detail for problem in once.problems if problem.code == code] == []
    assert [problem.detail for problem in thrice.problems if problem.code == code] == [name]


def test_a_repeated_field_of_an_attached_mail_is_none_of_the_message() -> None:
    inner = b"From: a@shop.example\r\nFrom: b@shop.example\r\nSubject: inner\r\n\r\nhello"
    message = understand(b"From: c@acme.example\r\nContent-Type: message/rfc822\r\n\r\n" + inner)
    assert message.problems == ()
    assert message.forwarded is not None
    assert message.forwarded.sender == Mailbox(None, "a@shop.example")


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
