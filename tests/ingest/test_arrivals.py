"""The same mail by several ways: which addresses decide together, and when a held one is decided again."""

from collections.abc import Sequence

import pytest

from store.addresses import lead_local_part
from tests.ingest.mailroom import KEYS, Mailroom, anna, rep_mail, write
from tests.support.accounts import make_user


def lead_address(room: Mailroom, number: int, tag: str = "") -> str:
    return f"{lead_local_part(KEYS.address, room.account.id, number)}{tag}@{room.account.domain}"


def two_leads(
    room: Mailroom, contacts: Sequence[str] = ("paula@kunde.example", "paula@kunde.example")
) -> None:
    for number, address in enumerate(contacts):
        room.make_lead(f"Lead {number}", address)


class TestLeadAddresses:
    def test_a_mail_to_two_leads_is_on_both(self, mailroom: Mailroom) -> None:
        two_leads(mailroom)
        to = lead_address(mailroom, 1), lead_address(mailroom, 2, "+Messe")
        message = mailroom.receive(write(), *to)
        assert (message.outcome, message.reason) == ("history_added", "lead_address")
        for lead in mailroom.leads():
            assert [entry["text"] for entry in mailroom.history(lead["id"]) if entry["kind"] == "email"]
            assert lead["tags"] == ["messe"]

    def test_only_on_those_whose_contact_wrote(self, mailroom: Mailroom) -> None:
        two_leads(mailroom, ("paula@kunde.example", "else@other.example"))
        message = mailroom.receive(write(), lead_address(mailroom, 1), lead_address(mailroom, 2))
        assert (message.outcome, message.reason) == ("history_added", "lead_address")
        assert [line["detail"] for line in message.trail if line["step"] == "match"] == [
            "#1; perhaps also #2"
        ]
        _first, second = mailroom.leads()
        assert mailroom.history(second["id"]) == []

    def test_a_stranger_is_held_with_both(self, mailroom: Mailroom) -> None:
        two_leads(mailroom)
        stranger = write(sender="else@other.example")
        message = mailroom.receive(stranger, lead_address(mailroom, 1), lead_address(mailroom, 2))
        assert (message.outcome, message.reason) == ("held", "not_a_contact")
        assert mailroom.candidates(message.id) == [lead["id"] for lead in mailroom.leads()]

    def test_of_a_lead_in_the_trash(self, mailroom: Mailroom) -> None:
        two_leads(mailroom)
        mailroom.trash_lead(mailroom.leads()[0]["id"])
        assert mailroom.receive(write(), lead_address(mailroom, 1)).reason == "lead_gone"
        both = write(message_id="<2@kunde.example>")
        message = mailroom.receive(both, lead_address(mailroom, 1), lead_address(mailroom, 2))
        assert message.outcome == "history_added"

    def test_the_senders_personal_address_beside_it_verifies(self, mailroom: Mailroom) -> None:
        two_leads(mailroom)
        message = mailroom.receive(rep_mail(), lead_address(mailroom, 2), anna(mailroom))
        assert (message.outcome, message.trust, message.direction) == ("history_added", "verified", "out")
        assert not mailroom.history(mailroom.leads()[0]["id"])

    def test_a_users_mail_to_the_lead_alone_is_a_comment(self, mailroom: Mailroom) -> None:
        two_leads(mailroom)
        to = lead_address(mailroom, 1)
        message = mailroom.receive(rep_mail(to=to, text="Ruft morgen an."), to, anna(mailroom))
        assert (message.outcome, message.reason) == ("history_added", "lead_address")
        (entry,) = mailroom.history(mailroom.leads()[0]["id"])
        assert (entry["kind"], entry["text"], entry["author"]["name"]) == (
            "comment",
            "Ruft morgen an.",
            "Anna Admin",
        )
        assert mailroom.events()[-1] == "lead.commented"


class TestDecidedAgain:
    @pytest.mark.parametrize("headers", [{}, {"Received": "by another.example"}], ids=["bytes", "content"])
    def test_another_users_personal_address_first(self, mailroom: Mailroom, headers: dict[str, str]) -> None:
        bob = make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        raw = rep_mail()
        first = mailroom.receive(raw, bob.address)
        assert (first.outcome, first.reason) == ("held", "sender_unverified")
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
        second = mailroom.receive(head + raw, anna(mailroom))
        assert (second.outcome, second.acting_user_id) == ("lead_created", mailroom.account.admin.id)
        if headers:
            first = mailroom.message(first.id)
            assert (first.outcome, first.duplicate_of) == ("ignored", second.id)

    def test_the_address_of_the_right_lead_after_a_wrong_one(self, mailroom: Mailroom) -> None:
        two_leads(mailroom, ("else@other.example", "paula@kunde.example"))
        raw = write()
        assert mailroom.receive(raw, lead_address(mailroom, 1)).reason == "not_a_contact"
        assert mailroom.receive(raw, lead_address(mailroom, 2)).outcome == "history_added"

    def test_nothing_new_leaves_the_hold(self, mailroom: Mailroom) -> None:
        raw = rep_mail()
        first = mailroom.receive(raw, mailroom.account.bcc)
        again = mailroom.receive(raw, mailroom.account.bcc.replace("@", "+tag@"), mailroom.account.leads)
        assert (again.id, again.outcome, again.processed_at) == (first.id, "held", first.processed_at)
        assert mailroom.events().count("message.held") == 1

    def test_what_is_on_a_lead_stays(self, mailroom: Mailroom) -> None:
        raw = write()
        first = mailroom.receive(raw)
        assert mailroom.receive(raw, anna(mailroom)).processed_at == first.processed_at
