"""Answers to leadgate's mail: an address made for one user proves that user for a note on that lead, and no more."""

from typing import Any

import pytest
from sqlalchemy import select, update

from ingest.trust.judgement import FAILED, Judgement
from store.addresses import lead_local_part, reply_local_part
from store.ids import new_id
from store.tables.mail import arrivals, messages
from store.tables.people import user_addresses
from tests.ingest.mailroom import KEYS, Mailroom, write
from tests.support.accounts import make_user

ANNA = "Anna <anna@acme.example>"
FAKE = Judgement(
    FAILED, "dmarc", "DMARC of acme.example failed: the domain wants SPF or DKIM to fit From, and neither did"
)


def lead_of(room: Mailroom, message_id: str = "<root@kunde.example>") -> dict[str, Any]:
    room.receive(write(message_id=message_id, sender=f"P <{message_id.strip('<>')}>"))
    return room.leads()[-1]


def answer_address(room: Mailroom, number: int, who: str = "anna@acme.example") -> str:
    return f"{reply_local_part(KEYS.address, room.account.id, number, who)}@{room.account.domain}"


def answer(room: Mailroom, to: str, **more: Any) -> Any:
    """Anna's answer to a mail of ours, which nothing proves. `shown`: its To, where that is another."""
    given: dict[str, Any] = {
        "sender": ANNA,
        "to": to,
        "subject": "Re: A new lead",
        "text": "I call him tomorrow.\r\n\r\nOn Monday leadgate wrote:\r\n> A new lead\r\n",
        "message_id": "<answer@acme.example>",
    }
    shown = {"to": more.pop("shown")} if "shown" in more else {}
    return room.receive(write(**(given | more | shown)), to, mail_from="anna@acme.example")


def test_the_answer_of_its_recipient_is_a_note_on_that_lead(mailroom: Mailroom) -> None:
    lead = lead_of(mailroom)
    message = answer(mailroom, answer_address(mailroom, lead["number"]).upper())
    assert (message.outcome, message.reason) == ("history_added", "answered")
    assert (message.trust, message.acting_user_id) == ("verified", mailroom.account.admin.id)
    note = next(entry for entry in mailroom.history(lead["id"]) if entry["kind"] == "comment")
    assert (
        note["text"].strip() == "I call him tomorrow." and note["author"]["id"] == mailroom.account.admin.id
    )
    assert "lead.commented" in mailroom.events() and "lead.email.sent" not in mailroom.events()
    assert mailroom.contradictions() == []
    reprocessed = mailroom.reprocessor.reprocess(
        mailroom.account.scope, message.id, user_id=mailroom.account.admin.id, apply=True
    )
    assert reprocessed["changes"] == {}


def test_another_own_address_of_the_recipient_will_do(mailroom: Mailroom) -> None:
    lead = lead_of(mailroom)
    with mailroom.database.write() as connection:
        moment = connection.execute(
            select(messages.c.received_at).where(messages.c.account_id == mailroom.account.id)
        ).scalar()
        connection.execute(
            user_addresses.insert().values(
                account_id=mailroom.account.id,
                id=new_id(),
                user_id=mailroom.account.admin.id,
                address="a.meier@private.example",
                created_at=moment,
            )
        )
    to = answer_address(mailroom, lead["number"])
    assert answer(mailroom, to, sender="a.meier@private.example").reason == "answered"


def test_nothing_else_is_read_in_it(mailroom: Mailroom) -> None:
    """A forward would make leads of whom it quotes, and commands would change the lead: the proof is not that good."""
    lead = lead_of(mailroom)
    text = (
        "#won\r\n\r\n---------- Forwarded message ---------\r\nFrom: Victim <victim@victim.example>\r\n"
        "Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nSubject: Order\r\nTo: anna@acme.example\r\n\r\nHello\r\n"
    )
    message = answer(mailroom, answer_address(mailroom, lead["number"]), text=text, subject="Fwd: Order")
    assert message.reason == "answered"
    assert len(mailroom.leads()) == 1 and mailroom.leads()[0]["status"] == "todo"
    assert [c["emails"] for c in mailroom.leads()[0]["contacts"]] == [["root@kunde.example"]]


