"""`leadgate serve` with real processes: started, stopped, killed, doubled."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from store.doorbell import Work
from tests.config.real_redis import wait_for
from tests.config.small_wiring import database
from tests.config.tree import Tree, environment, finish, free_port, leadgate, processes, tree

pytestmark = pytest.mark.takes(60)
PARTS = ("smtp", "redis", "redis-server", "web", "worker", "sender", "imap", "scheduler")


def gone(pids: set[int]) -> bool:
    return not pids & processes().keys()


def has_beaten(data_dir: Path, role: str) -> bool:
    with database(data_dir) as connection:
        return connection.execute("SELECT 1 FROM beats WHERE role = ?", (role,)).fetchone() is not None


def running(serve: Tree, word: str) -> int:
    """The pid of a part, waited for: it may be between two lives."""
    wait_for(lambda: serve.pid_of(word) is not None, 20)
    pid = serve.pid_of(word)
    assert pid is not None
    return pid


def test_it_starts_works_and_stops_in_order_leaving_no_process(tmp_path: Path) -> None:
    with tree(tmp_path) as serve:
        serve.wait_until_ready()
        for number in range(30):
            serve.send(f"mail {number}")
        serve.wait_until_drained(30)
        http = serve.env["LEADGATE_HTTP"]
        with urllib.request.urlopen(f"http://{http}/", timeout=5) as answer:
            assert answer.read() == b"pages"
        with database(serve.data_dir) as connection:
            beats = dict(connection.execute("SELECT role, name FROM beats"))
            workers = {by.partition(":")[0] for (by,) in connection.execute("SELECT by FROM work")}
        assert set(beats) == {"smtp", "web", "worker", "sender", "imap", "scheduler"}
        assert beats["worker"].endswith("/worker-1")
        assert workers == {"worker", "sender"}, "messages and events, and deliveries, each by their own"

        family = set(serve.descendants())
        serve.process.send_signal(signal.SIGINT)
        assert serve.process.wait(12) == 0
        assert gone(family)
        closed = {
            path.name.split("-")[1]: path.stat().st_mtime_ns for path in serve.data_dir.glob("closed-*")
        }
        assert closed["smtp"] <= closed["web"] <= min(closed["worker"], closed["sender"], closed["scheduler"])

        said = serve.output()
        assert f"Mail is accepted by SMTP at {serve.env['LEADGATE_SMTP']}." in said
        assert f"Pages and API are at http://{http}." in said
        assert str(serve.data_dir) in said
        assert "leadgate has stopped." in said
        assert "Traceback" not in said


def test_every_part_comes_back_after_kill_9_and_nothing_is_lost(tmp_path: Path) -> None:
    with tree(tmp_path) as serve:
        serve.wait_until_ready()
        for number, word in enumerate(PARTS):
            before = running(serve, word)
            serve.send(f"before {number}")
            os.kill(before, signal.SIGKILL)
            serve.send(f"after {number}")
            wait_for(lambda old=before, word=word: serve.pid_of(word) not in {None, old}, 20)
            if word == "redis":
                assert gone({before})
        serve.wait_until_drained(
            2 * len(PARTS), 60
        )  # a lease of 20 s, on a machine that other tests keep busy
        assert sum("redis-server" in command for command in serve.descendants().values()) == 1


def test_kill_9_of_the_supervisor_leaves_no_process_and_a_restart_continues(tmp_path: Path) -> None:
    with tree(tmp_path) as serve:
        serve.wait_until_ready()
        if sys.platform == "linux":
            os.kill(running(serve, "worker"), signal.SIGSTOP)  # even one that can do nothing itself
        family = set(serve.descendants())
        serve.send("kept")
        serve.process.kill()
        serve.process.wait()
        wait_for(lambda: gone(family), 5)
        serve.log.write_text("")
        serve.restart()
        serve.send("new")
        serve.wait_until_ready()
        serve.wait_until_drained(2)
        assert set(serve.done(Work.MESSAGES)) == {"kept", "new"}


def test_a_second_instance_is_refused_and_a_second_listener_too(tmp_path: Path) -> None:
    with tree(tmp_path) as serve:
        serve.wait_until_ready()
        elsewhere = {"LEADGATE_SMTP": f"127.0.0.1:{free_port()}", "LEADGATE_HTTP": f"127.0.0.1:{free_port()}"}
        second = leadgate("serve", env={**serve.env, **elsewhere})
        listener = leadgate("smtp", env={**serve.env, **elsewhere})
        worker = leadgate("worker", env=serve.env)
        code, _, sentence = finish(second)
        assert code == 1
        assert sentence.count("\n") == 1
        assert f"process {serve.pid}" in sentence
        assert str(serve.data_dir) in sentence
        for process, what in ((listener, "listener"), (worker, "worker")):
            code, _, sentence = finish(process)
            assert code == 1
            assert f"A {what} (process {serve.pid_of('smtp' if what == 'listener' else what)})" in sentence
            assert "PostgreSQL" in sentence
        assert serve.process.poll() is None
        serve.send("still here")


def test_an_address_that_is_taken_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with tree(tmp_path, LEADGATE_SMTP=f"127.0.0.1:{port}", LEADGATE_REDIS_URL="none") as serve:
            assert serve.process.wait(30) == os.EX_UNAVAILABLE
            assert f"Cannot listen on 127.0.0.1:{port}" in serve.output()
            assert "part smtp could not be started" in serve.output()
            assert "Traceback" not in serve.output()
            assert not serve.descendants()


def test_a_part_that_does_not_stop_is_killed_within_ten_seconds(tmp_path: Path) -> None:
    with tree(tmp_path, LEADGATE_REDIS_URL="none") as serve:
        serve.wait_until_ready()
        serve.send("hang")
        wait_for(lambda: serve.pid_of("worker") is not None)
        time.sleep(1)
        family = set(serve.descendants())
        begun = time.monotonic()
        serve.process.terminate()
        assert serve.process.wait(15) == 0
        assert time.monotonic() - begun < 10.5
        assert gone(family)
        assert "did not stop within" in serve.output()


def test_without_redis_the_workers_look_themselves(tmp_path: Path) -> None:
    with tree(tmp_path, LEADGATE_REDIS_URL="none", LEADGATE_HTTP="off") as serve:
        serve.wait_until_ready()
        assert serve.pid_of("redis-server") is None
        assert serve.pid_of("web") is None
        assert "Redis is switched off" in serve.output()
        for number in range(50):
            serve.send(f"mail {number}")
        serve.wait_until_drained(50)


def test_wrong_settings_are_said_at_once(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", LEADGATE_WORKERS="2", LEADGATE_DNS="maybe", LEADGATE_SMPT="x")
    code, _, said = finish(leadgate("serve", env=env))
    assert code == os.EX_CONFIG
    assert "PostgreSQL" in said
    assert "LEADGATE_DNS" in said
    assert not (tmp_path / "data").exists()


def test_a_part_alone_refuses_an_old_schema_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    env = environment(tmp_path / "data", SMALL_SCHEMA="old", LEADGATE_SMPT="x")
    for word in ("smtp", "web", "worker", "sender", "imap", "scheduler"):
        code, _, said = finish(leadgate(word, env=env))
        assert code == os.EX_UNAVAILABLE, said
        assert "schema is old" in said
        assert "Did you mean LEADGATE_SMTP?" in said


def test_a_part_alone_stops_on_sigterm(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    env = environment(tmp_path / "data")
    assert finish(leadgate("migrate", env=env))[0] == 0
    for word in ("smtp", "web", "worker", "sender", "imap", "scheduler"):
        process = leadgate(word, env=env)
        wait_for(lambda word=word: has_beaten(tmp_path / "data", word), 60)
        process.terminate()
        assert finish(process, 15)[0] == 0, word


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the lifeline ends a part")
def test_the_lifeline_alone_ends_a_part(tmp_path: Path) -> None:
    """Without the kernel's death signal, as on macOS."""
    code = (
        "import os, time, config.lifeline as l; l.dying_with_parent = lambda: lambda: None;"
        "l.hold(os.environ); print('held', flush=True); time.sleep(60)"
    )
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "_LEADGATE_LIFELINE": str(read_end)},
        pass_fds=[read_end],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"held\n"
        os.close(read_end)
        assert process.poll() is None
        os.close(write_end)
        assert process.wait(5) == -signal.SIGTERM
