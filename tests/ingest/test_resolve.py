"""What a person decides about a held message. One test per exit that no other file has."""

import pytest

from store.session import Invalid
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
