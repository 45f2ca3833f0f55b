"""`./run` and its bootstrap, for real: Python, venv and pip do their work, on packages of a few bytes."""

import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import Checkout, locked, make, wheel

pytestmark = pytest.mark.takes(40)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout that was started once; tests leave it as they found it."""
    checkout = make(tmp_path_factory.mktemp("standing"))
    first = checkout.run("hello")
    assert first.returncode == 0, first.stderr
    assert "Making .venv" in first.stderr
    assert json.loads(first.stdout)["packages"] == {"tinyone": "1.0"}
    return checkout


@pytest.fixture
def lock(standing: Checkout) -> Iterator[Path]:
    """The runtime lock of the standing checkout, put back afterwards."""
    path = standing.root / "requirements.lock"
    before = path.read_bytes()
    yield path
    path.write_bytes(before)
    assert standing.run("again").returncode == 0


def test_a_warm_start_says_nothing_and_becomes_the_program(standing: Checkout, tmp_path: Path) -> None:
    started = standing.start(
        "parse", "a b.eml", "", cwd=tmp_path, PYTHONDONTWRITEBYTECODE="1", PYTHONPATH="/nowhere"
    )
    said, told = started.communicate(timeout=60)
    assert told == ""
    answer = json.loads(said)
    assert answer["arguments"] == ["parse", "a b.eml", ""]
    assert answer["cwd"] == str(tmp_path), "file names on the command line are the caller's"
    assert answer["pid"] == started.pid, "no wrapper stays between the terminal and the program"
    assert answer["writes_bytecode"] is True
    assert answer["path"] is None


def test_a_warm_start_runs_no_python_but_the_program(standing: Checkout, tmp_path: Path) -> None:
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\nexit 99\n", "utf-8")
    broken.chmod(0o755)
    assert (
        standing.run("hello", LEADGATE_PYTHON=str(broken), PATH=f"{tmp_path}:/usr/bin:/bin").returncode == 0
    )


def test_the_command_leadgate_is_the_same(standing: Checkout) -> None:
    assert f"{standing.root}/run" in (standing.root / ".venv" / "bin" / "leadgate").read_text("utf-8")


def test_a_changed_lock_makes_a_new_environment(standing: Checkout, lock: Path) -> None:
    lock.write_text(locked(("tinytwo==2.0", wheel(standing.wheels, "tinytwo", "2.0"))), "utf-8")
    started = standing.run("hello")
    assert json.loads(started.stdout)["packages"] == {"tinytwo": "2.0"}, "nothing of the former one lingers"
    assert not (standing.root / ".venv.previous").exists()


@pytest.mark.parametrize(
    ("requirement", "digest", "sentence"),
    [
        ("tinyabsent==1.0", "0" * 64, "no ready-made package"),
        ("tinyone==1.0", "0" * 64, "differs from what the lock names, so nothing was installed: tinyone"),
    ],
)
def test_what_cannot_be_installed_leaves_the_former_environment(
    standing: Checkout, lock: Path, requirement: str, digest: str, sentence: str
) -> None:
    before = lock.read_bytes()
    lock.write_text(locked((requirement, digest)), "utf-8")
    refused = standing.run("hello")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert sentence in refused.stderr
    assert requirement.partition("=")[0] in refused.stderr
    lock.write_bytes(before)
    back = standing.run("hello")
    assert (back.returncode, back.stderr) == (0, ""), "the environment of before runs, without an install"


def test_without_a_network_a_sentence_says_so(standing: Checkout, lock: Path) -> None:
    lock.write_text(locked(("tinyabsent==1.0", "0" * 64)), "utf-8")
    with socket.socket() as closed:  # bound, not listening: a port that refuses
        closed.bind(("127.0.0.1", 0))
        index = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
        refused = standing.run("hello", PIP_NO_INDEX="0", PIP_INDEX_URL=index, PIP_RETRIES="1")
    assert refused.returncode == 1
    assert "The package index cannot be reached." in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_interrupted_addition_is_made_anew(standing: Checkout) -> None:
    (standing.root / ".venv" / "installing").touch()
    started = standing.run("hello")
    assert "did not finish" in started.stderr
    assert json.loads(started.stdout)["packages"] == {"tinyone": "1.0"}


def test_what_the_tests_need_is_added(standing: Checkout) -> None:
    dev = standing.root / "requirements-dev.lock"
    dev.write_text(
        dev.read_text("utf-8") + locked(("tinytool==1.0", wheel(standing.wheels, "tinytool", "1.0"))), "utf-8"
    )
    refused = standing.run("lint")  # its program, tests.house.lint, is not in the small checkout
    assert refused.returncode == 1
    assert "Adding what the tests and checks need" in refused.stderr
    started = standing.run("hello")
    assert json.loads(started.stdout)["packages"] == {"tinyone": "1.0", "tinytool": "1.0"}
    assert started.stderr == "", "the runtime lock did not change"


def test_a_moved_checkout_is_installed_anew(tmp_path: Path) -> None:
    checkout = make(tmp_path / "first")
    assert checkout.run("hello").returncode == 0
    moved = Checkout(tmp_path / "moved", checkout.wheels)
    shutil.move(checkout.root, moved.root)
    started = moved.run("hello")
    assert "Making .venv" in started.stderr
    assert json.loads(started.stdout)["packages"] == {"tinyone": "1.0"}


def test_a_killed_first_start_is_repaired(tmp_path: Path) -> None:
    checkout = make(tmp_path)
    first = checkout.start("hello")
    deadline = time.monotonic() + 30
    while not list(checkout.root.glob(".venv/lib/python3.*/site-packages")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate(timeout=30)
    started = checkout.run("hello")
    assert "did not finish" in started.stderr
    assert json.loads(started.stdout)["packages"] == {"tinyone": "1.0"}


def test_ctrl_c_ends_an_install_with_a_sentence(tmp_path: Path) -> None:
    checkout = make(tmp_path)
    first = checkout.start("hello")
    assert first.stderr is not None
    assert "Making .venv" in first.stderr.readline()
    os.killpg(first.pid, signal.SIGINT)
    said, told = first.communicate(timeout=30)
    assert first.returncode in {130, -signal.SIGINT}
    assert said == ""
    assert "Stopped before the environment was complete" in told
    assert not (checkout.root / ".venv").exists()


def test_two_first_starts_at_once(tmp_path: Path) -> None:
    checkout = make(tmp_path)
    both = [checkout.start("hello") for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in both]
    assert [json.loads(said)["packages"] for said, _ in answers] == [{"tinyone": "1.0"}] * 2
    assert sum("Making .venv" in told for _, told in answers) == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("CPython 3.9.18", "found only python3 (3.9.18)."),
        ("CPython 3.15.0", "found only python3 (3.15.0)."),
        ("PyPy 3.11.2", "found only python3 (PyPy 3.11.2)."),
        (None, "found no Python on PATH."),
    ],
)
def test_a_python_that_does_not_do(tmp_path: Path, answer: str | None, sentence: str) -> None:
    checkout = make(tmp_path)
    path = tmp_path / "bin"
    path.mkdir()
    if answer is not None:
        (path / "python3").write_text(f"#!/bin/sh\necho '{answer}'\n", "utf-8")
        (path / "python3").chmod(0o755)
    refused = checkout.run("serve", PATH=str(path), LEADGATE_PYTHON="")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert f"Python 3.11, 3.12, 3.13 or 3.14 is needed; {sentence}" in refused.stderr
    assert "LEADGATE_PYTHON=" in refused.stderr
    assert not (checkout.root / ".venv").exists()
