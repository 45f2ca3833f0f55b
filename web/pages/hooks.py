"""Webhooks for admins: endpoints, their secret shown once, what was sent to them, and sending it again."""

import json
from datetime import timedelta

from store import delivery_log, endpoints
from store.doorbell import Work
from store.session import Invalid, now
from web import translating
from web.api import endpoints as api
from web.api.bodies import NewWebhook, WebhookChange
from web.api.queries import after_id, encode
from web.pages import forms
from web.pages.route import Answer, Go, Show, Visit

ROWS = 50
SINCE = timedelta(days=7)
"""From when failed deliveries are sent again where nothing else is said."""


def webhooks(visit: Visit) -> Answer:
    """The account's webhooks."""
    return Show("webhooks.html", {"webhooks": endpoints.list_endpoints(visit.connection, visit.viewer)})


def create(visit: Visit) -> Answer:
    """A new webhook; its page shows the secret this once."""
    body = forms.read(NewWebhook, {"url": visit.given("url", 3_000), "events": _events(visit) or ["*"]})
    made = api.create_webhook(visit.call, body).body
    return _shown(visit, made["id"], secret=made["secret"])


def change(visit: Visit, webhook_id: str) -> Answer:
    """Another URL, or other events; without any it receives what rules send."""
    body = forms.read(WebhookChange, {"url": visit.given("url", 3_000), "events": _events(visit)})
    api.change_webhook(visit.call, webhook_id, body)
    return Go(f"/webhooks/{webhook_id}", "saved")


def webhook(visit: Visit, webhook_id: str) -> Answer:
    """One webhook and what was sent to it."""
    return _shown(visit, webhook_id)


def rotate(visit: Visit, webhook_id: str) -> Answer:
    """A new secret, shown this once."""
    return _shown(visit, webhook_id, secret=api.rotate_secret(visit.call, webhook_id).body["secret"])


def switch(visit: Visit, webhook_id: str) -> Answer:
    """Switches a webhook on or off."""
    api.change_webhook(visit.call, webhook_id, WebhookChange(enabled=visit.given("enabled") == "yes"))
    return Go(f"/webhooks/{webhook_id}", "saved")


def delete(visit: Visit, webhook_id: str) -> Answer:
    """Deletes a webhook."""
    api.delete_webhook(visit.call, webhook_id)
    return Go("/webhooks", "webhook_deleted")


def send_test(visit: Visit, webhook_id: str) -> Answer:
    """Sends a test event."""
    api.send_test(visit.call, webhook_id)
    return Go(f"/webhooks/{webhook_id}", "test_sent")


def redeliver_failed(visit: Visit, webhook_id: str) -> Answer:
    """Sends again what failed since the moment given."""
    try:
        since = translating.moment_of(visit.given("since", 40))
    except ValueError as fault:
        raise Invalid("since", "is not a date and time") from fault
    sent = delivery_log.redeliver_failed(visit.connection, visit.viewer.scope, webhook_id, since)
    visit.call.rings.add(Work.DELIVERIES)
    return Go(f"/webhooks/{webhook_id}", "redelivered_all" if sent else "redelivered_none")


def delivery(visit: Visit, webhook_id: str, delivery_id: str) -> Answer:
    """One delivery: what was sent, and what was answered each time."""
    found = delivery_log.delivery_json(visit.connection, visit.viewer, webhook_id, delivery_id)
    endpoint = endpoints.get_endpoint(visit.connection, visit.viewer, webhook_id)
    return Show("delivery.html", {"delivery": found, "webhook": endpoint, "shown": _laid_out(found["body"])})


def redeliver(visit: Visit, webhook_id: str, delivery_id: str) -> Answer:
    """Sends a delivery again."""
    api.redeliver(visit.call, webhook_id, delivery_id)
    return Go(f"/webhooks/{webhook_id}/deliveries/{delivery_id}", "redelivered")


def _events(visit: Visit) -> list[str]:
    return visit.given("events", 2_000).replace(",", " ").split()


def _laid_out(body: str) -> str:
    """JSON with its members on lines of their own; as it is when its time was over and it was emptied."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body


def _shown(visit: Visit, webhook_id: str, *, secret: str | None = None) -> Show:
    endpoint = endpoints.get_endpoint(visit.connection, visit.viewer, webhook_id)
    found = delivery_log.deliveries_json(
        visit.connection,
        visit.viewer,
        webhook_id,
        limit=ROWS + 1,
        before=after_id(visit.asked("cursor") or None),
    )
    older = encode((found[ROWS - 1]["id"],)) if len(found) > ROWS else None
    return Show(
        "webhook.html",
        {
            "webhook": endpoint,
            "deliveries": found[:ROWS],
            "further": older,
            "secret": secret,
            "since": now(visit.connection) - SINCE,
        },
    )
