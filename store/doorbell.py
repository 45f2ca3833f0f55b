"""The doorbell: tells the workers through Redis that there is work. Knows RQ, and no work.

The database is the truth. A ring puts a job without arguments into RQ's queue for that kind of work;
whoever takes it looks into the database for what is due. So a ring that is lost (Redis gone, emptied,
stopped) costs time, never work: the sweeper rings again every second for whatever still waits.

What a ring promises: a job that begins after the ring is or will be in the queue, if Redis answers.
One waiting job is enough for that, so nothing is added to a queue that holds one. The queue's own
length is asked, not a flag of ours: a flag outlives a job that was lost (FLUSHALL, a worker killed
between taking and starting) and would keep the bell silent. Two rings in the same instant may leave
two jobs; the second finds nothing to do.

A ring never raises and takes at most 200 ms, connecting included; only the first one of a process also
loads RQ. After a failure the bell stays silent for a second, so that a Redis that hangs costs each caller
next to nothing.

The names of queues and jobs are wire format: old jobs may wait in Redis while a new version starts.
"""

import threading
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from redis import Redis
    from rq import Queue

JOB_TIMEOUT = 180
"""Seconds after which RQ stops a job; a job of ours ends by itself after a few."""
CONNECT_SECONDS = 0.08
ANSWER_SECONDS = 0.1
"""For each exchange, and for all of them before the last one begins: 200 ms in all."""
SILENCE_SECONDS = 1.0


class Work(StrEnum):
    """The kinds of work; the value is the queue's name and that of the job function in `config.jobs`."""

    MESSAGES = "process_pending"
    EVENTS = "automate_pending"
    DELIVERIES = "deliver_pending"
    MAILS = "mail_pending"


class Doorbell(Protocol):
    """Tells the workers that there is work of one kind."""

    def ring(self, work: Work) -> None:
        """Never raises, never blocks for more than 200 ms."""


class SilentDoorbell:
    """The bell where there is no Redis: the workers look for themselves, ten times a second."""

    def ring(self, work: Work) -> None:
        """Does nothing."""


class RqDoorbell:
    """Rings through RQ on the Redis at `url`; thread-safe.

    Nothing is loaded or connected before the first ring, so that a listener accepts mail soon after its
    start; the first ring of a process loads RQ besides, which takes some tenths of a second.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._queues: dict[Work, Queue] = {}
        self._making = threading.Lock()
        self._silent_until = 0.0

    def ring(self, work: Work) -> None:
        """Sees to it that a job for `work` waits in its queue; silent for a second after a failure."""
        if time.monotonic() < self._silent_until:
            return
        from redis.exceptions import RedisError

        queue = self._queue(work)
        begun = time.monotonic()
        try:
            if queue.count > 0:
                return
            queue.get_redis_server_version()  # asked once per process, by `enqueue` otherwise
            if time.monotonic() - begun > ANSWER_SECONDS:
                raise RedisError("too slow")
            _enqueue(queue, work)
        except (RedisError, OSError):  # the sweeper rings again, and looks itself if nobody comes
            self._silent_until = time.monotonic() + SILENCE_SECONDS

    def _queue(self, work: Work) -> "Queue":
        with self._making:
            if not self._queues:
                client = connect(self._url, connect_seconds=CONNECT_SECONDS, answer_seconds=ANSWER_SECONDS)
                self._queues = {kind: queue_of(kind, client) for kind in Work}
            return self._queues[work]


def connect(url: str, *, connect_seconds: float, answer_seconds: float) -> "Redis":
    """A client that gives up after these times and never tries twice. Opens nothing yet.

    RESP2 without client names: connecting then takes no exchange beyond AUTH and SELECT.
    """
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(
        url,
        socket_connect_timeout=connect_seconds,
        socket_timeout=answer_seconds,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        driver_info=None,
    )


def queue_of(work: Work, client: "Redis") -> "Queue":
    """RQ's queue for `work`. Jobs are JSON: with pickle, whoever writes to Redis runs code here."""
    from rq import Queue
    from rq.serializers import JSONSerializer

    return Queue(work.value, connection=client, serializer=JSONSerializer)


def _enqueue(queue: "Queue", work: Work) -> None:
    from rq import Retry

    queue.enqueue(
        f"config.jobs.{work.value}",
        job_timeout=JOB_TIMEOUT,
        result_ttl=0,
        failure_ttl=3600,
        retry=Retry(max=2),
        description=work.value,
    )
