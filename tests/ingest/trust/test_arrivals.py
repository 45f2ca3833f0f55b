"""The same mail again by a way that proves its sender: decided over all arrivals, once (product §3, Duplicates)."""

from typing import Any

import pytest
from sqlalchemy import func, select

from store.tables.mail import arrivals, holds
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write
from tests.ingest.trust.conftest import CLIENT, HOP
from tests.ingest.trust.signing import sign
from tests.ingest.trust.test_outcomes import STRANGER
from tests.ingest.trust.zone import Zone

OWN = {"mail_from": "anna@acme.example", "client_ip": CLIENT}
"""The client that SPF of acme.example allows."""
PROSPECT = {"mail_from": "paula@kunde.example", "client_ip": "198.51.100.7"}


def trusts(room: Mailroom, message: Any) -> list[str | None]:
    """What was found out by each arrival, in the order in which they came."""
    with room.database.read() as connection:
        this = (arrivals.c.account_id == room.account.id, arrivals.c.message_id == message.id)
        return list(
            connection.execute(
                select(arrivals.c.trust).where(*this).order_by(arrivals.c.received_at, arrivals.c.id)
            ).scalars()
        )


def open_holds(room: Mailroom) -> int:
    with room.database.read() as connection:
        this = (holds.c.account_id == room.account.id, holds.c.resolved_at.is_(None))
        return connection.execute(select(func.count()).select_from(holds).where(*this)).scalar_one()


