"""The receivers of docs/how-to/receive-webhooks.md take what leadgate signs and refuse what it did not sign."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.docs.pages import ROOT, blocks
from tests.support.deployment import free_port
from webhooks.signature import new_secret, signed_headers

PAGE = ROOT / "docs" / "how-to" / "receive-webhooks.md"
BODY = json.dumps({"type": "lead.created", "data": {"lead": {"title": "Zwölf Pumpen"}}}, ensure_ascii=False)
PROGRAMS = {"python": sys.executable, "js": "node"}


@contextmanager
def receiver(kind: str, secret: str, place: Path) -> Iterator[tuple[str, Path]]:
    """The program as printed, on a free port; its address and what it prints."""
    program = shutil.which(PROGRAMS[kind])
    if program is None:
        pytest.skip(f"{PROGRAMS[kind]} is not installed on this machine")
    (block,) = blocks(PAGE, kind)
    (place / f"receiver.{kind}").write_text(block.text, "utf-8")
    port, said = free_port(), place / "said"
    environment = {**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port), "PYTHONIOENCODING": "utf-8"}
    with said.open("wb") as output:
        process = subprocess.Popen([program, place / f"receiver.{kind}"], env=environment, stdout=output)
    try:
        yield f"http://127.0.0.1:{port}/", said
    finally:
        process.kill()
        process.wait()


def post(address: str, headers: dict[str, str], body: str = BODY) -> int:
    deadline = time.monotonic() + 30
    with requests.Session() as session:
        session.trust_env = False
        while True:
            try:
                return session.post(address, data=body.encode(), headers=headers, timeout=10).status_code
            except requests.ConnectionError:
                assert time.monotonic() < deadline, "it does not listen"
                time.sleep(0.1)


@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_receiver(kind: str, tmp_path: Path) -> None:
    secret, former = new_secret(), new_secret()
    now = int(time.time())
    good = signed_headers([former, secret], "event-1", now, BODY)  # while a secret is being replaced
    with receiver(kind, secret, tmp_path) as (address, said):
        assert post(address, good) == 204
        assert post(address, good) == 204, "the same event again"
        assert post(address, good, BODY.replace("Zwölf", "Elf")) == 400
        assert post(address, signed_headers([former], "event-2", now, BODY)) == 400
        assert post(address, signed_headers([secret], "event-3", now - 3600, BODY)) == 400
        assert post(address, {}) == 400
        assert said.read_text("utf-8") == "lead.created Zwölf Pumpen\n"
