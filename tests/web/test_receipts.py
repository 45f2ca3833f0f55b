"""Receipts on the pages: trails in sentences, reading again, holds decided, attachments, whose mail is whose."""

import hashlib
import re
from collections.abc import Mapping
from email.message import EmailMessage

from store.tables.mail import message_parsed
from tests.support.mails import mail
from tests.support.rows import everything
from tests.web.browsing import admin_of, browser_of, lead, received
from tests.web.world import World, data
from web.pages import trail


def test_my_mail_is_ones_own_and_not_that_of_every_lead_one_sees(one_world: World) -> None:
    berta = one_world.user("berta")
    browser = browser_of(one_world, one_world.account.scope, berta.id)
    others = received(one_world)
    own = mail(
        sender="p@kunde.example",
        to=f"p@other.example, {berta.address}",
        subject="For Berta",
        text="Hello",
        message_id="<3@kunde.example>",
    )
    one_world.by_smtp(own, berta.address)
    listed = browser.get("/inbox?tab=processed").text
    assert "For Berta" in listed and "Anfrage" not in listed
    assert browser.get(f"/inbox/{others}").status_code == 200, (
        "the text of a lead's mail is for all who see it"
    )
    assert "Anfrage" in admin_of(one_world).get("/inbox?tab=processed").text


def test_a_receipt_is_told_in_sentences_of_both_languages(one_world: World) -> None:
    message_id, browser = received(one_world), admin_of(one_world)
    page = browser.get(f"/inbox/{message_id}").text
    assert "It came by SMTP to the address for leads." in page and "A lead was made." in page
    german = browser.get(f"/inbox/{message_id}", headers={"Accept-Language": "de"}).text
    assert "Sie kam über SMTP an die Adresse für Leads." in german
    steps = {line["step"] for line in data(one_world.admin.get(f"/messages/{message_id}"))["trail"]}
    for step in steps:
        assert step in ("accept", "automatic", "trust") or step in {known for known, _ in trail.RESULTS}


def test_what_a_trail_says_beyond_the_tables_is_shown_as_written(one_world: World) -> None:
    with one_world.app.test_request_context("/"):
        told = trail.told(
            [
                {"step": "new", "result": "something", "detail": "<b>"},
                {"step": "read", "result": "held: no_contact", "detail": ""},
                {"step": "parse", "result": "problems", "detail": "100% odd"},
            ]
        )
    assert (told[0].name, told[0].sentence, told[0].more) == ("new", "something", "<b>")
    assert told[1].sentence == "Here it was decided: Held."
    assert told[2].sentence == "It could be read, with problems: 100% odd."


def test_a_trail_tells_reasons_as_the_receipt_does(one_world: World) -> None:
    lines = [
        {"step": "match", "result": "thread_stranger", "detail": "#4"},
        {"step": "match", "result": "contact", "detail": "#1; without a lead: q@x.example; perhaps also #3"},
        {"step": "effect", "result": "none", "detail": "its conversation is ignored"},
    ]
    with one_world.app.test_request_context("/", headers={"Accept-Language": "de"}):
        told = trail.told(lines, {"thread_stranger": "q@x.example war nicht beteiligt."})
        other = trail.told(lines[:1])
    assert (told[0].sentence, told[0].more) == ("q@x.example war nicht beteiligt.", "#4")
    assert "aber … war daran nicht beteiligt" in other[0].sentence
    assert told[1].sentence.endswith("#1; ohne Lead: q@x.example; vielleicht auch #3.")
    assert told[2].sentence == "Nichts wurde geändert: Das Gespräch wird ignoriert."


