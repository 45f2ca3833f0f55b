"""What a mail looks like: to people, to machines, and with hostile texts."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.mail.compose import Letter, compose

LETTER = Letter(
    mail_id="01j0000000000000000000000a",
    domain="acme.test",
    to="jan@kunde.example",
    to_name="Jan Müller",
    from_address="crm@acme.example",
    from_name="Acme, Vertrieb",
    subject="Angebot für Süßes: 20 %",
    text="Grüße\n.\nZeile",
    html="<p>Grüße</p>",
    created_at=datetime(2026, 11, 27, 20, 0, tzinfo=UTC),
    reply_to="lead-12-aaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb@acme.test",
)
NAMES = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_people_read_what_was_written() -> None:
    raw = compose(LETTER)
    found = read(raw)
    assert found["Subject"] == LETTER.subject
    assert (found["To"].addresses[0].display_name, found["To"].addresses[0].addr_spec) == (
        "Jan Müller",
        "jan@kunde.example",
    )
    assert found["From"].addresses[0].display_name == "Acme, Vertrieb"
    text, html = found.iter_parts()
    assert (text.get_content().splitlines(), text.get_content_type()) == (
        ["Grüße", ".", "Zeile"],
        "text/plain",
    )
    assert (html.get_content().strip(), html.get_content_type()) == ("<p>Grüße</p>", "text/html")
    assert raw.isascii() and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_machines_know_it_again_and_do_not_answer() -> None:
    found = read(compose(LETTER))
    assert found["Message-ID"] == "<01j0000000000000000000000a@acme.test>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Date"].datetime == LETTER.created_at
    assert found["Reply-To"] == LETTER.reply_to
    assert compose(LETTER) == compose(LETTER)
    plain = read(compose(replace(LETTER, html=None, reply_to=None)))
    assert plain.get_content_type() == "text/plain" and plain["Reply-To"] is None


def test_an_answer_says_that_it_is_one_also_to_old_programs() -> None:
    found = read(compose(replace(LETTER, answers=True)))
    assert found["Auto-Submitted"] == "auto-replied"
    assert (found["Precedence"], found["X-Loop"]) == ("bulk", LETTER.from_address)
    assert found["X-Auto-Response-Suppress"] == "All"
    assert read(compose(LETTER))["Precedence"] is None


HOSTILE = [
    "x\r\nBcc: evil@evil.example",
    "x\nBcc: evil@evil.example",
    "x\r\n\r\n<script>",
    "x\x0bBcc: a@b.example\x0c\x85\u2028Bcc: y@evil.example\0",
    'x" <evil@evil.example>, "y',
    "Jörg <evil@evil.example>, y",
    "=?utf-8?q?x=0ABcc:_evil=40evil.example?=",
    "\ud800 half \udfff",
    "ü" * 5_000,
    "a" * 5_000,
    "   ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_header_or_a_recipient(text: str) -> None:
    _holds(text)


@given(st.text())
def test_no_random_text_does(text: str) -> None:
    _holds(text)


def _holds(text: str) -> None:
    raw = compose(replace(LETTER, subject=text, to_name=text, from_name=text, text=text, html=text))
    found = read(raw)
    assert [name for name in found if name != "Content-Transfer-Encoding"] == NAMES
    assert raw.isascii() and b"\0" not in raw
    head = raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "")
    for name, address in (("To", LETTER.to), ("From", LETTER.from_address)):
        field = found[name]
        assert [each.addr_spec for each in field.addresses] == [address], head
    compat = message_from_bytes(raw)
    assert [address for _, address in getaddresses([compat["To"]])] == [LETTER.to]
