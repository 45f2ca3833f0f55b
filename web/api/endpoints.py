"""Webhooks and what was sent to them. For admins."""

from store import delivery_log, endpoints
from store.accounts import get_account
from store.doorbell import Work
from store.ids import new_id
from store.outbox import NewDelivery, create_deliveries
from store.paging import COUNT_LIMIT, Page
from store.session import Conflict, Invalid, now
from web.api.bodies import NewWebhook, WebhookChange
from web.api.queries import ListQuery, after_id, paged
from web.api.route import Answer, Call
from webhooks.payload import TEST_TYPE, sample_body
from webhooks.signature import new_secret


def list_webhooks(call: Call) -> Answer:
    """The account's webhooks, oldest first."""
    found = [endpoint.to_json() for endpoint in endpoints.list_endpoints(call.connection, call.scope)]
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get_webhook(call: Call, webhook_id: str) -> Answer:
    """One webhook."""
    return Answer(endpoints.get_endpoint(call.connection, call.scope, webhook_id).to_json())


def create_webhook(call: Call, body: NewWebhook) -> Answer:
    """A new webhook; its secret is shown this once."""
    _require_reachable(call, body.url)
    secret = new_secret()
    made = endpoints.create_endpoint(
        call.connection, call.scope, call.services.seals, url=body.url, events=body.events, secret=secret
    )
    return Answer(made.to_json() | {"secret": secret}, 201)


def change_webhook(call: Call, webhook_id: str, body: WebhookChange) -> Answer:
    """Changes a webhook; enabling it forgets the failures that disabled it."""
    values = body.given("url", "events", "enabled")
    if values.get("url") is not None:
        _require_reachable(call, values["url"])
    changed = endpoints.update_endpoint(call.connection, call.scope, webhook_id, values)
    return Answer(changed.to_json())


def delete_webhook(call: Call, webhook_id: str) -> Answer:
    """Deletes a webhook: nothing is sent to it any more."""
    endpoints.delete_endpoint(call.connection, call.scope, webhook_id)
    return Answer(status=204)


def rotate_secret(call: Call, webhook_id: str) -> Answer:
    """A new secret, shown this once; the former one signs beside it for a day."""
    secret = new_secret()
    endpoints.rotate_secret(call.connection, call.scope, call.services.seals, webhook_id, secret=secret)
    return Answer({"id": webhook_id, "secret": secret}, 201)


def list_deliveries(call: Call, webhook_id: str, query: ListQuery) -> Answer:
    """What was sent to a webhook, newest first, with every attempt."""
    total = delivery_log.count_deliveries(call.connection, call.scope, webhook_id, most=COUNT_LIMIT + 1)
    found = delivery_log.deliveries_json(
        call.connection, call.scope, webhook_id, limit=query.limit + 1, before=after_id(query.cursor)
    )
    shown = found[: query.limit]
    last = (shown[-1]["id"],) if len(found) > query.limit else None
    return paged(call, query, Page(shown, last, min(total, COUNT_LIMIT), total <= COUNT_LIMIT))


def get_delivery(call: Call, webhook_id: str, delivery_id: str) -> Answer:
    """One delivery, with its body and the answers."""
    return Answer(delivery_log.delivery_json(call.connection, call.scope, webhook_id, delivery_id))


def redeliver(call: Call, webhook_id: str, delivery_id: str) -> Answer:
    """Sends a delivery again, under the same webhook-id."""
    delivery_log.redeliver(call.connection, call.scope, webhook_id, delivery_id)
    call.rings.add(Work.DELIVERIES)
    found = delivery_log.delivery_json(call.connection, call.scope, webhook_id, delivery_id)
    return Answer(found, 202)


def send_test(call: Call, webhook_id: str) -> Answer:
    """Sends a test event; it appears among the deliveries."""
    if not endpoints.get_endpoint(call.connection, call.scope, webhook_id).enabled:
        raise Conflict("the webhook is disabled; enable it first")
    event_id, account = new_id(), get_account(call.connection, call.scope)
    body = sample_body(event_id, now(call.connection), account.slug)
    create_deliveries(call.connection, [NewDelivery(account.id, webhook_id, event_id, TEST_TYPE, body)])
    call.rings.add(Work.DELIVERIES)
    return Answer({"event_id": event_id}, 202)


def _require_reachable(call: Call, url: str) -> None:
    problem = call.services.url_problem(url)
    if problem is not None:
        raise Invalid("url", problem)
