"""Who is taken for a user, and what is nobody's business before anybody asks who sent it."""

import pytest
from sqlalchemy import select, update

from store.accounts import get_user, update_account
from store.inbound import rotate_personal_address
from store.session import clock
from store.tables.mail import holds
from store.tables.people import inbound_addresses
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write
from tests.support.accounts import make_user


def exposed(room: Mailroom) -> list[str]:
    """The users whose personal addresses are exposed."""
    with room.database.read() as connection:
        shown = inbound_addresses.c.exposed_at.is_not(None)
        return list(
            connection.execute(
                select(inbound_addresses.c.user_id).where(
                    inbound_addresses.c.account_id == room.account.id, shown
                )
            ).scalars()
        )


class TestOneAuthor:
    @pytest.mark.parametrize(
        "headers",
        [{"from": "Evil <evil@other.example>"}, {"FROM": "anna@acme.example"}],
        ids=["another", "the same again"],
    )
    def test_mail_with_a_second_from_is_no_users(self, mailroom: Mailroom, headers: dict[str, str]) -> None:
        message = mailroom.receive(rep_mail(headers=headers), anna(mailroom))
        assert (message.outcome, message.reason, message.acting_user_id) == (
            "held",
            "sender_unverified",
            None,
        )

    def test_nor_is_mail_of_two_authors(self, mailroom: Mailroom) -> None:
        two = rep_mail(sender="Anna <anna@acme.example>, Evil <evil@other.example>")
        assert mailroom.receive(two, anna(mailroom)).reason == "sender_unverified"

    def test_nor_of_a_sender_field_alone(self, mailroom: Mailroom) -> None:
        raw = rep_mail(sender=None, headers={"Sender": "anna@acme.example"})
        assert mailroom.receive(raw, anna(mailroom)).reason == "sender_unverified"

    @pytest.mark.parametrize(
        "name", ['"Muster, Anna"', "=?utf-8?Q?Muster=2C_Anna?=", "Anna (Muster, Einkauf)"]
    )
    def test_a_comma_in_the_name_is_no_second_author(self, mailroom: Mailroom, name: str) -> None:
        message = mailroom.receive(rep_mail(sender=f"{name} <anna@acme.example>"), anna(mailroom))
        assert message.acting_user_id == mailroom.account.admin.id


