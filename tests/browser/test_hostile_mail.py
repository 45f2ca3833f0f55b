"""Hostile HTML mails opened in a real browser, in their frame and without it: 0 requests, 0 scripts."""

import pytest

from store.session import Database
from tests.browser.hostile import bodies
from tests.browser.stage import chromium, make_stage
from tests.support.mails import mail

MARK = "<script>window.top.ran=1;document.title='ran'</script><p id=shown>still shown</p>"


@pytest.mark.timeout(300)
def test_no_mail_reaches_out_or_runs(sqlite_database: Database) -> None:
    with chromium() as browser, make_stage(sqlite_database) as stage:
        world = stage.world
        hostile = bodies(stage.canary)
        assert len(hostile) >= 100
        ids = []
        for number, body in enumerate(hostile):
            raw = mail(
                sender=f"h{number}@hostile.example",
                to=world.account.leads,
                subject=f"<img src={stage.canary}/subject>",
                text="",
                message_id=f"<{number}@hostile.example>",
            )
            head = raw.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in raw else raw.partition(b"\n\n")[0]
            lines = [
                line for line in head.splitlines() if not line.lower().startswith((b"content-", b"mime-"))
            ]
            lines += [b"MIME-Version: 1.0", b"Content-Type: text/html; charset=utf-8"]
            ids.append(
                world.by_smtp(b"\r\n".join(lines) + b"\r\n\r\n" + (MARK + body).encode(), world.account.leads)
            )
        context = browser.new_context()
        stage.log_in(context)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        dialogs: list[str] = []
        page.on("dialog", lambda d: dialogs.append(d.message))
        for message_id in ids:
            page.goto(f"{stage.base}/inbox/{message_id}")
            page.click("summary")
            frame = page.frame_locator("iframe")
            # what is left of the mail is there once the frame has loaded: waited for, not looked at once
            frame.locator("p:has-text('still shown')").first.wait_for(state="attached", timeout=30_000)
            assert page.evaluate("window.ran === undefined")
            page.goto(f"{stage.base}/inbox/{message_id}/html")
            assert page.title() != "ran"
        page.wait_for_timeout(500)
        assert stage.reached == []
        assert dialogs == []
        assert [url for url in asked if not url.startswith((stage.base, "data:image"))] == []
