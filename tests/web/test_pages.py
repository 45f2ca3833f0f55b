"""What single pages do: forms that keep what others changed, amounts, trails, diffs, files, errors, light and dark."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from store.tables.mail import message_parsed
from tests.support.mails import mail
from tests.support.rows import everything
from tests.web.browsing import Browser, browser_of
from tests.web.world import World, data
from web.app import create_app
from web.pages import trail
from web.services import Machine, Readiness

FORM = "Name: Paula\nTelefon: 030 5550 1234\nNachricht: Zwanzig Stühle, bitte.\n"


def admin_of(world: World) -> Browser:
    return browser_of(world, world.account.scope, world.account.admin.id)


def new_lead(world: World, **more: Any) -> str:
    return str(data(world.admin.post("/leads", {"title": "Chairs", **more}), 201)["id"])


def lead(world: World, lead_id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = data(world.admin.get(f"/leads/{lead_id}"))
    return found


def received(world: World, text: str = FORM) -> str:
    raw = mail(
        sender="p@kunde.example",
        to=world.account.leads,
        subject="Anfrage",
        text=text,
        message_id="<1@kunde.example>",
    )
    return world.by_smtp(raw, world.account.leads)


def test_a_form_changes_what_the_person_changed_and_nothing_else(one_world: World) -> None:
    lead_id, browser = new_lead(one_world, tags=["a"]), admin_of(one_world)
    page = browser.get(f"/leads/{lead_id}").text
    shown = dict(re.findall(r'name="was_(\w+)" value="([^"]*)"', page))
    assert shown["title"] == "Chairs" and shown["status"] == "todo" and shown["tags"] == "a"
    data(one_world.admin.patch(f"/leads/{lead_id}", {"status": "won", "tags": ["b"]}))  # meanwhile
    form = shown | {f"was_{name}": value for name, value in shown.items()} | {"title": "Tables"}
    assert browser.post(f"/leads/{lead_id}/change", form).status_code == 303
    now = lead(one_world, lead_id)
    assert (now["title"], now["status"], now["tags"]) == ("Tables", "won", ["b"])


@pytest.mark.parametrize(
    ("typed", "language", "amount"),
    [
        ("1250", "en", 1250),
        ("1,250", "en", 1250),
        ("1.250", "de", 1250),
        ("1.250", "en", 1.25),
        ("1,25", "en", 1.25),
        ("1.250,50", "en", 1250.5),
        ("1,250.50", "de", 1250.5),
        ("1'250 000", "de", 1250000),
        ("1.250.000", "en", 1250000),
        ("-12,5", "de", -12.5),
        ("", "en", None),
    ],
)
def test_amounts_are_read_as_the_language_writes_them(
    one_world: World, typed: str, language: str, amount: float | None
) -> None:
    lead_id = new_lead(one_world, amount=7)
    form = {"amount": typed, "was_amount": "7"}
    answer = admin_of(one_world).post(f"/leads/{lead_id}/change", form, headers={"Accept-Language": language})
    assert answer.status_code == 303 and lead(one_world, lead_id)["amount"] == amount


def test_the_next_action_is_in_the_readers_time(one_world: World) -> None:
    lead_id, browser = new_lead(one_world), admin_of(one_world)
    browser.post("/you", {"locale": "de", "timezone": "Europe/Berlin"})
    path = f"/leads/{lead_id}/change"
    assert browser.post(path, {"next_action_at": "2026-12-01T09:00"}).status_code == 303
    assert lead(one_world, lead_id)["next_action_at"].startswith("2026-12-01T08:00:00")
    page = browser.get(f"/leads/{lead_id}").text
    assert 'value="2026-12-01T09:00"' in page and ">01.12.2026, 09:00</time>" in page, page
    assert re.search(r'title="Dienstag, 1\. Dezember 2026[^"]* 09:00:00 Mitteleurop[^"]*"', page), page
    wrong = browser.post(path, {"next_action_at": "tomorrow"})
    assert wrong.status_code == 422 and "Nächste Aktion" in wrong.text and f"/leads/{lead_id}" in wrong.text


def test_leads_are_filtered_and_ordered_by_the_address(one_world: World) -> None:
    for title in ("Beta", "Alpha", "Gamma"):
        new_lead(one_world, title=title)
    browser = admin_of(one_world)

    def titles(query: str) -> list[str]:
        return re.findall(
            r'<th scope="row"><a href="/leads/\w+">(\w+)</a>', browser.get(f"/leads{query}").text
        )

    assert titles("") == ["Gamma", "Alpha", "Beta"]
    assert titles("?sort=title") == ["Alpha", "Beta", "Gamma"]
    assert titles("?sort=nonsense&owner=me") == ["Gamma", "Alpha", "Beta"]
    assert titles("?source=api&q=alph") == ["Alpha"] and titles("?source=email") == []


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
    for wrong in ("", "7", "#x", "²", "9" * 30):
        assert browser.post(path, {"action": "attach", "lead": wrong}).status_code == 422
    assert browser.post(path, {"action": "attach", "lead": "#1"}).status_code == 303
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


def test_failed_deliveries_are_sent_again_since_a_moment(one_world: World) -> None:
    hook = data(one_world.admin.post("/webhooks", {"url": "https://hooks.example/x"}), 201)["id"]
    browser, path = admin_of(one_world), f"/webhooks/{hook}/redeliver"
    assert browser.post(path, {"since": "2026-01-01T00:00"}).headers["Location"].endswith("redelivered_none")
    assert browser.post(path, {"since": "yesterday"}).status_code == 422
    page = browser.post("/webhooks", {"url": "http://127.0.0.1/", "events": "lead.*"})
    assert page.status_code == 422 and "leadgate may not send there" in page.text


def test_light_and_dark_are_kept_by_the_browser(one_world: World) -> None:
    browser = Browser(one_world.app)
    assert "data-theme" not in browser.get("/login").text
    form = {"theme": "dark", "next": "/login?next=%2Fleads"}
    answer = browser.post("/theme", form, page="/login")
    assert answer.headers["Location"] == "/login?next=%2Fleads"
    assert '<html lang="en" data-theme="dark">' in browser.get("/login").text
    for to, lands in (("//evil.example", "/"), ("https://evil.example", "/"), ("/leads?q=a", "/leads?q=a")):
        assert browser.post("/theme", form | {"next": to}, page="/login").headers["Location"] == lands
    browser.post("/theme", form | {"theme": "pink"}, page="/login")
    assert "data-theme" not in browser.get("/login").text


def test_errors_are_pages_with_a_way_on(one_world: World) -> None:
    browser = admin_of(one_world)
    missing = browser.get("/nothing")
    assert missing.status_code == 404 and 'href="/inbox"' in missing.text and "Log out" in missing.text
    stranger = Browser(one_world.app).get("/nothing")
    assert stranger.status_code == 404 and 'href="/login"' in stranger.text
    expired = browser.client.post("/you", data={}, headers={"Accept": "text/html", "Accept-Language": "de"})
    assert expired.status_code == 403 and "abgelaufen" in expired.text and 'href="/you"' in expired.text
    wrong = browser.post("/leads", {"email": "nobody"}, headers={"Accept-Language": "de"})
    assert wrong.status_code == 422 and "E-Mail des Kontakts" in wrong.text and 'href="/leads"' in wrong.text
    assert browser.get("/you/password").status_code == 405
    one_world.app = create_app(replace(one_world.services, trusted_hosts=("leads.example",)))
    elsewhere = Browser(one_world.app).get("/login", headers={"Accept-Language": "de"})
    assert elsewhere.status_code == 400 and "LEADGATE_PUBLIC_URL" in elsewhere.text


def test_what_nobody_foresaw_names_its_place_in_the_log(one_world: World) -> None:
    def broken() -> Readiness:
        raise ZeroDivisionError

    one_world.app = create_app(replace(one_world.services, readiness=broken))
    for language, said in (("en", "It stands in the log as"), ("de", "Im Protokoll steht es unter")):
        page = admin_of(one_world).get("/status", headers={"Accept-Language": language})
        assert page.status_code == 500 and re.search(rf"{said} [0-9a-z]{{26}}", page.text)
        assert "ZeroDivision" not in page.text


def test_the_state_is_told(one_world: World) -> None:
    services = replace(
        one_world.services,
        machine=lambda: Machine("silent", 5 * 10**9, 100 * 10**9),
        readiness=lambda: Readiness(False, {"problems": ["no listener is alive: mail is not accepted"]}),
        smtp="127.0.0.1:2525",
    )
    one_world.app = create_app(services)
    page = admin_of(one_world).get("/status", headers={"Accept-Language": "de"}).text
    for said in ("Keine Mail-Annahme läuft", "antwortet nicht", "5.0 GB frei", "127.0.0.1:2525", "SQLite"):
        assert said in page, said
    assert 'badge failed">5.0 GB' in page and "noch keine" in page


def test_style_sheets_have_an_address_that_changes_with_them(one_world: World) -> None:
    found = re.search(
        r'href="(/static/pages\.css\?v=([0-9a-f]{12}))"', Browser(one_world.app).get("/login").text
    )
    assert found is not None
    with Browser(one_world.app).get(found[1]) as answer:
        assert hashlib.sha256(answer.data).hexdigest().startswith(found[2])
        assert "max-age" in answer.headers["Cache-Control"]
