"""Forms that cannot be taken come back: the same page, what was typed, and beside each field what is wrong with it."""

import re
from dataclasses import dataclass, replace
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.web.browsing import Browser, admin_of, browser_of, new_lead, received
from tests.web.world import World, data
from web.app import create_app
from web.pages.routes import PAGES
from web.services import Limits

NOT_ON_A_PAGE = {"/logout", "/theme", "/test-mail", "/demo", "/demo/remove"}
"""Buttons that stand on every page or on several, with nothing typed into them."""
SUMMARY = re.compile(
    r'<div class="wrong" role="alert" id="wrong" tabindex="-1" autofocus>(.*?)</div>', re.DOTALL
)


@dataclass(frozen=True)
class Case:
    """A form, what is typed into it, the fields that are wrong, and a sentence in each language."""

    path: str
    typed: dict[str, str]
    wrong: tuple[str, ...]
    english: str
    german: str
    status: int = 422


LEAD, HOOK = "/leads/{lead}/change", "/webhooks/{hook}"
CASES = [
    Case(
        "/leads",
        {"title": "Chairs", "name": "Paula", "email": "nobody", "phone": "030"},
        ("email",),
        "this is not an e-mail address",
        "E-Mail des Kontakts",
    ),
    Case("/leads", {"title": "x" * 1001, "name": "y" * 301}, ("title", "name"), "at most 300", "höchstens 300"),
    Case("/leads", {"title": "Chairs"} | {"name": "n" * 400}, ("name",), "Name of the contact", "Name des Kontakts"),
    Case(
        LEAD,
        {"title": "", "was_title": "Chairs", "amount": "much", "next_action_at": "tomorrow", "tags": "a, b"},
        ("title", "amount", "next_action_at"),
        "Amount: not a number",
        "Betrag: keine Zahl",
    ),
    Case(LEAD, {"title": " ", "was_title": "Chairs"}, ("title",), "must not be empty", "nicht leer"),
    Case(LEAD, {"owner": "0" * 26, "title": "Tables"}, ("owner",), "not there any more", "nicht mehr"),
    Case(LEAD, {"status": "odd"}, ("status",), "none of the five", "keiner der fünf"),
    Case(LEAD, {"tags": "x" * 101}, ("tags",), "at most 100", "höchstens 100"),
    Case("/leads/{lead}/comment", {"text": " \n"}, ("text",), "Comment: it must not be empty", "Kommentar"),
    Case("/inbox/{held}/resolve", {"action": "attach", "lead": "47"}, ("lead",), "no such lead", "gibt es nicht"),
    Case("/webhooks", {"url": "http://127.0.0.1/", "events": "lead.*"}, ("url",), "may not send there", "URL"),
    Case("/webhooks", {"url": "https://a.example/", "events": "nonsense"}, ("events",), "Events", "Ereignis"),
    Case(f"{HOOK}/change", {"url": "ftp://a.example/", "events": "lead.*"}, ("url",), "may not send", "URL"),
    Case(f"{HOOK}/change", {"url": "https://a.example/", "events": "odd"}, ("events",), "Events", "Ereignis"),
    Case(f"{HOOK}/redeliver", {"since": "yesterday"}, ("since",), "not a date and time", "Datum"),
    Case("/team", {"name": "Carl", "email": "carl"}, ("email",), "not an e-mail address", "keine E-Mail-Adresse"),
    Case(
        "/team", {"name": "C", "email": "admin@acme.example"}, ("email",), "already", "bereits", 409
    ),
    Case(
        "/you/password",
        {"current": "battery horse", "password": "correct horse battery"},
        ("current",),
        "this is not it",
        "Das ist es nicht",
    ),
    Case(
        "/you/password", {"current": "battery horse", "password": "kurz!?"}, ("password",), "at least 8", "mindestens 8"
    ),
]  # fmt: skip


