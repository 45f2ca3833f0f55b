"""Whoever is shown as the author is the one who is checked, in whatever way From is written.

kunde.example wants mail that proves nothing rejected; evil.example signs everything. Each mail below is signed by
evil.example or by nobody, and shown as Paula's of kunde.example, or as Anna's of acme.example.
"""

from typing import Any

import pytest

from tests.ingest.mailroom import Mailroom, anna, write
from tests.ingest.trust.signing import sign
from tests.ingest.trust.zone import Zone

EVIL: dict[str, Any] = {"mail_from": "x@evil.example", "client_ip": "203.0.113.66"}
PAULA = "Paula <paula@kunde.example>"
WRITTEN = {
    "plain": PAULA,
    "another address in quotes": '"x <x@evil.example>" <paula@kunde.example>',
    "another address in a comment": "paula@kunde.example (x@evil.example)",
    "another address in brackets in a comment": "Paula (x, <x@evil.example>) <paula@kunde.example>",
    "a comment before the @": "paula(c)@kunde.example",
    "blanks around the @": "paula @ kunde.example",
    "quotes around the local part": '"paula"@kunde.example',
    "two authors": f"{PAULA}, x@evil.example",
    "two authors with a semicolon": f"{PAULA}; x@evil.example",
    "two authors, she last": f"x@evil.example, {PAULA}",
    "five authors, she last but one": f"a@a.example, b@b.example, {PAULA}, x@evil.example",
    "a group": f"Team: {PAULA}, x@evil.example;",
    "an address in an encoded word": "=?utf-8?q?paula=40kunde=2Eexample?=",
    "an address in an encoded word in brackets": "<=?utf-8?q?paula=40kunde=2Eexample?=>",
    "a query behind the address": "paula@kunde.example?@evil.example",
    "upper case": "PAULA@KUNDE.EXAMPLE",
    "dots at the end": "paula@kunde.example..",
    "full width": "paula@ｋｕｎｄｅ.example",
    "an ideographic full stop": "paula@kunde。example",
    "a zero width space": "paula@kun\u200bde.example",
    "a long name": f'"{"x" * 17_000}" <paula@kunde.example>',
}
HEADS = {
    "second from above": b"From: x@evil.example\r\n",
    "second from above, empty": b"From:\r\n",
    "bare line feed": b"X-A: b\nX-B: c\r\n",
    "bare carriage return": b"X-A: b\rX-B: c\r\n",
    "NUL": b"X-A: b\0\r\n",
    "a line that is no field": b"junk\r\n",
    "a continued line": b" junk\r\n",
    "an mbox's line": b"From x@evil.example Mon Nov 23 08:00:00 2026\r\n",
    "many fields": b"X-A: b\r\n" * 450,
}


def forged() -> dict[str, bytes]:
    """Every mail that pretends to be Paula's, each with an id of its own."""
    mails = {name: sign(write(sender=written), "evil.example") for name, written in WRITTEN.items()}
    mails |= {name: head + sign(write(sender=PAULA), "evil.example") for name, head in HEADS.items()}
    by_x = sign(write(sender="x@evil.example"), "evil.example")
    mails["second from above, hers"] = f"From: {PAULA}\r\n".encode() + by_x
    mails["behind a line feed"] = f"X-A: b\nFrom: {PAULA}\r\n".encode() + by_x
    mails["sender, no from"] = sign(write(sender=None, headers={"Sender": PAULA}), "evil.example")
    mails["a blank before the colon"] = write(sender=PAULA).replace(b"From:", b"From :")
    mails["line feeds alone"] = write(sender=PAULA).replace(b"\r\n", b"\n")
    mails["carriage returns alone"] = write(sender=PAULA).replace(b"\r\n", b"\r")
    return {
        name: raw.replace(b"<1@kunde.example>", f"<{number}@kunde.example>".encode())
        for number, (name, raw) in enumerate(mails.items())
    }


