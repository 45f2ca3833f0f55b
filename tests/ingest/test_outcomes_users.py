"""From a user's mail to its outcome: BCC, forwards, and who may act for whom. One test per exit."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from store.accounts import update_account
from store.session import Invalid
from store.tables.automation import events
from store.tables.mail import holds
from store.tables.people import inbound_addresses, users
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write
from tests.support.accounts import make_user


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

    def test_of_two_personal_addresses_the_senders_own_counts(self, mailroom: Mailroom) -> None:
        bob = make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        message = mailroom.receive(rep_mail(sender="bob@acme.example"), anna(mailroom), bob.address)
        assert (message.outcome, message.direction, message.acting_user_id) == ("lead_created", "out", bob.id)

    def test_a_removed_users_address_joins_what_is_known_only(self, mailroom: Mailroom) -> None:
        bob = make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        mailroom.receive(write())
        with mailroom.database.write() as connection:
            connection.execute(
                update(users)
                .where(users.c.account_id == mailroom.account.id, users.c.id == bob.id)
                .values(active=False)
            )
        known = mailroom.receive(write(to=bob.address, message_id="<2@kunde.example>"), bob.address)
        assert (known.outcome, known.reason) == ("history_added", "contact")
        new = write(sender="new@other.example", to=bob.address, message_id="<3@other.example>")
        message = mailroom.receive(new, bob.address)
        assert (message.outcome, message.reason) == ("held", "unknown_sender")

    def test_a_held_mail_of_a_private_user_is_not_told_in_events(self, mailroom: Mailroom) -> None:
        with mailroom.database.write() as connection:
            connection.execute(
                update(users).where(users.c.account_id == mailroom.account.id).values(visibility="private")
            )
        assert mailroom.receive(rep_mail(text="Geheim."), mailroom.account.bcc).reason == "sender_unverified"
        with mailroom.database.read() as connection:
            (data,) = connection.execute(
                select(events.c.data).where(
                    events.c.account_id == mailroom.account.id, events.c.type == "message.held"
                )
            ).scalars()
        assert (data["message"]["visibility"], data["message"]["reason"]) == ("private", "sender_unverified")
        assert not {"text", "subject", "from", "to"} & set(data["message"])

    def test_a_users_own_address_is_not_put_on_the_never_log_list(self, mailroom: Mailroom) -> None:
        held = mailroom.receive(rep_mail(), mailroom.account.bcc)
        with pytest.raises(Invalid):
            mailroom.resolver.resolve(
                mailroom.account.scope, held.id, "never_log", user_id=mailroom.account.admin.id
            )

    def test_a_conversation_on_two_leads_makes_no_third(self, mailroom: Mailroom) -> None:
        for name in ("one", "two"):
            mailroom.receive(write(sender=f"{name}@{name}.example", message_id=f"<1@{name}>"))
        both = rep_mail(to="one@one.example, two@two.example", message_id="<both@acme.example>")
        assert mailroom.receive(both, anna(mailroom)).outcome == "history_added"
        further = {"In-Reply-To": "<both@acme.example>"}
        to_another = rep_mail(to="new@new.example", message_id="<3@acme.example>", headers=further)
        message = mailroom.receive(to_another, anna(mailroom))
        assert (message.outcome, message.reason) == ("held", "ambiguous")

    def test_a_newsletter_to_a_personal_address_makes_no_lead(self, mailroom: Mailroom) -> None:
        newsletter = write(
            to=anna(mailroom), headers={"Precedence": "bulk", "List-Id": "<news.shop.example>"}
        )
        message = mailroom.receive(newsletter, anna(mailroom))
        assert (message.outcome, message.reason) == ("ignored", "list")

    def test_a_strangers_mail_to_bcc_joins_what_is_known_only(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        known = mailroom.receive(write(message_id="<2@kunde.example>"), mailroom.account.bcc)
        assert (known.outcome, known.reason) == ("history_added", "contact")
        stranger = write(sender="new@kunde.example", message_id="<3@kunde.example>")
        unknown = mailroom.receive(stranger, mailroom.account.bcc)
        assert (unknown.outcome, unknown.reason) == ("held", "unknown_sender")
