"""A website's notification mail becomes a lead of its visitor, whoever it says it is from."""

import pytest

from store.inbound import add_inbound_address
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write

FORM = (
    "Vorname: Vera\nNachname: Besuch\nE-Mail: vera@besuch.example\nTelefon: 030 123456\n"
    "Nachricht: Zwei Dächer, bitte."
)
SITE = "Webseite <wordpress@site.example>"


def test_the_visitor_is_the_contact_and_the_fields_are_kept(mailroom: Mailroom) -> None:
    message = mailroom.receive(write(sender=SITE, subject="Neue Kontaktanfrage", text=FORM))
    assert message.outcome == "lead_created"
    (lead,) = mailroom.leads()
    (contact,) = lead["contacts"]
    assert (contact["name"], contact["emails"]) == ("Vera Besuch", ["vera@besuch.example"])


@pytest.mark.parametrize(
    ("sender", "reply_to"),
    [
        (SITE, "Vera <vera@besuch.example>"),
        (SITE, "wordpress@site.example"),
        (SITE, "noreply@site.example"),
        ("noreply@site.example", "vera@besuch.example"),
        ("Anna <anna@acme.example>", "vera@besuch.example"),
        ("web@acme.example", "anna@acme.example"),
    ],
)
def test_never_the_site_nor_ourselves(mailroom: Mailroom, sender: str, reply_to: str) -> None:
    raw = write(sender=sender, subject="Kontaktformular", text=FORM, headers={"Reply-To": reply_to})
    message = mailroom.receive(raw)
    if message.outcome == "held":  # a user's own From on leads@ needs proof, form or not
        assert (message.reason, sender) == ("sender_unverified", "Anna <anna@acme.example>")
        return
    (lead,) = mailroom.leads()
    assert [contact["emails"] for contact in lead["contacts"]] == [["vera@besuch.example"]]


def test_an_address_that_only_reply_to_names(mailroom: Mailroom) -> None:
    text = "Name: Vera Besuch\nTelefon: 030 123456\nNachricht: Zwei Dächer, bitte."
    raw = write(
        sender=SITE, subject="Kontaktformular", text=text, headers={"Reply-To": "vera@besuch.example"}
    )
    mailroom.receive(raw)
    (lead,) = mailroom.leads()
    (contact,) = lead["contacts"]
    assert (contact["name"], contact["emails"]) == ("Vera Besuch", ["vera@besuch.example"])


def test_a_person_who_writes_labels_is_still_the_sender(mailroom: Mailroom) -> None:
    text = "Name: Paula Prospect\nTelefon: 030 123456\nOrt: Köln\nNachricht: Bitte anrufen."
    mailroom.receive(write(subject="Kontaktformular", text=text))
    (lead,) = mailroom.leads()
    assert lead["contacts"][0]["emails"] == ["paula@kunde.example"]


@pytest.mark.parametrize("sender", [SITE, "Anna <anna@acme.example>", "web@acme.example"])
def test_on_a_forms_own_address_from_is_nobody(mailroom: Mailroom, sender: str) -> None:
    with mailroom.database.write() as connection:
        scope = mailroom.account.scope
        add_inbound_address(connection, scope, kind="form", local_part="form-abc", name="Contact")
    raw = write(
        sender=sender, to="form-abc@acme.test, boss@acme.example", subject="Kontaktformular", text=FORM
    )
    message = mailroom.receive(raw, "form-abc@acme.test")
    assert message.outcome == "lead_created"
    (lead,) = mailroom.leads()
    assert [contact["emails"] for contact in lead["contacts"]] == [["vera@besuch.example"]]


def test_without_a_visitor_a_forms_mail_is_held(mailroom: Mailroom) -> None:
    with mailroom.database.write() as connection:
        scope = mailroom.account.scope
        add_inbound_address(connection, scope, kind="form", local_part="form-abc", name="Contact")
    message = mailroom.receive(write(sender=SITE, subject="Hallo", text="Test."), "form-abc@acme.test")
    assert (message.outcome, message.reason) == ("held", "no_contact")


@pytest.mark.parametrize("site", [SITE, "noreply@site.example", "web@acme.example"])
def test_a_user_passes_a_forms_mail_on(mailroom: Mailroom, site: str) -> None:
    text = (
        "Bitte anlegen.\n\n---------- Forwarded message ---------\n"
        f"Von: {site if '<' in site else f'<{site}>'}\nDate: Mo., 23. Nov. 2026 um 08:00 Uhr\n"
        f"Subject: Neue Kontaktanfrage\nTo: <leads@acme.example>\n\n\n{FORM}"
    )
    mailroom.receive(
        rep_mail(to=anna(mailroom), subject="Fwd: Neue Kontaktanfrage", text=text), anna(mailroom)
    )
    (lead,) = mailroom.leads()
    assert [contact["emails"] for contact in lead["contacts"]] == [["vera@besuch.example"]]
