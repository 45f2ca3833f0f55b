"""The guard: a process that runs our Redis as its child, and ends when that ends.

It watches the lifeline for Redis, which knows nothing of it, and asks Redis once a second whether it
answers. A Redis that has not answered for SILENT_SECONDS is killed. Whenever Redis is gone the guard ends
too, and the supervisor starts both again, so there is one place that restarts things. On Linux Redis also
dies when the guard is killed; elsewhere the next guard ends a Redis that was left behind.

A Redis that ends before it ever answered may have stumbled over its own files. They hold nothing but
rings of the doorbell, so they are set aside and the next start begins afresh.
"""

import logging
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import FrameType

from config import embedded_redis, lifeline, logs
from config.settings import load

ASK_SECONDS = 1.0
SILENT_SECONDS = 10.0
END_SECONDS = 1.0
OWN_FILES = ("appendonlydir", "appendonly.aof")

log = logging.getLogger(__name__)


def run() -> int:
    """Runs Redis until it ends or the guard is told to stop; returns the exit code."""
    lifeline.hold(os.environ)
    settings = load()
    logs.configure(settings.log, part="redis")
    server = embedded_redis.find_server()
    if server is None:
        log.warning("no redis-server was found any more")
        return os.EX_UNAVAILABLE
    path = embedded_redis.make_socket_path(settings.data_dir)
    _end_left_over(path)
    redis = subprocess.Popen(
        embedded_redis.command(server, settings.data_dir, path),
        stdin=subprocess.DEVNULL,
        preexec_fn=lifeline.dying_with_parent(),  # noqa: PLW1509  made before the fork, takes no lock
    )
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        redis.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        code = _watch(redis, path, settings.data_dir)
        return os.EX_OK if asked else code
    finally:
        _end(redis)


def _watch(redis: "subprocess.Popen[bytes]", path: Path, data_dir: Path) -> int:
    """Back when Redis has ended, or has been silent for too long."""
    started = answered = time.monotonic()
    while True:
        try:
            code = redis.wait(ASK_SECONDS)
        except subprocess.TimeoutExpired:
            pass  # it runs, as it should
        else:
            if answered == started and code > 0:
                _set_aside(embedded_redis.directory_of(data_dir))
            log.info("Redis ended with code %d", code)
            return os.EX_SOFTWARE
        if _answers(path):
            answered = time.monotonic()
        elif time.monotonic() - answered > SILENT_SECONDS:
            log.warning("Redis has not answered for %d seconds and is ended", SILENT_SECONDS)
            redis.kill()
            return os.EX_SOFTWARE


def _end(redis: "subprocess.Popen[bytes]") -> None:
    redis.terminate()
    try:
        redis.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        redis.kill()
        redis.wait()


def _answers(path: Path) -> bool:
    return _ask(path, b"PING\r\n") != b""


def _end_left_over(path: Path) -> None:
    """Ends a Redis that outlived its guard and still holds the socket and the files."""
    if _ask(path, b"SHUTDOWN NOSAVE\r\n") == b"":
        return
    log.warning("a Redis was left over from an earlier start and could not be ended")


def _ask(path: Path, command: bytes) -> bytes:
    """Redis's first bytes in answer to `command`; empty when there are none within a second."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ASK_SECONDS)
            connection.connect(str(path))
            connection.sendall(command)
            return connection.recv(64)
    except OSError:
        return b""


def _set_aside(directory: Path) -> None:
    for name in OWN_FILES:
        if (directory / name).exists():
            log.warning("Redis does not start; its file %s is set aside", name)
            (directory / name).rename(directory / f"{name}.{time.time_ns()}.unusable")
