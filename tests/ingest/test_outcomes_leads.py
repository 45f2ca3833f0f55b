"""From a stranger's mail to its outcome: a new lead, history of one, or held. One test per exit."""

from sqlalchemy import select

from rules.event import Actor, ActorKind
from store.events import Origin
from store.lead_ops import LeadEditor
from store.tables.mail import holds
from tests.ingest.mailroom import Mailroom, write


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
