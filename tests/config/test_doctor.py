"""`leadgate check`: each stage, well and not, in words and as JSON."""

import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config import doctor
from config.parts import wiring
from tests.config.real_redis import wait_for
from tests.config.small_wiring import database
from tests.config.tree import environment, finish, leadgate, tree


def checked(env: Mapping[str, str], *more: str) -> tuple[int, dict[str, Any]]:
    """`check --json`: the exit code, and each stage's finding."""
    code, output, said = finish(leadgate("check", "--json", *more, env=env))
    assert "Traceback" not in said
    told = json.loads(output)
    assert told["ok"] == (code == 0)
    return code, {stage["stage"]: stage for stage in told["stages"]}


def test_what_stops_the_later_stages_is_said_once(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    code, found = checked({**env, "LEADGATE_WORKERS": "none"})
    assert code == 1
    assert list(found) == list(doctor.STAGES)
    assert "LEADGATE_WORKERS" in found["settings"]["found"]
    assert found["books"]["ok"] is None
    code, found = checked(env)
    assert found["data directory"]["fix"].startswith("mkdir -p -m 700")
    (tmp_path / "data").mkdir()
    code, found = checked(env)
    assert found["schema"]["fix"].startswith("leadgate migrate")
    assert [name for name, stage in found.items() if stage["ok"] is None] == [
        "integrity",
        "secret key",
        "addresses",
        "processes",
        "work",
        "mailboxes",
        "outgoing mail",
        "backup",
        "books",
    ]


def test_books_need_no_running_leadgate(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", LEADGATE_HOSTNAME="mx")
    (tmp_path / "data").mkdir()
    assert finish(leadgate("migrate", env=env))[0] == 0
    code, found = checked(env, "--books")
    assert code == 0
    assert set(found) == set(doctor.BOOKS)
    code, output, _ = finish(
        leadgate("check", "--books", env={**env, "LEADGATE_HOSTNAME": "mx.first.second"})
    )
    assert code == 1
    assert "✓ database: answers" in output
    assert "✗ books: first; second\n    leadgate backup FILE" in output
    (tmp_path / "data" / "secret.key").write_text("x" * 64)
    (tmp_path / "data" / "secret.key").chmod(0o644)
    assert checked(env, "--books")[1]["data directory"]["fix"].startswith("chmod 600")


def test_a_deployment_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tree(tmp_path, LEADGATE_REDIS_URL="none", LEADGATE_HOSTNAME="mx") as serve:
        serve.wait_until_ready()
        wait_for(lambda: checked(serve.env)[0] == 0, 20)
        assert set(serve.descendants())
        for name, value in serve.env.items():
            monkeypatch.setenv(name, value)
        with database(tmp_path / "data") as connection:
            connection.execute("UPDATE beats SET at = at - 100 WHERE role = 'worker'")
            connection.execute("INSERT INTO work (kind, text, due, done) VALUES ('nobody', 'x', 0, 0)")
        monkeypatch.setattr(doctor, "LEAST_FREE", 2**80)
        worker = serve.pid_of("worker")
        assert worker is not None
        os.kill(worker, signal.SIGSTOP)
        with database(tmp_path / "data") as connection:
            connection.execute("UPDATE beats SET at = at - 100 WHERE role = 'worker'")
        found = {finding.stage: finding for finding in doctor.examine(wiring())}
        os.kill(worker, signal.SIGCONT)
        assert found["processes"].found == "no sign of life from: worker"
        assert found["disk"].ok is False
        assert found["work"].ok
    with database(tmp_path / "data") as connection:
        connection.execute("UPDATE beats SET at = at - 100")
    assert checked(serve.env)[1]["processes"]["fix"].startswith("leadgate serve")
    missing = {**serve.env, "LEADGATE_REDIS_URL": "redis://127.0.0.1:1"}
    assert "does not answer" in checked(missing)[1]["Redis"]["found"]
