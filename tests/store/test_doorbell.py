"""The doorbell rings a real Redis, and costs next to nothing when that is gone, stopped or emptied."""

import json
import time
import zlib
from collections.abc import Iterator

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer

from store.doorbell import Doorbell, RqDoorbell, SilentDoorbell, Work, queue_of
from tests.config.real_redis import RealRedis, real_redis


@pytest.fixture
def redis() -> Iterator[RealRedis]:
    with real_redis() as server:
        yield server


def waiting(redis: RealRedis, work: Work) -> int:
    return queue_of(work, redis.client).count


def timed_ring(bell: Doorbell, work: Work = Work.MESSAGES) -> float:
    begun = time.perf_counter()
    bell.ring(work)
    return time.perf_counter() - begun


def test_a_ring_leaves_one_job_without_arguments_under_its_dotted_name(redis: RealRedis) -> None:
    bell = RqDoorbell(redis.url)
    bell.ring(Work.EVENTS)
    assert [waiting(redis, work) for work in Work] == [0, 1, 0, 0]
    (job,) = queue_of(Work.EVENTS, redis.client).jobs
    assert (job.func_name, job.args, job.kwargs) == ("config.jobs.automate_pending", [], {})
    assert job.retries_left == 2
    assert job.timeout == 180
    raw = redis.client.hget(Job.key_for(job.id), "data")
    assert isinstance(raw, bytes)
    assert json.loads(zlib.decompress(raw)) == ["config.jobs.automate_pending", None, [], {}], (
        "JSON, not pickle"
    )


def test_however_often_it_rings_one_job_waits(redis: RealRedis) -> None:
    bell = RqDoorbell(redis.url)
    for _ in range(50):
        bell.ring(Work.MESSAGES)
    assert waiting(redis, Work.MESSAGES) == 1


def test_a_ring_after_the_job_was_taken_leaves_another(redis: RealRedis) -> None:
    bell = RqDoorbell(redis.url)
    bell.ring(Work.MESSAGES)
    assert queue_of(Work.MESSAGES, redis.client).pop_job_id()  # taken, and its worker killed
    bell.ring(Work.MESSAGES)
    assert waiting(redis, Work.MESSAGES) == 1


def test_it_rings_again_after_flushall(redis: RealRedis) -> None:
    bell = RqDoorbell(redis.url)
    bell.ring(Work.MESSAGES)
    redis.client.flushall()
    bell.ring(Work.MESSAGES)
    assert waiting(redis, Work.MESSAGES) == 1


def test_a_stopped_redis_costs_200_ms_once_a_second(redis: RealRedis) -> None:
    fresh, used = RqDoorbell(redis.url), RqDoorbell(redis.url)
    used.ring(Work.MESSAGES)
    redis.stop()
    try:
        for bell in (fresh, used):
            assert 0.05 < timed_ring(bell) < 0.25
            assert max(timed_ring(bell) for _ in range(100)) < 0.02
    finally:
        redis.go_on()


def test_it_rings_again_a_second_after_redis_is_back(redis: RealRedis) -> None:
    bell = RqDoorbell(redis.url)
    bell.ring(Work.MESSAGES)
    redis.kill()
    assert timed_ring(bell) < 0.25
    redis.start()
    redis.client.flushall()
    time.sleep(1.1)
    bell.ring(Work.MESSAGES)
    assert waiting(redis, Work.MESSAGES) == 1


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock", "redis://192.0.2.1:6379/0"]
)
def test_no_redis_is_no_error_and_no_wait(url: str) -> None:
    assert timed_ring(RqDoorbell(url)) < 0.25


def test_the_first_ring_after_a_restart_reaches_redis(redis: RealRedis) -> None:
    bell = RqDoorbell(redis.url)
    bell.ring(Work.MESSAGES)
    redis.kill()
    redis.start()
    redis.client.flushall()
    bell.ring(Work.MESSAGES)
    assert waiting(redis, Work.MESSAGES) == 1


def test_the_silent_bell_does_nothing() -> None:
    SilentDoorbell().ring(Work.MESSAGES)


def test_names_are_wire_format() -> None:
    assert [work.value for work in Work] == [
        "process_pending",
        "automate_pending",
        "deliver_pending",
        "mail_pending",
    ]


def test_json_is_the_serializer_of_the_queues(redis: RealRedis) -> None:
    assert all(queue_of(work, redis.client).serializer is JSONSerializer for work in Work)
