"""Every page in chromium: what axe-core says, no scrolling sideways, nothing from outside, and the keyboard."""

import re
from typing import Any

import pytest

from tests.browser.conftest import SETUP_TOKEN
from tests.browser.filled import fill
from tests.browser.stage import Stage, picture, violations

SIZES = {"wide": (1280, 900), "narrow": (360, 740)}
SCHEMES = ("light", "dark")


def look(page: Any, name: str) -> list[str]:
    """What is wrong with the page that is open, at both sizes in both schemes: only colours tell those apart."""
    wrong: list[str] = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            picture(page, f"{name}-{size}-{scheme}")
            wrong += [
                f"{name}, {size}, {scheme}: {each}"
                for each in violations(page, only_colours=scheme == "dark")
            ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            wrong.append(f"{name}, {size}: it scrolls sideways")
    return wrong


def after_posts(page: Any, stage: Stage, paths: dict[str, str]) -> list[str]:
    """The pages that only a form leads to: a secret shown once, a link, a difference, a form that has expired."""
    page.goto(stage.base + paths["webhook"])
    page.click("text=New secret")
    wrong = look(page, "secret")
    page.goto(stage.base + paths["user"])
    page.click("text=Password link")
    wrong += look(page, "password-link")
    link = re.search(r"/password\?token=\S+", page.inner_text("#link"))
    assert link is not None
    page.goto(stage.base + link[0])
    wrong += look(page, "password")
    page.goto(stage.base + paths["message"])
    page.click("text=Read again…")
    wrong += look(page, "read-again")
    page.goto(stage.base + paths["lead"])
    page.fill("[name=amount]", "much")
    page.fill("[name=tags]", "x" * 101)
    page.click("#edit button")
    wrong += look(page, "form-returned")
    page.goto(f"{stage.base}/team")
    page.click("text=New team")
    page.fill("form[action='/team/teams'] [name=name]", "North")
    page.click("text=Create the team")
    wrong += look(page, "team-returned")
    page.goto(f"{stage.base}/settings/mail")
    page.fill("[name=host]", "mail.example.com")
    page.fill("[name=password]", "typed")
    page.fill("[name=username]", "crm")
    page.click("text=Test >> nth=0")
    page.wait_for_selector("#stages .trail")
    assert page.input_value("[name=password]") == "typed", "what was typed is still there"
    wrong += look(page, "mail-tested")
    page.goto(f"{stage.base}/sources/mailboxes/new")
    page.fill("[name=host]", "imap.example.com")
    page.fill("[name=username]", "crm")
    page.fill("[name=password]", "secret")
    page.click("text=Test the connection")
    page.wait_for_selector("#tested li")
    wrong += look(page, "mailbox-tested")
    assert page.input_value("[name=password]") == "secret", "what was typed is still there"
    page.goto(f"{stage.base}/settings")
    page.select_option("[name=edition]", "essentials")
    page.click("main >> text=Save")
    wrong += look(page, "settings-preview")
    page.goto(f"{stage.base}/you")
    page.evaluate("document.querySelectorAll('[name=csrf]').forEach(field => field.value = 'x')")
    page.click("main >> text=Save")
    return wrong + look(page, "expired")


@pytest.mark.takes(50)
@pytest.mark.timeout(300)
def test_every_page_is_accessible_and_fits(
    stage: Stage, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = browser.new_context(locale="en", reduced_motion="reduce")  # no colour on its way to another
    page, outside, said = context.new_page(), [], []
    page.on("request", lambda r: outside.append(r.url) if not r.url.startswith(stage.base) else None)
    page.on("console", lambda m: said.append(m.text))
    with monkeypatch.context() as patched:  # as if there were no account yet
        patched.setattr("web.pages.entry.count_accounts", lambda _: 0)
        page.goto(f"{stage.base}/setup?token={SETUP_TOKEN}")
        wrong = look(page, "setup")
        page.goto(f"{stage.base}/login")
        wrong += look(page, "login-new")
    page.goto(f"{stage.base}/login")
    page.fill("[name=email]", "nobody@acme.example")
    page.fill("[name=password]", "a wrong password")
    page.click("button:has-text('Log in')")
    page.wait_for_selector("[role=alert]")
    wrong += look(page, "login")
    stage.log_in(context, stage.world.other)
    page.goto(f"{stage.base}/leads")
    wrong += look(page, "empty-leads")
    page.goto(f"{stage.base}/inbox?tab=processed")
    wrong += look(page, "empty-inbox")
    page.goto(f"{stage.base}/sources")
    wrong += look(page, "empty-sources")
    stage.log_in(context)
    paths = fill(stage)
    for name, path in paths.items():
        page.goto(stage.base + path)
        wrong += look(page, name)
    wrong += after_posts(page, stage, paths)
    context.close()
    assert not wrong, "\n".join(wrong)
    assert not [text for text in said if "Content Security Policy" in text]
    assert not [url for url in outside if not url.startswith("data:")]


def test_german_pages_fit_a_phone(stage: Stage, browser: Any) -> None:
    context = browser.new_context(locale="de", viewport={"width": 360, "height": 740})
    stage.log_in(context)
    page = context.new_page()
    paths = (
        "/leads",
        "/inbox",
        "/sources",
        "/sources/mailboxes/new",
        "/mail-domain",
        "/upload",
        "/webhooks",
        "/team",
        "/settings",
        "/settings/senders",
        "/trash",
        "/status",
        "/you",
        "/nothing-here",
    )
    for path in paths:
        page.goto(stage.base + path)
        picture(page, f"german{path.replace('/', '-')}")
        assert page.get_attribute("html", "lang") == "de"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), path
    context.close()


def test_the_keyboard_leads_everywhere_and_shows_where_it_is(stage: Stage, browser: Any) -> None:
    context = browser.new_context(locale="en")
    stage.log_in(context)
    page = context.new_page()
    page.goto(f"{stage.base}/leads")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, (
        "it is seen when focused"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.goto(f"{stage.base}/leads")
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", reached[-1]
    assert reached[1:7] == ["leadgate", "Inbox", "Leads", "Sources", "Webhooks", "Team"]
    context.close()


def test_light_and_dark_are_chosen_without_javascript(stage: Stage, browser: Any) -> None:
    context = browser.new_context(locale="en", color_scheme="light", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stage.base}/login")
    colour = "getComputedStyle(document.documentElement).backgroundColor"

    def background() -> str:
        return str(
            context.new_cdp_session(page).send("Runtime.evaluate", {"expression": colour})["result"]["value"]
        )

    def choose(name: str) -> None:
        with page.expect_navigation(wait_until="load"):
            page.click(f"button:has-text('{name}')")

    light = background()
    choose("Dark")
    assert "/login" in page.url and background() != light
    page.reload()
    assert background() != light, "it is remembered"
    choose("As the system")
    assert background() == light
    context.close()
