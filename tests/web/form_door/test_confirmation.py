"""The confirmation to a form's visitor: when it is sent and when not, and that nothing of the visitor gets into it."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from store.tables.mail import messages
from store.tables.outgoing import outgoing_mails
from tests.support.mails import mail
from tests.support.rows import rows
from tests.web.browsing import admin_of
from tests.web.form_door.confirming import ON, confirmed, queued, sent, told
from tests.web.form_door.site import VERA, make_form
from tests.web.form_door.test_posts import go_back
from tests.web.scene import MAILBOX
from tests.web.world import World, data

ROOT = Path(__file__).parents[3]


def test_nothing_is_sent_unless_it_is_switched_on(sending: World) -> None:
    form = make_form(sending)
    form.post()
    assert confirmed(form) == [] and told(form) == []


def test_a_post_is_confirmed_once_it_is_a_lead_or_history(sending: World) -> None:
    form = make_form(sending, **ON)
    form.post()
    assert queued(sending) == [], "nobody has understood it yet"
    assert confirmed(form) == ["vera@besuch.example"]
    form.post({"name": "Rudi", "telefon": "0171 2345678"})
    assert confirmed(form) == ["vera@besuch.example"]
    assert told(form) == ["queued", "no_address"]


def test_one_a_day_for_an_address_however_it_is_written(sending: World) -> None:
    first, second = make_form(sending, **ON), make_form(sending, name="Callback", **ON)
    first.post()
    second.post(VERA | {"email": "VERA@Besuch.example", "nachricht": "Noch etwas."})
    first.post(VERA | {"email": "vera+2@besuch.example", "nachricht": "Und noch etwas."})
    assert confirmed(first) == ["vera@besuch.example"]
    assert told(first) == ["queued", "had_one", "had_one"]
    with sending.database.write() as connection:
        connection.execute(
            update(outgoing_mails)
            .where(outgoing_mails.c.account_id == sending.account.id)
            .values(created_at=datetime.now(UTC) - timedelta(hours=25), key="confirmation:yesterday")
        )
    first.post(VERA | {"nachricht": "Am nächsten Tag."})
    assert confirmed(first) == ["vera@besuch.example"] * 2


def test_many_at_once_from_one_address_are_one_mail(sending: World) -> None:
    form = make_form(sending, **ON)
    for number in range(40):
        form.post(VERA | {"nachricht": f"Frage {number}"})
    assert confirmed(form) == ["vera@besuch.example"]
    assert told(form).count("had_one") == 39


@pytest.mark.parametrize(
    "fields",
    [
        VERA | {"_gotcha": "filled in"},
        VERA | {"_elapsed": "300"},
        VERA | {"nachricht": "[url=https://x.example]x[/url]"},
    ],
)
def test_spam_is_not_confirmed(one_sending: World, fields: dict[str, str]) -> None:
    form = make_form(one_sending, **ON)
    form.post(fields)
    assert confirmed(form) == [] and told(form) == []
    (message,) = form.messages()
    answer = one_sending.admin.post(f"/messages/{message['id']}/resolve", {"action": "not_spam"})
    assert data(answer)["outcome"] == "lead_created"
    assert confirmed(form) == ["vera@besuch.example"], "as if it had just come"


def test_a_copy_and_a_blocked_sender_are_not_confirmed(one_sending: World) -> None:
    form = make_form(one_sending, **ON)
    form.post()
    form.post()
    data(one_sending.admin.patch("/account", {"blocked_senders": ["*@blocked.example"]}))
    form.post(VERA | {"email": "x@blocked.example"})
    assert confirmed(form) == ["vera@besuch.example"]
    assert [m["reason"] for m in form.messages()] == ["no_match", "duplicate", "spam"]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("leads@acme.test", "no_address"),
        ("leads@globex.test", "own_address"),
        ("anna@acme.example", "no_address"),  # a user
        ("noreply@shop.example", "no_address"),
        ("Postmaster@shop.example", "machine"),
        ("owner-list@lists.example", "machine"),
        ("list-request@lists.example", "machine"),
        ("crm+x@kunde.example", "own_address"),  # a mailbox that is read here
        ("never@logged.example", ""),
        ("a@partner.example", "no_address"),
        ("not an address", "no_address"),
        ("a@b.example, c@d.example", None),
        ("vera@besuch.example\r\nBcc: victim@victim.example", None),
        ("<vera@besuch.example>", None),
        ('"vera b"@besuch.example', "not_an_address"),
        ("vera@besuch.example>\r\nDATA", None),
    ],
)
def test_only_people_outside_are_written_to(one_sending: World, address: str, why: str | None) -> None:
    world = one_sending
    mailbox = MAILBOX | {"kind": "leads", "address": "crm@kunde.example"}
    data(world.stranger_admin.post("/mailboxes", mailbox), 201)
    data(world.admin.post("/partners", {"name": "P", "senders": ["*@partner.example"]}), 201)
    data(world.admin.patch("/account", {"never_log": ["*@logged.example"]}))
    assert world.admin.email == "anna@acme.example"
    form = make_form(world, **ON)
    form.post(VERA | {"email": address})
    found = confirmed(form)
    assert set(found) <= {"vera@besuch.example", "a@b.example"} and len(found) <= 1
    if why is not None:
        assert found == [] and told(form) == [why] * bool(why)


def test_without_a_mail_server_the_receipt_and_the_page_say_so(one_world: World) -> None:
    form = make_form(one_world, **ON)
    form.post()
    assert confirmed(form) == [] and told(form) == ["no_smarthost"]
    page = admin_of(one_world).get(f"/sources/forms/{form.made['id']}").text
    assert "No mail server is set, so no confirmation goes out." in page
    (message,) = form.messages()
    german = admin_of(one_world).get(f"/inbox/{message['id']}", headers={"Accept-Language": "de"}).text
    assert "Keine Bestätigung: Es ist kein Mailserver eingerichtet." in german


def test_an_old_post_is_not_confirmed(one_sending: World) -> None:
    form = make_form(one_sending, **ON)
    form.post()
    with one_sending.database.write() as connection:
        connection.execute(
            update(messages)
            .where(messages.c.account_id == one_sending.account.id)
            .values(received_at=datetime.now(UTC) - timedelta(hours=25))
        )
    assert confirmed(form) == [] and told(form) == ["late"]


def test_the_sites_notification_mail_is_confirmed_by_the_site(one_sending: World) -> None:
    form = make_form(one_sending, **ON)
    raw = mail(
        sender="Website <wordpress@site.example>",
        to=form.made["address"],
        subject="Neue Nachricht über das Kontaktformular",
        text="Name: Vera Besuch\nE-Mail: vera@besuch.example\nNachricht: Hallo\n",
        message_id="<n@site.example>",
    )
    one_sending.by_smtp(raw, form.made["address"])
    assert confirmed(form) == [] and len(form.leads()) == 1


def test_the_mail_holds_nothing_of_the_visitor_and_asks_for_no_answer_of_machines(
    one_sending: World, tmp_path: Path
) -> None:
    world = one_sending
    wanted = {"enabled": True, "subject": "Danke für Ihre Nachricht", "text": "Wir melden uns.\n.\nIhr Team"}
    form = make_form(world, confirmation=wanted)
    marks = {
        "name": "MARK-1\r\nBcc: a@b.example",
        "nachricht": "MARK-2 https://evil.example",
        "x\r\ny": "MARK-3",
    }
    form.post(VERA | marks | {"betreff": "MARK-4\nTo: x@y.example", "_tag": "MARK-5"})
    (lead,) = form.leads()
    taken = sent(world, tmp_path)
    assert b"MARK" not in taken.raw and b"evil.example" not in taken.raw and b"Vera" not in taken.raw
    message = taken.message
    assert taken.rcpt_to == ("vera@besuch.example",) and taken.mail_from.startswith("bounce-")
    assert message["To"] == "vera@besuch.example" and message["Subject"] == "Danke für Ihre Nachricht"
    assert message["Auto-Submitted"] == "auto-replied" and message["Precedence"] == "bulk"
    assert message["X-Auto-Response-Suppress"] == "All" and message["X-Loop"] == "postmaster@acme.test"
    assert message["Bcc"] is None and message["Cc"] is None and len(message.get_all("To", [])) == 1
    body = message.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "Wir melden uns.\n.\nIhr Team\n"
    answered = message["Reply-To"]
    assert answered.startswith(f"lead-{lead['number']}-")
    raw = mail(
        sender="vera@besuch.example",
        to=answered,
        subject="Re: Danke",
        text="Gern!",
        message_id="<a@b.example>",
    )
    world.by_smtp(raw, answered)
    assert sorted(entry["kind"] for entry in form.history(lead["id"])) == ["email", "form"]
    automatic = mail(
        sender="vera@besuch.example",
        to=answered,
        subject="Out of office",
        text="Back on Monday.",
        message_id="<o@b.example>",
        headers={"Auto-Submitted": "auto-replied"},
    )
    world.by_smtp(automatic, answered)
    assert form.messages()[-1]["reason"] == "auto_reply" and len(queued(world)) == 1


def test_a_bounce_of_it_is_shown_on_the_lead_and_in_the_log(one_sending: World, tmp_path: Path) -> None:
    form = make_form(one_sending, **ON)
    form.post()
    (lead,) = form.leads()
    back = sent(one_sending, tmp_path).mail_from
    report = (
        f"From: MAILER-DAEMON@provider.example\r\nTo: {back}\r\nSubject: Undelivered\r\nMessage-ID: <d@p.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; p.example\r\n\r\nFinal-Recipient: rfc822; vera@besuch.example\r\nAction: failed\r\n"
        "Status: 5.1.1\r\n\r\n--b--\r\n"
    )
    one_sending.by_smtp(report.encode(), back)
    assert sorted(entry["kind"] for entry in form.history(lead["id"])) == ["bounce", "form"]
    (found,) = queued(one_sending)
    assert (found["state"], found["purpose"]) == ("bounced", "form_confirmation")


def test_a_killed_worker_leaves_one_mail(one_sending: World) -> None:
    form = make_form(one_sending, **ON)
    form.post()
    command = [sys.executable, "-m", "tests.web.form_door.dies", one_sending.database.url]
    died = subprocess.run(command, cwd=ROOT, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    assert rows(one_sending.database, outgoing_mails) == [], "neither the lead nor its mail"
    with one_sending.database.write() as connection:  # the dead one's lease has run out
        connection.execute(
            update(messages)
            .where(messages.c.account_id == one_sending.account.id)
            .values(due_at=datetime.now(UTC) - timedelta(hours=1))
        )
    assert len(form.leads()) == 1 and confirmed(form) == ["vera@besuch.example"]


def test_reading_again_sends_none(one_sending: World) -> None:
    form = make_form(one_sending, **ON)
    form.post()
    (message,) = form.messages()
    data(one_sending.admin.post(f"/messages/{message['id']}/reprocess", {"apply": True}))
    go_back(form, timedelta(hours=3))
    assert confirmed(form) == ["vera@besuch.example"]
