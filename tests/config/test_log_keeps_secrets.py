"""Words planted wherever people's mail and secrets pass through a busy leadgate: not one of them is in its log.

Everything goes wrong that can from outside: forged and broken mail, wrong passwords and keys, a receiver that
answers nonsense, a parser that dies, a process that is killed.
"""

import logging
import os
import re
import secrets
import signal
import smtplib
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from sqlalchemy.exc import DataError, OperationalError

from config import logs, tracebacks
from tests.support.deployment import PASSWORD, Deployment, free_port, send
from tests.support.mails import mail
from tests.support.receiver import Receiver

PLACES = (
    "subject body sender recipient header attachment message-id broken-header broken-charset envelope helo command "
    "unknown-recipient login-email login-password form-field api-key comment query rule-value tag path user-agent raw"
)


class Words:
    """A word of its own for each place; nobody else writes these."""

    def __init__(self) -> None:
        self.planted = {place: f"z{secrets.token_hex(8)}" for place in PLACES.split()}

    def __getitem__(self, place: str) -> str:
        return self.planted[place]


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    made = Deployment(
        tmp_path,
        redis_url="none",
        wiring="tests.crash.failing_wiring",
        admin_password=PASSWORD,
        test_lease="2",
        test_attempts="2",
    )
    yield made
    made.close()


def mails(words: Words, to: str) -> Iterator[bytes]:
    """Well-formed and broken ones."""
    sender = f"Paula <{words['sender']}@kunde.example>"
    more = {"X-Private": words["header"], "X-Mailer": words["user-agent"]}
    subject, text = f"About {words['subject']}", f"{words['body']}\n\n-- \n{words['sender']}\n"
    good = mail(
        sender=sender,
        to=[to, f"{words['recipient']}@kunde.example"],
        subject=subject,
        text=text,
        message_id=f"<{words['message-id']}@kunde.example>",
        headers=more,
    )
    yield good
    if to.startswith("leads@"):  # once is enough: the worker dies twice of it
        yield good.replace(b"\r\n\r\n", b"\r\nX-Failpoint: exit\r\n\r\n", 1)
    yield (
        f"From: {words['broken-header']}\r\nContent-Type: multipart/mixed; boundary=x\r\n"
        f"Subject: =?utf-8?B?{words['broken-charset']}?=\r\n\r\n--x\r\n"
        f'Content-Disposition: attachment; filename="{words["attachment"]}.pdf"\r\n'
        f"Content-Type: text/plain; charset={words['broken-charset']}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{words['raw']}\x00\xff"
    ).encode("latin-1")
    yield f"{words['raw']} \x00 no mail at all".encode()


def misbehave(deployment: Deployment, words: Words) -> None:
    """What clients should not do."""
    with socket.create_connection(("127.0.0.1", deployment.smtp_port), timeout=10) as client:
        lines = (
            f"EHLO {words['helo']}",
            f"{words['command']} x",
            f"MAIL FROM:<{words['envelope']}@x.example>",
        )
        client.sendall(
            "".join(f"{line}\r\n" for line in lines).encode() + b"\xff\xfe\r\nDATA\r\n" + b"a" * 5000
        )
    with (
        smtplib.SMTP("127.0.0.1", deployment.smtp_port, timeout=10) as client,
        suppress(smtplib.SMTPException),
    ):
        client.sendmail(
            "a@x.example", [f"{words['unknown-recipient']}@acme.test"], b"Subject: x\r\n\r\nx\r\n"
        )
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(f"{deployment.base}/login", timeout=20).text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token is not None
        given = {
            "csrf": token[1],
            "email": f"{words['login-email']}@x.example",
            "password": words["login-password"],
        }
        browser.post(f"{deployment.base}/login", data=given, timeout=20)
        browser.post(f"{deployment.base}/login", data={"csrf": words["form-field"]}, timeout=20)
        browser.get(f"{deployment.base}/{words['path']}?q={words['query']}", timeout=20)
        browser.get(
            f"{deployment.base}/api/v1/leads?q={words['query']}",
            headers={"X-API-KEY": words["api-key"]},
            timeout=20,
        )


