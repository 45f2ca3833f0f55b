"""Webhook endpoints: where deliveries go, what they subscribe to, the secrets that sign them.

A secret is shown once, when it is made; it is kept sealed. After a rotation the former secret signs beside the
new one for `OVERLAP`, so that a receiver can change over in its own time.

An endpoint that is disabled or deleted gets no deliveries, and its open ones are given up in the same
transaction (`outbox.give_up`); they can be sent again once it is enabled. A delivery that slips in at that very
moment is given up by the next look for what is due, so nothing stays open that nobody will send.

Locks: an endpoint's row comes before the rows of its deliveries.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from rules.event import EVENT_TYPES, filter_problem
from store import outbox
from store.ids import new_id
from store.leads import iso
from store.scope import AccountScope, Scope
from store.sealing import Sealer
from store.session import Conflict, Invalid, NotFound, now
from store.tables.automation import endpoints

OVERLAP = timedelta(hours=24)
MOST_ENDPOINTS = 100
LONGEST_URL = 2_000
SWITCHED_OFF = "switched_off"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook endpoint without its secrets. `disabled_reason`: gone, failing_for_five_days, switched_off, or None."""

    id: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    disabled_reason: str | None
    failing_since: datetime | None
    created_at: datetime

    def to_json(self) -> dict[str, Any]:
        """The JSON of the API."""
        return {
            "id": self.id,
            "url": self.url,
            "events": list(self.events),
            "enabled": self.enabled,
            "disabled_reason": self.disabled_reason,
            "failing_since": iso(self.failing_since),
            "created_at": iso(self.created_at),
        }


def create_endpoint(
    connection: Connection, scope: AccountScope, sealer: Sealer, *, url: str, events: object, secret: str
) -> Endpoint:
    """A new endpoint that signs with `secret` (of `webhooks.signature.new_secret`, shown once by the caller).

    `events`: event types and filters like `lead.*`; an empty list gets only what rules send. Whether the URL
    may be reached is the caller's question (`webhooks.destination`). Invalid names the place.
    """
    if len(list_endpoints(connection, scope)) >= MOST_ENDPOINTS:
        raise Conflict(f"an account has at most {MOST_ENDPOINTS} webhooks")
    endpoint_id = new_id()
    connection.execute(
        insert(endpoints).values(
            account_id=scope.account_id,
            id=endpoint_id,
            url=_checked_url(url),
            events=_checked_events(events),
            secrets=_sealed(sealer, scope, endpoint_id, [(secret, None)]),
            enabled=True,
            created_at=now(connection),
        )
    )
    return get_endpoint(connection, scope, endpoint_id)


def list_endpoints(connection: Connection, scope: Scope) -> list[Endpoint]:
    """The account's endpoints, oldest first."""
    rows = connection.execute(
        select(endpoints)
        .where(endpoints.c.account_id == scope.account_id, endpoints.c.deleted_at.is_(None))
        .order_by(endpoints.c.id)
    )
    return [_endpoint(row) for row in rows]


def get_endpoint(connection: Connection, scope: Scope, endpoint_id: str) -> Endpoint:
    """One endpoint. NotFound if it isn't this account's, or was deleted."""
    return _endpoint(_row(connection, scope, endpoint_id))


def update_endpoint(
    connection: Connection, scope: AccountScope, endpoint_id: str, values: Mapping[str, Any]
) -> Endpoint:
    """Changes `url`, `events` or `enabled`. Enabling forgets the failures that disabled it."""
    row = _row(connection, scope, endpoint_id, lock=True)
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name == "url":
            changed["url"] = _checked_url(value)
        elif name == "events":
            changed["events"] = _checked_events(value)
        elif name == "enabled":
            if not isinstance(value, bool):
                raise Invalid("enabled", "must be true or false")
            if value != row.enabled:
                changed |= {"enabled": value, "failing_since": None}
                changed["disabled_reason"] = None if value else SWITCHED_OFF
        else:
            raise Invalid(name, "cannot be changed")
    if changed:
        connection.execute(update(endpoints).where(*_is(scope, endpoint_id)).values(**changed))
    if changed.get("enabled") is False:
        outbox.give_up(connection, scope, endpoint_id)
    return get_endpoint(connection, scope, endpoint_id)


