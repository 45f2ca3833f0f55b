"""From mail to outcome: one test per exit of reading and matching, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from rules.event import Actor, ActorKind
from store.accounts import update_account
from store.addresses import lead_local_part
from store.events import Origin
from store.lead_ops import LeadEditor
from store.tables.automation import events
from store.tables.mail import arrivals, holds, messages
from store.tables.people import inbound_addresses, users
from tests.ingest.mailroom import KEYS, Mailroom, write
from tests.support.accounts import make_user


def anna(room: Mailroom) -> str:
    return room.account.admin.address


def rep_mail(**more: Any) -> bytes:
    """A mail that Anna, a user, writes to Paula."""
    given = {"sender": "Anna <anna@acme.example>", "to": "Paula <paula@kunde.example>"}
    return write(**({"message_id": "<r@acme.example>"} | given | more))


def change_status(room: Mailroom, lead_id: str, status: str) -> None:
    with room.database.write() as connection:
        editor = LeadEditor(connection, room.account.scope, Origin(Actor(ActorKind.SYSTEM)))
        editor.change(lead_id, {"status": status})
        editor.finish()


class TestLeads:
    def test_a_strangers_mail_makes_one_lead(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(write())
        assert (message.outcome, message.reason, message.direction) == ("lead_created", "no_match", "in")
        (lead,) = mailroom.leads()
        assert (lead["number"], lead["title"], lead["status"]) == (1, "Angebot", "todo")
        assert lead["contacts"][0]["emails"] == ["paula@kunde.example"]
        (entry,) = mailroom.history(lead["id"])
        assert (entry["kind"], entry["direction"], entry["text"]) == ("email", "in", "Bitte ein Angebot.")
        assert mailroom.events() == ["lead.created", "lead.email.received"]

    def test_the_second_mail_is_history(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        message = mailroom.receive(write(message_id="<2@kunde.example>", subject="Noch etwas"))
        assert (message.outcome, message.reason) == ("history_added", "contact")
        assert len(mailroom.leads()) == 1

    def test_another_spelling_of_the_address_is_the_same_contact(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        message = mailroom.receive(write(sender="PAULA@Kunde.Example", message_id="<2@kunde.example>"))
        assert message.reason == "contact"

    def test_a_colleague_answering_the_thread_joins(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        reply = write(
            sender="Chef <chef@kunde.example>",
            subject="Re: Angebot",
            message_id="<2@kunde.example>",
            headers={"In-Reply-To": "<1@kunde.example>"},
        )
        message = mailroom.receive(reply)
        assert (message.outcome, message.reason) == ("history_added", "thread")
        (lead,) = mailroom.leads()
        assert [c["emails"] for c in lead["contacts"]] == [["paula@kunde.example"], ["chef@kunde.example"]]

    def test_a_stranger_answering_the_thread_is_held(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        reply = write(
            sender="x@gmail.com", message_id="<2@gmail.com>", headers={"References": "<1@kunde.example>"}
        )
        message = mailroom.receive(reply)
        assert (message.outcome, message.reason) == ("held", "thread_stranger")
        with mailroom.database.read() as connection:
            (hold,) = connection.execute(select(holds).where(holds.c.account_id == mailroom.account.id))
        assert hold.candidates == [mailroom.leads()[0]["id"]]

    def test_two_people_of_a_free_mail_provider_are_strangers(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(sender="one@gmail.com"))
        reply = write(
            sender="two@gmail.com", message_id="<2@x>", headers={"In-Reply-To": "<1@kunde.example>"}
        )
        assert mailroom.receive(reply).reason == "thread_stranger"

    def test_who_was_in_copy_may_answer(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(headers={"Cc": "Partner <p@other.example>"}))
        reply = write(
            sender="p@other.example", message_id="<2@x>", headers={"In-Reply-To": "<1@kunde.example>"}
        )
        assert mailroom.receive(reply).reason == "thread"

    def test_a_closed_lead_matches_by_thread_only(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        first = mailroom.leads()[0]["id"]
        change_status(mailroom, first, "lost")
        answer = write(message_id="<2@kunde.example>", headers={"In-Reply-To": "<1@kunde.example>"})
        assert mailroom.receive(answer).reason == "thread"
        assert mailroom.receive(write(message_id="<3@kunde.example>")).outcome == "lead_created"
        assert len(mailroom.leads()) == 2

    def test_a_contact_of_two_open_leads_is_held(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        first = mailroom.leads()[0]["id"]
        change_status(mailroom, first, "lost")
        mailroom.receive(write(message_id="<2@kunde.example>"))
        change_status(mailroom, first, "todo")
        message = mailroom.receive(write(message_id="<3@kunde.example>"))
        assert (message.outcome, message.reason) == ("held", "ambiguous")

    def test_a_trashed_lead_matches_nothing(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        with mailroom.database.write() as connection:
            editor = LeadEditor(connection, mailroom.account.scope, Origin(Actor(ActorKind.SYSTEM)))
            editor.trash(mailroom.leads()[0]["id"])
            editor.finish()
        assert mailroom.receive(write(message_id="<2@kunde.example>")).outcome == "lead_created"

    def test_the_sub_address_is_a_tag(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(), "leads+Fair2026@acme.test")
        assert mailroom.leads()[0]["tags"] == ["fair2026"]

    def test_no_reply_senders_give_way_to_reply_to(self, mailroom: Mailroom) -> None:
        mailroom.receive(write(sender="no-reply@portal.example", headers={"Reply-To": "max@kunde.example"}))
        assert mailroom.leads()[0]["contacts"][0]["emails"] == ["max@kunde.example"]

    def test_a_mail_from_nobody_is_held(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(write(sender=None))
        assert (message.outcome, message.reason) == ("held", "no_contact")


class TestUsers:
    def test_a_bcc_to_the_personal_address_is_outgoing_history(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        message = mailroom.receive(rep_mail(), anna(mailroom))
        assert (message.outcome, message.trust, message.direction) == ("history_added", "verified", "out")
        assert message.acting_user_id == mailroom.account.admin.id
        entry = mailroom.history(mailroom.leads()[0]["id"])[0]
        assert (entry["direction"], entry["author"]["email"]) == ("out", "anna@acme.example")

    def test_a_bcc_about_somebody_new_makes_a_lead_of_the_user(self, mailroom: Mailroom) -> None:
        mailroom.receive(rep_mail(to="New <new@kunde.example>, Two <two@kunde.example>"), anna(mailroom))
        (lead,) = mailroom.leads()
        assert lead["owner"]["email"] == "anna@acme.example"
        assert [c["emails"][0] for c in lead["contacts"]] == ["new@kunde.example", "two@kunde.example"]

    def test_or_is_held_when_the_account_says_so(self, mailroom: Mailroom) -> None:
        with mailroom.database.write() as connection:
            update_account(connection, mailroom.account.scope, {"bcc_unmatched": "hold"})
        message = mailroom.receive(rep_mail(), anna(mailroom))
        assert (message.outcome, message.reason) == ("held", "unmatched")

    def test_a_private_mail_is_its_users_only(self, mailroom: Mailroom) -> None:
        with mailroom.database.write() as connection:
            connection.execute(
                update(users)
                .where(users.c.account_id == mailroom.account.id, users.c.id == mailroom.account.admin.id)
                .values(visibility="private")
            )
        mailroom.receive(rep_mail(text="Zwischen uns"), anna(mailroom))
        (entry,) = mailroom.history(mailroom.leads()[0]["id"])
        assert entry["visibility"] == "private"
        with mailroom.database.read() as connection:
            told = list(
                connection.execute(
                    select(events.c.data).where(events.c.account_id == mailroom.account.id)
                ).scalars()
            )
        assert [data["message"]["visibility"] for data in told] == ["private", "private"]
        assert "Zwischen uns" not in str(told)

    def test_a_bcc_with_nobody_outside_is_held(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(rep_mail(to="bob@acme.test"), anna(mailroom))
        assert (message.outcome, message.reason) == ("held", "no_contact")

    def test_a_forward_is_about_its_original_sender(self, mailroom: Mailroom) -> None:
        forward = (
            "Please call him.\r\n\r\n---------- Forwarded message ---------\r\n"
            "From: Max Muster <max@kunde.example>\r\nDate: Mon, Nov 23, 2026 at 9:00 AM\r\n"
            "Subject: Question\r\nTo: <anna@acme.example>\r\n\r\nWhat does it cost?"
        )
        raw = rep_mail(to=anna(mailroom), subject="Fwd: Question", text=forward)
        assert mailroom.receive(raw, anna(mailroom)).outcome == "lead_created"
        (lead,) = mailroom.leads()
        assert lead["contacts"][0]["emails"] == ["max@kunde.example"]
        (entry,) = mailroom.history(lead["id"])
        assert (entry["direction"], entry["text"]) == ("in", "What does it cost?")
        assert entry["data"]["note"] == "Please call him."

    def test_bcc_without_proof_is_held_to_its_user(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(rep_mail(), mailroom.account.bcc)
        assert (message.outcome, message.reason) == ("held", "sender_unverified")
        with mailroom.database.read() as connection:
            (hold,) = connection.execute(select(holds).where(holds.c.account_id == mailroom.account.id))
        assert hold.user_id == mailroom.account.admin.id

    def test_the_personal_address_beside_bcc_verifies_it(self, mailroom: Mailroom) -> None:
        raw = rep_mail()
        held = mailroom.send(raw, mailroom.account.bcc)
        mailroom.work()
        assert mailroom.message(held).outcome == "held"
        assert mailroom.send(raw, anna(mailroom)) == held, "byte-equal: another arrival of the same message"
        mailroom.work()
        assert mailroom.message(held).outcome == "lead_created"

    def test_a_copy_by_a_more_specific_way_takes_over(self, mailroom: Mailroom) -> None:
        when = datetime.now(UTC)
        first = mailroom.receive(rep_mail(date=when), mailroom.account.bcc)
        copy = rep_mail(date=when, headers={"Received": "by another.example"})
        second = mailroom.receive(copy, anna(mailroom))
        assert second.outcome == "lead_created"
        first = mailroom.message(first.id)
        assert (first.outcome, first.reason, first.duplicate_of) == ("ignored", "duplicate", second.id)

    def test_was_this_you(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(rep_mail(sender="anna.private@icloud.example"), anna(mailroom))
        assert (message.outcome, message.reason) == ("held", "was_this_you")

    def test_a_prospects_reply_all_exposes_the_personal_address(self, mailroom: Mailroom) -> None:
        reply = write(headers={"Cc": anna(mailroom)}, to="anna@acme.example", text="#won yes")
        message = mailroom.receive(reply, anna(mailroom))
        assert (message.outcome, message.direction, message.acting_user_id) == ("lead_created", "in", None)
        assert mailroom.leads()[0]["owner"]["email"] == "anna@acme.example"
        with mailroom.database.read() as connection:
            exposed = connection.execute(
                select(inbound_addresses.c.exposed_at).where(
                    inbound_addresses.c.account_id == mailroom.account.id,
                    inbound_addresses.c.kind == "personal",
                )
            ).scalar_one()
        assert exposed is not None
        assert mailroom.receive(rep_mail(), anna(mailroom)).reason == "sender_unverified"

    def test_a_colleague_does_not_act_by_annas_address(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        message = mailroom.receive(rep_mail(sender="bob@acme.example"), anna(mailroom))
        assert (message.outcome, message.reason) == ("held", "sender_unverified")

    def test_a_strangers_mail_to_bcc_joins_what_is_known_only(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        known = mailroom.receive(write(message_id="<2@kunde.example>"), mailroom.account.bcc)
        assert (known.outcome, known.reason) == ("history_added", "contact")
        stranger = write(sender="new@kunde.example", message_id="<3@kunde.example>")
        unknown = mailroom.receive(stranger, mailroom.account.bcc)
        assert (unknown.outcome, unknown.reason) == ("held", "unknown_sender")


class TestLeadAddress:
    def address(self, room: Mailroom) -> str:
        return f"{lead_local_part(KEYS.address, room.account.id, 1)}@{room.account.domain}"

    def test_a_contact_writes_to_the_lead(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        message = mailroom.receive(write(message_id="<2@kunde.example>"), self.address(mailroom))
        assert (message.outcome, message.reason) == ("history_added", "lead_address")

    def test_anybody_else_is_held(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        stranger = write(sender="else@kunde.example", message_id="<2@kunde.example>")
        message = mailroom.receive(stranger, self.address(mailroom))
        assert (message.outcome, message.reason) == ("held", "not_a_contact")

    def test_a_wrong_mac_is_nobodys_address(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        assert mailroom.book.resolve("lead-1-aaaaaaaaaaaaaaaa@acme.test") is None


class TestIgnored:
    def test_list_mail_of_nobody_known(self, mailroom: Mailroom) -> None:
        news = write(headers={"List-Id": "<news.example>", "List-Unsubscribe": "<mailto:u@news.example>"})
        message = mailroom.receive(news)
        assert (message.outcome, message.reason) == ("ignored", "list")

    def test_a_known_contacts_mail_is_never_ignored_for_list_headers(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        news = write(message_id="<2@kunde.example>", headers={"List-Id": "<news.example>"})
        assert mailroom.receive(news).outcome == "history_added"

    def test_an_automatic_reply_is_noted_on_the_lead_it_answers(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        away = write(
            subject="Out of office",
            message_id="<2@kunde.example>",
            headers={"Auto-Submitted": "auto-replied", "In-Reply-To": "<1@kunde.example>"},
        )
        message = mailroom.receive(away)
        assert (message.outcome, message.reason) == ("ignored", "auto_reply")
        assert [e["kind"] for e in mailroom.history(mailroom.leads()[0]["id"])] == ["note", "email"]

    def test_mail_among_colleagues(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        message = mailroom.receive(rep_mail(to="bob@acme.example"), mailroom.account.bcc)
        assert (message.outcome, message.reason) == ("ignored", "internal")

    def test_never_log(self, mailroom: Mailroom) -> None:
        with mailroom.database.write() as connection:
            update_account(connection, mailroom.account.scope, {"never_log": ["*@kunde.example"]})
        message = mailroom.receive(write())
        assert (message.outcome, message.reason) == ("ignored", "never_log")

    def test_postmaster_is_held_for_admins(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(write(), "postmaster@acme.test")
        assert (message.outcome, message.reason) == ("held", "postmaster")


class TestDuplicates:
    def test_equal_bytes_add_an_arrival(self, mailroom: Mailroom) -> None:
        raw = write()
        first, second = mailroom.send(raw), mailroom.send(raw)
        mailroom.work()
        assert first == second
        assert len(mailroom.leads()) == 1
        with mailroom.database.read() as connection:
            found = connection.execute(
                select(arrivals.c.id).where(arrivals.c.account_id == mailroom.account.id)
            ).all()
        assert len(found) == 2

    def test_other_bytes_of_the_same_mail_are_a_copy(self, mailroom: Mailroom) -> None:
        when = datetime.now(UTC)
        first = mailroom.receive(write(date=when))
        second = mailroom.receive(write(date=when, headers={"Received": "by elsewhere.example"}))
        assert (second.outcome, second.reason, second.duplicate_of) == ("ignored", "duplicate", first.id)

    def test_a_message_id_alone_makes_no_duplicate(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        assert mailroom.receive(write(text="Something else")).outcome == "history_added"

    def test_one_transaction_for_two_recipients_is_one_message(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(rep_mail(), mailroom.account.bcc, anna(mailroom))
        assert message.arrivals == 2
        assert message.outcome == "lead_created"


def test_a_reply_waits_for_its_parent(mailroom: Mailroom) -> None:
    """The parent is claimed by another worker: the reply of a stranger to us isn't decided before it."""
    parent = mailroom.send(write(), age=timedelta(seconds=1))
    claim = mailroom.processor._claim()
    assert [key[1] for key in claim.keys] == [parent]
    reply = write(
        sender="chef@kunde.example", message_id="<2@x>", headers={"In-Reply-To": "<1@kunde.example>"}
    )
    answer = mailroom.send(reply)
    mailroom.processor.process_batch()
    assert mailroom.message(answer).state == "pending"
    mailroom.processor._work(claim)
    with mailroom.database.write() as connection:
        connection.execute(
            update(messages)
            .where(messages.c.account_id == mailroom.account.id, messages.c.id == answer)
            .values(due_at=datetime.now(UTC))
        )
    mailroom.work()
    assert mailroom.message(answer).reason == "thread"