def told(answer: TestResponse) -> str:
    """What the summary says, which has the focus."""
    found = SUMMARY.findall(answer.text)
    assert len(found) == 1, answer.text
    assert answer.text.count("autofocus") == 1
    return str(found[0])


def field_of(page: str, form: str, name: str) -> str:
    """The tag of a field in the form with this action."""
    found = re.search(
        rf'<form method="post" action="{re.escape(form)}(?:\?[^"]*)?"[^>]*>(.*?)</form>', page, re.DOTALL
    )
    while found and f' name="{name}"' not in found[1]:
        found = re.compile(
            rf'<form method="post" action="{re.escape(form)}"[^>]*>(.*?)</form>', re.DOTALL
        ).search(page, found.end())
    assert found is not None, f"no form {form} with {name}"
    tag = re.search(rf'<(?:input|select|textarea)[^>]* name="{name}"[^>]*>', found[1])
    assert tag is not None
    return tag[0]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.path} {'+'.join(case.wrong)}")
def test_a_form_comes_back(one_world: World, case: Case, language: str) -> None:
    path = case.path
    if "{lead}" in path:
        path = path.format(lead=new_lead(one_world))
    elif "{held}" in path:
        new_lead(one_world, contacts=[{"email": "p@kunde.example"}])
        new_lead(one_world, contacts=[{"email": "p@kunde.example"}])
        path = path.format(held=received(one_world))
    elif "{hook}" in path:
        hook = data(one_world.admin.post("/webhooks", {"url": "https://hooks.example/x"}), 201)["id"]
        data(one_world.admin.post(f"/webhooks/{hook}/test"), 202)
        path = path.format(hook=hook)
    typed = {
        name: value.replace("admin@acme.example", one_world.account.admin.email)
        for name, value in case.typed.items()
    }
    answer = admin_of(one_world).post(path, typed, headers={"Accept-Language": language})
    assert answer.status_code == case.status
    assert (case.english if language == "en" else case.german) in told(answer), told(answer)
    for name, value in typed.items():
        tag = field_of(answer.text, path, name) if not name.startswith("action") else ""
        is_wrong = 'aria-invalid="true"' in tag
        assert is_wrong == (name in case.wrong), f"{name}: {tag}"
        if "password" in tag:
            assert value not in answer.text, "a password is not given back"
        elif tag.startswith("<input"):
            assert f'value="{value}"' in tag.replace("&#39;", "'"), f"{name} lost what was typed: {tag}"
    for name in case.wrong:
        tag = field_of(answer.text, path, name)
        by = re.search(r'aria-describedby="([^" ]+)', tag)
        own = re.search(r' id="([^"]+)"', tag)
        assert by is not None and own is not None
        beside = re.search(rf'<small class="fault" id="{by[1]}">(.*?)</small>', answer.text)
        assert beside is not None and beside[1] in told(answer), (
            "what the summary says stands beside the field"
        )
        assert f'<a href="#{own[1]}">' in told(answer)
        assert answer.text.count(f'id="{own[1]}"') == 1


def test_a_comment_that_is_too_long_is_not_lost(one_world: World) -> None:
    path, text = f"/leads/{new_lead(one_world)}/comment", "\n First line & <b>\n" + "x" * 100_000
    back = admin_of(one_world).post(path, {"text": text})
    assert back.status_code == 422 and "at most 100,000" in told(back)
    field = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", back.text, re.DOTALL)
    assert field is not None and unescape(field[1]) == text


def test_what_others_changed_meanwhile_is_still_kept_after_a_form_came_back(one_world: World) -> None:
    lead_id, browser = new_lead(one_world, tags=["a"]), admin_of(one_world)
    page = browser.get(f"/leads/{lead_id}").text
    shown = dict(re.findall(r'name="was_(\w+)" value="([^"]*)"', page))
    form = shown | {f"was_{name}": value for name, value in shown.items()}
    data(one_world.admin.patch(f"/leads/{lead_id}", {"tags": ["b"]}))
    back = browser.post(f"/leads/{lead_id}/change", form | {"amount": "much", "title": "Tables"})
    assert back.status_code == 422
    kept = dict(re.findall(r'name="was_(\w+)" value="([^"]*)"', back.text))
    assert kept == shown, "the form still knows what it showed at first"


