"""What single pages do: forms that keep what others changed, amounts, orders, errors, light and dark, the state."""

import hashlib
import re
from dataclasses import replace

import pytest

from tests.web.browsing import Browser, admin_of, lead, new_lead
from tests.web.world import World, data
from web.app import create_app
from web.services import Machine, Readiness


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


@pytest.mark.parametrize("known", ["name", "email", "phone", ""])
def test_a_lead_is_made_with_whatever_is_known_of_its_contact(one_world: World, known: str) -> None:
    values = {"name": "Paula", "email": "p@kunde.example", "phone": "030 5550 1234"}
    form = {"title": "Chairs"} | {name: value for name, value in values.items() if name == known}
    answer = admin_of(one_world).post("/leads", form)
    assert answer.status_code == 303
    path = answer.headers["Location"].partition("?")[0]
    assert values.get(known, "Chairs") in admin_of(one_world).get(path).text
    assert len(lead(one_world, path.rpartition("/")[2])["contacts"]) == bool(known)


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


def test_a_lead_whose_sender_is_unconfirmed_says_so_until_somebody_confirms(one_world: World) -> None:
    lead_id, browser = new_lead(one_world), admin_of(one_world)
    assert "Sender unconfirmed" not in browser.get(f"/leads/{lead_id}").text
    data(one_world.admin.patch(f"/leads/{lead_id}", {"sender_unconfirmed": True}))
    page = browser.get(f"/leads/{lead_id}").text
    assert 'badge failed">Sender unconfirmed' in page
    german = browser.get(f"/leads/{lead_id}", headers={"Accept-Language": "de"}).text
    assert "Absender unbestätigt" in german and "Der Absender ist echt" in german
    assert browser.post(f"/leads/{lead_id}/confirm", {}).status_code == 303
    assert lead(one_world, lead_id)["sender_unconfirmed"] is False
    assert (
        "Sender unconfirmed"
        not in browser.get(f"/leads/{lead_id}").text.partition("<aside")[0].partition("timeline")[0]
    )
    events = [e["type"] for e in data(one_world.admin.get(f"/events?lead={lead_id}"))]
    assert events.count("lead.updated") == 2
