"""What happened, and what the rules made of it, as one viewer sees it: `GET /events` and the pages.

Admins see every event; others those of leads they see, and those of messages that are theirs or their teams' to
decide about. What an event says of a message is cut as the message itself is (`store.message_access`): whoever may
not read it sees neither its text nor what a rule found in it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, literal, or_, select

from rules.event import expand_filters
from store.access import visible_leads
from store.leads import iso
from store.masking import masks_for
from store.message_access import (
    Sight,
    managed_messages,
    own_messages,
    restriction,
    sight,
    visible_messages,
)
from store.paging import Page, count_up_to
from store.scope import Viewer
from store.tables.automation import events, plan_actions, plans
from store.tables.leads import leads
from store.tables.mail import messages

Json = dict[str, Any]
MESSAGE_FIELDS = "message."


def list_events(
    connection: Connection,
    viewer: Viewer,
    *,
    lead_id: str | None = None,
    types: str | None = None,
    limit: int = 50,
    before: str | None = None,
) -> Page:
    """The events the viewer sees, newest first, from after the event with the id `before`; `last` is (id,).

    `types`: an event type or a filter like `lead.*`; one that fits nothing gives an empty list.
    """
    conditions = [_visible(viewer)]
    if lead_id is not None:
        conditions.append(events.c.lead_id == lead_id)
    if types is not None:
        conditions.append(events.c.type.in_(sorted(expand_filters([types]))))
    total, exact = count_up_to(connection, select(events.c.id).where(*_here(viewer), *conditions))
    statement = (
        select(events).where(*_here(viewer), *conditions).order_by(events.c.id.desc()).limit(limit + 1)
    )
    if before is not None:
        statement = statement.where(events.c.id < before)
    rows = connection.execute(statement).all()
    shown = rows[:limit]
    last = (shown[-1].id,) if len(rows) > limit else None
    return Page(_events_json(connection, viewer, shown), last, total, exact)


def _here(viewer: Viewer) -> tuple[ColumnElement[bool]]:
    return (events.c.account_id == viewer.account_id,)


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.is_admin:
        return events.c.account_id == viewer.account_id
    on_lead = exists(
        select(literal(1))
        .where(
            leads.c.account_id == events.c.account_id, leads.c.id == events.c.lead_id, visible_leads(viewer)
        )
        .correlate(events)
    )
    of_message = exists(
        select(literal(1))
        .where(
            messages.c.account_id == events.c.account_id,
            messages.c.id == events.c.message_id,
            visible_messages(viewer),
            or_(own_messages(viewer), managed_messages(viewer)),
        )
        .correlate(events)
    )
    return or_(on_lead, events.c.lead_id.is_(None) & of_message)


def _events_json(connection: Connection, viewer: Viewer, rows: Sequence[Any]) -> list[Json]:
    readable = _readable(connection, viewer, {row.message_id for row in rows if row.message_id})
    did = _what_rules_did(connection, viewer, [row.id for row in rows])
    items = []
    for row in rows:
        item = {
            "id": row.id,
            "type": row.type,
            "at": iso(row.at),
            "sequence": row.sequence,
            "lead_id": row.lead_id,
            "message_id": row.message_id,
            "actor": row.actor,
            "causes": row.causes,
            "data": row.data,
            "state": "done" if row.state == "done" else "pending",
            "error": row.error if viewer.is_admin else None,
            "rules": did[row.id],
        }
        items.append(item if row.message_id is None or row.message_id in readable else _without_message(item))
    masked: list[Json] = masks_for(connection, viewer).json(items)
    return masked


def _readable(connection: Connection, viewer: Viewer, message_ids: set[str]) -> set[str]:
    """Those of the messages whose text the viewer may read."""
    if not message_ids:
        return set()
    rows = connection.execute(
        select(
            messages.c.id,
            restriction().label("restricted"),
            own_messages(viewer).label("own"),
            managed_messages(viewer).label("managed"),
        ).where(
            messages.c.account_id == viewer.account_id,
            messages.c.id.in_(sorted(message_ids)),
            visible_messages(viewer),
        )
    )
    return {
        row.id
        for row in rows
        if sight(viewer, restricted=row.restricted, own=bool(row.own), managed=bool(row.managed))
        is not Sight.SEALED
    }


def _without_message(item: Json) -> Json:
    rules = [
        rule
        | {
            "trace": [
                line | {"actual": None} if line["field"].startswith(MESSAGE_FIELDS) else line
                for line in rule["trace"]
            ]
        }
        for rule in item["rules"]
    ]
    return item | {"data": item["data"] | {"message": None}, "rules": rules}


def _what_rules_did(
    connection: Connection, viewer: Viewer, event_ids: Sequence[str]
) -> dict[str, list[Json]]:
    """For each event, in order: the rules that matched, were skipped or are in error, with what their actions did."""
    found: dict[str, list[Json]] = defaultdict(list)
    if not event_ids:
        return found
    results = {
        (row.event_id, row.rule_id, row.number): row
        for row in connection.execute(
            select(plan_actions).where(
                plan_actions.c.account_id == viewer.account_id, plan_actions.c.event_id.in_(event_ids)
            )
        )
    }
    for row in connection.execute(
        select(plans)
        .where(plans.c.account_id == viewer.account_id, plans.c.event_id.in_(event_ids))
        .order_by(plans.c.event_id, plans.c.place)
    ):
        actions = []
        for number, action in enumerate(row.plan["actions"]):
            result = results.get((row.event_id, row.rule_id, number))
            actions.append(
                {
                    "action": action,
                    "result": result.result if result else "pending",
                    "detail": result.detail if result else {},
                    "at": iso(result.at) if result else None,
                }
            )
        found[row.event_id].append(
            {
                "rule_id": row.rule_id,
                "name": row.plan["rule_name"],
                "version": row.rule_version,
                "result": row.result,
                "reason": row.plan["reason"],
                "sentence": row.plan["sentence"],
                "trace": row.plan["trace"],
                "actions": actions,
            }
        )
    return found
