"""Our own addresses in every way that mail programs write them: at RCPT, and in To and Cc of other people's mail."""

import pytest
from sqlalchemy import select

from store.addresses import lead_local_part
from store.tables.people import inbound_addresses
from tests.ingest.mailroom import KEYS, Mailroom, anna, write

FOUND = {
    "leads@acme.test": ("leads", None),
    "LEADS+Fair2026@ACME.Test": ("leads", "fair2026"),
    "leads@acme.test.": ("leads", None),
    '"leads"@acme.test': ("leads", None),
    r'"\l\e\a\d\s+x"@acme.test': ("leads", "x"),
    "bcc+@acme.test": ("bcc", None),
    "Postmaster": ("postmaster", None),
    "ABUSE@acme.test": ("postmaster", None),
}
NOBODYS = [
    "leads", "leads@", "leads@.", "leads@..", "postmaster@", "@acme.test", "+x@acme.test", "le ads@acme.test",
    '"le ads"@acme.test', '"leads@acme.test', '"leads@acme.test"@other.test', "leads@sub.acme.test",
    "leads@acme.test.evil.example", "leads@[127.0.0.1]", "leads%acme.test@evil.example", "evil.example!leads@acme.test",
    "lead\u017f@acme.test", "\uff4ceads@acme.test", "lead-1@acme.test", "lead-1-aaaaaaaaaaaaaaaa@acme.test",
]  # fmt: skip


def test_whom_a_recipient_is(mailroom: Mailroom) -> None:
    found = {address: mailroom.book.resolve(address) for address in FOUND}
    assert {address: one and (one.kind, one.tag) for address, one in found.items()} == FOUND
    assert [address for address in NOBODYS if mailroom.book.resolve(address) is not None] == []


def test_a_lead_has_one_address_however_its_number_is_written(mailroom: Mailroom) -> None:
    mailroom.make_lead("Paula", "paula@kunde.example")
    mac = lead_local_part(KEYS.address, mailroom.account.id, 1).rpartition("-")[2]
    numbers = ["1", "01", "\u0661", "2", "-1", "1-"]
    taken = [n for n in numbers if mailroom.book.resolve(f"lead-{n}-{mac}@acme.test") is not None]
    assert taken == ["1"]
    others = lead_local_part(KEYS.address, "another account", 1)
    assert mailroom.book.resolve(f"{others}@acme.test") is None


def test_a_quoted_recipient_is_its_users(mailroom: Mailroom) -> None:
    local_part, _, domain = anna(mailroom).partition("@")
    raw = write(sender="anna@acme.example", to="neu@kunde.example")
    message = mailroom.receive(raw, f'"{local_part}"@{domain}')
    assert (message.outcome, message.acting_user_id) == ("lead_created", mailroom.account.admin.id)


IN_COPY = {
    "alone": "{local}@acme.test",
    "named": "Anna <{local}@acme.test>",
    "upper case": "{upper}@ACME.TEST",
    "tagged": "{local}+x@acme.test",
    "quoted": '"{local}"@acme.test',
    "commented": "{local}(Anna)@acme.test",
    "with blanks": "{local} @ acme.test",
    "dot behind": "{local}@acme.test.",
    "link": "<mailto:{local}@acme.test>",
    "route": "<@mx.example:{local}@acme.test>",
    "group": "Team: a@b.example, {local}@acme.test;",
    "semicolon": "a@b.example; {local}@acme.test",
    "folded": "a@b.example,\r\n {local}@acme.test",
    "second field": "a@b.example\r\nCc: {local}@acme.test",
    "encoded name": "=?utf-8?q?Anna?= <{local}@acme.test>",
    "encoded address": "=?utf-8?q?{local}=40acme.test?=",
}


@pytest.mark.parametrize("way", IN_COPY)
def test_a_reply_to_all_exposes_a_personal_address(mailroom: Mailroom, way: str) -> None:
    """Product §6: from then on it proves nothing, and what the stranger orders is not done."""
    mailroom.make_lead("Paula", "paula@kunde.example")
    secret = anna(mailroom)
    local_part = secret.partition("@")[0]
    copied = IN_COPY[way].format(local=local_part, upper=local_part.upper())
    raw = write(to="sales@other.example", headers={"Cc": copied}, subject="Re: // !won", text="#won !won")
    message = mailroom.receive(raw, secret)
    assert (message.outcome, message.direction, message.acting_user_id) == ("history_added", "in", None)
    assert mailroom.leads()[0]["status"] == "todo"
    with mailroom.database.read() as connection:
        exposed = select(inbound_addresses.c.exposed_at).where(
            inbound_addresses.c.account_id == mailroom.account.id, inbound_addresses.c.kind == "personal"
        )
        assert connection.execute(exposed).scalar_one() is not None
    later = mailroom.receive(
        write(sender="anna@acme.example", to="n@kunde.example", message_id="<2@x>"), secret
    )
    assert (later.outcome, later.reason) == ("held", "sender_unverified")
