"""`leadgate check` with each ailment provoked for real: the stage names it, and the fix is a command that helps."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import text

from config import backup as keeping
from config import doctor, instance, keys, wiring
from config.parts import Role
from config.settings import load
from store import migrate
from store.driver import sqlite_driver
from tests.support.deployment import Deployment, free_port

pytestmark = [pytest.mark.end_to_end, pytest.mark.takes(60)]


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """One that has an account and does not run."""
    made = Deployment(tmp_path, redis_url="none")
    settings = load(made.environment, tmp_path)
    instance.make_data_dir(settings)
    wiring.migrate(settings)
    assert wiring.key_problem(settings) is None
    parts = wiring.build(settings, Role.COMMAND)
    parts.init_account(
        account="acme",
        domain="acme.test",
        admin_email="anna@acme.example",
        admin_password=None,
        new_api_key=False,
        deployment_key=False,
    )
    parts.close()
    yield made
    made.close()


def stages(deployment: Deployment, *, only_books: bool = False) -> dict[str, str]:
    """What is found to be wrong, by stage: the sentence and the fix."""
    with mock.patch.dict(os.environ, deployment.environment):
        found = doctor.examine(wiring, only_books=only_books)
    assert not any("\n" in finding.found for finding in found)
    assert all(finding.fix for finding in found if finding.ok is False), "each with something to do"
    return {finding.stage: f"{finding.found} {finding.fix}" for finding in found if finding.ok is False}


def refused(deployment: Deployment, *words: str) -> tuple[int, str]:
    """The exit code of a command that is to end in a sentence, and that sentence."""
    done = deployment.command(*words)
    said = done.stderr.decode()
    assert "Traceback" not in said
    return done.returncode, said


def sql(deployment: Deployment, statement: str) -> None:
    connection = sqlite_driver().connect(deployment.data_dir / "leadgate.sqlite3")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_what_is_not_there_yet_is_not_made_by_looking(tmp_path: Path) -> None:
    new = Deployment(tmp_path, redis_url="none")
    new.data_dir.mkdir(mode=0o700)
    assert "leadgate serve" in stages(new)["database"]
    assert list(new.data_dir.iterdir()) == []


def test_a_stopped_one_with_its_port_taken(deployment: Deployment) -> None:
    assert stages(deployment).keys() == {"processes"}
    assert "leadgate does not run" in stages(deployment)["processes"]
    with socket.create_server(("127.0.0.1", deployment.http_port)):
        told = stages(deployment)["addresses"]
        assert f"for HTTP on 127.0.0.1:{deployment.http_port}: Address already in use" in told
        assert f"LEADGATE_HTTP=127.0.0.1:{deployment.http_port + 1}" in told
        deployment.environment["LEADGATE_SMTP"] = "192.0.2.1:2525"  # an address of nobody
        assert "ip address   # shows what this machine has; or LEADGATE_SMTP=127.0.0.1:2525" in str(
            stages(deployment)
        )
        del deployment.environment["LEADGATE_SMTP"]
        refused = deployment.command("serve")
    assert refused.returncode == os.EX_UNAVAILABLE
    assert (
        b"another program listens there already. Choose another address with LEADGATE_HTTP" in refused.stderr
    )
    assert b"Traceback" not in refused.stderr


def test_one_that_has_just_stopped_is_not_taken_for_alive(deployment: Deployment) -> None:
    deployment.start()
    assert stages(deployment) == {}
    assert deployment.stop() == 0
    assert "leadgate does not run" in stages(deployment)["processes"]


def test_a_data_directory_that_cannot_be_used(tmp_path: Path) -> None:
    one = Deployment(tmp_path, redis_url="none")
    one.data_dir.write_text("a file")
    _is_refused(one, "is a file, and should be a folder", "File exists")
    one.data_dir.unlink()
    one.data_dir.mkdir(mode=0o500)
    if os.getuid() != 0:  # root may write everywhere
        _is_refused(one, "sudo chown -R $(id -un)", "this user may not write into it")


def _is_refused(one: Deployment, by_check: str, by_others: str) -> None:
    assert by_check in stages(one)["data directory"]
    code, said = refused(one, "serve")
    assert code == os.EX_UNAVAILABLE
    assert by_others in said


def test_a_key_that_others_can_read_that_is_another_or_gone(deployment: Deployment) -> None:
    key = deployment.data_dir / keys.FILE_NAME
    key.chmod(0o644)
    assert f"chmod 600 {key}" in stages(deployment, only_books=True)["data directory"]
    key.chmod(0o600)
    kept = key.read_text()
    key.write_text("0" * 64)
    assert "not the one this database was made with" in stages(deployment, only_books=True)["secret key"]
    key.unlink()
    file = deployment.place / "backup.zip"
    told = stages(deployment, only_books=True)["secret key"]
    assert "is gone" in told
    key.write_text(kept)
    key.chmod(0o600)
    keeping.backup(load(deployment.environment, deployment.place), deployment.database(), file)
    key.unlink()
    if shutil.which("unzip") is None:
        pytest.skip("unzip is not installed on this machine")
    fix = told[told.index("unzip -p") :].replace("BACKUP", str(file))
    subprocess.run(["sh", "-c", fix], check=True)
    assert stages(deployment, only_books=True) == {}, "the fix as printed helps"


@pytest.mark.parametrize(
    ("version", "found", "fix"),
    [("0999", migrate.NEWER, "git pull"), ("0000", "the older schema 0000", "leadgate migrate")],
)
def test_another_versions_schema(deployment: Deployment, version: str, found: str, fix: str) -> None:
    sql(deployment, f"UPDATE alembic_version SET version_num = '{version}'")
    told = stages(deployment, only_books=True)["schema"]
    assert found in told
    assert fix in told
    if version == "0999":
        code, said = refused(deployment, "migrate")
        assert code == os.EX_UNAVAILABLE
        assert migrate.NEWER in said


def test_a_damaged_database(deployment: Deployment) -> None:
    file = deployment.data_dir / "leadgate.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * 65536 + whole[8192 + 65536 :])
    assert "the database is damaged" in stages(deployment, only_books=True)["integrity"]
    assert doctor.RESTORE in stages(deployment, only_books=True)["integrity"]
    file.write_bytes(b"no database" * 1000)
    assert doctor.RESTORE in stages(deployment, only_books=True)["database"]
    code, said = refused(deployment, "migrate")
    assert code == os.EX_UNAVAILABLE
    assert "The database is damaged" in said


def test_a_database_that_is_away_is_waited_for(tmp_path: Path) -> None:
    away = Deployment(
        tmp_path, database_url=f"postgresql://u:geheim@127.0.0.1:{free_port()}/x", redis_url="none"
    )
    away.data_dir.mkdir(mode=0o700)
    told = stages(away)
    assert "refused" in told["database"]
    assert "geheim" not in str(told)
    code, said = refused(away, "worker")
    assert code == os.EX_TEMPFAIL, "systemd starts it again"
    assert "refused" in said
    assert "geheim" not in said


def test_backups(deployment: Deployment) -> None:
    microseconds = (doctor.OLD_BACKUP + timedelta(hours=1)) // timedelta(microseconds=1)
    assert "backup" not in stages(deployment)
    sql(deployment, f"UPDATE accounts SET created_at = created_at - {microseconds}")
    assert "there was none yet" in stages(deployment)["backup"]
    keeping.backup(
        load(deployment.environment, deployment.place), deployment.database(), deployment.place / "b.zip"
    )
    assert "backup" not in stages(deployment)
    with deployment.database().write() as connection:
        connection.execute(
            text(f"UPDATE deployment_facts SET at = at - {microseconds} WHERE name = 'last_backup'")
        )
    assert "the last one was made" in stages(deployment)["backup"]


def test_a_disk_that_is_nearly_full(deployment: Deployment, tmp_path: Path) -> None:
    """On a small file system of its own, where this user may make one; `df` shows the same."""
    script = 'mount -t tmpfs -o size=40m tmpfs "$LEADGATE_DATA_DIR" && exec "$0" -P -m config check --json'
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script]
    if shutil.which("unshare") is None or _fails(["unshare", "--map-root-user", "--mount", "true"]):
        pytest.skip("this user cannot make a file system of its own")
    done = subprocess.run(
        [*command, sys.executable], env=deployment.environment, capture_output=True, check=False
    )
    found = {stage["stage"]: stage for stage in json.loads(done.stdout)["stages"]}
    assert found["disk"]["ok"] is False, done.stderr
    assert found["disk"]["found"].startswith("0.0 GiB are free")
    assert found["disk"]["fix"].startswith("df -h ")


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0
