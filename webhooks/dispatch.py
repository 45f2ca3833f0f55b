"""Which endpoints an event goes to, and with what body: one delivery per (event, endpoint).

An endpoint gets an event because it subscribes to its type or because a rule says so; both together are one
delivery. The body is made once per event, from the event's own snapshot. The secret part of every address of the
account is masked in all of its texts (`store.masking`): what leaves must open no door.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from rules.effects import CallWebhook
from rules.event import Event, filter_matches
from rules.plan import Plan
from store.accounts import Account, get_account
from store.endpoints import Endpoint, subscriptions
from store.masking import Masks, masks_of
from store.outbox import NewDelivery
from store.scope import AccountScope
from webhooks import payload


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Where one event goes: to `subscribed` in any case, to others of `enabled` if rules say so."""

    account_id: str
    event_id: str
    event_type: str
    enabled: frozenset[str]
    subscribed: tuple[str, ...]
    body: str

    def reaches(self, endpoint_id: str) -> bool:
        """Whether a rule may send the event to this endpoint."""
        return endpoint_id in self.enabled

    def deliveries(self, called: Iterable[str]) -> list[NewDelivery]:
        """The deliveries to make, with those of the endpoints that rules `called`."""
        return [
            NewDelivery(self.account_id, endpoint_id, self.event_id, self.event_type, self.body)
            for endpoint_id in dict.fromkeys((*self.subscribed, *called))
            if endpoint_id in self.enabled
        ]


class Dispatcher:
    """Decides for the events of one account, whose enabled endpoints are `endpoints`; `masks`: of all its secrets."""

    def __init__(self, account: Account, endpoints: Sequence[Endpoint], masks: Masks) -> None:
        self._account = account
        self._masks = masks
        self._endpoints = endpoints
        self._enabled = frozenset(endpoint.id for endpoint in endpoints)

    def dispatch(self, event: Event, plans: Sequence[Plan]) -> Dispatch:
        """Where `event` goes, given the rules' plans; its body is made only if it goes anywhere.

        ValueError if the snapshot holds what JSON cannot say (NaN).
        """
        subscribed = tuple(e.id for e in self._endpoints if filter_matches(e.events, event.type))
        called = any(isinstance(effect, CallWebhook) for plan in plans for effect in plan.effects)
        body = self._body(event) if self._enabled and (subscribed or called) else ""
        return Dispatch(self._account.id, event.id, event.type, self._enabled, subscribed, body)

    def _body(self, event: Event) -> str:
        masks = self._masks
        name = event.actor.name
        actor = replace(event.actor, name=None if name is None else masks.text(name))
        shown = replace(event, data=masks.json(event.data), actor=actor)
        lead, message, source = (shown.data.get(name) for name in ("lead", "message", "source"))
        return payload.body(
            shown,
            lead=lead if isinstance(lead, dict) else None,
            message=message if isinstance(message, dict) else None,
            source=source if isinstance(source, dict) else None,
            account=self._account.slug,
        )


def dispatchers(connection: Connection, account_ids: Collection[str]) -> dict[str, Dispatcher]:
    """Those of accounts, as they are now."""
    subscribed = subscriptions(connection, account_ids)
    masks = masks_of(connection, [account for account, endpoints in subscribed.items() if endpoints])
    return {
        account: Dispatcher(
            get_account(connection, AccountScope(account)), endpoints, masks.get(account, Masks(None, ()))
        )
        for account, endpoints in subscribed.items()
    }
