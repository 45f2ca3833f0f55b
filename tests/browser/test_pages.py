"""Every page in chromium: what axe-core says, no scrolling sideways, nothing from outside; the first five minutes."""

from typing import Any

import pytest

from store.session import Database
from tests.browser.stage import Stage, chromium, make_stage, picture, violations
from tests.support.mails import mail
from tests.web.world import data

PASSWORD = "correct horse battery staple"
SIZES = {"wide": (1280, 900), "narrow": (360, 740)}


def fill(stage: Stage) -> list[str]:
    """Leads, messages, a hold and a webhook; the paths of every page that shows them."""
    world, filed = stage.world, ""
    admin = world.person(world.account.scope, world.account.admin.id, "", world.account.admin.address)
    for number in range(3):
        lead = mail(
            sender=f"Paula Prospect <paula{number}@prospect.example>",
            to=world.account.leads,
            subject=f"A quote for {number + 20} chairs",
            text="Name: Paula Prospect\nTelefon: 030 5550 1234\nNachricht: Zwanzig Stühle, bitte.\n",
            message_id=f"<{number}@prospect.example>",
        )
        filed = world.by_smtp(lead, world.account.leads, "paula@prospect.example")
    held = world.by_smtp(
        mail(
            sender="Stranger <someone@elsewhere.example>",
            to="prospect@prospect.example",
            subject="Offer",
            text="Please find our offer.",
            message_id="<held@elsewhere.example>",
        ),
        world.account.admin.address,
    )
    lead_id = data(admin.get("/leads"))[0]["id"]
    data(admin.post(f"/leads/{lead_id}/comments", {"text": "Called; wants an offer by Friday."}), 201)
    data(admin.patch(f"/leads/{lead_id}", {"status": "standby", "tags": ["fair2026", "web"]}))
    hook = data(admin.post("/webhooks", {"url": "https://hooks.example/leads"}), 201)["id"]
    data(admin.post(f"/webhooks/{hook}/test"), 202)
    delivery = data(admin.get(f"/webhooks/{hook}/deliveries"))[0]["id"]
    return [
        "/leads",
        "/leads?q=nothing-like-it",
        f"/leads/{lead_id}",
        "/inbox?tab=attention",
        "/inbox?tab=processed",
        "/inbox?tab=spam",
        f"/inbox/{filed}",
        f"/inbox/{held}",
        f"/test-mail/{filed}",
        "/webhooks",
        f"/webhooks/{hook}",
        f"/webhooks/{hook}/deliveries/{delivery}",
        "/status",
        "/you",
        "/nothing-here",
    ]


def name_of(path: str) -> str:
    parts = path.strip("/").replace("?", "-").replace("=", "-").split("/")
    return "-".join(part if len(part) != 26 else "one" for part in parts)


def look(page: Any, stage: Stage, path: str, name: str) -> list[str]:
    """What is wrong with a page."""
    page.goto(stage.base + path)
    picture(page, name)
    wrong = violations(page)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        wrong.append("it scrolls sideways")
    return [f"{name}: {each}" for each in wrong]


@pytest.mark.timeout(300)
def test_every_page_is_accessible_and_fits(sqlite_database: Database) -> None:
    with chromium() as browser, make_stage(sqlite_database) as stage:
        wrong: list[str] = []
        outside: list[str] = []
        said: list[str] = []
        states = [
            ("wide", "light", "en"),
            ("narrow", "dark", "de"),
            ("wide", "dark", "de"),
            ("narrow", "light", "en"),
        ]
        paths: list[str] = []
        for size, scheme, language in states:
            width, height = SIZES[size]
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, locale=language
            )
            page = context.new_page()
            page.on("request", lambda r: outside.append(r.url) if not r.url.startswith(stage.base) else None)
            page.on("console", lambda m: said.append(m.text))
            suffix = f"{size}-{scheme}-{language}"
            wrong += look(page, stage, "/login", f"login-{suffix}")
            stage.log_in(context)
            if not paths:
                wrong += look(page, stage, "/leads", f"empty-leads-{suffix}")
                wrong += look(page, stage, "/inbox?tab=processed", f"empty-inbox-{suffix}")
                paths = fill(stage)
            for path in paths:
                wrong += look(page, stage, path, f"{name_of(path)}-{suffix}")
            context.close()
        wrong += [text for text in said if "Content Security Policy" in text]
        assert not wrong, "\n".join(sorted(set(wrong)))
        assert not [url for url in outside if not url.startswith("data:")]


@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without"])
def test_a_first_lead_from_the_set_up_link_to_the_log_out(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, scripts: bool
) -> None:
    with chromium() as browser, make_stage(sqlite_database, setup_token="s" * 40) as stage:
        monkeypatch.setattr(
            "web.pages.entry.count_accounts", lambda _: 0
        )  # the stage's accounts are not ours
        page = browser.new_context(java_script_enabled=scripts, locale="en").new_page()
        page.goto(f"{stage.base}/setup?token={'s' * 40}")
        if scripts:
            assert violations(page) == []
        picture(page, f"setup-{scripts}")
        for name, value in {
            "account": "newco",
            "domain": "newco.test",
            "name": "Nora",
            "email": "nora@newco.example",
            "password": PASSWORD,
        }.items():
            page.fill(f"[name={name}]", value)
        page.click("text=Make the account")
        monkeypatch.undo()
        page.wait_for_url("**/leads?notice=welcome")
        page.click("text=Send a test mail")
        page.click("text=Open lead #1", timeout=20_000)
        assert "A quote for 20 chairs" in page.inner_text("h1")
        page.fill("[name=text]", "Called.")
        page.click("text=Add the comment")
        page.wait_for_url("**notice=commented")
        page.select_option("[name=status]", "won")
        page.click("button:has-text('Save')")
        page.wait_for_url("**notice=saved")
        assert "To do → Won" in page.inner_text(".timeline")
        page.click("text=Receipt >> nth=-1")
        assert "so a new one was made" in page.inner_text("aside")
        page.click("text=Read again…")
        assert "would change" in page.inner_text("main")
        page.click("text=Log out")
        page.wait_for_url("**/login?notice=logged_out")
        page.goto(f"{stage.base}/leads")
        assert "/login" in page.url
