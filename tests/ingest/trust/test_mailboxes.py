"""Mail from a mailbox whose provider is believed: what its Authentication-Results mean for users and strangers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.accept import Connection, Incoming, Recipient
from store.mailboxes import create_mailbox, update_mailbox
from store.reasons import sentence
from tests.ingest.imap.rig import SEALER
from tests.ingest.mailroom import Mailroom, rep_mail, write
from tests.ingest.trust.test_authentication_results import BORDER, LMTP
from tests.ingest.trust.test_outcomes import STRANGER

ID = "mx.provider.example"


class Box:
    """A mailbox of the account; `receive` puts a mail in it that was read from there."""

    def __init__(self, room: Mailroom, **settings: Any) -> None:
        self.room = room
        given = {"host": "imap.provider.example", "username": "crm@firma.example", "password": "x"}
        with room.database.write() as connection:
            self.id = create_mailbox(
                connection, room.account.scope, SEALER, given | {"authserv_id": ID} | settings, since=None
            ).id

    def change(self, **settings: Any) -> None:
        with self.room.database.write() as connection:
            update_mailbox(connection, self.room.account.scope, SEALER, self.id, settings)

    def send(self, raw: bytes, kind: str = "leads", *, junk: bool = False) -> str:
        source = f"mailbox:{self.id}"
        recipient = Recipient(self.room.account.id, None, kind, "crm@firma.example", source, None)
        facts = Connection("imap", None, "imap.provider.example", "", True, None, junk=junk)
        incoming = Incoming(raw, (recipient,), facts, datetime.now(UTC))
        return self.room.acceptor.accept(incoming).message_ids[0]

    def receive(self, raw: bytes, kind: str = "leads", **facts: bool) -> Any:
        message_id = self.send(raw, kind, **facts)
        self.room.work()
        return self.room.message(message_id)


def says(results: str, name: str = ID) -> bytes:
    return f"Authentication-Results: {name}; {results}\r\n".encode()


HERS = "dmarc=pass header.from=acme.example"


def test_a_users_mail_is_verified(room: Mailroom) -> None:
    message = Box(room).receive(LMTP + says(HERS) + BORDER + rep_mail(), "bcc")
    assert (message.outcome, message.trust, message.acting_user_id) == (
        "lead_created",
        "verified",
        room.account.admin.id,
    )
    assert message.trust_detail["by"] == "results"


def test_with_the_dns_off_too(mailroom: Mailroom) -> None:
    message = Box(mailroom).receive(LMTP + says(HERS) + BORDER + rep_mail(), "bcc")
    assert (message.trust, message.acting_user_id) == ("verified", mailroom.account.admin.id)


def test_a_failure_is_one(room: Mailroom) -> None:
    message = Box(room).receive(says("dmarc=fail header.from=kunde.example") + BORDER + write())
    assert (message.outcome, message.reason, message.trust) == ("held", "sender_failed", "failed")


@pytest.mark.parametrize(
    "header",
    [
        BORDER + says(HERS),
        LMTP + BORDER + says(HERS) + BORDER,
        says("none") + BORDER + says(HERS),
        says(HERS, "mx.other.example") + BORDER,
        says("dmarc=pass header.from=evil.example") + BORDER,
        says("dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example") + BORDER,
        says(HERS),
    ],
    ids=["below", "between", "second", "other name", "other domain", "not aligned", "no Received of theirs"],
)
def test_forged_ones_make_nobody_a_user(room: Mailroom, header: bytes) -> None:
    own = b"" if header == says(HERS) else b"Received: from a by b\r\n"
    raw = own + rep_mail(headers={"X-Received": ""}).partition(b"\r\n")[2]
    message = Box(room).receive(header + raw, "bcc")
    assert (message.outcome, message.acting_user_id) == ("held", None)
    assert message.trust in ("unknown", "failed")


def test_a_mailbox_that_names_nobody_believes_nobody(room: Mailroom) -> None:
    message = Box(room, authserv_id=None).receive(says(HERS) + BORDER + rep_mail(), "bcc")
    assert (message.trust, message.acting_user_id) == ("unknown", None)


def test_nor_is_a_mailbox_believed_at_another_door(room: Mailroom) -> None:
    Box(room)
    message = room.receive(says(HERS) + BORDER + rep_mail(), room.account.bcc, door="lmtp")
    assert message.trust == "unknown"


def test_lines_of_its_own_above(room: Mailroom) -> None:
    relay = b"Received: from mx by store.provider.example with ESMTP; now\r\n"
    box = Box(room)
    assert box.receive(relay + says(HERS) + BORDER + rep_mail(), "bcc").trust == "unknown"
    box.change(authserv_hops=1)
    mail = rep_mail(message_id="<2@acme.example>")
    assert box.receive(relay + says(HERS) + BORDER + mail, "bcc").trust == "verified"


def test_gmail_is_believed_by_its_copy_above_the_border(room: Mailroom) -> None:
    inside = b"Received: by 2002:a05:1::2 with SMTP id x; now\r\n"
    finds = b"mx.google.com; dmarc=pass header.from=acme.example\r\n"
    copy, own = b"ARC-Authentication-Results: i=1; " + finds, b"Authentication-Results: " + finds
    border = BORDER.replace(b"mx.acme.example", b"mx.google.com")
    box = Box(room, authserv_id="mx.google.com", authserv_hops=1)
    assert box.receive(inside + copy + border + own + rep_mail(), "bcc").trust == "verified"
    forged = rep_mail(message_id="<2@acme.example>")
    message = box.receive(inside + border + copy + border + own + forged, "bcc")
    assert (message.trust, message.acting_user_id) == ("unknown", None)


def test_the_same_mail_from_the_mailbox_after_it_failed_by_smtp(room: Mailroom) -> None:
    raw = says("dmarc=pass header.from=kunde.example") + BORDER + write()
    first = room.receive(raw, **STRANGER)
    assert first.reason == "sender_failed"
    again = Box(room).receive(raw)
    assert (again.id, again.outcome, again.trust) == (first.id, "lead_created", "verified")


class TestJunk:
    """What the provider put into its folder for spam."""

    def test_it_is_ignored_and_says_why(self, room: Mailroom) -> None:
        message = Box(room).receive(write(), junk=True)
        assert (message.outcome, message.reason, message.reason_data) == (
            "ignored",
            "spam",
            {"why": "junk_folder"},
        )
        assert "folder for spam" in sentence(message.reason, message.reason_data)
        assert "Spam-Ordner" in sentence(message.reason, message.reason_data, "de")
        assert room.events() == [] and room.leads() == []

    @pytest.mark.parametrize("before", [b"", b"X-Moved: yes\r\n"], ids=["bytes", "content"])
    def test_taken_out_of_it_it_is_read(self, room: Mailroom, before: bytes) -> None:
        """Somebody moved it to a folder that is read too: that is "not spam"."""
        raw = write()
        first = Box(room, folder="Junk").receive(raw, junk=True)
        again = Box(room).receive(before + raw)
        assert again.outcome == "lead_created"
        assert len(room.leads()) == 1
        if before:
            assert room.message(first.id).duplicate_of == again.id
        else:
            assert again.id == first.id

    def test_put_there_afterwards_it_stays_what_it_is(self, room: Mailroom) -> None:
        raw = write()
        first = Box(room).receive(raw)
        again = Box(room, folder="Junk").receive(raw, junk=True)
        assert (again.outcome, again.processed_at) == ("lead_created", first.processed_at)

    def test_what_a_person_called_spam_stays_so(self, room: Mailroom) -> None:
        box = Box(room)
        for title in ("one", "two"):
            room.make_lead(title, "paula@kunde.example")
        raw = write()
        held = box.receive(raw)
        room.resolver.resolve(room.account.scope, held.id, "spam", user_id=room.account.admin.id)
        decided = room.message(held.id).processed_at
        again = Box(room, folder="Other").receive(raw)
        assert (again.reason, again.processed_at) == ("spam", decided)
