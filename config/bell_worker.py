"""RQ's SimpleWorker, fitted to a queue that is only a doorbell.

RQ's own loop holds on to Redis: it retries a lost connection with pauses of up to a minute, and sits in
BLPOP for as long as its socket allows. Here the worker gives up at the first sign that Redis is away and
returns, so that its caller can look into the database. Jobs may be dropped at any point: they carry nothing.

RQ's commands over pub/sub (stop a job, shut down) are not listened to; the supervisor does that.
"""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout, StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer

from store.doorbell import Work, queue_of

if TYPE_CHECKING:
    from redis import Redis

WAIT_SECONDS = 1


class BellWorker(SimpleWorker):
    """Runs jobs until `stopping` is set or Redis is away; then `work` returns or raises RedisError."""

    log_result_lifespan = False

    def __init__(self, client: "Redis", works: Sequence[Work], name: str, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._waiting = False
        self._lost: Exception | None = None
        super().__init__(
            [queue_of(work, client) for work in works],
            name=name,
            connection=client,
            worker_ttl=30,
            maintenance_interval=20,
            serializer=JSONSerializer,
            log_job_description=False,
        )

    def interrupt(self) -> None:
        """In the main thread, by the signal that stops the part: leaves the wait for a job."""
        if self._waiting:
            self._waiting = False
            raise StopRequested

    @property
    def dequeue_timeout(self) -> int:
        """Seconds in one wait for a job."""
        return WAIT_SECONDS

    @property
    def connection_timeout(self) -> int:
        """Seconds a socket may take: those of the wait, and one for the answer."""
        return WAIT_SECONDS + 1

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """The next job; None, which ends `work`, when the part is to stop or Redis is away."""
        del max_idle_time  # RQ's signature; nobody asks this worker to leave when idle
        try:
            while not self._stopping.is_set():
                self.heartbeat()
                if self.should_run_maintenance_tasks:
                    self.run_maintenance_tasks()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
                try:
                    self._waiting = True
                    return self.queue_class.dequeue_any(
                        self._ordered_queues,
                        timeout,
                        connection=self.connection,
                        job_class=self.job_class,
                        serializer=self.serializer,
                    )
                except DequeueTimeout:
                    continue
                finally:
                    self._waiting = False
        except (RedisError, OSError) as error:
            self._lost = error
        return None

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Runs the job. When Redis goes away meanwhile the work is done all the same, and `work` ends."""
        try:
            super().execute_job(job, queue)
        except (RedisError, OSError) as error:
            self._lost = error
            raise StopRequested from error
        if self._stopping.is_set():
            raise StopRequested

    def teardown(self) -> None:
        """Signs off, unless Redis is away: then that is raised. RQ forgets the worker after 90 seconds."""
        if self._lost is not None:
            raise self._lost
        super().teardown()  # type: ignore[no-untyped-call]  # RQ leaves it untyped

    def subscribe(self) -> None:
        """RQ's pub/sub commands are not listened to."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def _install_signal_handlers(self) -> None:
        """Signals are the part's affair."""

    def procline(self, message: Any) -> None:
        """The process keeps the name by which its supervisor's tree is read."""
