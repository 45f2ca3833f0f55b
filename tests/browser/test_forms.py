"""Forms that come back, as a person meets them: focus on what is wrong, nothing typed is lost; and "was this you?"."""

from typing import Any

import pytest

from tests.browser.stage import Stage, violations
from tests.support.mails import mail
from tests.web.browsing import new_lead
from tests.web.world import data


@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_form_that_comes_back_has_the_focus_where_it_says_why(
    stage: Stage, browser: Any, scripts: bool, language: str
) -> None:
    lead_id = new_lead(stage.world, title="Chairs")
    context = browser.new_context(locale=language, java_script_enabled=scripts)
    stage.log_in(context)
    page = context.new_page()
    page.goto(f"{stage.base}/leads/{lead_id}")
    page.fill("[name=amount]", "much")
    page.fill("[name=title]", "Tables")
    page.fill("[name=tags]", "fair, web")
    with page.expect_navigation() as sent:
        page.click("#edit button")
    assert sent.value.status == 422
    page.wait_for_selector("#wrong:focus")
    assert page.input_value("[name=amount]") == "much" and page.input_value("[name=title]") == "Tables"
    assert page.input_value("[name=tags]") == "fair, web"
    field = page.locator("[aria-invalid=true]")
    assert field.count() == 1 and field.get_attribute("name") == "amount"
    beside = page.inner_text(f"#{field.get_attribute('aria-describedby')}")
    assert (
        beside
        == {"en": "Amount: not a number, or too large.", "de": "Betrag: keine Zahl oder zu groß."}[language]
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=amount]:focus")
    if scripts:
        assert violations(page) == []
    page.fill("[name=amount]", "1250")
    page.click("#edit button")
    page.wait_for_url("**notice=saved")
    changed = data(stage.world.admin.get(f"/leads/{lead_id}"))
    assert (changed["title"], changed["amount"], changed["tags"]) == ("Tables", 1250, ["fair", "web"])
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without"])
def test_was_this_you_is_answered_with_one_click(stage: Stage, browser: Any, scripts: bool) -> None:
    world, home = stage.world, f"anna@home-{scripts}.example".lower()
    held = [
        world.by_smtp(
            mail(
                sender=home,
                to=f"{name}@prospect.example",
                subject=f"Offer for {name}",
                text="Here it is.",
                message_id=f"<{name}@home-{scripts}.example>",
            ),
            world.account.admin.address,
        )
        for name in (f"one-{scripts}", f"two-{scripts}")
    ]
    context = browser.new_context(locale="en", java_script_enabled=scripts)
    stage.log_in(context)
    page = context.new_page()
    page.goto(f"{stage.base}/inbox/{held[0]}")
    assert home in page.inner_text(".decision")
    page.click("text=Yes, this is my address")
    page.wait_for_url("**notice=own_address")
    for message_id in held:
        for _ in range(100):
            page.goto(f"{stage.base}/inbox/{message_id}")
            if "Lead created" in page.inner_text(".head"):
                break
            page.wait_for_timeout(100)
        assert "Lead created" in page.inner_text(".head")
    context.close()
