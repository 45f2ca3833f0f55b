"""Bounces of our own mail: found by the address they come to, and by nothing else."""

from typing import Any

import pytest

from store import outgoing, outgoing_work
from store.addresses import bounce_local_part, bounced_mail, lead_number, replied_by, reply_local_part
from store.outgoing import NewMail, Post, Queued
from store.outgoing_log import mail_json
from store.outgoing_work import Tried
from store.sealing import Sealer
from tests.ingest.mailroom import KEYS, Mailroom, write

POST = Post(Sealer(b"s" * 32), has_smarthost=True)
DSN = (
    b"From: MAILER-DAEMON@provider.example\r\nTo: %(to)s\r\nSubject: Undelivered Mail\r\n"
    b"Message-ID: <dsn-1@provider.example>\r\nDate: Fri, 27 Nov 2026 20:00:00 +0000\r\n"
    b"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; provider.example\r\n\r\n"
    b"Final-Recipient: rfc822; somebody@elsewhere.example\r\nAction: %(action)s\r\nStatus: %(status)s\r\n"
    b"Diagnostic-Code: smtp; 550 no such user here\r\n\r\n--b--\r\n"
)


def dsn(to: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    values = {b"to": to.encode(), b"action": action.encode(), b"status": status.encode()}
    return DSN % values


def sent(room: Mailroom, to: str = "jan@outside.example", **more: Any) -> str:
    """A mail of ours that a server took; its id."""
    mail = NewMail(key=to, to=to, purpose="test", subject="s", text="t", **more)
    with room.database.write() as connection:
        verdict = outgoing.queue(connection, room.account.scope, POST, mail)
        assert isinstance(verdict, Queued)
        (due,) = outgoing_work.claim(connection, [room.account.id], most=9, lease=outgoing_work.WARN_AFTER)
        tried = Tried(due.created_at, "mail.example.com:587", 5, "sent", code=250)
        outgoing_work.record(connection, due, tried)
    return verdict.id


def address_of(room: Mailroom, mail_id: str) -> str:
    return f"{bounce_local_part(KEYS.address, room.account.id, mail_id)}@{room.account.domain}"


def state(room: Mailroom, mail_id: str) -> dict[str, Any]:
    with room.database.read() as connection:
        return mail_json(connection, room.account.scope, mail_id)


def test_the_mail_is_marked_and_the_receipt_says_which(mailroom: Mailroom) -> None:
    mail_id = sent(mailroom)
    address = address_of(mailroom, mail_id)
    message = mailroom.receive(dsn(address), address.upper(), mail_from="")
    assert (message.outcome, message.reason) == ("ignored", "own_mail_bounced")
    assert message.reason_data["who"] == "jan@outside.example", "whom we wrote to, not whom the bounce names"
    found = state(mailroom, mail_id)
    assert found["state"] == "bounced" and "no such user here" in found["diagnostic"]
    assert found["may_be_sent_again"]
    assert mailroom.contradictions() == []


def test_the_bounce_of_a_mail_about_a_lead_is_on_that_lead(mailroom: Mailroom) -> None:
    mailroom.receive(write(message_id="<root@kunde.example>"))
    (lead,) = mailroom.leads()
    mail_id = sent(mailroom, lead_number=lead["number"])
    address = address_of(mailroom, mail_id)
    message = mailroom.receive(dsn(address), address, mail_from="")
    assert (message.outcome, message.reason) == ("history_added", "bounce_noted")
    assert "bounce" in {entry["kind"] for entry in mailroom.history(lead["id"])}
    assert state(mailroom, mail_id)["state"] == "bounced"
    assert mailroom.contradictions() == []


def test_nobody_has_an_address_that_was_made_up(mailroom: Mailroom) -> None:
    mail_id = sent(mailroom)
    right = address_of(mailroom, mail_id)
    for address in (
        f"bounce-{mail_id}@{mailroom.account.domain}",
        f"bounce-{mail_id}-{'a' * 16}@{mailroom.account.domain}",
        f"bounce-{'0' * 26}-{right.partition('@')[0][-16:]}@{mailroom.account.domain}",
        right.replace(f"@{mailroom.account.domain}", "@elsewhere.example"),
    ):
        assert mailroom.book.resolve(address) is None, address
    found = mailroom.book.resolve(right)
    assert found is not None and (found.kind, found.source_key) == ("bounce", "bounce")
    assert state(mailroom, mail_id)["state"] == "sent"


@pytest.mark.parametrize(
    ("raw", "outcome", "reason"),
    [
        (dsn("x@acme.test", "delayed", "4.4.1"), "ignored", "bounce"),
        (write(headers={"Auto-Submitted": "auto-replied"}), "ignored", "auto_reply"),
        (write(), "held", "no_bounce"),
    ],
)
def test_what_is_no_bounce_marks_nothing(mailroom: Mailroom, raw: bytes, outcome: str, reason: str) -> None:
    mail_id = sent(mailroom)
    message = mailroom.receive(raw, address_of(mailroom, mail_id), mail_from="")
    assert (message.outcome, message.reason) == (outcome, reason)
    assert state(mailroom, mail_id)["state"] == "sent"


def test_a_bounce_elsewhere_names_no_mail_of_ours(mailroom: Mailroom) -> None:
    mail_id = sent(mailroom)
    message = mailroom.receive(dsn(mailroom.account.leads), mail_from="")
    assert (message.outcome, message.reason) == ("ignored", "bounce")
    assert state(mailroom, mail_id)["state"] == "sent"


def test_answer_addresses_say_whose_they_are() -> None:
    key = KEYS.address
    made = reply_local_part(key, "account", 12, "jan@outside.example")
    assert len(made) <= 64 and lead_number(key, "account", made.upper()) == 12
    assert replied_by(key, "account", made, "jan@outside.example")
    assert not replied_by(key, "account", made, "eva@outside.example")
    assert lead_number(key, "other", made) is None
    assert lead_number(key, "account", made.replace("lead-12-", "lead-13-")) is None
    head, who, mac = made.rsplit("-", 2)
    assert lead_number(key, "account", f"{head}-{'a' * 16}-{mac}") is None
    assert lead_number(key, "account", f"{head}-{who}") is None
    assert bounced_mail(key, "account", made) is None
