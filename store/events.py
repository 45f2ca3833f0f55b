"""Writing events, always in the transaction of the effect they tell of, and reading them.

An event holds a snapshot: what the lead and the message were right after the effect. Rules and webhooks
work from that snapshot, so they all see the same facts however late they run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from rules.event import Actor, ActorKind
from store.ids import new_id
from store.pending_rows import PendingRows
from store.scope import AccountScope
from store.tables.automation import events

_INSERT = insert(events)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who acts, and the chain of causes that led to it: root first, as `rules.event` describes it."""

    actor: Actor
    causes: tuple[str, ...] = ()

    @property
    def rule_id(self) -> str | None:
        """The rule that acts, if one does."""
        return self.actor.id if self.actor.kind is ActorKind.RULE else None

    @property
    def depth(self) -> int:
        """How many rules stand in the chain."""
        return sum(cause.startswith("rule:") for cause in self.causes)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be written; `data` is {"lead", "message", "changes", …}."""

    type: str
    lead_id: str | None
    message_id: str | None
    sequence: int | None
    data: Mapping[str, Any]


def append(
    connection: Connection, scope: AccountScope, origin: Origin, at: datetime, new: Sequence[NewEvent]
) -> list[str]:
    """Writes events in order; their ids. They are pending until rules and subscriptions have seen them."""
    later = PendingRows()
    ids = keep(later, scope, origin, at, new)
    later.write(connection)
    return ids


def keep(
    later: PendingRows, scope: AccountScope, origin: Origin, at: datetime, new: Sequence[NewEvent]
) -> list[str]:
    """As `append`, but the events are written with `later`."""
    rows: list[dict[str, Any]] = [
        {
            "account_id": scope.account_id,
            "id": new_id(),
            "type": event.type,
            "at": at,
            "lead_id": event.lead_id,
            "message_id": event.message_id,
            "sequence": event.sequence,
            "actor": origin.actor.to_json(),
            "causes": list(origin.causes),
            "depth": origin.depth,
            "data": dict(event.data),
            "state": "pending",
            "due_at": at,
            "attempts": 0,
            "rulebook": None,
            "listening": None,
            "planned": None,
            "error": None,
        }
        for event in new
    ]
    later.add(_INSERT, rows)
    return [row["id"] for row in rows]


def kept(later: PendingRows) -> list[dict[str, Any]]:
    """The rows of the events that wait in `later`, in their order. Who works on an event before it is written
    (`ingest.at_once`) says so in its row."""
    return [row for row in later.of(_INSERT) if isinstance(row, dict)]
