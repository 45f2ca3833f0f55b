"""Reading leads: rows to values, and the JSON form of product §9 that API, events and webhooks share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.sql.elements import BindParameter

from store.scope import Scope
from store.tables.leads import (
    contact_addresses,
    contacts,
    lead_contacts,
    lead_fields,
    lead_tags,
    leads,
    pipelines,
    steps,
)
from store.tables.people import users

STATUSES = ("todo", "standby", "won", "lost", "cancelled")
OPEN_STATUSES = ("todo", "standby")

Json = dict[str, Any]

# Built once: every event and every page reads leads this way, and building costs more than running.
_ACCOUNT: BindParameter[str] = bindparam("account")
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_LEADS = (
    select(
        leads,
        users.c.name.label("owner_name"),
        users.c.email.label("owner_email"),
        steps.c.name.label("step_name"),
        pipelines.c.name.label("pipeline_name"),
    )
    .outerjoin_from(
        leads, users, (users.c.account_id == leads.c.account_id) & (users.c.id == leads.c.owner_id)
    )
    .outerjoin(steps, (steps.c.account_id == leads.c.account_id) & (steps.c.id == leads.c.step_id))
    .outerjoin(
        pipelines, (pipelines.c.account_id == steps.c.account_id) & (pipelines.c.id == steps.c.pipeline_id)
    )
    .where(leads.c.account_id == _ACCOUNT, leads.c.id.in_(_WANTED))
)
_TAGS = (
    select(lead_tags.c.lead_id, lead_tags.c.tag)
    .where(lead_tags.c.account_id == _ACCOUNT, lead_tags.c.lead_id.in_(_WANTED))
    .order_by(lead_tags.c.tag_folded)
)
_FIELDS = (
    select(lead_fields.c.lead_id, lead_fields.c.name, lead_fields.c.value)
    .where(lead_fields.c.account_id == _ACCOUNT, lead_fields.c.lead_id.in_(_WANTED))
    .order_by(lead_fields.c.name)
)
_PEOPLE = (
    select(
        lead_contacts.c.lead_id,
        contacts.c.id,
        contacts.c.name,
        contacts.c.organisation,
        contacts.c.phones,
        contact_addresses.c.written,
    )
    .join_from(
        lead_contacts,
        contacts,
        (contacts.c.account_id == lead_contacts.c.account_id) & (contacts.c.id == lead_contacts.c.contact_id),
    )
    .outerjoin(
        contact_addresses,
        (contact_addresses.c.account_id == contacts.c.account_id)
        & (contact_addresses.c.contact_id == contacts.c.id),
    )
    .where(lead_contacts.c.account_id == _ACCOUNT, lead_contacts.c.lead_id.in_(_WANTED))
    .order_by(lead_contacts.c.main.desc(), contacts.c.id, contact_addresses.c.id)
)


def lead_json(connection: Connection, scope: Scope, lead_ids: Iterable[str]) -> dict[str, Json]:
    """The JSON form of each lead of the account among `lead_ids` (trashed and merged ones too), by id.

    Access is not checked here: callers ask `store.access` first.
    """
    wanted = list(dict.fromkeys(lead_ids))
    if not wanted:
        return {}
    account = scope.account_id
    rows = connection.execute(_LEADS, {"account": account, "wanted": wanted})
    tags = _tags(connection, account, wanted)
    people = _contacts(connection, account, wanted)
    fields = _fields(connection, account, wanted)
    found = {
        row.id: as_json(
            dict(row._mapping),
            {"id": row.owner_id, "name": row.owner_name, "email": row.owner_email} if row.owner_id else None,
            (row.step_name, row.pipeline_name),
            tags[row.id],
            people[row.id],
            fields[row.id],
        )
        for row in rows
    }
    return {lead_id: found[lead_id] for lead_id in wanted if lead_id in found}


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with offset, to the microsecond."""
    return None if moment is None else moment.isoformat()


def amount_json(cents: int | None) -> float | int | None:
    """An amount as a JSON number: whole where it is whole."""
    if cents is None:
        return None
    return cents // 100 if cents % 100 == 0 else cents / 100


def as_json(
    lead: Mapping[str, Any],
    owner: Json | None,
    step: tuple[str | None, str | None],
    tags: list[str],
    people: list[Json],
    fields: Mapping[str, str],
) -> Json:
    """The JSON form of the row `lead`; `step`: the names of its step and of that step's pipeline."""
    return {
        "id": lead["id"],
        "number": lead["number"],
        "title": lead["title"],
        "status": lead["status"],
        "step": step[0],
        "pipeline": step[1],
        "amount": amount_json(lead["amount_cents"]),
        "currency": lead["currency"],
        "probability": lead["probability"],
        "owner": owner,
        "tags": tags,
        "contacts": people,
        "fields": dict(fields),
        "starred": lead["starred"],
        "sender_unconfirmed": bool(lead["sender_unconfirmed"]),
        "next_action_at": iso(lead["next_action_at"]),
        "created_at": iso(lead["created_at"]),
        "updated_at": iso(lead["updated_at"]),
        "closed_at": iso(lead["closed_at"]),
        "source": {"kind": lead["source_kind"], "name": lead["source_name"]},
    }


def _tags(connection: Connection, account: str, wanted: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(_TAGS, {"account": account, "wanted": wanted}):
        found[row.lead_id].append(row.tag)
    return found


def _fields(connection: Connection, account: str, wanted: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(_FIELDS, {"account": account, "wanted": wanted}):
        found[row.lead_id][row.name] = row.value
    return found


def _contacts(connection: Connection, account: str, wanted: list[str]) -> dict[str, list[Json]]:
    """The contacts of each lead, the main one first, each with its addresses as first written."""
    people: dict[str, dict[str, Json]] = defaultdict(dict)
    for row in connection.execute(_PEOPLE, {"account": account, "wanted": wanted}):
        person = people[row.lead_id].setdefault(
            row.id,
            {
                "id": row.id,
                "name": row.name,
                "emails": [],
                "phones": list(row.phones),
                "organisation": row.organisation,
            },
        )
        if row.written:
            person["emails"].append(row.written)
    return defaultdict(list, {lead_id: list(found.values()) for lead_id, found in people.items()})


def told_name(column: str) -> str:
    """The name by which people, rules and webhooks know a column of a lead."""
    return "amount" if column == "amount_cents" else column


def told_value(column: str, value: Any) -> Any:
    """A column's value as the JSON form of a lead shows it."""
    if column == "amount_cents":
        return amount_json(value)
    return iso(value) if isinstance(value, datetime) else value
