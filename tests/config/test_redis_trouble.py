"""Redis emptied, killed and stopped under load: no reply waits, everything is drained soon after."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from redis import Redis
from redis.exceptions import RedisError

from config import embedded_redis
from store.doorbell import Work
from tests.config.real_redis import wait_for
from tests.config.tree import Tree, tree

pytestmark = pytest.mark.takes(60)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    with tree(tmp_path_factory.mktemp("serve"), LEADGATE_HTTP="off") as running:
        running.wait_until_ready()
        wait_for(lambda: running.pid_of("redis-server") is not None)
        yield running


@contextmanager
def load(serve: Tree, name: str, number: int = 150) -> Iterator[list[float]]:
    """Messages, one after another on a thread of their own; the times of their replies."""
    times: list[float] = []

    def send() -> None:
        times.extend(serve.send(f"{name} {index}") for index in range(number))

    thread = threading.Thread(target=send)
    thread.start()
    wait_for(lambda: len(times) > 20)
    yield times
    thread.join()
    assert len(times) == number


def redis_of(serve: Tree) -> "Redis":
    return Redis.from_url(embedded_redis.url_of(embedded_redis.make_socket_path(serve.data_dir)))


def wait_for_bell(serve: Tree) -> None:
    """Until worker and sender wait for RQ's jobs: each trouble is to meet them there."""

    def both_wait() -> bool:
        try:
            with redis_of(serve) as client:
                return len(client.keys("rq:worker:*")) >= 2
        except RedisError:
            return False

    wait_for(both_wait, 60)


def flush(serve: Tree) -> None:
    with redis_of(serve) as client:
        for _ in range(20):
            client.flushall()


def kill(serve: Tree) -> None:
    pid = serve.pid_of("redis-server")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def stop(serve: Tree) -> None:
    """Stopped and never continued: its guard ends it after ten seconds."""
    pid = serve.pid_of("redis-server")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)


@pytest.mark.parametrize("trouble", [flush, kill, stop])
def test_no_reply_waits_and_everything_is_drained(serve: Tree, trouble: Callable[[Tree], None]) -> None:
    wait_for_bell(serve)
    with load(serve, trouble.__name__) as times:
        trouble(serve)
    assert max(times) < 1.0
    wait_for(lambda: serve.undone() == 0, 15)
    expected = {f"{trouble.__name__} {index}" for index in range(150)}
    wait_for(lambda: expected <= set(serve.done(Work.MESSAGES)), 15)
    serve.send(f"after {trouble.__name__}")
    wait_for(lambda: f"after {trouble.__name__}" in serve.done(Work.MESSAGES), 5)


def test_a_stopped_redis_is_ended_and_started_again(serve: Tree) -> None:
    wait_for_bell(serve)
    before = serve.pid_of("redis-server")
    stop(serve)
    wait_for(lambda: serve.pid_of("redis-server") not in {None, before}, 30)
    with redis_of(serve) as client:
        wait_for(lambda: _answers(client), 30)


def _answers(client: Redis) -> bool:
    """False while the new process has not opened its socket yet."""
    try:
        return bool(client.ping())
    except RedisError:
        return False


def test_where_no_worker_works_the_scheduler_does(serve: Tree) -> None:
    worker, sender = serve.pid_of("worker"), serve.pid_of("sender")
    assert worker is not None
    assert sender is not None
    for pid in (worker, sender):
        os.kill(pid, signal.SIGSTOP)
    try:
        serve.send("with nobody there")
        wait_for(lambda: "with nobody there" in serve.done(Work.MESSAGES), 20)
        wait_for(lambda: serve.undone() == 0, 20)
    finally:
        for pid in (worker, sender):
            os.kill(pid, signal.SIGCONT)
    assert "nobody works on process_pending" in serve.output()
