"""Workers that died, secrets that cannot be read, a database that fails: nothing is lost, nothing blocks."""

import contextlib
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from store import attempts, outbox
from store.sealing import Sealer
from store.tables.automation import deliveries, delivery_attempts
from tests.support.rows import count, rows
from tests.webhooks.post import LONG_AGO, PATIENCE, Post, until
from tests.webhooks.receivers import receiver
from tests.webhooks.running import running


def test_a_worker_that_died_while_sending_is_replaced(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        post.change(deliveries, state="claimed", lease_token=1, attempts=1, due_at=LONG_AGO)
        until(post.deliverer(), lambda: post.states(endpoint) == {"e1": "delivered"})
        assert len(seen.headers) == 1


def test_a_delivery_that_stopped_five_workers_counts_as_a_failed_attempt(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        post.change(deliveries, state="claimed", lease_token=1, attempts=5, due_at=LONG_AGO)
        until(post.deliverer(), lambda: post.states(endpoint) == {"e1": "failing"})
        assert seen.headers == []
        (attempt,) = rows(post.database, delivery_attempts)
        assert (attempt["error"], attempt["detail"]) == ("our_fault", "it stopped the worker 5 times")


def test_a_secret_that_cannot_be_read_is_a_visible_failure(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        deliverer = post.deliverer(sealer=Sealer(b"o" * 32))
        until(deliverer, lambda: post.states(endpoint) == {"e1": "failing"})
        assert seen.headers == []
    (attempt,) = rows(post.database, delivery_attempts)
    assert attempt["detail"] == "the webhook's secret cannot be read"


def test_a_fault_of_the_database_is_raised_and_nothing_is_lost(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the attempt is under way the database begins to fail; afterwards its result is recorded, once."""
    broken = [False]
    real = attempts.record

    def record(*arguments: Any, **more: Any) -> Any:
        if broken[0]:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return real(*arguments, **more)

    monkeypatch.setattr(attempts, "record", record)
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "e1")
        deliverer = post.deliverer(fault_pause=0.05)
        broken[0] = True
        with pytest.raises(OperationalError):
            until(deliverer, lambda: False)
        broken[0] = False
        deadline = time.monotonic() + PATIENCE
        while post.states(endpoint) != {"e1": "delivered"} and time.monotonic() < deadline:
            with contextlib.suppress(OperationalError):  # one that was noted before
                deliverer.deliver_batch()
        assert len(seen.headers) == 1
        assert count(post.database, delivery_attempts) == 1


def test_one_result_that_cannot_be_written_keeps_no_other_from_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = attempts.record

    def record(connection: Any, what: Any, **more: Any) -> Any:
        if any(one.due.event_id == "bad" for one in what):
            raise ValueError("cannot be written")
        return real(connection, what, **more)

    monkeypatch.setattr(attempts, "record", record)
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, "bad", *(f"e{n}" for n in range(6)))
        until(post.deliverer(), lambda: list(post.states(endpoint).values()).count("delivered") == 6)
    assert post.states(endpoint)["bad"] == "pending"


def test_what_a_dead_worker_held_is_sent_when_its_lease_ends(post: Post) -> None:
    with running(receiver()) as seen:
        endpoint = post.endpoint(seen.port)
        post.add(endpoint, *(f"e{n}" for n in range(50)))
        with post.database.write() as connection:
            due = outbox.due_endpoints(connection)
            outbox.claim(connection, [(due[0], 20)], lease=timedelta(seconds=0.5))
        until(post.deliverer(), lambda: set(post.states(endpoint).values()) == {"delivered"})
    assert sorted(h["webhook-id"] for h in seen.headers) == sorted(f"e{n}" for n in range(50))
