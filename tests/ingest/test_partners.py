"""A partner's mail: who may send it, what is read of it, and to whom its leads go."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from ingest.accept import Connection, Incoming, Recipient
from store import inbound_list, partners
from store.accounts import update_account, viewer_of
from store.lead_lists import LeadFilter, list_leads
from store.partners import Partner
from store.tables.mail import holds, messages
from store.teams import create_team, delete_team
from store.why_visible import OFFERED, who_sees
from tests.ingest.mailroom import Mailroom, write
from tests.support.accounts import make_user

ADF = """<?xml version="1.0"?><adf><prospect><customer><contact><name part="full">Carla Kauf</name>
<email>{email}</email><phone>+49 30 5550100</phone></contact></customer>
<vehicle><make>Volta</make><model>Two</model></vehicle></prospect></adf>"""
PORTAL = "Portal <leads@portal.example>"


def partner_of(room: Mailroom, **more: Any) -> Partner:
    values = {"name": "Portal", "senders": ["*@portal.example"], "tags": ["portal"], **more}
    with room.database.write() as connection:
        return partners.create_partner(connection, room.account.scope, values)


def adf(email: str = "carla@kauf.example", **more: Any) -> bytes:
    return write(**({"sender": PORTAL, "text": ADF.format(email=email), "subject": "New lead"} | more))


def test_a_lead_that_comes_as_data_begins_with_the_partners_tags_and_owner(mailroom: Mailroom) -> None:
    ben = make_user(mailroom.database, mailroom.account, "ben@acme.example")
    partner = partner_of(mailroom, owner_id=ben.id)
    local_part, _, domain = partner.address.partition("@")
    message = mailroom.receive(adf(), f"{local_part}+Spring@{domain}")
    assert message.outcome == "lead_created"
    (lead,) = mailroom.leads()
    assert lead["owner"]["id"] == ben.id and lead["tags"] == ["portal", "spring"]
    assert lead["source"] == {"kind": "partner", "name": "Portal"}
    assert lead["contacts"][0]["emails"] == ["carla@kauf.example"]
    assert lead["contacts"][0]["name"] == "Carla Kauf"
    again = mailroom.receive(
        adf(message_id="<2@portal.example>", text=ADF.format(email="carla@kauf.example")), partner.address
    )
    assert again.outcome == "history_added", "its contact is on an open lead"


def test_who_is_not_on_the_list_is_held_with_a_reason_that_names_it(mailroom: Mailroom) -> None:
    partner = partner_of(mailroom)
    message = mailroom.receive(adf(sender="Somebody <x@elsewhere.example>"), partner.address)
    assert (message.outcome, message.reason) == ("held", "partner_sender")
    assert message.reason_data == {"who": "x@elsewhere.example", "partner": "Portal"}


def test_a_list_is_good_for_its_own_address_alone(mailroom: Mailroom) -> None:
    partner_of(mailroom, name="Other", senders=["*@other.example"])
    partner = partner_of(mailroom)
    message = mailroom.receive(adf(sender="x@other.example"), partner.address)
    assert (message.outcome, message.reason) == ("held", "partner_sender")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Name: Carla Kauf\nE-Mail: carla@kauf.example\nTelefon: 030 5550100\n", "no_template"),
        ("Hello,\n\nsomebody wants a car.\n", "no_template"),
        (ADF.format(email="a@kauf.example") + ADF.format(email="b@kauf.example"), "several_leads"),
    ],
)
def test_without_a_template_nothing_is_guessed(mailroom: Mailroom, text: str, reason: str) -> None:
    message = mailroom.receive(write(sender=PORTAL, text=text), partner_of(mailroom).address)
    assert (message.outcome, message.reason) == ("held", reason)
    assert mailroom.leads() == []


@pytest.mark.parametrize("email", ["service@portal.example", "", "anna@acme.example"])
def test_a_partners_own_address_is_never_a_contact(mailroom: Mailroom, email: str) -> None:
    message = mailroom.receive(adf(email), partner_of(mailroom).address)
    assert message.outcome == "lead_created"
    (lead,) = mailroom.leads()
    assert lead["contacts"] == [] and lead["fields"]["phone"] == "+49 30 5550100"


def test_nor_where_it_writes_to_the_address_for_leads(mailroom: Mailroom) -> None:
    partner_of(mailroom)
    message = mailroom.receive(write(sender=PORTAL, text="Somebody called."))
    assert (message.outcome, message.reason) == ("held", "no_contact")


def test_machines_may_send_it_but_not_automatic_replies(mailroom: Mailroom) -> None:
    partner = partner_of(mailroom)
    bulk = mailroom.receive(
        adf(headers={"Precedence": "bulk", "Auto-Submitted": "auto-generated"}), partner.address
    )
    assert bulk.outcome == "lead_created"
    reply = mailroom.receive(
        adf(message_id="<2@portal.example>", headers={"Auto-Submitted": "auto-replied"}), partner.address
    )
    assert (reply.outcome, reply.reason) == ("ignored", "auto_reply")


def test_a_replaced_address_is_held_to_the_partners_owner(mailroom: Mailroom) -> None:
    partner = partner_of(mailroom, owner_id=mailroom.account.admin.id)
    with mailroom.database.write() as connection:
        inbound_list.rotate(connection, mailroom.account.scope, partner.address_id)
    message = mailroom.receive(adf(), partner.address)
    assert (message.outcome, message.reason) == ("held", "address_rotated")
    with mailroom.database.write() as connection:
        (hold,) = connection.execute(select(holds).where(holds.c.account_id == mailroom.account.id))
        assert hold.user_id == mailroom.account.admin.id
        partners.delete_partner(connection, mailroom.account.scope, partner.id)
    assert mailroom.book.resolve(partner.address) is None


def test_a_team_sees_and_takes_what_a_source_offers_it_while_nobody_owns_it(mailroom: Mailroom) -> None:
    ben, eva = (
        make_user(mailroom.database, mailroom.account, f"{n}@acme.example", n) for n in ("ben", "eva")
    )
    scope, admin = mailroom.account.scope, mailroom.account.admin
    with mailroom.database.write() as connection:
        update_account(connection, scope, {"edition": "expert", "teams_enabled": True, "visibility": "own"})
        boss = viewer_of(connection, scope, admin.id)
        team = create_team(connection, boss, name="North", members=[ben.id], managers=[])
    mailroom.receive(adf(), partner_of(mailroom, team_id=team["id"]).address)
    (lead,) = mailroom.leads()
    assert lead["owner"] is None

    def seen_by(user_id: str) -> list[str]:
        with mailroom.database.read() as connection:
            viewer = viewer_of(connection, scope, user_id)
            return [row["id"] for row in list_leads(connection, viewer, LeadFilter(), limit=9).items]

    assert seen_by(ben.id) == [lead["id"]] and seen_by(eva.id) == []
    with mailroom.database.read() as connection:
        grounds = {sees.name: sees.grounds for sees in who_sees(connection, boss, lead["id"])}
    assert [(g.kind, g.teams) for g in grounds["ben"]] == [(OFFERED, ("North",))] and grounds["eva"] == ()
    with mailroom.database.write() as connection:
        delete_team(connection, boss, team["id"])
    assert seen_by(ben.id) == [], "without the team it is the admins' again"


def test_leads_of_an_address_begin_with_its_owner_and_tags(mailroom: Mailroom) -> None:
    ben = make_user(mailroom.database, mailroom.account, "ben@acme.example")
    with mailroom.database.write() as connection:
        made = inbound_list.create_address(
            connection,
            mailroom.account.scope,
            {"local_part": "fair", "name": "Fair", "owner_id": ben.id, "tags": ["fair"]},
        )
    mailroom.receive(write(to=made.address), made.address)
    (lead,) = mailroom.leads()
    assert (lead["owner"]["id"], lead["tags"], lead["source"]["name"]) == (ben.id, ["fair"], "Fair")


def test_in_a_mailbox_of_partners_mail_the_sender_says_whose_it_is(mailroom: Mailroom) -> None:
    ben = make_user(mailroom.database, mailroom.account, "ben@acme.example")
    partner_of(mailroom, name="Other", senders=["*@other.example"])
    partner_of(mailroom, owner_id=ben.id)
    recipient = Recipient(mailroom.account.id, None, "partner", "crm@acme.example", "mailbox:x", None)
    door = Connection("imap", None, "imap.example", "", tls=True, auth_user=None)
    for raw in (adf(), adf(sender="x@elsewhere.example", message_id="<2@elsewhere.example>")):
        mailroom.acceptor.accept(Incoming(raw, (recipient,), door, datetime.now(UTC)))
    mailroom.work()
    (lead,) = mailroom.leads()
    assert (lead["owner"]["id"], lead["tags"]) == (ben.id, ["portal"])
    with mailroom.database.read() as connection:
        held = select(messages.c.reason).where(
            messages.c.account_id == mailroom.account.id, messages.c.outcome == "held"
        )
        assert connection.execute(held).scalars().all() == ["partner_sender"]


def test_a_person_makes_a_lead_of_what_no_template_fits(mailroom: Mailroom) -> None:
    ben = make_user(mailroom.database, mailroom.account, "ben@acme.example")
    partner = partner_of(mailroom, owner_id=ben.id)
    text = "Name: Carla Kauf\nE-Mail: carla@kauf.example\nTelefon: 030 5550100\n"
    held = mailroom.receive(write(sender=PORTAL, subject="Anfrage", text=text), partner.address)
    admin = mailroom.account.admin.id
    mailroom.resolver.resolve(mailroom.account.scope, held.id, "create", user_id=admin)
    (lead,) = mailroom.leads()
    assert (lead["owner"]["id"], lead["tags"]) == (ben.id, ["portal"])
    assert lead["contacts"][0]["emails"] == ["carla@kauf.example"]
