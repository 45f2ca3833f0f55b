"""/metrics: the figures, who may read them; /readyz: it tells of parts that stand still."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import requests
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from config.metrics import Metrics
from config.settings import SettingsError, load
from ingest.accept import Acceptor, Connection, Incoming, Recipient
from store import deployment as facts
from store import heartbeats
from store.session import Database
from tests.support.accounts import MadeAccount
from tests.support.deployment import Deployment, send
from tests.support.mails import mail
from web.health import health
from web.services import Readiness, Services

PAULA = "paula@kunde.example"
TOKEN = "a-token-of-enough-length"


def offer(number: int = 1) -> bytes:
    return mail(
        sender=PAULA,
        to="leads@acme.test",
        subject="A quote",
        text=f"{number} chairs, please.",
        message_id=f"<{number}@kunde.example>",
    )


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """(name, label values …) → value."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_the_figures_of_a_deployment(database: Database, account: MadeAccount, tmp_path: Path) -> None:
    metrics = Metrics(database, tmp_path)
    empty = samples(metrics())
    assert empty["leadgate_messages", "held"] == 0
    assert empty["leadgate_oldest_pending_seconds", "messages"] == 0
    acceptor = Acceptor(database, b"k" * 32, lambda: None)
    door = Connection("smtp", "192.0.2.1", "x", PAULA, tls=False, auth_user=None)
    recipient = Recipient(
        account.scope.account_id, None, "postmaster", "postmaster@acme.test", "postmaster", None
    )
    for number in range(3):
        acceptor.accept(Incoming(offer(number), (recipient,), door, datetime.now(UTC)))
    acceptor.close()
    with database.write() as connection:
        heartbeats.beat(connection, name="mx/worker-1", role="worker")
        facts.note(connection, facts.PAUSED, "restored")
        facts.note(connection, facts.LAST_BACKUP, "backup.zip")
    assert samples(metrics()) == empty, "asked again at once, it gives the same answer"
    found = samples(Metrics(database, tmp_path)())
    assert found["leadgate_accepted_total", "acme", "postmaster"] == 3
    assert found["leadgate_messages", "pending"] == 3
    assert 0 <= found["leadgate_oldest_pending_seconds", "messages"] < 60
    assert found["leadgate_processes", "worker"] == 1
    assert found["leadgate_processes", "smtp"] == 0
    assert 0 <= found["leadgate_heartbeat_age_seconds", "mx/worker-1", "worker"] < 60
    assert found["leadgate_paused",] == 1
    assert found["leadgate_last_backup_timestamp_seconds",] > 1.6e9
    assert found["leadgate_database_bytes",] > 10_000
    assert found["leadgate_disk_free_bytes",] > 0


def asked(readers: str, peer: str = "127.0.0.1", **headers: str) -> int:
    """The status of /metrics for a client."""
    services = SimpleNamespace(
        metrics=lambda: b"figures", metrics_for=readers, readiness=lambda: Readiness(True, {})
    )
    app = Flask("test")
    app.register_blueprint(health(cast(Services, services)))
    given: Any = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get("/metrics", headers=given, environ_base={"REMOTE_ADDR": peer}).status_code


def test_who_may_read_them() -> None:
    assert asked("local") == asked("local", "::1") == 200
    assert asked("local", "192.0.2.7") == 404
    assert asked("local", X_Forwarded_For="192.0.2.7") == 404, "a proxy on this machine speaks for others"
    assert asked("local", Authorization="Bearer local") == 200
    assert asked("off") == 404
    assert asked("public", "192.0.2.7") == 200
    assert asked(TOKEN, "192.0.2.7", Authorization=f"Bearer {TOKEN}") == 200
    assert asked(TOKEN) == asked(TOKEN, Authorization=f"Bearer {TOKEN}x") == 404
    assert asked(TOKEN, Authorization="Bearer ü") == 404


def test_the_setting(tmp_path: Path) -> None:
    assert load({}, tmp_path).metrics == "local"
    assert load({"LEADGATE_METRICS": TOKEN}, tmp_path).metrics == TOKEN
    assert TOKEN not in repr(load({"LEADGATE_METRICS": TOKEN}, tmp_path))
    with pytest.raises(SettingsError, match="METRICS must be local, public, off, or a token of at least 16"):
        load({"LEADGATE_METRICS": "short"}, tmp_path)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Deployment]:
    made = Deployment(tmp_path, redis_url="none")
    yield made
    made.close()


@pytest.mark.takes(30)
@pytest.mark.end_to_end
def test_parts_that_stand_still_are_told_within_twenty_seconds(running: Deployment) -> None:
    running.init()
    running.start()
    send(running.smtp_port, PAULA, ["leads@acme.test"], offer())
    session = requests.Session()
    session.trust_env = False
    with session:

        def figures() -> dict[tuple[str, ...], float]:
            return samples(session.get(f"{running.base}/metrics", timeout=5).content)

        running.wait_until(lambda: figures()["leadgate_messages", "lead_created"] == 1, 20)
        assert all(figures()["leadgate_processes", role] == 1 for role in ("smtp", "web", "worker", "sender"))
        assert session.get(f"{running.base}/healthz", timeout=5).json() == {"status": "ok"}
    still = [pid for pid, word in running.tree().items() if word in {"smtp", "worker"}]
    assert len(still) == 2
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    try:

        def told() -> bool:
            status, found = running.readiness()
            text = " ".join(found.get("problems", []))
            return status == 503 and "no listener is alive" in text and "no worker is alive" in text

        running.wait_until(told, 20, pause=0.5)
    finally:
        for pid in still:
            os.kill(pid, signal.SIGCONT)
    running.wait_until(running.is_ready, 20, pause=0.5)
