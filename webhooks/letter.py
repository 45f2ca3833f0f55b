"""A claimed delivery as a signed request, and what came of it as what is recorded."""

import random
from datetime import UTC, datetime, timedelta

from store import attempts
from store.attempts import Tried
from store.endpoints import secrets_in_force
from store.outbox import Due, DueEndpoint
from store.sealing import CannotOpen, Sealer
from webhooks import payload, retry
from webhooks.attempt import OUR_FAULT, Attempt, Request
from webhooks.exceptions import BadSecret
from webhooks.signature import signed_headers

MOST_CLAIMS = 5


def signed_request(due: Due, endpoint: DueEndpoint, sealer: Sealer, at: datetime) -> Request | Attempt:
    """The request to send at `at`; an attempt that failed already where none can be made.

    A delivery that ended MOST_CLAIMS workers before an attempt was recorded is not sent again: that counts as an
    attempt, so that its schedule goes on and comes to an end.
    """
    if due.claims > MOST_CLAIMS:
        return not_sent(f"it stopped the worker {MOST_CLAIMS} times")
    body = due.body.encode()
    try:
        secrets = secrets_in_force(sealer, due.account_id, due.endpoint_id, endpoint.secrets, at)
        headers = signed_headers(secrets, due.event_id, int(at.timestamp()), body)
    except (CannotOpen, BadSecret):
        return not_sent("the webhook's secret cannot be read")
    return Request(endpoint.url, {**headers, "Content-Type": payload.CONTENT_TYPE}, body)


def not_sent(detail: str) -> Attempt:
    """An attempt that failed before anything was sent."""
    return Attempt(status=None, error=OUR_FAULT, ms=0, detail=detail)


def tried(due: Due, attempt: Attempt, started: datetime) -> Tried:
    """What is recorded of an attempt that has just ended, and what follows from it."""
    ended = datetime.now(UTC)
    result, wait, disable = "delivered", timedelta(0), None
    match retry.decide(due.tries + 1, attempt, ended, random.random):
        case retry.RetryAt(at):
            result, wait = "failing", at - ended
        case retry.Exhausted():
            result = "exhausted"
        case retry.Disable():
            result, disable = "exhausted", attempts.GONE
        case retry.Delivered():
            pass
    return Tried(
        due=due,
        at=started,
        status=attempt.status,
        error=attempt.error,
        detail=attempt.detail,
        milliseconds=attempt.ms,
        answer=attempt.answer.decode("utf-8", "replace"),
        result=result,
        wait=wait,
        disable=disable,
    )