def test_nothing_comes_onto_the_lead_of_whom_the_mail_pretends_to_be_from(room: Mailroom) -> None:
    room.make_lead("Paula", "paula@kunde.example")
    sent = {name: room.send(raw, **EVIL) for name, raw in forged().items()}
    room.work()
    taken = {}
    for name, message_id in sent.items():
        message = room.message(message_id)
        if (message.outcome, message.trust) != ("held", "failed"):
            taken[name] = (message.outcome, message.reason, message.trust, message.trust_detail)
    assert taken == {}
    assert len(room.leads()) == 1
    assert room.history(room.leads()[0]["id"]) == []


@pytest.mark.parametrize(
    "written", ["plain", "another address in quotes", "a comment before the @", "dots at the end"]
)
def test_the_same_mail_of_hers_is_read(room: Mailroom, written: str) -> None:
    """It is the forging that fails, not the way of writing."""
    room.make_lead("Paula", "paula@kunde.example")
    message = room.receive(sign(write(sender=WRITTEN[written]), "kunde.example"), **EVIL)
    assert (message.outcome, message.reason, message.trust) == ("history_added", "contact", "verified")


@pytest.mark.parametrize(
    "written",
    [
        '"x <x@other.example>" <anna@acme.example>',
        "anna@acme.example (x@other.example)",
        "=?utf-8?q?anna=40acme=2Eexample?=",
    ],
)
def test_no_secret_address_lifts_a_failure_that_hides_behind_another_domain(
    room: Mailroom, written: str
) -> None:
    message = room.receive(write(sender=written, to=PAULA), anna(room), **EVIL)
    assert (message.reason, message.trust, message.acting_user_id) == ("sender_failed", "failed", None)


class TestSeveralDomains:
    def test_prove_nothing_where_none_fails(self, room: Mailroom) -> None:
        raw = sign(write(sender=f"{PAULA}, x@evil.example"), "kunde.example")
        message = room.receive(raw, **EVIL)
        assert (message.outcome, message.trust) == ("lead_created", "unknown")
        assert message.trust_detail["summary"].endswith("From names authors of several domains")

    def test_fail_where_one_does(self, room: Mailroom) -> None:
        message = room.receive(sign(write(sender=f"x@evil.example, {PAULA}"), "evil.example"), **EVIL)
        assert message.trust_detail["summary"].startswith("DMARC of kunde.example failed")

    def test_of_the_same_domain_are_as_one(self, room: Mailroom) -> None:
        message = room.receive(sign(write(sender=f"{PAULA}, paul@kunde.example"), "kunde.example"), **EVIL)
        assert (message.outcome, message.trust) == ("lead_created", "verified")


class TestAmbiguousHeader:
    """A program that writes a field twice, on the domain's own server: nothing is proven, and nothing failed."""

    RAW = b"MIME-Version: 1.0\r\nMIME-Version: 1.0\r\n" + write(sender=PAULA)

    def test_is_no_failure_where_the_client_may_send_for_the_domain(self, room: Mailroom) -> None:
        message = room.receive(self.RAW, mail_from="paula@kunde.example", client_ip="198.51.100.7")
        assert (message.outcome, message.trust) == ("lead_created", "unknown")
        assert "Mime-Version stands twice" in message.trust_detail["summary"]

    def test_is_one_elsewhere(self, room: Mailroom) -> None:
        assert room.receive(self.RAW, **EVIL).trust == "failed"


def test_a_trusted_servers_word_about_another_author_does_not_spare_the_check(
    room: Mailroom, zone: Zone
) -> None:
    """It read From otherwise than it is shown."""
    head = (
        "Authentication-Results: mx.acme.example; dmarc=pass header.from=evil.example;\r\n"
        " spf=pass smtp.mailfrom=x@evil.example\r\n"
    )
    raw = head.encode() + write(sender='"x <x@evil.example>" <paula@kunde.example>')
    message = room.receive(raw, mail_from="x@evil.example", client_ip="10.0.0.5", trusted_hop=True)
    assert (message.outcome, message.reason, message.trust) == ("held", "sender_failed", "failed")
