"""The worker and the sender: they wait for the bell, and look for themselves when it cannot ring.

With Redis a worker is an RQ SimpleWorker on the queues of its role. When Redis does not answer (gone,
killed, stopped; noticed within three seconds) it looks into the database ten times a second instead, asks
Redis once a second whether it is back, and then goes back to waiting. Without Redis it looks always.

SIGTERM: the batch at hand is finished, nothing else is begun.
"""

import logging
import os
import secrets
import time
from typing import TYPE_CHECKING

from config import embedded_redis, jobs
from config.part import Part
from config.parts import WORK_OF
from store.doorbell import connect

if TYPE_CHECKING:
    from redis import Redis

LOOK_SECONDS = 0.1
ASK_SECONDS = 1.0
ANSWER_SECONDS = 2.0
"""How long Redis may take for an answer, beyond the second that a worker waits for a job."""
PING_SECONDS = 0.2
AFTER_ERROR_SECONDS = 1.0

log = logging.getLogger(__name__)


def serve(part: Part) -> None:
    """Works until the part is to stop."""
    jobs.install(part)
    url = embedded_redis.client_url(part.settings, os.environ)
    part.ready()
    if url is None:
        _look(part, until=float("inf"))
        return
    client = connect(url, connect_seconds=PING_SECONDS, answer_seconds=ANSWER_SECONDS)
    asking = connect(url, connect_seconds=PING_SECONDS, answer_seconds=PING_SECONDS)
    while not part.stopping.is_set():
        if answers(asking):
            _wait_for_bell(part, client)
        _look(part, until=time.monotonic() + ASK_SECONDS)


def answers(client: "Redis") -> bool:
    """True when Redis answers within the client's patience."""
    from redis.exceptions import RedisError

    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False


def look_once(part: Part) -> int:
    """Drains all work of the part's role once; an error is logged, and waits a second."""
    try:
        return jobs.drain(part, WORK_OF[part.role])
    except Exception:
        log.exception("%s failed", " or ".join(WORK_OF[part.role]))
        part.stopping.wait(AFTER_ERROR_SECONDS)
        return 0


def _look(part: Part, *, until: float) -> None:
    while not part.stopping.is_set() and time.monotonic() < until:
        if look_once(part) == 0:
            part.stopping.wait(LOOK_SECONDS)


def _wait_for_bell(part: Part, client: "Redis") -> None:
    from redis.exceptions import RedisError

    from config.bell_worker import BellWorker

    name = f"{part.name}-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        worker = BellWorker(client, WORK_OF[part.role], name, part.stopping)
        part.interrupt = worker.interrupt
        worker.work(logging_level="WARNING")
    except (RedisError, OSError) as error:
        log.info("Redis does not answer (%s); looking into the database until it does", error)
    finally:
        part.interrupt = None
        client.connection_pool.disconnect()
