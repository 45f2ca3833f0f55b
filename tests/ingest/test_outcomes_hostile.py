"""Mails made to do harm: nobody vouches for themselves, no value is too long, no lock stops a batch."""

import random
import string
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.accept import Connection, Incoming
from ingest.letter import LONGEST_TAG, Letter
from ingest.outside import LONGEST_ADDRESS
from ingest.prepare import Prepared, prepare
from store.lead_shelf import LeadShelf
from tests.ingest.mailroom import Mailroom, write

ROOT = "<root@kunde.example>"


def junk(length: int) -> str:
    """Text that no index can compress."""
    return "".join(random.Random(length).choices(string.ascii_lowercase + string.digits, k=length))


class TestStrangers:
    @pytest.mark.parametrize("first", [{}, {"Auto-Submitted": "auto-replied"}])
    def test_a_strangers_first_mail_does_not_vouch_for_the_second(
        self, mailroom: Mailroom, first: dict[str, str]
    ) -> None:
        mailroom.receive(write(message_id=ROOT))
        evil: dict[str, Any] = {"sender": "evil@evil.example"}
        mailroom.receive(write(**evil, message_id="<e1@evil>", headers={"References": ROOT, **first}))
        second = {"References": f"{ROOT} <e1@evil>", "In-Reply-To": "<e1@evil>"}
        message = mailroom.receive(write(**evil, message_id="<e2@evil>", headers=second))
        assert (message.outcome, message.reason) == ("held", "thread_stranger")

    def test_whom_a_mail_on_the_lead_was_addressed_to_joins(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(message_id=ROOT, headers={"Cc": "boss@kunde2.example"}))
        reply = write(sender="boss@kunde2.example", message_id="<b@k2>", headers={"References": ROOT})
        assert mailroom.receive(reply).reason == "thread"


class TestAddresses:
    @pytest.mark.parametrize("sender", [f"{junk(6000)}@x.example", f"a@{junk(6000)}.example"])
    def test_an_address_of_six_thousand_characters_is_nobodys(self, mailroom: Mailroom, sender: str) -> None:
        neighbour = mailroom.send(write(message_id="<2@kunde.example>"))
        message = mailroom.receive(write(sender=sender))
        assert (message.outcome, message.reason) == ("held", "no_contact")
        assert mailroom.message(neighbour).outcome == "lead_created"

    def test_what_a_body_gives_for_an_address_must_be_one(self, mailroom: Mailroom) -> None:
        text = "Name: Paula\nE-Mail: p @kunde.example\nTelefon: 1\nNachricht: Hallo"
        message = mailroom.receive(write(sender="no-reply@kunde.example", text=text))
        assert (message.outcome, message.reason) == ("held", "no_contact")

    def test_the_longest_address_that_counts_can_be_stored(self, mailroom: Mailroom) -> None:
        local_part = "ΐ" * (LONGEST_ADDRESS - 10)  # three times as long when case-folded
        assert mailroom.receive(write(sender=f"{local_part}@x.example")).outcome == "lead_created"


@pytest.mark.parametrize("tag", ["\u3000", " ", "x" * 9_000])
def test_no_sub_address_makes_a_message_fail(mailroom: Mailroom, tag: str) -> None:
    message = mailroom.receive(write(), f"leads+{tag}@acme.test")
    assert message.outcome == "lead_created"
    assert mailroom.leads()[0]["tags"] == ([tag[:LONGEST_TAG]] if tag.strip() else [])


def test_a_door_that_gave_up_waiting_stops_no_other(mailroom: Mailroom) -> None:
    recipient = mailroom.book.resolve(mailroom.account.leads)
    assert recipient is not None
    door = Connection("smtp", None, None, "", tls=False, auth_user=None)
    with mailroom.database.write():  # the writer waits on SQLite, so that there is something to give up
        futures = [
            mailroom.acceptor.submit(
                Incoming(write(message_id=f"<{n}@k>"), (recipient,), door, datetime.now(UTC))
            )
            for n in range(3)
        ]
        futures[2].cancel()
    assert mailroom.receive(write(message_id="<4@k>")).outcome
    assert len(mailroom.leads()) == 1


def test_a_fault_in_reading_one_message_leaves_its_neighbours_alone(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(letter: Letter, *more: Any, **named: Any) -> Prepared:
        if letter.id == bad:
            raise RuntimeError("a fault of ours")
        return prepare(letter, *more, **named)

    monkeypatch.setattr("ingest.process.prepare", faulty)
    monkeypatch.setattr("ingest.decide.RETRY_PAUSES", (timedelta(hours=1),))
    bad = mailroom.send(write())
    good = mailroom.receive(write(sender="else@other.example", message_id="<2@other.example>"))
    assert good.outcome == "lead_created"
    message = mailroom.message(bad)
    assert (message.state, message.attempts, message.error) == ("pending", 1, "RuntimeError: a fault of ours")


def test_a_deadlock_with_somebody_elses_locks_is_begun_again(mailroom: Mailroom) -> None:
    mailroom.receive(write(sender="one@one.example", message_id="<1@one>"))
    mailroom.receive(write(sender="two@two.example", message_id="<1@two>"))
    one, two = sorted(lead["id"] for lead in mailroom.leads())
    second = mailroom.send(write(sender="two@two.example", message_id="<2@two>"))
    first = mailroom.send(write(sender="one@one.example", message_id="<2@one>"))
    with mailroom.database.write() as connection:
        shelf = LeadShelf(connection, mailroom.account.scope)
        shelf.read([two])
        worker = threading.Thread(target=mailroom.work)
        worker.start()
        time.sleep(
            0.7
        )  # the worker locks leads by their ids: it holds the first by now, and waits for the second
        shelf.read([one])
    worker.join(30)
    assert [mailroom.message(i).outcome for i in (first, second)] == ["history_added"] * 2
    assert mailroom.message(first).attempts == 1


def test_two_held_mails_of_one_stranger_make_one_lead(mailroom: Mailroom) -> None:
    held = [
        mailroom.receive(write(sender="new@other.example", message_id=f"<{n}@other>"), mailroom.account.bcc)
        for n in range(2)
    ]
    assert [message.reason for message in held] == ["unknown_sender"] * 2
    admin = mailroom.account.admin.id
    outcomes = [
        mailroom.resolver.resolve(mailroom.account.scope, message.id, "create", user_id=admin)
        for message in held
    ]
    assert outcomes == ["lead_created", "history_added"]
    (lead,) = mailroom.leads()
    assert len([entry for entry in mailroom.history(lead["id"]) if entry["kind"] == "email"]) == 2


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("eins\r\nzwei", []),
        ("eins\n.\nzwei", ["bare-lf"]),
        ("eins\rzwei", ["bare-cr"]),
        ("ei\0ns\n\rzwei", ["bare-cr", "bare-lf", "nul-byte"]),
    ],
)
def test_octets_that_stand_alone_are_a_problem_on_the_receipt(
    mailroom: Mailroom, text: str, codes: list[str]
) -> None:
    message = mailroom.receive(write(text=text))
    assert message.outcome == "lead_created"
    problems = next(line["detail"] for line in message.trail if line["step"] == "parse")
    assert sorted(filter(None, problems.split(", "))) == codes