def delete_endpoint(connection: Connection, scope: AccountScope, endpoint_id: str) -> None:
    """Deletes an endpoint: nothing is sent to it any more; its deliveries stay in the records."""
    _row(connection, scope, endpoint_id, lock=True)
    connection.execute(
        update(endpoints).where(*_is(scope, endpoint_id)).values(deleted_at=now(connection), enabled=False)
    )
    outbox.give_up(connection, scope, endpoint_id)


def rotate_secret(
    connection: Connection, scope: AccountScope, sealer: Sealer, endpoint_id: str, *, secret: str
) -> None:
    """Makes `secret` the one that signs; the former one signs beside it until OVERLAP has passed."""
    row = _row(connection, scope, endpoint_id, lock=True)
    moment = now(connection)
    former, *_ = secrets_in_force(sealer, scope.account_id, endpoint_id, row.secrets, moment)
    kept = [(secret, None), (former, moment + OVERLAP)]
    connection.execute(
        update(endpoints)
        .where(*_is(scope, endpoint_id))
        .values(secrets=_sealed(sealer, scope, endpoint_id, kept))
    )


def secrets_in_force(
    sealer: Sealer, account_id: str, endpoint_id: str, sealed: bytes, moment: datetime
) -> tuple[str, ...]:
    """The secrets that sign at `moment`, newest first. Raises sealing.CannotOpen."""
    kept = json.loads(sealer.open(sealed, place=_place(account_id, endpoint_id)))
    return tuple(
        entry["secret"]
        for entry in kept
        if entry["until"] is None or datetime.fromisoformat(entry["until"]) > moment
    )


_ENABLED = (
    select(endpoints)
    .where(
        endpoints.c.account_id.in_(bindparam("accounts", expanding=True)),
        endpoints.c.deleted_at.is_(None),
        endpoints.c.enabled,
    )
    .order_by(endpoints.c.account_id, endpoints.c.id)
)


def subscriptions(connection: Connection, accounts: Iterable[str]) -> dict[str, list[Endpoint]]:
    """The enabled endpoints of each of these accounts."""
    wanted = sorted(set(accounts))
    found: dict[str, list[Endpoint]] = {account: [] for account in wanted}
    if wanted:
        for row in connection.execute(_ENABLED, {"accounts": wanted}):
            found[row.account_id].append(_endpoint(row))
    return found


def _row(connection: Connection, scope: Scope, endpoint_id: str, *, lock: bool = False) -> Row[Any]:
    statement = select(endpoints).where(*_is(scope, endpoint_id), endpoints.c.deleted_at.is_(None))
    row = connection.execute(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise NotFound("webhook")
    return row


def _is(scope: Scope, endpoint_id: str) -> tuple[Any, ...]:
    return endpoints.c.account_id == scope.account_id, endpoints.c.id == endpoint_id


def _endpoint(row: Row[Any]) -> Endpoint:
    return Endpoint(
        row.id,
        row.url,
        tuple(row.events),
        row.enabled,
        row.disabled_reason,
        row.failing_since,
        row.created_at,
    )


def _sealed(
    sealer: Sealer, scope: AccountScope, endpoint_id: str, kept: Sequence[tuple[str, datetime | None]]
) -> bytes:
    document = json.dumps([{"secret": secret, "until": iso(until)} for secret, until in kept])
    return sealer.seal(document.encode(), place=_place(scope.account_id, endpoint_id))


def _place(account_id: str, endpoint_id: str) -> str:
    return f"endpoints:{account_id}:{endpoint_id}"


def _checked_url(url: object) -> str:
    if not isinstance(url, str) or not url.strip():
        raise Invalid("url", "must be a URL")
    if len(url) > LONGEST_URL:
        raise Invalid("url", f"is longer than {LONGEST_URL} characters")
    return url.strip()


def _checked_events(events: object) -> list[str]:
    if not isinstance(events, list) or len(events) > 2 * len(EVENT_TYPES):
        raise Invalid("events", "must be a list of event types or filters like lead.*")
    for index, pattern in enumerate(events):
        problem = filter_problem(pattern) if isinstance(pattern, str) else "must be text"
        if problem is not None:
            raise Invalid(f"events[{index}]", problem)
    return list(dict.fromkeys(events))