def test_a_filtered_list_stays_filtered(one_world: World) -> None:
    for title in ("Alpha", "Beta"):
        new_lead(one_world, title=title)
    browser = admin_of(one_world)
    assert (
        'action="/leads?q=alph&amp;sort=title"' in browser.get("/leads?q=alph&sort=title&notice=saved").text
    )
    back = browser.post("/leads?q=alph&sort=title", {"title": "Gamma", "email": "nobody"})
    assert back.status_code == 422 and "Alpha" in back.text and "Beta" not in back.text
    assert 'action="/leads?q=alph&amp;sort=title"' in back.text and '<details open="">' in back.text


def test_what_may_not_be_done_is_told_on_the_page(one_world: World) -> None:
    data(one_world.admin.patch("/account", {"users_assign": False}))
    ann = one_world.user("ann")
    lead_id = data(ann.post("/leads", {"title": "Mine"}), 201)["id"]
    browser = browser_of(one_world, one_world.account.scope, ann.id)
    back = browser.post(f"/leads/{lead_id}/change", {"owner": one_world.admin.id, "title": "Ours"})
    assert (
        back.status_code == 403 and "You may not give this lead" in told(back) and 'value="Ours"' in back.text
    )
    hidden = new_lead(one_world)
    data(one_world.admin.patch("/account", {"visibility": "own"}))
    gone = browser.post(f"/leads/{hidden}/change", {"title": ""})
    assert gone.status_code == 404 and 'id="wrong"' not in gone.text


def test_an_expired_form_comes_back_but_not_what_another_site_filled_in(one_world: World) -> None:
    browser, lead_id = admin_of(one_world), new_lead(one_world)
    path = f"/leads/{lead_id}/comment"
    for origin in (None, "cross-site", "same-site", "none"):
        headers = {"Accept": "text/html"} | ({"Sec-Fetch-Site": origin} if origin else {})
        answer = browser.client.post(path, data={"text": "Typed", "csrf": "x"}, headers=headers)
        assert answer.status_code == 403 and 'id="wrong"' not in answer.text and "Typed" not in answer.text
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    back = browser.client.post(path, data={"text": "Typed", "csrf": "x"}, headers=headers)
    assert (
        back.status_code == 403 and "please send it again" in told(back) and "Typed</textarea>" in back.text
    )
    assert "Typed" not in str(data(one_world.admin.get(f"/leads/{lead_id}/history"))), "it did nothing"
    fresh = re.search(r'name="csrf" value="([0-9a-f]{64})"', back.text)
    assert fresh is not None
    again = browser.client.post(path, data={"text": "Typed", "csrf": fresh[1]}, headers=headers)
    assert again.status_code == 303


def test_too_many_wrong_passwords_are_told_on_the_page(one_world: World) -> None:
    one_world.app = create_app(replace(one_world.services, limits=Limits(wrong_passwords=1)))
    browser = admin_of(one_world)
    form = {"current": "wrong", "password": "correct horse battery"}
    assert [browser.post("/you/password", form).status_code for _ in range(2)] == [422, 429]
    stranger = Browser(one_world.app)
    form = {"email": "a@b.example", "password": "wrong horse battery"}
    answers = [stranger.post("/login", form, page="/login") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 429]
    assert "Retry-After" in answers[1].headers and "Too many wrong passwords" in told(answers[1])
    assert 'value="a@b.example"' in answers[0].text and "wrong horse" not in answers[0].text


def test_every_form_stands_on_a_page() -> None:
    shown = {page.view for page in PAGES if page.method == "GET"}
    for page in PAGES:
        if page.method == "POST" and page.path not in NOT_ON_A_PAGE and "sessions" not in page.path:
            assert page.stands_on in shown or "password-link" in page.path, page.path
