"""The first five minutes, and a working day, as a person goes through them: with JavaScript and without."""

import re
from typing import Any

import pytest

from tests.browser.conftest import SETUP_TOKEN
from tests.browser.stage import Stage, picture
from tests.support.mails import mail

PASSWORD = "correct horse battery staple"


@pytest.mark.takes(20)
@pytest.mark.timeout(200)
@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without"])
def test_a_first_lead_from_the_set_up_link_to_the_log_out(
    stage: Stage, browser: Any, monkeypatch: pytest.MonkeyPatch, scripts: bool
) -> None:
    slug = "with" if scripts else "without"
    context = browser.new_context(java_script_enabled=scripts, locale="en")
    page = context.new_page()
    with monkeypatch.context() as patched:  # the accounts that the stage has are not ours
        patched.setattr("web.pages.entry.count_accounts", lambda _: 0)
        _set_up(page, stage, slug)
    assert page.goto(f"{stage.base}/setup?token={SETUP_TOKEN}").status == 404, "the link is gone"
    page.click("main >> text=Leads")
    page.click("text=Send a test mail")
    page.click("text=Open lead #1", timeout=30_000)
    assert "A quote for 20 chairs" in page.inner_text("h1")
    page.fill("[name=text]", "Called.")
    page.click("text=Add the comment")
    page.wait_for_url("**notice=commented")
    page.select_option("[name=status]", "won")
    page.fill("[name=amount]", "1,250.50")
    page.click("button:has-text('Save')")
    page.wait_for_url("**notice=saved")
    assert "To do → Won" in page.inner_text(".timeline") and "– → 1,250.50" in page.inner_text(".timeline")
    picture(page, f"first-lead-{slug}")
    page.click("text=Receipt >> nth=-1")
    told = page.inner_text("aside")
    assert "so a new one was made" in told and "It came from a program or a test to the address" in told
    page.click("text=Read again…")
    assert "would change nothing" in page.inner_text("main")
    _change_the_password(page)
    _demo_and_back(page, stage)
    page.click("text=Log out")
    page.wait_for_url("**/login?notice=logged_out")
    page.goto(f"{stage.base}/leads")
    assert "/login" in page.url
    page.fill("[name=email]", f"nora@{slug}.example")
    page.fill("[name=password]", PASSWORD + "!")
    page.click("main >> button:has-text('Log in')")
    page.wait_for_url("**/leads")
    context.close()


def test_a_hold_is_resolved_with_one_click(stage: Stage, browser: Any) -> None:
    world = stage.world
    raw = mail(
        sender="Stranger <someone@elsewhere.example>",
        to="prospect@prospect.example",
        subject="An offer for you",
        text="Please find our offer.",
        message_id="<stranger@elsewhere.example>",
    )
    world.by_smtp(raw, world.account.admin.address)
    context = browser.new_context(locale="en", java_script_enabled=False)
    stage.log_in(context)
    page = context.new_page()
    page.goto(f"{stage.base}/inbox?tab=attention")
    page.click("text=An offer for you")
    assert "was this you?" in page.inner_text("aside")
    page.click("button:has-text('Make a lead')")
    page.wait_for_url("**notice=resolved")
    assert re.search(r"#\d+ An offer for you", page.inner_text("aside"))
    assert "Anna Admin made it a lead." in page.inner_text(".trail")
    context.close()


def test_a_session_that_is_ended_elsewhere_is_out_at_once(stage: Stage, browser: Any) -> None:
    here, there = (browser.new_context(locale="en") for _ in range(2))
    for context in (here, there):
        stage.log_in(context)
    page, other = here.new_page(), there.new_page()
    other.goto(f"{stage.base}/leads")
    page.goto(f"{stage.base}/you")
    page.click("text=End all others")
    other.goto(f"{stage.base}/inbox")
    assert "/login?next=/inbox" in other.url
    page.goto(f"{stage.base}/leads")
    assert page.url == f"{stage.base}/leads"
    here.close()
    there.close()


def _set_up(page: Any, stage: Stage, slug: str) -> None:
    """From the link to the account; a value that cannot be taken is said, and what was typed is kept."""
    page.goto(f"{stage.base}/setup?token={SETUP_TOKEN}")
    values = {"account": slug, "domain": "nodot", "name": "Nora", "email": f"nora@{slug}.example"}
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.fill("[name=password]", PASSWORD)
    page.click("text=Make the account")
    assert "a name with a dot" in page.inner_text("[role=alert]")
    assert page.input_value("[name=email]") == f"nora@{slug}.example"
    page.fill("[name=domain]", f"{slug}.test")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Make the account")
    page.wait_for_url("**/leads?notice=welcome")
    assert f"leads@{slug}.test" in page.inner_text("main")


def _change_the_password(page: Any) -> None:
    page.click("text=Nora")
    page.fill("[name=current]", PASSWORD)
    page.fill("[name=password]", PASSWORD + "!")
    page.click("text=Change the password")
    page.wait_for_url("**notice=password_changed")


def _demo_and_back(page: Any, stage: Stage) -> None:
    """Demo mails become leads, and go again; what is not theirs stays."""
    page.goto(f"{stage.base}/leads")
    page.click("text=Addresses that make leads")
    page.click("text=Load demo data")
    for _ in range(100):
        page.goto(f"{stage.base}/leads?tag=leadgate-demo")
        if "6 leads" in page.inner_text("main"):
            break
        page.wait_for_timeout(100)
    page.click("text=Remove demo data")
    page.wait_for_url("**notice=demo_removed")
    assert "1 lead" in page.inner_text("main")