def test_reading_again_applies_just_what_was_shown(one_world: World) -> None:
    message_id, browser = received(one_world), admin_of(one_world)
    path = f"/inbox/{message_id}/reprocess"

    def forget(fields: Mapping[str, str]) -> None:
        with one_world.database.write() as connection:
            parsed = data(one_world.admin.get(f"/messages/{message_id}"))["parsed"] | {"fields": fields}
            connection.execute(everything(message_parsed.update().values(parsed=parsed)))

    assert "would change nothing" in browser.post(path).text
    forget({"name": "Somebody"})
    shown = browser.post(path)
    digest = re.search(r'name="apply" value="([0-9a-f]{64})"', shown.text)
    assert shown.status_code == 200 and digest is not None
    assert "Fields read: Phone" in shown.text, shown.text
    assert "030 5550 1234" in shown.text and "Somebody" in shown.text
    assert data(one_world.admin.get(f"/messages/{message_id}"))["parsed"]["fields"] == {"name": "Somebody"}
    forget({"name": "Somebody else"})
    stale = browser.post(path, {"apply": digest[1]})
    assert stale.status_code == 409 and "has changed since you looked" in stale.text
    digest = re.search(r'name="apply" value="([0-9a-f]{64})"', stale.text)
    assert digest is not None
    assert browser.post(path, {"apply": digest[1]}).status_code == 303
    assert data(one_world.admin.get(f"/messages/{message_id}"))["parsed"]["fields"]["name"] == "Paula"


def test_a_hold_is_attached_by_the_number_of_a_lead(one_world: World) -> None:
    for title in ("Chairs", "Order #1"):
        contact = [{"email": "p@kunde.example"}]
        data(one_world.admin.post("/leads", {"title": title, "contacts": contact}), 201)
    held, browser = received(one_world, "Which?"), admin_of(one_world)
    path = f"/inbox/{held}/resolve"
    assert "Several leads are possible: #1, #2." in browser.get(f"/inbox/{held}").text
    assert 'name="candidate" value="2"' in browser.get(f"/inbox/{held}").text
    for wrong in ("", "7", "#x", "²", "9" * 30):
        assert browser.post(path, {"candidate": wrong or "0"}).status_code == 422
        assert browser.post(path, {"action": "attach", "lead": wrong}).status_code == 422
    assert browser.post(path, {"candidate": "1", "for_thread": "yes"}).status_code == 303
    assert 'href="/leads/' in browser.get(f"/inbox/{held}").text
    history = data(one_world.admin.get(f"/messages/{held}"))
    assert [lead(one_world, each)["number"] for each in history["lead_ids"]] == [1]
    assert browser.post(path, {"action": "ignore"}).status_code == 409, "it was decided"


def test_attachments_are_saved_and_never_shown(one_world: World) -> None:
    sent = EmailMessage()
    sent["From"], sent["To"], sent["Subject"] = "p@kunde.example", one_world.account.leads, "Plan"
    sent["Message-ID"] = "<2@kunde.example>"
    sent.set_content("See the plan.")
    content = b"<script>alert(1)</script>" * 9
    sent.add_attachment(content, maintype="text", subtype="html", filename="Pl_an\u00fc.html")
    message_id = one_world.by_smtp(sent.as_bytes(), one_world.account.leads)
    digest = hashlib.sha256(content).hexdigest()
    path = f"/inbox/{message_id}/attachments/{digest}"
    assert path in admin_of(one_world).get(f"/inbox/{message_id}").text
    answer = admin_of(one_world).get(path)
    assert answer.data == content and answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Pl_an%C3%BC.html"
    assert admin_of(one_world).get(path[:-64] + "0" * 64).status_code == 404


def test_a_user_whose_address_strangers_know_is_told_and_gets_another(one_world: World) -> None:
    browser, address = admin_of(one_world), one_world.account.admin.address
    assert "Others have seen this address" not in browser.get("/you").text
    raw = mail(sender="p@kunde.example", to=address, subject="s", text="t", message_id="<4@kunde.example>")
    one_world.by_smtp(raw, address)
    assert "Others have seen this address" in browser.get("/you").text
    assert browser.post("/you/address").headers["Location"] == "/you?notice=address_replaced"
    page = browser.get("/you").text
    assert "Others have seen this address" not in page and address not in page
