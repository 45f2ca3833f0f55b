"""What a user forwards: mail that is there already, and mail that colleagues passed on to each other."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.ingest.mailroom import Mailroom, anna, rep_mail, write
from tests.support.accounts import make_user

WHEN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
ASKED = "Was kostet die Reparatur des Daches, und wann?"


def passed_on(
    text: str = ASKED,
    *,
    note: str = "Bitte anrufen.",
    sender: str = "Paula Prospect <paula@kunde.example>",
    to: str = "leads@acme.test",
    subject: str = "Angebot",
    date: str = "",
) -> str:
    """The text of a forward, as its program writes it."""
    return (
        f"{note}\r\n\r\n---------- Forwarded message ---------\r\nFrom: {sender}\r\n"
        f"Date: {date or f'{WHEN:%a, %d %b %Y %H:%M} +0000'}\r\nSubject: {subject}\r\nTo: <{to}>\r\n\r\n{text}"
    )


def forward(text: str, **more: str) -> bytes:
    return rep_mail(**({"to": "anna@acme.example", "subject": "Fwd: Angebot", "text": text} | more))


class TestKnown:
    def test_a_forward_of_a_mail_on_a_lead_adds_only_the_note(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(text=ASKED, date=WHEN))
        message = mailroom.receive(forward(passed_on()), anna(mailroom))
        assert (message.outcome, message.reason) == ("history_added", "already_known")
        (lead,) = mailroom.leads()
        note, mail = mailroom.history(lead["id"])
        assert (note["kind"], note["text"], note["author"]["name"]) == (
            "comment",
            "Bitte anrufen.",
            "Anna Admin",
        )
        assert (mail["kind"], mail["text"]) == ("email", ASKED)
        assert mailroom.events().count("lead.email.received") == 1
        assert mailroom.events()[-1] == "lead.commented"

    def test_without_a_note_it_says_that_it_was_passed_on(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(text=ASKED, date=WHEN))
        assert mailroom.receive(forward(passed_on(note="")), anna(mailroom)).reason == "already_known"
        (lead,) = mailroom.leads()
        assert [entry["kind"] for entry in mailroom.history(lead["id"])] == ["note", "email"]

    @pytest.mark.parametrize("hours", [-8, 0, 1, 5.75, 13])
    def test_a_wall_clock_of_any_zone_is_its_time(self, mailroom: Mailroom, hours: float) -> None:
        mailroom.receive(write(text=ASKED, date=WHEN))
        there = WHEN.astimezone(timezone(timedelta(hours=hours)))
        raw = forward(passed_on(date=f"{there:%a, %d %b %Y at %H:%M}"))
        assert mailroom.receive(raw, anna(mailroom)).reason == "already_known"

    def test_the_same_mail_forwarded_again(self, mailroom: Mailroom) -> None:
        assert mailroom.receive(forward(passed_on()), anna(mailroom)).outcome == "lead_created"
        again = forward(passed_on(note="Noch einmal."), message_id="<2@acme.example>")
        assert mailroom.receive(again, anna(mailroom)).reason == "already_known"

    def test_a_users_own_mail_that_is_there(self, mailroom: Mailroom) -> None:
        mailroom.receive(rep_mail(subject="Angebot", text=ASKED, date=WHEN), anna(mailroom))
        own = passed_on(sender="Anna <anna@acme.example>", to="paula@kunde.example")
        message = mailroom.receive(forward(own, message_id="<2@acme.example>"), anna(mailroom))
        assert message.reason == "already_known"

    def test_a_mail_on_a_closed_lead_is_known_there(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(text=ASKED, date=WHEN))
        (lead,) = mailroom.leads()
        mailroom.close_lead(lead["id"])
        assert mailroom.receive(forward(passed_on()), anna(mailroom)).reason == "already_known"
        assert len(mailroom.leads()) == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"subject": "Anderes"},
            {"date": f"{WHEN - timedelta(days=1):%a, %d %b %Y %H:%M} +0000"},
            {"date": f"{WHEN - timedelta(minutes=7):%a, %d %b %Y at %H:%M}"},
            {"date": "gestern"},
            {"sender": "Max <max@kunde.example>"},
        ],
    )
    def test_what_differs_is_another_mail(self, mailroom: Mailroom, other: dict[str, str]) -> None:
        mailroom.receive(write(text=ASKED, date=WHEN))
        text = passed_on(ASKED + " Danke!", **other)
        message = mailroom.receive(forward(text), anna(mailroom))
        assert message.reason in ("contact", "no_match")


class TestAmongColleagues:
    def test_the_mail_inside_counts(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        inside = passed_on(note="Schau mal.", to="bob@acme.example")
        outside = passed_on(
            inside, sender="Bob <bob@acme.example>", to="anna@acme.example", subject="Fwd: Angebot"
        )
        message = mailroom.receive(forward(outside), anna(mailroom))
        assert (message.outcome, message.direction) == ("lead_created", "in")
        (lead,) = mailroom.leads()
        assert lead["contacts"][0]["emails"] == ["paula@kunde.example"]
        (entry,) = mailroom.history(lead["id"])
        assert (entry["text"], entry["data"]["note"]) == (ASKED, "Bitte anrufen.")

    def test_a_mail_quoted_in_it_counts_too(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        inside = f"Machst du das?\r\n\r\nOn Mon, 23 Nov 2026 at 09:00, Paula <paula@kunde.example> wrote:\r\n> {ASKED}"
        outside = passed_on(
            inside, sender="Bob <bob@acme.example>", to="anna@acme.example", subject="Re: Angebot"
        )
        assert mailroom.receive(forward(outside), anna(mailroom)).outcome == "lead_created"
        assert mailroom.leads()[0]["contacts"][0]["emails"] == ["paula@kunde.example"]

    def test_where_nobody_outside_is_in_it_it_is_held(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        lunch = passed_on("Mittagessen?", sender="Bob <bob@acme.example>", to="anna@acme.example")
        message = mailroom.receive(forward(lunch), anna(mailroom))
        assert (message.outcome, message.reason) == ("held", "no_contact")
