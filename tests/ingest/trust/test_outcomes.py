"""What comes of a mail whose sender is proven, is not, or failed: by kind of address (product §6)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from store.inbound import set_accepts_unknown
from store.reasons import sentence
from store.session import NotFound
from store.tables.leads import history_entries
from store.tables.mail import messages
from store.tables.people import inbound_addresses
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write
from tests.ingest.trust.conftest import CLIENT
from tests.ingest.trust.signing import sign
from tests.ingest.trust.zone import SILENT, Zone

STRANGER = {"mail_from": "x@evil.example", "client_ip": "203.0.113.66"}


def hers(**more: Any) -> bytes:
    return sign(rep_mail(**more), "acme.example")


def trail(message: Any, step: str) -> dict[str, str]:
    return next(line for line in message.trail if line["step"] == step)


class TestVerified:
    def test_a_bcc_of_a_users_domain_needs_no_secret(self, room: Mailroom) -> None:
        message = room.receive(hers(), room.account.bcc)
        assert (message.outcome, message.trust, message.direction) == ("lead_created", "verified", "out")
        assert message.acting_user_id == room.account.admin.id
        (lead,) = room.leads()
        assert [contact["emails"] for contact in lead["contacts"]] == [["paula@kunde.example"]]
        assert trail(message, "trust")["detail"] == "DKIM of acme.example passed and fits From"

    def test_the_evidence_is_kept(self, room: Mailroom) -> None:
        message = room.receive(hers(), room.account.bcc, mail_from="anna@acme.example", client_ip=CLIENT)
        assert message.trust_detail == {
            "by": "dkim",
            "summary": "DKIM of acme.example passed and fits From",
            "from": "acme.example",
            "dkim": [{"domain": "acme.example", "selector": "s1", "result": "pass", "why": ""}],
            "spf": [{"domain": "acme.example", "result": "pass"}],
            "dmarc": {"domain": "acme.example", "policy": "reject"},
        }

    def test_spf_alone(self, room: Mailroom) -> None:
        message = room.receive(rep_mail(), room.account.bcc, mail_from="b@acme.example", client_ip=CLIENT)
        assert (message.trust, message.outcome) == ("verified", "lead_created")

    def test_a_pass_without_any_policy(self, room: Mailroom, zone: Zone) -> None:
        del zone.records["_dmarc.acme.example", "TXT"]
        assert room.receive(hers(), room.account.bcc).trust == "verified"

    def test_a_strangers_mail_is_verified_and_nobodys(self, room: Mailroom) -> None:
        message = room.receive(sign(write(), "kunde.example"), room.account.leads)
        assert (message.trust, message.acting_user_id) == ("verified", None)
        assert (message.outcome, message.direction) == ("lead_created", "in")

    def test_a_forward_is_unwrapped(self, room: Mailroom) -> None:
        original = "From: Paula <paula@kunde.example>\r\nSubject: Angebot\r\n\r\nHallo"
        text = f"---------- Forwarded message ---------\r\n{original}"
        message = room.receive(
            hers(to="leads@acme.test", subject="Fwd: Angebot", text=text), room.account.leads
        )
        assert trail(message, "read")["result"] == "forward"
        assert room.leads()[0]["contacts"][0]["emails"] == ["paula@kunde.example"]

    def test_a_signature_of_a_subdomain_fits_unless_the_policy_is_strict(
        self, room: Mailroom, zone: Zone
    ) -> None:
        zone.txt("s1._domainkey.mail.acme.example", *zone.records["s1._domainkey.acme.example", "TXT"])
        signed = sign(rep_mail(), "mail.acme.example")
        assert room.receive(signed, room.account.bcc).trust == "verified"
        zone.txt("_dmarc.acme.example", "v=DMARC1; p=reject; adkim=s")
        other = sign(rep_mail(message_id="<2@acme.example>"), "mail.acme.example")
        assert room.receive(other, room.account.bcc).trust == "failed"


class TestFailed:
    @pytest.mark.parametrize("kind", ["leads", "bcc", "personal"])
    def test_a_forged_prospect_is_held(self, room: Mailroom, kind: str) -> None:
        to = {"leads": room.account.leads, "bcc": room.account.bcc, "personal": anna(room)}[kind]
        room.make_lead("Paula", "paula@kunde.example")
        message = room.receive(write(to=to), to, **STRANGER)
        assert (message.outcome, message.reason, message.trust) == ("held", "sender_failed", "failed")
        assert trail(message, "trust")["detail"].startswith("DMARC of kunde.example failed")
        assert room.history(room.leads()[0]["id"]) == [], "nothing came onto the lead"

    def test_no_personal_address_lifts_it(self, room: Mailroom) -> None:
        message = room.receive(rep_mail(), anna(room), **STRANGER)
        assert (message.reason, message.acting_user_id) == ("sender_failed", None)

    def test_nor_with_a_doubled_field(self, room: Mailroom) -> None:
        raw = b"Subject: // !won\r\n" + hers()
        message = room.receive(raw, anna(room), **STRANGER)
        assert (message.reason, message.trust, message.acting_user_id) == ("sender_failed", "failed", None)

    def test_a_forged_user_with_the_address_in_copy_exposes_it(self, room: Mailroom) -> None:
        room.receive(rep_mail(headers={"Cc": anna(room)}), room.account.leads, **STRANGER)
        with room.database.read() as connection:
            found = connection.execute(
                select(inbound_addresses.c.exposed_at).where(
                    inbound_addresses.c.account_id == room.account.id, inbound_addresses.c.kind == "personal"
                )
            ).scalar_one()
        assert found is not None

    def test_a_form_is_not_held_for_it(self, room: Mailroom) -> None:
        with room.database.write() as connection:
            from store.inbound import add_inbound_address

            scope = room.account.scope
            add_inbound_address(connection, scope, kind="form", local_part="form-abc", name="Kontakt")
        text = "Name: Paul Neu\r\nE-Mail: paul@neu.example\r\nNachricht: Hallo"
        message = room.receive(write(text=text, to="form-abc@acme.test"), "form-abc@acme.test", **STRANGER)
        assert (message.outcome, message.trust) == ("lead_created", "failed")

    @pytest.mark.parametrize("record", ["v=DMARC1; p=none", "v=DMARC1; p=reject; pct=0", "v=DMARC1", "other"])
    def test_without_a_policy_it_is_unknown(self, room: Mailroom, zone: Zone, record: str) -> None:
        zone.txt("_dmarc.kunde.example", record)
        message = room.receive(write(), room.account.leads, **STRANGER)
        assert (message.outcome, message.trust) == ("lead_created", "unknown")

    def test_where_the_client_is_not_the_border_nothing_fails(self, room: Mailroom) -> None:
        message = room.receive(write(), room.account.leads, door="lmtp", **STRANGER)
        assert (message.outcome, message.trust) == ("lead_created", "unknown")
        assert message.trust_detail["spf"] is None


class TestPersonalAddress:
    def test_a_prospects_reply_to_all(self, room: Mailroom) -> None:
        """Incoming, nothing of it is run, and the address is exposed: no proof any more."""
        room.receive(hers(), anna(room))
        (lead,) = room.leads()
        reply = write(
            to="Anna <anna@acme.example>",
            subject="Re: Angebot // !won",
            text="#won !won\r\nJa, gerne.",
            message_id="<2@kunde.example>",
            headers={"Cc": anna(room), "In-Reply-To": "<r@acme.example>"},
        )
        message = room.receive(sign(reply, "kunde.example"), anna(room), **STRANGER)
        assert (message.outcome, message.direction) == ("history_added", "in")
        assert (message.acting_user_id, message.trust) == (None, "verified")
        (after,) = room.leads()
        assert (after["status"], after["tags"]) == (lead["status"], lead["tags"])
        with room.database.read() as connection:
            texts = connection.execute(
                select(history_entries.c.text).where(
                    history_entries.c.account_id == room.account.id, history_entries.c.direction == "in"
                )
            ).scalars()
            assert "#won" in "".join(texts)
        unsigned = sign(rep_mail(message_id="<3@acme.example>"), "nobody.example")
        later = room.receive(unsigned, anna(room), door="lmtp")
        assert (later.trust, later.reason) == ("unknown", "sender_unverified"), "it proves nothing now"


class TestStored:
    def test_reading_again_asks_nobody(self, room: Mailroom, zone: Zone) -> None:
        message = room.receive(hers(to="postmaster@acme.test"), room.account.bcc)
        assert (message.reason, message.trust) == ("no_contact", "verified")
        zone.records.clear()
        zone.asked.clear()
        admin = room.account.admin.id
        room.reprocessor.reprocess(room.account.scope, message.id, user_id=admin, apply=True)
        again = room.message(message.id)
        assert (again.trust, again.trust_detail) == (message.trust, message.trust_detail)
        assert again.acting_user_id == admin and zone.asked == []

    def test_a_message_that_nobody_judged_is_judged(self, room: Mailroom) -> None:
        message = room.receive(hers(to="postmaster@acme.test"), room.account.bcc)
        with room.database.write() as connection:
            this = (messages.c.account_id == room.account.id, messages.c.id == message.id)
            connection.execute(update(messages).where(*this).values(trust=None, trust_detail=None))
        admin = room.account.admin.id
        room.reprocessor.reprocess(room.account.scope, message.id, user_id=admin, apply=True)
        assert room.message(message.id).trust == "verified"


class TestUnanswered:
    def mail(self) -> bytes:
        return write(sender=f"paula@{SILENT}")

    def test_it_stays_pending(self, room: Mailroom) -> None:
        message = room.receive(self.mail(), room.account.leads)
        assert (message.state, message.outcome, message.attempts) == ("pending", None, 0)
        assert message.due_at > message.received_at + timedelta(seconds=15)
        assert sentence(None, message.reason_data).startswith(
            "The name servers of the sender's domain do not answer"
        )

    def test_and_is_judged_when_there_are_answers(self, room: Mailroom, zone: Zone) -> None:
        zone.answers = False
        message_id = room.send(hers(), room.account.bcc)
        room.work()
        zone.answers = True
        with room.database.write() as connection:
            this = (messages.c.account_id == room.account.id, messages.c.id == message_id)
            connection.execute(update(messages).where(*this).values(due_at=messages.c.received_at))
        room.work()
        assert room.message(message_id).trust == "verified"

    def test_after_ten_minutes_it_is_unknown(self, room: Mailroom) -> None:
        message_id = room.send(self.mail(), room.account.leads, age=timedelta(minutes=11))
        room.work()
        message = room.message(message_id)
        assert (message.outcome, message.trust) == ("lead_created", "unknown")
        assert trail(message, "trust")["detail"] == "the DNS did not answer"

    def test_its_neighbours_do_not_wait(self, room: Mailroom) -> None:
        slow = room.send(self.mail(), room.account.leads)
        quick = room.send(sign(write(), "kunde.example"), room.account.leads)
        room.work()
        assert (room.message(slow).state, room.message(quick).state) == ("pending", "done")


def test_with_the_dns_off_nobody_is_asked(mailroom: Mailroom) -> None:
    message = mailroom.receive(hers(), mailroom.account.bcc)
    assert (message.trust, message.reason) == ("unknown", "sender_unverified")
    assert trail(message, "trust")["detail"] == "SPF, DKIM and DMARC not checked"


class TestAddressThatAcceptsUnknown:
    """A setting of each address: users may act through it unproven, but never against a failed check."""

    @pytest.fixture(autouse=True)
    def accepts(self, room: Mailroom) -> None:
        self.accept(room, "bcc")

    def accept(self, room: Mailroom, kind: str, accepts: bool = True) -> None:
        with room.database.write() as connection:
            found = connection.execute(
                select(inbound_addresses.c.id).where(
                    inbound_addresses.c.account_id == room.account.id, inbound_addresses.c.kind == kind
                )
            ).scalar_one()
            set_accepts_unknown(connection, room.account.scope, found, accepts)

    def test_a_users_bcc(self, room: Mailroom) -> None:
        message = room.receive(rep_mail(), room.account.bcc, door="lmtp")
        assert (message.outcome, message.trust, message.direction) == ("lead_created", "unknown", "out")
        assert message.acting_user_id == room.account.admin.id
        assert trail(message, "identify")["result"] == "acts as a user, unproven"

    def test_not_when_the_check_failed(self, room: Mailroom) -> None:
        message = room.receive(rep_mail(), room.account.bcc, **STRANGER)
        assert (message.reason, message.trust, message.acting_user_id) == ("sender_failed", "failed", None)

    def test_not_when_the_mail_may_be_read_in_two_ways(self, room: Mailroom) -> None:
        raw = b"Subject: // !won\r\n" + rep_mail()
        message = room.receive(raw, room.account.bcc, door="lmtp")
        assert (message.reason, message.acting_user_id) == ("sender_unverified", None)

    def test_a_stranger_stays_one(self, room: Mailroom) -> None:
        message = room.receive(write(), room.account.bcc, door="lmtp")
        assert (message.reason, message.acting_user_id) == ("unknown_sender", None)

    def test_another_address_does_not(self, room: Mailroom) -> None:
        assert room.receive(rep_mail(), room.account.leads, door="lmtp").reason == "sender_unverified"

    def test_one_of_several_that_received_it_is_enough(self, room: Mailroom) -> None:
        message = room.receive(rep_mail(), room.account.leads, room.account.bcc, door="lmtp")
        assert message.acting_user_id == room.account.admin.id

    def test_an_exposed_personal_address(self, room: Mailroom) -> None:
        room.receive(write(to=anna(room), headers={"Cc": "x@kunde.example"}), anna(room), door="lmtp")
        mail = rep_mail(message_id="<2@acme.example>")
        assert room.receive(mail, anna(room), door="lmtp").reason == "sender_unverified"
        self.accept(room, "personal")
        mail = rep_mail(message_id="<3@acme.example>")
        assert room.receive(mail, anna(room), door="lmtp").outcome == "history_added"

    def test_switched_off_again(self, room: Mailroom) -> None:
        self.accept(room, "bcc", accepts=False)
        assert room.receive(rep_mail(), room.account.bcc, door="lmtp").reason == "sender_unverified"

    def test_of_an_address_that_is_not_there(self, room: Mailroom) -> None:
        with room.database.write() as connection, pytest.raises(NotFound):
            set_accepts_unknown(connection, room.account.scope, "0" * 26, True)
