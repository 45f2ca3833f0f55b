"""Mails as files: dropped or chosen, each with its own answer; and without a script, all at once."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.stage import Stage
from tests.support.mails import mail

DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name));
  const form = document.querySelector("form[data-drop]");
  for (const kind of ["dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
  }
}"""


def eml(number: int) -> bytes:
    return mail(
        sender=f"upload{number}@kunde.example",
        to="x@y.example",
        subject=f"Upload {number}",
        text="Hello",
        message_id=f"<upload{number}@kunde.example>",
    )


@pytest.fixture
def saved(tmp_path: Path) -> list[str]:
    """Two mails and a picture, as files."""
    contents = {"one.eml": eml(1), "two.eml": eml(2), "picture.png": b"\x89PNG\r\n"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [str(tmp_path / name) for name in contents]


def rows(page: Any, number: int) -> list[str]:
    """What the page says of each file, when all are answered."""
    page.wait_for_function(
        "n => document.querySelectorAll('#uploads a, #uploads .fault').length === n", arg=number
    )
    return [" ".join(text.split()) for text in page.locator("#uploads li").all_inner_texts()]


def test_files_are_chosen_and_dropped_and_each_is_answered(
    stage: Stage, browser: Any, saved: list[str]
) -> None:
    context = browser.new_context(locale="en")
    stage.log_in(context)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{stage.base}/upload")
    page.set_input_files("[type=file]", saved)
    page.click("button:has-text('Upload')")
    told = rows(page, 3)
    assert "one.eml is taken" in told[0] and "two.eml is taken" in told[1] and "no mail" in told[2]
    assert page.url == f"{stage.base}/upload", "the page stays"
    page.evaluate(DROP, ["three.eml", eml(3).decode()])
    assert "three.eml is taken" in rows(page, 4)[3]
    page.evaluate("document.querySelector('form[data-drop]').dataset.most = 10")
    page.evaluate(DROP, ["four.eml", eml(4).decode()])
    assert "larger than" in rows(page, 5)[4]
    page.click("#uploads a >> nth=0")
    page.wait_for_selector("text=by upload")
    assert "Upload 1" in page.inner_text("h1")
    context.close()
    assert not [text for text in said if "Content Security Policy" in text]


def test_without_a_script_they_come_in_one_form(stage: Stage, browser: Any, saved: list[str]) -> None:
    context = browser.new_context(locale="de", java_script_enabled=False)
    stage.log_in(context)
    page = context.new_page()
    page.goto(f"{stage.base}/upload")
    page.set_input_files("[type=file]", saved)
    page.click("button:has-text('Hochladen')")
    page.wait_for_load_state()
    told = page.locator("#uploads li").all_inner_texts()
    assert len(told) == 3 and "ist angenommen" in told[0] and "das ist keine Mail" in told[2]
    context.close()
