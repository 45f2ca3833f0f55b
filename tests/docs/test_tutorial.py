"""The tutorial, line by line as printed: a lead, a rule, a webhook whose signatures are verified."""

import json
import re
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from sqlalchemy import Executable, func, select

from store.session import Database, across
from store.tables.automation import deliveries, events
from store.tables.mail import messages
from tests.docs.newcomer import Newcomer, newcomer
from tests.docs.pages import ROOT, Block, blocks

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]
TUTORIAL = ROOT / "docs" / "tutorial.md"
INSTALLS = re.compile(
    r"^python3 -m venv var/receiver\nvar/receiver/bin/python -m pip install --quiet (\w+)\n$"
)


def answers(shown: str) -> list[list[dict[str, object]]]:
    """The JSON arrays that a terminal showed."""
    return [json.loads(text) for text in re.findall(r"^\[\n.*?^\]$", shown, re.MULTILINE | re.DOTALL)]


def without_a_download(reader: Newcomer, block: Block) -> None:
    """The one block that isn't typed: its package comes from the tests' own environment, not from the network."""
    wanted = INSTALLS.match(block.text)
    assert wanted is not None, block.text
    place = reader.root / "var" / "receiver"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", place], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    (packages / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    assert (place / "bin" / "python").exists()


def wait_as_told(reader: Newcomer) -> None:
    """Where the page says `sleep`, a machine that is busy with other tests may need longer: until nothing waits."""
    database = Database(f"sqlite:///{reader.root}/var/leadgate.sqlite3")
    deadline = time.monotonic() + 60
    try:
        for table in (messages, events, deliveries):
            waiting = across(select(func.count()).where(table.c.state != "done"), "deployment")
            while _number(database, waiting):
                assert time.monotonic() < deadline, f"{table.name} still wait"
                time.sleep(0.2)
    finally:
        database.close()


def _number(database: Database, statement: Executable) -> int:
    with database.read() as connection:
        return int(connection.execute(statement).scalar_one())


@pytest.mark.takes(30)
def test_lead_rule_and_webhook(tmp_path: Path) -> None:
    with newcomer(tmp_path) as reader:
        shown: list[str] = []
        for block in blocks(TUTORIAL):
            if "pip install" in block.text:
                without_a_download(reader, block)
                continue
            shown.append(reader.types(block))
            if re.search(r"^sleep \d+\n\Z", block.text, re.MULTILINE):
                wait_as_told(reader)
            if block.terminal:
                sign = {1: "leadgate runs; Ctrl-C stops it.", 2: "waiting for webhooks"}[block.terminal]
                reader.terminals[block.terminal].wait_for(sign)
        leads, received, tagged, happened, delivered = answers("\n".join(shown))
        assert [lead["title"] for lead in leads] == ["Please make us an offer"]
        assert [message["outcome"] for message in received] == ["lead_created"]
        assert [(lead["title"], lead["starred"]) for lead in tagged] == [("An offer, please", True)]
        assert "Offers" in json.dumps(happened)
        receiver = reader.terminals[2]
        receiver.wait_for("verified lead.created of lead 3 []\n")
        receiver.wait_for("verified lead.tagged of lead 3 ['wants-offer']")
        assert delivered
        assert reader.terminals[1].press_ctrl_c() == 0
