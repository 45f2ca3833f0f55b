"""What a form's confirmation says: kept by the API and the page, refused by name, sent to who looks at it."""

from pathlib import Path

from store.doorbell import Work
from tests.web.browsing import admin_of
from tests.web.form_door.confirming import sent
from tests.web.form_door.site import make_form
from tests.web.world import World, data, problem


def test_the_api_keeps_it_and_names_what_is_wrong(world: World) -> None:
    made = make_form(world).made
    assert made["confirmation"]["enabled"] is False and made["confirmation"]["locale"] == "en"
    assert made["confirmation"]["subject"] == "We have received your message"
    path = f"/forms/{made['id']}"
    german = data(world.admin.patch(path, {"confirmation": {"enabled": True, "locale": "de"}}))[
        "confirmation"
    ]
    assert german["enabled"] and "Guten Tag" in german["text"]
    own = data(world.admin.patch(path, {"confirmation": {"subject": "Hallo", "text": "Bis\r\nbald"}}))
    assert own["confirmation"] == {"enabled": True, "locale": "de", "subject": "Hallo", "text": "Bis\nbald\n"}
    assert data(world.admin.patch(path, {"name": "Other"}))["confirmation"] == own["confirmation"]
    back = data(world.admin.patch(path, {"confirmation": {"subject": None, "text": "", "locale": "en"}}))
    assert back["confirmation"]["text"].startswith("Hello,")
    for wrong, place in (
        ({"locale": "fr"}, "confirmation.locale"),
        ({"subject": "x" * 201}, "confirmation.subject"),
        ({"subject": "x\x07y"}, "confirmation.subject"),
        ({"text": "x" * 10_001}, "confirmation.text"),
        ({"enabled": None}, "confirmation.enabled"),
        ({"footer": "x"}, "confirmation.footer"),
    ):
        answer = world.admin.patch(path, {"confirmation": wrong})
        assert problem(answer, 422)["errors"][0]["place"] == place, wrong
    folded = data(world.admin.patch(path, {"confirmation": {"subject": "One\r\nBcc: a@b.example"}}))
    assert folded["confirmation"]["subject"] == "One Bcc: a@b.example"


def test_the_page_saves_it_and_sends_what_it_shows(one_sending: World, tmp_path: Path) -> None:
    form, browser = make_form(one_sending), admin_of(one_sending)
    here = f"/sources/forms/{form.made['id']}"
    values = {"enabled": "yes", "locale": "de", "subject": "Danke", "text": "Wir melden uns."}
    shown = browser.post(f"{here}/confirmation/test", values)
    assert shown.status_code == 200 and "anna@acme.example" in shown.text and 'value="Danke"' in shown.text
    assert data(one_sending.admin.get(f"/forms/{form.made['id']}"))["confirmation"]["enabled"] is False
    assert one_sending.rung[-1] is Work.MAILS
    taken = sent(one_sending, tmp_path)
    assert taken.message["Subject"] == "Danke" and taken.rcpt_to == ("anna@acme.example",)
    assert browser.post(f"{here}/confirmation", values).status_code == 303
    kept = data(one_sending.admin.get(f"/forms/{form.made['id']}"))["confirmation"]
    assert kept == {"enabled": True, "locale": "de", "subject": "Danke", "text": "Wir melden uns.\n"}
    refused = browser.post(f"{here}/confirmation", values | {"subject": "x" * 201})
    assert refused.status_code == 422 and "Subject: one line of at most 200 characters." in refused.text
    unsent = browser.post(f"{here}/confirmation/test", values | {"locale": "fr"})
    assert unsent.status_code == 422