class TestStoredTrust:
    def test_a_held_message_says_unknown(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(rep_mail(sender="jan@icloud.example"), anna(mailroom))
        assert (message.reason, message.trust) == ("was_this_you", "unknown")

    def test_reading_again_judges_nobody_anew(self, mailroom: Mailroom) -> None:
        held = mailroom.receive(rep_mail(to="postmaster@acme.test"), anna(mailroom))
        assert (held.reason, held.trust) == ("no_contact", "verified")
        with mailroom.database.write() as connection:
            connection.execute(
                update(inbound_addresses)
                .where(inbound_addresses.c.account_id == mailroom.account.id)
                .values(exposed_at=held.received_at)
            )
        admin = mailroom.account.admin.id
        mailroom.reprocessor.reprocess(mailroom.account.scope, held.id, user_id=admin, apply=True)
        again = mailroom.message(held.id)
        assert (again.reason, again.trust, again.acting_user_id) == ("no_contact", "verified", admin)


class TestNobodysBusiness:
    def test_a_bounce_to_a_personal_address_is_noted(self, mailroom: Mailroom) -> None:
        mailroom.receive(rep_mail(), anna(mailroom))
        bounce = write(
            sender="Mail Delivery <mailer-daemon@mx.example>",
            to="anna@acme.example",
            subject="Undelivered Mail Returned to Sender",
            message_id="<b@mx.example>",
            headers={
                "MIME-Version": "1.0",
                "Content-Type": 'multipart/report; report-type=delivery-status; boundary="b"',
            },
            text="--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            "Final-Recipient: rfc822; paula@kunde.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <r@acme.example>\r\n\r\n--b--\r\n",
        )
        message = mailroom.receive(bounce, anna(mailroom))
        assert (message.outcome, message.reason) == ("history_added", "bounce_noted")

    def test_colleagues_with_a_personal_address_in_copy(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        raw = rep_mail(sender="bob@acme.example", to="anna@acme.example", headers={"Cc": anna(mailroom)})
        message = mailroom.receive(raw, anna(mailroom))
        assert (message.outcome, message.reason) == ("ignored", "internal")
        assert exposed(mailroom) == [mailroom.account.admin.id], "Bob knows it now"

    def test_a_colleagues_mail_to_a_prospect_exposes_it_too(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        raw = rep_mail(sender="bob@acme.example", headers={"Cc": anna(mailroom)})
        assert mailroom.receive(raw, anna(mailroom)).reason == "sender_unverified"
        assert exposed(mailroom) == [mailroom.account.admin.id]

    @pytest.mark.parametrize(
        "text",
        [
            "Alles klar.",
            "---------- Forwarded message ---------\r\nFrom: Doc <doc@praxis.example>\r\n\r\nBefund",
        ],
        ids=["to", "forwarded"],
    )
    def test_what_is_never_logged_is_not_even_held(self, mailroom: Mailroom, text: str) -> None:
        with mailroom.database.write() as connection:
            update_account(connection, mailroom.account.scope, {"never_log": ["*@praxis.example"]})
        raw = rep_mail(to="doc@praxis.example", subject="Fwd: Befund", text=text)
        message = mailroom.receive(raw, anna(mailroom))
        assert (message.outcome, message.reason) == ("ignored", "never_log")

    def test_nor_where_it_is_not_proven_who_wrote(self, mailroom: Mailroom) -> None:
        with mailroom.database.write() as connection:
            update_account(connection, mailroom.account.scope, {"never_log": ["doc@praxis.example"]})
        alone = mailroom.receive(rep_mail(to="doc@praxis.example"), mailroom.account.bcc)
        assert (alone.outcome, alone.reason) == ("ignored", "never_log")
        both = rep_mail(to="doc@praxis.example, paula@kunde.example", message_id="<2@acme.example>")
        assert mailroom.receive(both, mailroom.account.bcc).reason == "sender_unverified"


class TestRotated:
    def rotate(self, room: Mailroom) -> tuple[str, str]:
        """Anna's replaced address and her new one."""
        old = anna(room)
        with room.database.write() as connection:
            admin, scope = room.account.admin, room.account.scope
            rotate_personal_address(connection, scope, admin.id, admin.name)
            return old, get_user(connection, scope, admin.id).address

    def test_mail_to_it_is_held_to_its_user(self, mailroom: Mailroom) -> None:
        old, new = self.rotate(mailroom)
        message = mailroom.receive(rep_mail(), old)
        assert (message.outcome, message.reason, message.acting_user_id) == ("held", "address_rotated", None)
        with mailroom.database.read() as connection:
            (hold,) = connection.execute(select(holds).where(holds.c.account_id == mailroom.account.id))
        assert hold.user_id == mailroom.account.admin.id
        by_the_new = mailroom.receive(rep_mail(message_id="<2@acme.example>"), new)
        assert by_the_new.acting_user_id == mailroom.account.admin.id

    def test_the_new_address_beside_it_proves(self, mailroom: Mailroom) -> None:
        old, new = self.rotate(mailroom)
        raw = rep_mail()
        held, again = mailroom.receive(raw, old), mailroom.receive(raw, new)
        assert (again.id, again.outcome) == (held.id, "lead_created")

    def test_after_ninety_days_nobody_has_it(self, mailroom: Mailroom) -> None:
        old, _ = self.rotate(mailroom)
        assert mailroom.book.resolve(old) is not None
        with mailroom.database.write() as connection:
            replaced = inbound_addresses.c.accepted_until.is_not(None)
            connection.execute(
                update(inbound_addresses)
                .where(inbound_addresses.c.account_id == mailroom.account.id, replaced)
                .values(accepted_until=clock(connection))
            )
        assert mailroom.book.resolve(old) is None
