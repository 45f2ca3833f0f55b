"""A leadgate with something of everything in it, and the paths of the pages that show it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, update

from store import outgoing, outgoing_work
from store.inbound_list import list_addresses
from store.outgoing import NewMail
from store.outgoing_work import Tried
from store.session import now
from store.tables.mailboxes import mailboxes
from store.tables.sources import source_alarms
from tests.browser.stage import Stage
from tests.support.mails import mail
from tests.web.scene import MAILBOX
from tests.web.world import Person, data


def fill(stage: Stage) -> dict[str, str]:
    """Leads, messages, holds, a webhook, a team; the paths of the pages that show them, by name."""
    world, filed = stage.world, ""
    admin = world.person(world.account.scope, world.account.admin.id, "", world.account.admin.address)
    for number in range(3):
        lead = mail(
            sender=f"Paula Prospect <paula{number}@prospect.example>",
            to=world.account.leads,
            subject=f"A quote for {number + 20} chairs",
            text="Name: Paula Prospect\nTelefon: 030 5550 1234\nNachricht: Zwanzig Stühle, bitte.\n",
            message_id=f"<{number}@prospect.example>",
        )
        filed = world.by_smtp(lead, world.account.leads, "paula@prospect.example")
    lead_id = data(admin.get("/leads"))[0]["id"]
    twin = {"title": "Chairs again", "contacts": [{"email": "paula0@prospect.example"}], "amount": 1250.5}
    data(admin.post("/leads", twin), 201)
    held = world.by_smtp(
        mail(
            sender="paula0@prospect.example",
            to=world.account.leads,
            subject="Which of the two?",
            text="Please send the offer for Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau.",
            message_id="<held@prospect.example>",
        ),
        world.account.leads,
    )
    data(admin.post(f"/leads/{lead_id}/comments", {"text": "Called; wants an offer by Friday."}), 201)
    due = {"status": "standby", "tags": ["fair2026", "web"], "next_action_at": "2026-12-01T09:00:00+01:00"}
    data(admin.patch(f"/leads/{lead_id}", due))
    hook = data(admin.post("/webhooks", {"url": "https://hooks.example/leads"}), 201)["id"]
    data(admin.post(f"/webhooks/{hook}/test"), 202)
    delivery = data(admin.get(f"/webhooks/{hook}/deliveries"))[0]["id"]
    data(admin.patch("/account", {"edition": "expert", "teams_enabled": True}))
    ben = data(admin.post("/users", {"email": "ben@acme.example", "name": "Benedikt Brandt-Obermaier"}), 201)
    people = {"name": "North-west and overseas", "members": [ben["id"]], "managers": [ben["id"]]}
    team = data(admin.post("/teams", people), 201)["id"]
    data(admin.post("/leads", {"title": "Ben's", "owner_id": ben["id"]}), 201)
    asked = mail(
        sender="someone.with.a.long.name@elsewhere-company.example",
        to="p@prospect.example",
        subject="An offer",
        text="Here it is.",
        message_id="<asked@elsewhere.example>",
    )
    mail_was_sent(stage)
    none = {"title": "Backlinks for your website", "contacts": [{"emails": ["seo@agency.example"]}]}
    none_id = data(admin.post("/leads", none), 201)["id"]
    data(admin.post(f"/leads/{none_id}/not-a-lead", {"block_sender": True}))
    return sources(stage, admin) | {
        "access": f"/leads/{lead_id}/access",
        "message-asked": f"/inbox/{world.by_smtp(asked, world.account.admin.address)}",
        "message-asked-other": f"/inbox/{world.by_smtp(asked + b'.', ben['address'])}",
        "settings": "/settings",
        "senders": "/settings/senders",
        "not-a-lead": f"/leads/{lead_id}/not-a-lead",
        "trash": "/trash",
        "outgoing-mail": "/settings/mail",
        "forgot": "/forgot",
        "team-of": f"/team/teams/{team}",
        "user": f"/team/{ben['id']}",
        "leads": "/leads",
        "leads-none": "/leads?q=nothing-like-it",
        "lead": f"/leads/{lead_id}",
        "inbox-attention": "/inbox?tab=attention",
        "inbox-processed": "/inbox?tab=processed",
        "inbox-spam": "/inbox?tab=spam",
        "message": f"/inbox/{filed}",
        "message-held": f"/inbox/{held}",
        "test-mail": f"/test-mail/{filed}",
        "webhooks": "/webhooks",
        "webhook": f"/webhooks/{hook}",
        "delivery": f"/webhooks/{hook}/deliveries/{delivery}",
        "team": "/team",
        "status": "/status",
        "you": "/you",
        "missing": "/nothing-here",
    }


def sources(stage: Stage, admin: Person) -> dict[str, str]:
    """Sources of every kind, one of them asked by Gmail, one replaced; the paths of their pages."""
    world = stage.world
    form = {"name": "Contact", "origins": ["https://www.a-long-name-of-a-company.example"], "tags": ["web"]}
    form_id = data(admin.post("/forms", form), 201)["id"]
    partner = {"name": "Portal", "senders": ["*@portal.example", "leads@another-portal.example"]}
    partner_id = data(admin.post("/partners", partner), 201)["id"]
    mailbox = data(admin.post("/mailboxes", {**MAILBOX, "name": "Info", "kind": "by_recipient"}), 201)["id"]
    address = data(admin.post("/addresses", {"local_part": "fair", "name": "Fair in Hanover"}), 201)
    data(admin.post(f"/partners/{partner_id}/address"), 201)
    with world.database.write() as connection:
        failing = {
            "error": "The server refused user name or password: [AUTHENTICATIONFAILED].",
            "error_stage": "login",
            "error_code": "password_refused",
            "error_said": "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
        }
        connection.execute(
            update(mailboxes)
            .where(mailboxes.c.account_id == world.account.id, mailboxes.c.id == mailbox)
            .values(**failing, error_since=now(connection), last_poll_at=now(connection))
        )
        leads = next(
            one.id for one in list_addresses(connection, world.account.scope) if one.local_part == "leads"
        )
        silent = {"source_key": f"address:{leads}", "kind": "silent", "after_seconds": 90_000}
        moment = now(connection)
        connection.execute(
            insert(source_alarms).values(account_id=world.account.id, **silent, occurrence=moment, at=moment)
        )
    question = mail(
        sender="Gmail Team <forwarding-noreply@google.com>",
        to=address["address"],
        subject="Gmail Forwarding Confirmation",
        text="info.of.a.company@gmail.com asks.\nCode: 123456789\nhttps://mail.google.com/mail/vf-1-x\n",
        message_id="<forward@google.com>",
    )
    world.by_smtp(question, address["address"])
    return {
        "sources": "/sources",
        "source-silent": f"/sources/addresses/{leads}",
        "source-address": f"/sources/addresses/{address['id']}",
        "source-rotate": f"/sources/addresses/{own_address(admin)}/rotate",
        "source-mailbox": f"/sources/mailboxes/{mailbox}",
        "source-mailbox-new": "/sources/mailboxes/new",
        "source-form": f"/sources/forms/{form_id}",
        "source-partner": f"/sources/partners/{partner_id}",
        "mail-domain": "/mail-domain?selector=s1",
        "upload": "/upload",
    }


def own_address(person: Person) -> str:
    """The id of the person's own address."""
    return next(str(each["id"]) for each in data(person.get("/addresses")) if each["user_id"] == person.id)


def mail_was_sent(stage: Stage) -> None:
    """Mails of leadgate's own in several states, and a server that fails."""
    world, post = stage.world, replace(stage.world.services.post, has_smarthost=True)
    subject = "A new password for leadgate"
    faults = (None, ("tls", None, "bad_certificate"), ("data", 451, "busy"))
    with world.database.write() as connection:
        for number in range(len(faults) + 1):
            to = f"somebody.with.a.long.name.{number}@elsewhere-company.example"
            asked = NewMail(key=to, to=to, purpose="test", subject=subject, text="t")
            outgoing.queue(connection, world.account.scope, post, asked)
        account_id = world.account.id
        due = outgoing_work.claim(connection, [account_id], most=len(faults), lease=outgoing_work.WARN_AFTER)
        for one, fault in zip(due, faults, strict=True):
            stage_of, code, error = fault or (None, 250, None)
            told = (
                "The certificate of mail.example.com is not valid: self-signed certificate."
                if error
                else None
            )
            tried = Tried(
                one.created_at,
                "mail.example.com:587",
                120,
                "failing" if error else "sent",
                stage_of,
                code,
                error,
                told,
                timedelta(hours=1),
                blames_server=error is not None,
            )
            outgoing_work.record(connection, one, tried)
