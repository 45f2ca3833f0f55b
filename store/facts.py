"""What rules see of an event: its row as `rules.event.Event`, and the facts from its snapshot.

The snapshot was written in the transaction of the effect (`store.lead_ops`), so every rule of an event sees the
same facts, however late it runs and whatever has changed since. Nothing is read from the lead itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select, tuple_

from rules.event import EVENT_TYPES, Event, SubjectKind, actor_from_json
from rules.exceptions import InvalidEvent
from store.leases import Key
from store.tables.automation import events


def event_rows(connection: Connection, keys: Iterable[Key]) -> dict[Key, Mapping[str, Any]]:
    """The rows of these events, by column."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows = connection.execute(select(events).where(tuple_(events.c.account_id, events.c.id).in_(wanted)))
    return {(row["account_id"], row["id"]): dict(row) for row in rows.mappings()}


def event_of(row: Mapping[str, Any]) -> Event:
    """The event of a row, stored or about to be.

    InvalidEvent if the row contradicts the catalogue (an older or newer version's).
    """
    entry = EVENT_TYPES.get(row["type"])
    if entry is None:
        raise InvalidEvent(f"{row['type']!r} is not an event type")
    return Event(
        id=row["id"],
        type=row["type"],
        at=row["at"],
        account_id=row["account_id"],
        subject_type=entry.subject,
        subject_id=_subject_id(row, entry.subject),
        data=row["data"],
        actor=actor_from_json(row["actor"]),
        causes=tuple(row["causes"]),
        sequence=row["sequence"],
    )


def facts_of(event: Event) -> dict[str, Any]:
    """The facts of an event in the shape `rules.fields` documents; `contact` is the lead's main contact."""
    lead = _mapping(event.data.get("lead"))
    people = lead.get("contacts") if lead else None
    return {
        "lead": lead,
        "contact": _mapping(people[0]) if isinstance(people, list) and people else None,
        "message": _mapping(event.data.get("message")),
        "event": {"type": event.type, "id": event.id, "at": event.at.isoformat()},
        "actor": event.actor.to_json(),
    }


def _subject_id(row: Mapping[str, Any], subject: SubjectKind) -> str:
    """The id of what the event is about; "" where it is gone or has none."""
    if subject is SubjectKind.LEAD:
        return row["lead_id"] or ""
    if subject is SubjectKind.MESSAGE:
        return row["message_id"] or ""
    if subject is SubjectKind.SYSTEM:
        return str(row["account_id"])
    about = _mapping(row["data"].get(subject.value))
    return str(about.get("id") or "") if about else ""


def _mapping(value: object) -> Mapping[str, Any] | None:
    return value if isinstance(value, dict) else None
