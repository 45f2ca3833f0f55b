"""The README's first five minutes: every line as printed, on a clean checkout, and what it says happens."""

import json
import re
import shutil
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from tests.docs.newcomer import Newcomer, newcomer
from tests.docs.pages import README, blocks

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

PROSPECTS = {"swaks": "paula@kunde.example", "curl": "otto@kunde.example", "python3": "petra@pohl.example"}
GIVEN = {"account": "acme", "domain": "acme.test", "email": "you@acme.example"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def filled(page: str, **values: str) -> list[str]:
    """What curl is told to post the page's form, hidden fields included."""
    given = {name: unescape(value) for name, value in HIDDEN.findall(page)} | values
    return [word for name, value in given.items() for word in ("--data-urlencode", f"{name}={value}")]


def shows(reader: Newcomer, address: str, text: str) -> Callable[[], bool]:
    return lambda: text in reader.fetches(address)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "not within a minute"
        time.sleep(0.2)


def set_up(reader: Newcomer, home: str) -> str:
    """Follows the link that was printed and fills the form as the page says; where one lands."""
    shown = reader.terminals[1].shown
    link = re.search(r"^Set leadgate up in a browser, once: (\S+)$", shown, re.MULTILINE)
    assert link is not None, shown
    told = {**GIVEN, "name": "You", "password": "correct horse battery", "timezone": "UTC"}
    return reader.fetches(*filled(reader.fetches(link[1]), **told), f"{home}/setup")


@pytest.mark.takes(30)
def test_a_first_lead_in_five_minutes(tmp_path: Path) -> None:
    page = README.read_text("utf-8")
    serve, *sending, key, asking = blocks(README)
    assert [block.text.split()[0] for block in sending] == list(PROSPECTS)
    assert all(f"`{value}`" in page for value in GIVEN.values()), "the reader is told what to fill in"
    began = time.monotonic()
    with newcomer(tmp_path) as reader:
        home = reader.real("http://127.0.0.1:8080")
        reader.types(serve)
        reader.terminals[1].wait_for("leadgate runs; Ctrl-C stops it.")
        landed = set_up(reader, home)
        assert "leads@acme.test" in landed
        assert "Send a test mail" in landed
        tested = reader.fetches(*filled(landed), f"{home}/test-mail")
        where = re.search(r"/test-mail/\w+", tested)
        assert where is not None, tested
        until(shows(reader, home + where[0], "Open lead #1"))
        sent = [block for block in sending if shutil.which(block.text.split()[0])]
        for number, block in enumerate(sent, start=2):
            reader.types(block)
            until(shows(reader, f"{home}/leads", f"#{number}"))
        assert time.monotonic() - began < 300, "five minutes"

        for block in sent:
            if not block.text.startswith("swaks"):
                reader.types(block)
        reader.types(key)
        leads, messages = map(
            json.loads, re.findall(r"^\[\n.*?^\]$", reader.types(asking), re.MULTILINE | re.DOTALL)
        )
        assert [lead["title"] for lead in leads] == ["Two pumps"]
        arrivals = {message["envelope"]["mail_from"]: len(message["arrivals"]) for message in messages}
        assert arrivals[PROSPECTS["curl"]] == arrivals[PROSPECTS["python3"]] == 2
        assert all(message["sentence"] for message in messages)
        assert (reader.root / "var").stat().st_mode & 0o077 == 0, "a file that only you can read"
        assert reader.terminals[1].press_ctrl_c() == 0
        assert reader.terminals[1].shown.endswith("leadgate has stopped.\n")
