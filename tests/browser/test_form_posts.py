"""The forms of docs/how-to/forms.md on a site of another origin, in a real browser: with JavaScript and without."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from store.forms import Form, create_form, get_form, update_form
from tests.browser.stage import Stage, picture
from tests.docs.pages import ROOT, blocks
from tests.web.world import data
from web.form_door.snippet import snippet

PAGE = ROOT / "docs" / "how-to" / "forms.md"
SHOWN = "https://leads.example.com/f/abcdefghijklmnop"
LONG_ENOUGH = 2_100  # milliseconds that a person takes at least


@contextmanager
def site(body: str) -> Iterator[str]:
    """A website of one page; its origin."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html = f"<!doctype html><html lang=en><title>Site</title>{body if self.path == '/' else 'Danke'}"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def make_form(stage: Stage, name: str) -> Form:
    with stage.world.database.write() as connection:
        return create_form(connection, stage.world.account.scope, {"name": name})


def list_origin(stage: Stage, form: Form, origin: str, **values: Any) -> None:
    """From now on only that site may post."""
    with stage.world.database.write() as connection:
        scope = stage.world.account.scope
        update_form(connection, scope, form.id, {"origins": [origin], **values})
        assert get_form(connection, scope, form.id).origins == (origin,)


def message_of(stage: Stage, form: Form, page: Any) -> dict[str, Any]:
    """The one message of the form, once it is decided."""
    for _ in range(200):
        listed = data(stage.world.admin.get("/messages?limit=200"))
        own = [one for one in listed if one["source"] == {"kind": "form", "name": form.name}]
        if own and own[0]["outcome"] != "pending":
            assert len(own) == 1
            found: dict[str, Any] = data(stage.world.admin.get(f"/messages/{own[0]['id']}"))
            return found
        page.wait_for_timeout(50)
    raise AssertionError("no message came")


def fill(page: Any, name: str) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=email]", f"{name.lower()}@visitor.example")
    page.fill("[name=message]", "Zwölf Stühle,\nbitte.")


def test_the_page_shows_what_leadgate_gives(stage: Stage) -> None:
    form = make_form(stage, "Shown")
    given = snippet(form, "https://leads.example.com").replace(form.token, SHOWN.rpartition("/")[2])
    assert blocks(PAGE, "html")[0].text == given


@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without"])
def test_the_plain_form_across_origins(stage: Stage, browser: Any, scripts: bool) -> None:
    form = make_form(stage, f"Plain {scripts}")
    body = blocks(PAGE, "html")[0].text.replace(SHOWN, f"{stage.base}/f/{form.token}")
    with site(body) as origin:
        list_origin(stage, form, origin)
        page = browser.new_context(java_script_enabled=scripts, locale="de").new_page()
        page.goto(origin)
        fill(page, f"Plain{scripts}")
        page.set_input_files(
            "[name=file]", [{"name": "plan.txt", "mimeType": "text/plain", "buffer": b"oak"}]
        )
        page.wait_for_timeout(LONG_ENOUGH)
        page.click("button")
        page.wait_for_url(f"{stage.base}/f/**")
        assert page.inner_text("h1") == "Vielen Dank"
        picture(page, f"form-thanks-{scripts}")
        assert page.context.cookies() == []
    message = message_of(stage, form, page)
    assert message["outcome"] == "lead_created", message["sentence"]
    assert message["parsed"]["fields"]["message"] == "Zwölf Stühle,\nbitte."
    assert [(a["filename"], a["size"]) for a in message["parsed"]["attachments"]] == [("plan.txt", 3)]


def test_a_browser_goes_on_to_the_site_s_own_page(stage: Stage, browser: Any) -> None:
    form = make_form(stage, "Goes on")
    body = blocks(PAGE, "html")[0].text.replace(SHOWN, f"{stage.base}/f/{form.token}")
    with site(body) as origin:
        list_origin(stage, form, origin, redirect=f"{origin}/danke")
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(origin)
        fill(page, "Goeson")
        page.click("button")
        page.wait_for_url(f"{origin}/danke")
        assert "Danke" in page.inner_text("body")


def test_who_is_faster_than_anybody_is_thanked_and_ignored(stage: Stage, browser: Any) -> None:
    form = make_form(stage, "Fast")
    body = blocks(PAGE, "html")[0].text.replace(SHOWN, f"{stage.base}/f/{form.token}")
    with site(body) as origin:
        page = browser.new_context(locale="en").new_page()
        page.add_init_script("performance.now = () => 300")
        page.goto(origin)
        fill(page, "Bot")
        page.click("button")
        page.wait_for_url(f"{stage.base}/f/**")
        assert page.inner_text("h1") == "Thank you"
    message = message_of(stage, form, page)
    assert (message["outcome"], message["reason"]) == ("ignored", "spam")


@pytest.mark.parametrize("listed", [True, False])
def test_the_script_s_form_across_origins(stage: Stage, browser: Any, listed: bool) -> None:
    form = make_form(stage, f"Script {listed}")
    body = blocks(PAGE, "html")[1].text.replace(SHOWN, f"{stage.base}/f/{form.token}")
    with site(body) as origin:
        list_origin(stage, form, origin if listed else "https://elsewhere.example")
        page = browser.new_context(locale="en").new_page()
        page.goto(origin)
        fill(page, "Scripted")
        page.wait_for_timeout(LONG_ENOUGH)
        page.click("button")
        page.wait_for_function("document.getElementById('told').value !== ''")
        told = page.evaluate("document.getElementById('told').value")
        assert page.url == f"{origin}/"
    if not listed:
        assert told == "No connection. Please try again."
        assert not [m for m in data(stage.world.admin.get("/messages")) if m["source"]["name"] == form.name]
        return
    assert told == "Thank you, your message has arrived."
    assert message_of(stage, form, page)["outcome"] == "lead_created"
