"""A real Redis for tests: started on a socket in a temporary directory, ended by its process."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from config import embedded_redis


class RealRedis:
    """A server of its own; `kill`, `stop` and `go_on` do to it what the world does."""

    def __init__(self, data_dir: Path) -> None:
        server = embedded_redis.find_server()
        if server is None:
            pytest.skip("no redis-server on this machine")
        self._command = embedded_redis.command(server, data_dir, embedded_redis.make_socket_path(data_dir))
        self.url = embedded_redis.url_of(embedded_redis.make_socket_path(data_dir))
        self.client = Redis.from_url(self.url, socket_timeout=5)
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command)
        wait_for(self.answers)

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def stop(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.client.close()
        self.kill()


@contextmanager
def real_redis() -> Iterator[RealRedis]:
    """A running Redis, gone afterwards. A short directory: pytest's own are too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="leadgate-") as place:
        server = RealRedis(Path(place))
        try:
            yield server
        finally:
            server.close()


def wait_for(condition: object, seconds: float = 10.0) -> None:
    """Waits until `condition()` is true; AssertionError after `seconds`. A look that takes long is taken less often."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while True:
        looked = time.monotonic()
        if condition():
            return
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(max(0.02, time.monotonic() - looked))
