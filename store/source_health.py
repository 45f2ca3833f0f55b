"""How sources fare: their last message, how many came, and whether an alarm is on (`store.source_watch`).

A source is told by the keys that its arrivals are counted under: `address:<id>`, `mailbox:<id>`, `form:<id>`. A form
has two: what is posted to it, and the mail to its address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from store.leads import iso
from store.scope import Scope
from store.tables.mail import arrivals, source_counters
from store.tables.sources import source_alarms

SILENT, FAILING = "silent", "failing"


@dataclass(frozen=True, slots=True)
class Health:
    """`silent_after`: how long it may be silent by its own rhythm; known while the alarm is on."""

    last_message: datetime | None = None
    messages: int = 0
    silent_since: datetime | None = None
    silent_after: timedelta | None = None

    def to_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            "last_message": iso(self.last_message),
            "messages": self.messages,
            "silent_since": iso(self.silent_since),
            "silent_after_seconds": int(self.silent_after.total_seconds()) if self.silent_after else None,
        }


def address_key(address_id: str) -> str:
    """The key of mail to an address."""
    return f"address:{address_id}"


def form_keys(form_id: str, address_id: str) -> tuple[str, str]:
    """The keys of a form: the one its alarms are kept under first."""
    return f"form:{form_id}", address_key(address_id)


def healths(connection: Connection, scope: Scope, sources: Iterable[Sequence[str]]) -> list[Health]:
    """How each of `sources` fares, in their order. Each is its keys; alarms are kept under the first."""
    wanted = [tuple(keys) for keys in sources]
    every = {key for keys in wanted for key in keys}
    if not every:
        return []
    came = _came(connection, scope, every)
    alarms = _silences(connection, scope, {keys[0] for keys in wanted})
    return [_health(keys, came, alarms.get(keys[0])) for keys in wanted]


def count_alarms(connection: Connection, scope: Scope) -> int:
    """How many alarms of the account's sources are on."""
    statement = (
        select(func.count())
        .select_from(source_alarms)
        .where(source_alarms.c.account_id == scope.account_id, source_alarms.c.ended_at.is_(None))
    )
    return int(connection.execute(statement).scalar_one())


def _health(keys: Sequence[str], came: Mapping[str, Any], alarm: Any) -> Health:
    rows = [came[key] for key in keys if key in came]
    last = max((row.last for row in rows if row.last is not None), default=None)
    number = sum(row.accepted - row.erased for row in rows)
    if alarm is None or (last is not None and last > alarm.occurrence):  # cleared by whatever came since
        return Health(last, number)
    after = timedelta(seconds=alarm.after_seconds) if alarm.after_seconds else None
    return Health(last, number, alarm.occurrence, after)


def _came(connection: Connection, scope: Scope, keys: Iterable[str]) -> dict[str, Any]:
    last = (
        select(func.max(arrivals.c.received_at))
        .where(
            arrivals.c.account_id == source_counters.c.account_id,
            arrivals.c.source_key == source_counters.c.source_key,
        )
        .correlate(source_counters)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            source_counters.c.source_key,
            source_counters.c.accepted,
            source_counters.c.erased,
            last.label("last"),
        ).where(
            source_counters.c.account_id == scope.account_id, source_counters.c.source_key.in_(sorted(keys))
        )
    )
    return {row.source_key: row for row in rows}


def _silences(connection: Connection, scope: Scope, keys: Iterable[str]) -> dict[str, Any]:
    rows = connection.execute(
        select(source_alarms).where(
            source_alarms.c.account_id == scope.account_id,
            source_alarms.c.kind == SILENT,
            source_alarms.c.source_key.in_(sorted(keys)),
            source_alarms.c.ended_at.is_(None),
        )
    )
    return {row.source_key: row for row in rows}
