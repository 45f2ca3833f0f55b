"""What a person decides about a held message. One test per exit that no other file has."""

import pytest

from store.session import Conflict, Invalid
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write

NO_REPLY = "Portal <no-reply@portal.example>"


def resolve(room: Mailroom, message_id: str, action: str, lead_id: str | None = None) -> str:
    admin = room.account.admin.id
    return room.resolver.resolve(room.account.scope, message_id, action, user_id=admin, lead_id=lead_id)


def test_what_names_nobody_outside_goes_onto_a_chosen_lead(mailroom: Mailroom) -> None:
    mailroom.make_lead("Dach", "paula@kunde.example")
    (lead,) = mailroom.leads()
    held = mailroom.receive(write(sender=NO_REPLY), mailroom.account.leads.replace("@", "+messe@"))
    assert (held.outcome, held.reason) == ("held", "no_contact")
    with pytest.raises(Invalid):
        resolve(mailroom, held.id, "create")
    assert resolve(mailroom, held.id, "attach", lead["id"]) == "history_added"
    (after,) = mailroom.leads()
    assert after["tags"] == ["messe"]
    assert [contact["emails"] for contact in after["contacts"]] == [["paula@kunde.example"]], (
        "a portal is none"
    )
    entry = next(e for e in mailroom.history(lead["id"]) if e["kind"] == "email")
    assert (entry["direction"], entry["author"]["email"]) == ("in", "no-reply@portal.example")


def test_without_any_sender_too(mailroom: Mailroom) -> None:
    mailroom.make_lead("Dach", "paula@kunde.example")
    (lead,) = mailroom.leads()
    held = mailroom.receive(write(sender=None))
    assert resolve(mailroom, held.id, "attach", lead["id"]) == "history_added"
    (entry,) = mailroom.history(lead["id"])
    assert (entry["kind"], entry["author"], entry["text"]) == ("email", None, "Bitte ein Angebot.")


def test_a_users_mail_to_colleagues_becomes_a_comment(mailroom: Mailroom) -> None:
    mailroom.make_lead("Dach", "paula@kunde.example")
    (lead,) = mailroom.leads()
    held = mailroom.receive(rep_mail(to="postmaster@acme.test"), anna(mailroom))
    assert resolve(mailroom, held.id, "attach", lead["id"]) == "history_added"
    (entry,) = mailroom.history(lead["id"])
    assert (entry["kind"], entry["author"]["email"]) == ("comment", "anna@acme.example")


class TestForTheThread:
    """Two strangers of one conversation write to bcc@, where strangers are held."""

    def held(self, room: Mailroom) -> tuple[str, str]:
        first = room.receive(write(sender="one@gmail.com", message_id="<1@x>"), room.account.bcc)
        return first.id, room.receive(self.answer(2), room.account.bcc).id

    def answer(self, number: int) -> bytes:
        answers = {"In-Reply-To": "<1@x>"}
        return write(sender="two@gmail.com", message_id=f"<{number}@x>", headers=answers)

    def decide(self, room: Mailroom, message_id: str, action: str) -> None:
        admin, scope = room.account.admin.id, room.account.scope
        room.resolver.resolve(scope, message_id, action, user_id=admin, for_thread=True)
        room.work()

    @pytest.mark.parametrize(
        ("action", "reason"),
        [("ignore", "ignored_by_person"), ("never_log", "never_log"), ("spam", "spam")],
    )
    def test_wanting_nothing_of_it_ignores_what_is_held_and_what_comes(
        self, mailroom: Mailroom, action: str, reason: str
    ) -> None:
        first, second = self.held(mailroom)
        self.decide(mailroom, first, action)
        assert mailroom.message(first).reason == reason
        assert mailroom.message(second).reason == "ignored_thread"
        assert mailroom.receive(self.answer(3), mailroom.account.leads).reason == "ignored_thread"
        further = write(sender="three@gmail.com", message_id="<4@x>", headers={"In-Reply-To": "<3@x>"})
        assert mailroom.receive(further, mailroom.account.bcc).reason == "ignored_thread"
        another = write(sender="two@gmail.com", message_id="<5@x>")
        assert mailroom.receive(another, mailroom.account.leads).outcome == "lead_created"

    @pytest.mark.parametrize("action", ["ignore", "never_log", "spam"])
    def test_without_it_only_this_one_is_ignored(self, mailroom: Mailroom, action: str) -> None:
        first, second = self.held(mailroom)
        resolve(mailroom, first, action)
        mailroom.work()
        assert mailroom.message(second).outcome == "held"
        assert mailroom.receive(self.answer(3), mailroom.account.leads).outcome == "lead_created"

    def test_what_a_user_sends_or_a_lead_has_is_not_ignored(self, mailroom: Mailroom) -> None:
        first, _ = self.held(mailroom)
        self.decide(mailroom, first, "ignore")
        own = rep_mail(to="two@gmail.com", headers={"In-Reply-To": "<1@x>"})
        assert mailroom.receive(own, anna(mailroom)).outcome == "lead_created"
        assert mailroom.receive(self.answer(3), mailroom.account.bcc).outcome == "history_added"

    def test_a_lead_of_it_takes_what_is_held(self, mailroom: Mailroom) -> None:
        copied = write(sender="one@gmail.com", message_id="<1@x>", headers={"Cc": "two@gmail.com"})
        first = mailroom.receive(copied, mailroom.account.bcc).id
        second = mailroom.receive(self.answer(2), mailroom.account.bcc).id
        assert mailroom.message(second).outcome == "held"
        self.decide(mailroom, first, "create")
        assert mailroom.message(second).outcome == "history_added"
        assert len(mailroom.leads()) == 1


def test_a_mail_that_a_person_took_for_spam_comes_back_as_if_new(mailroom: Mailroom) -> None:
    mailroom.make_lead("One", "paula@kunde.example")
    mailroom.make_lead("Two", "paula@kunde.example")
    held = mailroom.receive(write())
    assert resolve(mailroom, held.id, "spam") == "ignored"
    assert resolve(mailroom, held.id, "not_spam") == "held", "both leads are still possible"
    assert len(mailroom.candidates(held.id)) == 2
    with pytest.raises(Conflict):
        resolve(mailroom, held.id, "not_spam")
    assert resolve(mailroom, held.id, "ignore") == "ignored"
    with pytest.raises(Conflict):
        resolve(mailroom, held.id, "not_spam")