@pytest.mark.takes(20)
@pytest.mark.end_to_end
def test_no_planted_word_is_in_the_log_of_a_busy_run(deployment: Deployment) -> None:
    words = Words()
    receiver = Receiver()
    made = deployment.init()
    deployment.start()
    api = deployment.api(made)
    webhook = api.post("/webhooks", {"url": receiver.url(f"/{words['path']}"), "events": ["*"]})
    broken = api.post(
        "/webhooks", {"url": f"http://127.0.0.1:{free_port()}/{words['path']}", "events": ["*"]}
    )
    rule = {
        "name": words["rule-value"],
        "events": ["lead.created"],
        "if": {"all": [{"field": "message.text", "op": "matches", "value": f"{words['rule-value']}|."}]},
        "then": [{"do": "add_tag", "tag": words["tag"]}, {"do": "comment", "text": words["comment"]}],
    }
    api.post("/rules", rule)
    receiver.status = 500
    for to in (made.leads, made.bcc, made.personal):
        for raw in mails(words, to):
            send(deployment.smtp_port, f"{words['envelope']}@kunde.example", [to], raw)
    misbehave(deployment, words)
    api.call("PATCH", f"/leads/{words['path']}", json={"status": words["form-field"]})
    api.call("GET", "/leads", params={"q": words["query"], "tag": words["tag"]})
    deployment.wait_until(lambda: not api.get("/messages", outcome="pending"), 90)
    deployment.wait_until(lambda: receiver.requests, 30)
    doomed = [pid for pid, word in deployment.tree().items() if word in {"web", "sender"}]
    for pid in doomed:
        os.kill(pid, signal.SIGTERM)
    lead = api_lead(deployment, made.api_key)
    assert words["tag"] in str(lead), "the words went all the way"
    assert deployment.stop() == 0
    receiver.close()
    log = deployment.log.read_text("utf-8")
    assert '"event": "decided"' in log
    secret = {"webhook": webhook["secret"], "broken webhook": broken["secret"], "password": PASSWORD}
    secret |= {"key": made.api_key, "personal address": made.personal.partition("@")[0].partition(".")[2]}
    secret |= {
        "secret key": (deployment.data_dir / "secret.key").read_text().strip(),
        "admin": made.admin_email,
    }
    for place, word in {**words.planted, **secret}.items():
        assert word not in log, f"{place}: {next(line for line in log.splitlines() if word in line)[:500]}"


def api_lead(deployment: Deployment, key: str) -> object:
    """The leads, asked for until the pages are there again."""
    found: list[object] = []

    def there() -> bool:
        with suppress(requests.RequestException):
            answer = requests.get(
                f"{deployment.base}/api/v1/leads",
                headers={"X-API-KEY": key},
                timeout=10,
                proxies={"http": ""},
            )
            found[:] = answer.json() if answer.ok else []
        return bool(found)

    deployment.wait_until(there, 60)
    return found


class Refused(Exception):
    """As a database driver raises it."""

    sqlstate = "23505"


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def fail(quoted: dict[str, str]) -> None:
    """As a database does that refuses a row."""
    try:
        int(quoted["text"])
    except ValueError as cause:
        raise DataError(quoted["statement"], quoted, Refused(quoted["detail"])) from cause


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.usefixtures("logging_as_before")
def test_a_fault_is_told_without_what_it_quotes(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, part="worker")
    log = logging.getLogger("ingest.process")
    quoted = {
        "text": "paula@kunde.example",
        "statement": "INSERT INTO contacts …",
        "detail": "duplicate key\nDETAIL: Key (address)=(otto@kunde.example) already exists.",
    }
    try:
        fail(quoted)
    except DataError:
        log.exception("message %s could not be processed", "m1")
    told = capsys.readouterr().err
    assert "message m1 could not be processed" in told
    assert "test_log_keeps_secrets.py" in told
    assert "ValueError" in told
    assert "DataError (SQLSTATE 23505)" in told
    for word in ("paula", "otto", "INSERT INTO"):
        assert word not in told


def test_what_speaks_of_the_machine_is_quoted() -> None:
    assert tracebacks.kind(OSError(28, "No space left on device")).endswith("No space left on device")
    full = OperationalError(
        "INSERT …", {"raw": "paula"}, Exception("database or disk is full\nDETAIL: paula")
    )
    assert tracebacks.kind(full) == "sqlalchemy.exc.OperationalError: database or disk is full"
    inner = ExceptionGroup("several", [ValueError("paula"), ConnectionRefusedError(111, "refused")])
    told = tracebacks.text(inner)
    assert "paula" not in told
    assert "ConnectionRefusedError: [Errno 111] refused" in told
    endless = ValueError("paula")
    endless.__context__ = KeyError("x")
    endless.__context__.__context__ = endless
    assert tracebacks.text(endless).endswith("ValueError")
