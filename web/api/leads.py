"""Leads, their comments and their timeline."""

from datetime import UTC
from decimal import Decimal
from typing import Any

from store.access import visible_among
from store.accounts import get_account
from store.addresses import lead_local_part
from store.history_views import entry_of, history_of
from store.lead_lists import LeadFilter
from store.lead_lists import list_leads as find_leads
from store.lead_requests import (
    ContactWish,
    LeadWish,
    assign_lead,
    change_lead,
    comment_lead,
    create_lead,
    lead_for,
    restore_lead,
    trash_lead,
)
from store.lead_requests import LeadChange as Change
from store.lead_requests import not_a_lead as say_not_a_lead
from store.leads import STATUSES
from store.session import Invalid
from web.api.bodies import Assignment, Contact, LeadChange, NewComment, NewLead, NotALead
from web.api.queries import LeadsQuery, ListQuery, after_id, after_time, paged
from web.api.route import Answer, Call

_COLUMNS = (
    "title",
    "status",
    "amount",
    "currency",
    "probability",
    "starred",
    "sender_unconfirmed",
    "next_action_at",
)
_NEVER_NULL = ("title", "status", "starred", "sender_unconfirmed", "tags")


def list_leads(call: Call, query: LeadsQuery) -> Answer:
    """The leads one sees, newest first."""
    statuses = None if query.status is None else tuple(s.strip() for s in query.status.split(","))
    if statuses is not None and not set(STATUSES).issuperset(statuses):
        raise Invalid("status", f"of {', '.join(STATUSES)}")
    wanted = LeadFilter(query.email, statuses, query.q, query.owner, query.tag, trashed=query.trashed)
    page = find_leads(call.connection, call.viewer, wanted, limit=query.limit, after=after_id(query.cursor))
    return paged(call, query, page)


def get_lead(call: Call, lead_id: str) -> Answer:
    """One lead, with its own inbound address."""
    return _told(call, lead_id)


def create(call: Call, body: NewLead) -> Answer:
    """A new lead."""
    given = body.model_fields_set
    wish = LeadWish(
        title=body.title,
        owner_id=body.owner_id if "owner_id" in given else call.viewer.user_id,
        contacts=[_contact(contact) for contact in body.contacts],
        tags=body.tags or (),
        fields=body.fields,
        columns=_columns({n: v for n, v in body.given(*_COLUMNS).items() if n != "title" and v is not None}),
        step=body.step,
        pipeline=body.pipeline,
    )
    lead_id = create_lead(call.connection, call.viewer, call.origin(), wish)
    answer = _told(call, lead_id)
    return Answer(answer.body, 201, {"Location": f"{call.path}/{lead_id}"})


def change(call: Call, lead_id: str, body: LeadChange) -> Answer:
    """Changes a lead: only what is named."""
    given = body.model_fields_set
    for name in _NEVER_NULL:
        if name in given and getattr(body, name) is None:
            raise Invalid(name, "must not be null")
    wanted = Change(
        columns=_columns(body.given(*_COLUMNS)),
        tags=body.tags,
        fields=body.fields,
        moves=bool(given & {"step", "pipeline"}),
        step=body.step,
        pipeline=body.pipeline,
        assigns="owner_id" in given,
        owner_id=body.owner_id,
    )
    change_lead(call.connection, call.viewer, call.origin(), lead_id, wanted)
    return _told_if_seen(call, lead_id)


def trash(call: Call, lead_id: str) -> Answer:
    """Puts a lead into the trash."""
    trash_lead(call.connection, call.viewer, call.origin(), lead_id)
    return Answer(status=204)


def not_a_lead(call: Call, lead_id: str, body: NotALead) -> Answer:
    """Puts what is no lead into the trash, and out of all counts."""
    blocked = say_not_a_lead(
        call.connection, call.viewer, call.origin(), lead_id, block_sender=body.block_sender
    )
    return Answer({"blocked": blocked})


def restore(call: Call, lead_id: str) -> Answer:
    """Takes a lead out of the trash."""
    restore_lead(call.connection, call.viewer, call.origin(), lead_id)
    return _told(call, lead_id)


def assign(call: Call, lead_id: str, body: Assignment) -> Answer:
    """Gives a lead to a user, or to nobody."""
    assign_lead(call.connection, call.viewer, call.origin(), lead_id, body.user_id)
    return _told_if_seen(call, lead_id)


def comment(call: Call, lead_id: str, body: NewComment) -> Answer:
    """Adds a comment."""
    entry_id = comment_lead(call.connection, call.viewer, call.origin(), lead_id, body.text)
    return Answer(entry_of(call.connection, call.viewer, lead_id, entry_id), 201)


def history(call: Call, lead_id: str, query: ListQuery) -> Answer:
    """A lead's timeline, newest first."""
    page = history_of(
        call.connection, call.viewer, lead_id, limit=query.limit, before=after_time(query.cursor)
    )
    return paged(call, query, page)


def _told(call: Call, lead_id: str) -> Answer:
    lead = lead_for(call.connection, call.viewer, lead_id)
    account = get_account(call.connection, call.scope)
    local_part = lead_local_part(call.services.address_key, account.id, lead["number"])
    return Answer(lead | {"address": f"{local_part}@{account.domain}"})


def _told_if_seen(call: Call, lead_id: str) -> Answer:
    """The lead, or nothing if whoever gave it away doesn't see it any more."""
    if not visible_among(call.connection, call.viewer, [lead_id]):
        return Answer(status=204)
    return _told(call, lead_id)


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a lead for what a body names."""
    columns = dict(given)
    if "amount" in columns:
        amount: Decimal | None = columns.pop("amount")
        columns["amount_cents"] = None if amount is None else int(amount * 100)
    if columns.get("next_action_at") is not None:
        try:
            columns["next_action_at"] = columns["next_action_at"].astimezone(UTC)
        except OverflowError as fault:
            raise Invalid("next_action_at", "is beyond the years 1 to 9999 in UTC") from fault
    return columns


def _contact(contact: Contact) -> ContactWish:
    emails = ([contact.email] if contact.email is not None else []) + contact.emails
    return ContactWish(tuple(emails), contact.name, contact.organisation, tuple(contact.phones))
