"""What the log says of a message: that it was accepted, what was decided; ids and reasons, nothing of its contents."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.parts import Role
from config.settings import load
from config.wiring import Wired
from ingest.accept import Connection, Incoming
from store.doorbell import Work
from store.session import Database
from tests.support.mails import mail


def test_a_line_when_it_is_accepted_and_one_when_it_is_decided(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    environ = {
        "LEADGATE_DATA_DIR": str(tmp_path),
        "LEADGATE_DATABASE_URL": sqlite_database.url,
        "LEADGATE_REDIS_URL": "none",
    }
    parts = Wired(load(environ, tmp_path), Role.COMMAND)
    made = parts.init_account(
        account="acme",
        domain="acme.test",
        admin_email="anna@acme.example",
        admin_password=None,
        new_api_key=False,
        deployment_key=False,
    )
    recipient = parts.address_book.resolve("leads@acme.test")
    assert recipient is not None
    door = Connection("smtp", "192.0.2.1", "x", "paula@kunde.example", tls=False, auth_user=None)
    raw = mail(
        sender="Paula <paula@kunde.example>",
        to="leads@acme.test",
        subject="Confidential",
        text="Chairs, please.",
        message_id="<1@kunde.example>",
    )
    (message,) = parts.acceptor.accept(Incoming(raw, (recipient,), door, datetime.now(UTC))).message_ids
    while parts.work[Work.MESSAGES]():
        pass
    parts.close()
    (accepted,) = [vars(record) for record in caplog.records if record.msg == "accepted"]
    (decided,) = [vars(record) for record in caplog.records if record.msg == "decided"]
    assert accepted["messages"] == [message]
    assert (decided["account"], decided["message_id"]) == (made["account"]["id"], message)
    assert (decided["outcome"], decided["reason"]) == ("lead_created", "no_match")
    assert 0 <= decided["ms"] < 60_000
    for record in caplog.records:
        for private in ("paula", "Confidential", "Chairs", "anna"):
            assert private not in str(vars(record))
