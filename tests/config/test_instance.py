"""Locks: one instance per data, and who comes second hears why."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config import instance
from config.instance import SecondInstanceError
from config.parts import Role
from config.settings import Settings, load


def settings(tmp_path: Path, **more: str) -> Settings:
    return load({"LEADGATE_DATA_DIR": str(tmp_path / "data"), **more}, tmp_path)


def test_the_second_waits_and_is_refused_naming_process_and_data(tmp_path: Path) -> None:
    (lock,) = instance.claim_instance(settings(tmp_path))
    with pytest.raises(SecondInstanceError) as refused:
        instance.claim_instance(settings(tmp_path), patience=0.2)
    assert f"process {os.getpid()}" in str(refused.value)
    assert str(tmp_path / "data") in str(refused.value)
    threading.Timer(0.3, lock.release).start()
    begun = time.monotonic()
    (again,) = instance.claim_instance(settings(tmp_path), patience=5)
    assert 0.2 < time.monotonic() - begun < 2
    again.release()


def test_one_database_file_is_one_instance_wherever_the_data_directory_is(tmp_path: Path) -> None:
    database = {"LEADGATE_DATABASE_URL": f"sqlite:///{tmp_path}/shared.sqlite3"}
    held = instance.claim_instance(settings(tmp_path, **database))
    assert len(held) == 2
    elsewhere = load({"LEADGATE_DATA_DIR": str(tmp_path / "other"), **database}, tmp_path)
    with pytest.raises(SecondInstanceError, match=r"shared\.sqlite3"):
        instance.claim_instance(elsewhere, patience=0)
    for lock in held:
        lock.release()


def test_the_lock_lasts_until_the_last_process_that_inherited_it(tmp_path: Path) -> None:
    (lock,) = instance.claim_instance(settings(tmp_path))
    heir = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE,
        pass_fds=[lock.descriptor],
    )
    lock.release()
    with pytest.raises(SecondInstanceError):
        instance.claim_instance(settings(tmp_path), patience=0)
    heir.communicate()
    (again,) = instance.claim_instance(settings(tmp_path), patience=0)
    again.release()


@pytest.mark.parametrize("role", [Role.SMTP, Role.WORKER, Role.SENDER])
def test_sqlite_takes_one_process_of_a_role(tmp_path: Path, role: Role) -> None:
    lock = instance.claim_role(settings(tmp_path), role)
    assert lock is not None
    with pytest.raises(SecondInstanceError, match="PostgreSQL"):
        instance.claim_role(settings(tmp_path), role, patience=0)
    lock.release()


def test_postgresql_and_the_other_roles_take_any_number(tmp_path: Path) -> None:
    postgresql = settings(tmp_path, LEADGATE_DATABASE_URL="postgresql://h/d", LEADGATE_SECRET_KEY="x" * 32)
    assert instance.claim_role(postgresql, Role.WORKER) is None
    assert instance.claim_role(settings(tmp_path), Role.WEB) is None