class TestSameBytes:
    def test_a_forged_looking_mail_that_spf_proves_later(self, room: Mailroom) -> None:
        raw = write()
        first = room.receive(raw, **STRANGER)
        assert (first.outcome, first.reason, first.trust) == ("held", "sender_failed", "failed")
        again = room.receive(raw, **PROSPECT)
        assert (again.id, again.outcome, again.trust) == (first.id, "lead_created", "verified")
        assert again.trust_detail["by"] == "spf"
        assert trusts(room, again) == ["failed", "verified"]
        assert len(room.leads()) == 1 and open_holds(room) == 0
        assert room.events() == ["message.held", "lead.created", "lead.email.received"]

    def test_a_users_bcc(self, room: Mailroom) -> None:
        raw = rep_mail()
        assert room.receive(raw, room.account.bcc, **STRANGER).reason == "sender_failed"
        again = room.receive(raw, room.account.bcc, **OWN)
        assert (again.outcome, again.acting_user_id) == ("lead_created", room.account.admin.id)
        assert (again.direction, open_holds(room)) == ("out", 0)

    def test_the_worse_one_second_changes_nothing(self, room: Mailroom) -> None:
        raw = write()
        first = room.receive(raw, **PROSPECT)
        again = room.receive(raw, **STRANGER)
        assert (again.outcome, again.trust, again.processed_at) == (
            "lead_created",
            "verified",
            first.processed_at,
        )
        assert trusts(room, again) == ["verified", None], "nobody had to look"

    @pytest.mark.parametrize(("first", "second"), [(STRANGER, PROSPECT), (PROSPECT, STRANGER)])
    def test_both_before_anybody_looked(
        self, room: Mailroom, first: dict[str, Any], second: dict[str, Any]
    ) -> None:
        raw = write()
        message_id = room.send(raw, **first)
        assert room.send(raw, **second) == message_id
        room.work()
        message = room.message(message_id)
        assert (message.outcome, message.trust) == ("lead_created", "verified")
        assert sorted(str(trust) for trust in trusts(room, message)) == ["failed", "verified"]
        assert room.events() == ["lead.created", "lead.email.received"]

    @pytest.mark.parametrize(("first", "second"), [(STRANGER, PROSPECT), (PROSPECT, STRANGER)])
    def test_one_that_comes_while_the_other_is_being_decided(
        self, room: Mailroom, first: dict[str, Any], second: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After it was gathered and judged, before its effect: it goes back, and is decided over both."""
        raw, prepare = write(), room.processor._prepare
        came: list[str] = []

        def prepare_and_receive(*given: Any) -> Any:
            prepared = prepare(*given)
            if not came:
                came.append(room.send(raw, **second))
            return prepared

        monkeypatch.setattr(room.processor, "_prepare", prepare_and_receive)
        message = room.receive(raw, **first)
        assert came == [message.id]
        assert (message.outcome, message.trust) == ("lead_created", "verified")
        assert room.events() == ["lead.created", "lead.email.received"]
        assert len(room.leads()) == 1

    def test_another_way_that_proves_nothing_either(self, room: Mailroom) -> None:
        raw = write()
        first = room.receive(raw, **STRANGER)
        again = room.receive(raw, **(STRANGER | {"client_ip": "203.0.113.77"}))
        assert (again.outcome, again.reason, again.trust) == ("held", "sender_failed", "failed")
        assert again.processed_at > first.processed_at, "it was looked at"
        assert trusts(room, again) == ["failed", "failed"]
        assert room.events() == ["message.held"], "the same hold once more is no event"
        assert open_holds(room) == 1

    def test_a_way_that_says_nothing_does_not_lift_a_failure(self, room: Mailroom) -> None:
        raw = write()
        room.receive(raw, **STRANGER)
        again = room.receive(raw, room.account.bcc, door="lmtp", client_ip="127.0.0.1")
        assert (again.outcome, again.reason, again.trust) == ("held", "sender_failed", "failed")
        assert trusts(room, again) == ["failed", "unknown"]

    def test_a_failure_that_a_trusted_server_states_stays(self, room: Mailroom) -> None:
        results = b"Authentication-Results: mx.acme.example; dmarc=fail header.from=kunde.example\r\n"
        raw = results + write()
        first = room.receive(raw, client_ip=HOP, trusted_hop=True)
        assert (first.trust, first.trust_detail["by"]) == ("failed", "results")
        again = room.receive(raw, **PROSPECT)
        assert (again.reason, again.trust) == ("sender_failed", "failed")
        assert trusts(room, again) == ["failed", "verified"]

    def test_a_trusted_server_that_hands_it_over_later(self, room: Mailroom) -> None:
        results = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=kunde.example\r\n"
        raw = results + write()
        assert room.receive(raw, **STRANGER).reason == "sender_failed"
        assert room.receive(raw, client_ip=HOP, trusted_hop=True).outcome == "lead_created"

    def test_a_hold_that_no_proof_would_end_stays_untouched(self, room: Mailroom) -> None:
        for title in ("one", "two"):
            room.make_lead(title, "paula@kunde.example")
        raw = write()
        first = room.receive(raw, door="lmtp")
        assert (first.reason, first.trust) == ("ambiguous", "unknown")
        assert room.receive(raw, **PROSPECT).processed_at == first.processed_at

    def test_what_is_on_a_lead_stays(self, room: Mailroom) -> None:
        raw = write()
        first = room.receive(raw, door="lmtp")
        assert (first.outcome, first.trust) == ("lead_created", "unknown")
        again = room.receive(raw, **PROSPECT)
        assert (again.processed_at, again.trust) == (first.processed_at, "unknown")

    def test_mail_among_colleagues_that_was_ignored_for_lack_of_trust(self, room: Mailroom) -> None:
        raw = rep_mail(to="bob@acme.example", headers={"Cc": room.account.leads})
        with room.database.write() as connection:
            from store.accounts import update_account

            update_account(connection, room.account.scope, {"internal_domains": ["acme.example"]})
        first = room.receive(raw, door="lmtp")
        assert (first.outcome, first.reason) == ("ignored", "internal")
        again = room.receive(raw, anna(room), door="lmtp")
        assert (again.id, again.reason, again.acting_user_id) == (
            first.id,
            "no_contact",
            room.account.admin.id,
        )

    def test_the_password_of_the_right_user_after_that_of_another(self, room: Mailroom) -> None:
        from tests.support.accounts import make_user

        bob = make_user(room.database, room.account, "bob@acme.example", "Bob")
        raw, to = rep_mail(), room.account.bcc
        first = room.receive(raw, to, auth_user=bob.id)
        assert (first.outcome, first.reason) == ("held", "auth_from_mismatch")
        again = room.receive(raw, to, auth_user=room.account.admin.id)
        assert (again.outcome, again.acting_user_id) == ("lead_created", room.account.admin.id)

    def test_what_the_dns_does_not_answer_is_waited_for(self, room: Mailroom, zone: Zone) -> None:
        raw = write()
        first = room.receive(raw, **STRANGER)
        zone.answers = False
        message = room.receive(raw, **(PROSPECT | {"client_ip": "198.51.100.9"}))
        assert (message.state, message.reason) == ("pending", "sender_failed")
        assert message.due_at > first.processed_at

    def test_reading_again_asks_nobody_about_later_arrivals(self, room: Mailroom, zone: Zone) -> None:
        raw = write(text="Bitte.")
        message = room.receive(raw, **STRANGER)
        room.receive(raw, **(STRANGER | {"client_ip": "203.0.113.77"}))
        zone.asked.clear()
        admin = room.account.admin.id
        room.reprocessor.reprocess(room.account.scope, message.id, user_id=admin, apply=True)
        assert (zone.asked, room.message(message.id).trust) == ([], "failed")


class TestSameContent:
    """Another copy of the mail, with other bytes: its trace header."""

    def test_one_whose_signature_was_broken_first(self, room: Mailroom) -> None:
        raw = sign(write(), "kunde.example")
        broken = raw.replace(b"b=", b"b=AAAA", 1)
        first = room.receive(b"Received: from list.example by mx.example\r\n" + broken, **STRANGER)
        assert (first.reason, first.trust) == ("sender_failed", "failed")
        second = room.receive(raw, **STRANGER)
        assert (second.outcome, second.trust) == ("lead_created", "verified")
        first = room.message(first.id)
        assert (first.outcome, first.reason, first.duplicate_of) == ("ignored", "duplicate", second.id)
        assert (len(room.leads()), open_holds(room)) == (1, 0)
        assert room.events() == ["message.held", "lead.created", "lead.email.received"]

    def test_the_proven_one_first(self, room: Mailroom) -> None:
        raw = sign(write(), "kunde.example")
        first = room.receive(raw, **STRANGER)
        second = room.receive(
            b"Received: from list.example by mx.example\r\n" + raw.replace(b"b=", b"b=AAAA", 1), **STRANGER
        )
        assert (first.outcome, second.reason, second.duplicate_of) == ("lead_created", "duplicate", first.id)
        assert room.events() == ["lead.created", "lead.email.received"]

    def test_one_that_is_no_better_is_a_copy(self, room: Mailroom) -> None:
        raw = write()
        first = room.receive(raw, **STRANGER)
        second = room.receive(b"X-Other: way\r\n" + raw, **STRANGER)
        assert (second.outcome, second.duplicate_of) == ("ignored", first.id)
        assert room.message(first.id).outcome == "held"
