"""The JSON body of a delivery (product §9). Pure.

    {"type": "lead.created", "timestamp": "2026-11-23T08:00:00+00:00",
     "data": {"event_id", "account", "sequence", "actor", "causes", "lead", "changes", "message"}}

The body is compact, with sorted keys, so the same event always gives the same bytes: every attempt sends and
signs them anew without storing them apart. It is never cut. Its published form is `webhooks.schema`; anything
that would break a receiver's reading of it makes a new `VERSION`, new optional members do not.

What may be shown has been decided by the caller: `lead` and `message` go out as they are given, personal
addresses masked already.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from rules.event import JSON, Actor, ActorKind, Event

VERSION: Final = 1
CONTENT_TYPE: Final = "application/json"
TEST_TYPE: Final = "webhook.test"


def body(
    event: Event,
    *,
    lead: Mapping[str, JSON] | None,
    message: Mapping[str, JSON] | None = None,
    source: Mapping[str, JSON] | None = None,
    account: str | None = None,
) -> str:
    """The body for one event. `source`: of an event about one; else the member is left out.

    `account` is what receivers know the account by; its id if not given.

    Raises ValueError if a value is not JSON (NaN, for one).
    """
    return _document(
        event.type,
        event.at,
        {
            "event_id": event.id,
            "account": account or event.account_id,
            "sequence": event.sequence,
            "actor": event.actor.to_json(),
            "causes": list[JSON](event.causes),
            "lead": None if lead is None else dict(lead),
            "changes": dict(event.changes),
            "message": None if message is None else dict(message),
            **({} if source is None else {"source": dict(source)}),
        },
    )


def sample_body(event_id: str, at: datetime, account: str) -> str:
    """The body of a test event, which nothing happened for."""
    return _document(
        TEST_TYPE,
        at,
        {
            "event_id": event_id,
            "account": account,
            "sequence": None,
            "actor": Actor(ActorKind.SYSTEM).to_json(),
            "causes": [],
            "lead": None,
            "changes": {},
            "message": None,
        },
    )


def _document(kind: str, at: datetime, data: dict[str, JSON]) -> str:
    document = {"type": kind, "timestamp": at.isoformat(), "data": data}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return _without_surrogates(text)


def _without_surrogates(text: str) -> str:
    """Lone surrogates, which no UTF-8 can hold, become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
