"""Hostile HTML mails opened in a real browser, in their frame and in one without its sandbox: 0 requests, 0 scripts.

Each mail is opened twice: as its receipt frames it, and in a frame that has no `sandbox`, where only the cleaning and
the policy of the answer stand in the way. A dozen mails share a page, because opening pages is what takes time.
"""

from typing import Any

import pytest

from tests.browser.hostile import bodies
from tests.browser.stage import Stage
from tests.support.mails import mail

MARK = "<script>window.top.ran=1;document.title='ran'</script><p id=shown>still shown</p>"
AT_ONCE = 13
FRAME_THEM = """ids => {
  const own = document.querySelector("iframe");
  for (const id of ids) for (const sandboxed of [true, false]) {
    const frame = own.cloneNode();
    frame.src = `/inbox/${id}/html`;
    frame.loading = "eager";
    if (!sandboxed) frame.removeAttribute("sandbox");
    document.body.append(frame);
  }
  own.remove();
}"""


@pytest.mark.takes(50)
@pytest.mark.timeout(300)
def test_no_mail_reaches_out_or_runs(stage: Stage, browser: Any) -> None:
    hostile = bodies(stage.canary)
    assert len(hostile) >= 100
    ids = [_receive(stage, number, body) for number, body in enumerate(hostile)]
    context = browser.new_context()
    stage.log_in(context)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    dialogs: list[str] = []
    page.on("dialog", lambda d: dialogs.append(d.message))
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        page.goto(f"{stage.base}/inbox/{some[0]}")
        assert page.get_attribute("iframe", "sandbox") == "", "the receipt's own frame runs nothing"
        page.evaluate(FRAME_THEM, some)
        frames = page.locator("iframe")
        assert frames.count() == 2 * len(some)
        for number in range(frames.count()):
            # what is left of the mail is there once the frame has loaded: waited for, not looked at once
            shown = frames.nth(number).content_frame.locator("p:has-text('still shown')").first
            shown.wait_for(state="attached", timeout=30_000)
        assert page.evaluate("window.ran === undefined") and page.title() != "ran"
    page.goto(f"{stage.base}/inbox/{ids[0]}/html")
    assert page.title() != "ran" and "still shown" in page.inner_text("body")
    page.wait_for_timeout(500)
    context.close()
    assert stage.reached == []
    assert dialogs == []
    assert [url for url in asked if not url.startswith((stage.base, "data:image"))] == []


def _receive(stage: Stage, number: int, body: str) -> str:
    """The message's id. Its subject is as hostile."""
    raw = mail(
        sender=f"h{number}@hostile.example",
        to=stage.world.account.leads,
        subject=f"<img src={stage.canary}/subject>",
        text="",
        message_id=f"<{number}@hostile.example>",
    )
    lines = [
        line
        for line in raw.partition(b"\r\n\r\n")[0].splitlines()
        if not line.lower().startswith((b"content-", b"mime-"))
    ]
    lines += [b"MIME-Version: 1.0", b"Content-Type: text/html; charset=utf-8"]
    html = b"\r\n".join(lines) + b"\r\n\r\n" + (MARK + body).encode()
    return stage.world.by_smtp(html, stage.world.account.leads)