@pytest.mark.parametrize(
    "how",
    [
        "another user's",
        "of another lead",
        "with a customer in Cc",
        "also to leads",
        "automatic",
        "two authors",
        "plain",
    ],
)
def test_what_is_not_proven_so_is_held_with_the_lead_as_a_hint(mailroom: Mailroom, how: str) -> None:
    make_user(mailroom.database, mailroom.account, "ben@acme.example")
    lead, other = lead_of(mailroom), lead_of(mailroom, "<second@kunde.example>")
    to = answer_address(mailroom, lead["number"])
    more: dict[str, Any] = {}
    if how == "another user's":
        to = answer_address(mailroom, lead["number"], "ben@acme.example")
    if how == "of another lead":
        to = to.replace(f"lead-{lead['number']}-", f"lead-{other['number']}-")
        assert mailroom.book.resolve(to) is None, "nobody has an address that was made up"
        return
    if how == "with a customer in Cc":
        more = {"shown": f"{to}, kunde@kunde.example"}
    if how == "also to leads":
        message_id = mailroom.send(
            write(sender=ANNA, to=to, message_id="<x@acme.example>"), to, mailroom.account.leads
        )
        mailroom.work()
        assert mailroom.message(message_id).reason == "sender_unverified"
        return
    if how == "automatic":
        assert answer(mailroom, to, headers={"Auto-Submitted": "auto-replied"}).reason == "auto_reply"
        return
    if how == "two authors":
        more = {"sender": "Anna <anna@acme.example>, Eva <eva@evil.example>"}
    if how == "plain":
        to = f"{lead_local_part(KEYS.address, mailroom.account.id, lead['number'])}@{mailroom.account.domain}"
    message = answer(mailroom, to, **more)
    assert (message.outcome, message.reason) == ("held", "sender_unverified")
    assert message.acting_user_id is None
    assert mailroom.candidates(message.id) == [lead["id"]]
    assert all(entry["kind"] != "comment" for entry in mailroom.history(lead["id"]))


def test_a_stranger_with_the_address_is_held(mailroom: Mailroom) -> None:
    lead = lead_of(mailroom)
    message = answer(mailroom, answer_address(mailroom, lead["number"]), sender="eve@evil.example")
    assert (message.outcome, message.reason) == ("held", "not_a_contact")
    assert mailroom.candidates(message.id) == [lead["id"]]


def test_a_forged_answer_never_passes(mailroom: Mailroom) -> None:
    """What is known to be forged is held, also with the right address."""
    lead = lead_of(mailroom)
    to = answer_address(mailroom, lead["number"])
    message_id = mailroom.send(write(sender=ANNA, to=to, message_id="<f@acme.example>"), to)
    with mailroom.database.write() as connection:
        connection.execute(
            update(messages)
            .where(messages.c.account_id == mailroom.account.id, messages.c.id == message_id)
            .values(trust=FAKE.trust, trust_detail=FAKE.to_json())
        )
        connection.execute(
            update(arrivals)
            .where(arrivals.c.account_id == mailroom.account.id, arrivals.c.message_id == message_id)
            .values(trust=FAKE.trust)
        )
    mailroom.work()
    message = mailroom.message(message_id)
    assert (message.outcome, message.reason, message.trust) == ("held", "sender_failed", "failed")
    assert mailroom.candidates(message.id) == [lead["id"]]


def test_a_header_alone_proves_nothing(mailroom: Mailroom) -> None:
    """In a mailbox the recipient is what a header says, which whoever wrote the mail may have written."""
    lead = lead_of(mailroom)
    to = answer_address(mailroom, lead["number"])
    message_id = mailroom.send(write(sender=ANNA, to=to, message_id="<i@acme.example>"), to, door="imap")
    mailroom.work()
    assert mailroom.message(message_id).reason == "sender_unverified"
