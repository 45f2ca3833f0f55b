"""A mailbox kept by the API, its mail as leads, its health in every place that tells it; and the memory it takes."""

import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from config.settings import load
from store.mailboxes import create_mailbox
from store.scope import AccountScope
from store.sealing import Sealer
from store.tables.mail import messages
from tests.support import processes
from tests.support.api import Made
from tests.support.deployment import Deployment
from tests.support.dovecot import PASSWORD, Dovecot, find_dovecot
from tests.support.mails import mail
from tests.support.rows import count

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(180)]

USER = "info@firma.example"
MIB = 1024 * 1024


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    if find_dovecot() is None:
        pytest.skip("Dovecot (Debian: dovecot-imapd) is not installed on this machine")
    server = Dovecot()
    yield server
    server.close()


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    with tempfile.TemporaryDirectory(prefix="leadgate-mailbox-") as place:
        Path(place).chmod(0o711)
        made = Deployment(Path(place), redis_url="none")
        yield made
        made.close()


def offer(number: int) -> bytes:
    return mail(
        sender=f"Berta <berta{number}@kunde.example>",
        to=USER,
        subject=f"Offer {number}",
        text="Please send us an offer.",
        message_id=f"<{number}@kunde.example>",
    )


def given(dovecot: Dovecot) -> dict[str, object]:
    return {
        "name": "Info",
        "host": "127.0.0.1",
        "port": dovecot.port,
        "tls": "none",
        "username": USER,
        "password": PASSWORD,
    }


def test_from_the_api_to_a_lead_and_back(dovecot: Dovecot, deployment: Deployment) -> None:
    dovecot.append(USER, [offer(0)])
    made = deployment.init()
    deployment.start()
    api = deployment.api(made)
    try:
        tried = api.post("/mailboxes/test", given(dovecot) | {"password": "wrong"})
        assert [stage["stage"] for stage in tried["stages"] if stage["ok"] is False] == ["login"]
        assert api.post("/mailboxes/test", given(dovecot))["ok"]
        mailbox = api.post("/mailboxes", given(dovecot) | {"after": "delete", "since": 1})
        deployment.wait_until(lambda: api.get("/leads", email="berta0@kunde.example"), 30)
        dovecot.append(USER, [offer(1)])
        deployment.wait_until(lambda: api.get("/leads", email="berta1@kunde.example"), 30)
        deployment.wait_until(lambda: not dovecot.raws(USER), 10)
        (lead,) = api.get("/leads", email="berta1@kunde.example")
        assert lead["source"] == {"kind": "email", "name": "Info"}
        told = api.get(f"/mailboxes/{mailbox['id']}")
        assert told["error"] is None and told["messages"] == 2
        assert told["last_poll"] and told["last_mail"] and told["lag"] < 60
        _, ready = deployment.readiness()
        assert [each["id"] for each in ready["mailboxes"]] == [mailbox["id"]]
        with requests.Session() as session:
            session.trust_env = False
            metrics = session.get(f"{deployment.base}/metrics", timeout=5).text
        assert f'leadgate_mailbox_failing{{account="acme",mailbox="{mailbox["id"]}"}} 0.0' in metrics
    finally:
        api.close()
    checked = deployment.command("check")
    assert checked.returncode == 0, checked.stdout.decode()
    second = deployment.command("imap")
    assert second.returncode == 1 and b"A mailbox reader (process" in second.stderr
    assert deployment.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_a_mail_of_25_mib_takes_four_times_its_size_at_most(dovecot: Dovecot, deployment: Deployment) -> None:
    made = deployment.init()
    keep(deployment, made, dovecot)
    with deployment.log.open("ab") as log:
        reader = processes.start(
            [sys.executable, "-P", "-m", "config", "imap"],
            at_our_death=signal.SIGKILL,
            environment=deployment.environment,
            output=log,
            directory=deployment.place,
        )
    database = deployment.database()
    try:
        dovecot.append(USER, [offer(0)])
        wait_for(lambda: count(database, messages) == 1)
        idle = memory(reader.pid, "VmRSS")
        Path(f"/proc/{reader.pid}/clear_refs").write_text("5")  # the peak counts from now on (proc(5))
        large = offer(1) + b"".join(
            b"%07d line of a large mail\r\n" % number for number in range(25 * MIB // 29)
        )
        dovecot.append(USER, [large])
        wait_for(lambda: count(database, messages) == 2)
        peak = memory(reader.pid, "VmHWM")
    finally:
        reader.kill()
        reader.wait()
    print(f"{(peak - idle) / len(large):.2f} times the size of {len(large) / MIB:.1f} MiB")
    assert peak - idle <= 4 * len(large)


def keep(deployment: Deployment, made: Made, dovecot: Dovecot) -> None:
    sealer = Sealer(load(deployment.environment, deployment.place).key("credentials"))
    with deployment.database().write() as connection:
        create_mailbox(connection, AccountScope(made.id), sealer, given(dovecot), since=None)


def memory(pid: int, name: str) -> int:
    """A figure of /proc/<pid>/status, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"no {name} in the status of {pid}")


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < until, "not within 90 s"
        time.sleep(0.1)
