"""Leads: the list with its filters in the URL, one lead with its timeline, and what people change of it."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from store import demo
from store.access import is_editable, require_editable, visible_among
from store.accounts import get_account, list_users
from store.addresses import lead_local_part
from store.history_views import history_of
from store.lead_lists import ORDERS, LeadFilter, list_leads
from store.lead_requests import lead_for, steps_of
from store.leads import STATUSES
from store.session import Invalid
from store.why_visible import who_sees
from web import translating
from web.api import leads as api
from web.api.bodies import Assignment, LeadChange, NewComment, NewLead, NotALead
from web.api.queries import after_id, after_time, encode
from web.pages import forms
from web.pages.route import Answer, Go, Show, Visit
from web.pages.start import ways_in

ROWS = 50
STEP_MARK = "\t"
"""Between pipeline and step in a form's value."""
FILTERS = ("q", "status", "owner", "tag", "source")


def leads(visit: Visit) -> Answer:
    """The leads one sees, newest first."""
    asked = {name: visit.asked(name, 100) for name in FILTERS}
    wanted = LeadFilter(
        q=asked["q"] or None,
        statuses=(asked["status"],) if asked["status"] in STATUSES else None,
        owner=asked["owner"] or None,
        tag=asked["tag"] or None,
        source=asked["source"] or None,
    )
    order = visit.asked("sort") if visit.asked("sort") in ORDERS else "newest"
    cursor = after_id(visit.asked("cursor") or None)
    rows = list_leads(visit.connection, visit.viewer, wanted, limit=ROWS, after=cursor, order=order)
    filters = {name: value for name, value in asked.items() if value}
    kept = filters | ({"sort": order} if order != "newest" else {})
    older = urlencode(kept | {"cursor": encode(rows.last)}) if rows.last else None
    return Show(
        "leads.html",
        {
            "leads": rows.items,
            "total": rows.total,
            "exact": rows.exact,
            "asked": asked,
            "filtered": bool(filters),
            "further": older,
            "first": urlencode(kept) if cursor else None,
            "order": order,
            "users": _colleagues(visit),
            "ways": ways_in(visit),
            "has_demo": visit.viewer.is_admin and demo.is_loaded(visit.connection, visit.viewer.scope),
        },
    )


def lead(visit: Visit, lead_id: str) -> Answer:
    """One lead with its timeline."""
    found = lead_for(visit.connection, visit.viewer, lead_id)
    account = get_account(visit.connection, visit.viewer.scope)
    address = f"{lead_local_part(visit.services.address_key, account.id, found['number'])}@{account.domain}"
    cursor = after_time(visit.asked("cursor") or None)
    rows = history_of(visit.connection, visit.viewer, lead_id, limit=ROWS, before=cursor)
    colleagues = _colleagues(visit)
    return Show(
        "lead.html",
        {
            "lead": found,
            "address": address,
            "entries": rows.items,
            "further": encode(rows.last) if rows.last else None,
            "users": colleagues,
            "names": {user.id: user.name for user in list_users(visit.connection, visit.viewer.scope)},
            "editable": is_editable(visit.connection, visit.viewer, lead_id),
            "steps": [
                (STEP_MARK.join(pair), ": ".join(pair)) for pair in steps_of(visit.connection, visit.viewer)
            ],
            "step": STEP_MARK.join((found["pipeline"], found["step"])) if found["step"] else "",
        },
    )


def create(visit: Visit) -> Answer:
    """A new lead of one's own, with a contact where the form names one by anything."""
    known = {name: visit.given(name, 1_000) for name in ("name", "email", "phone")}
    contact = {
        "name": known["name"],
        "emails": [known["email"]] if known["email"] else [],
        "phones": [known["phone"]] if known["phone"] else [],
    }
    contacts = [contact] if any(known.values()) else []
    body = forms.read(NewLead, {"title": visit.given("title"), "contacts": contacts})
    made = api.create(visit.call, body).body
    return Go(f"/leads/{made['id']}", "lead_created")


def change(visit: Visit, lead_id: str) -> Answer:
    """What a form says differently of a lead than it did when it was shown.

    The form brings along what stood in it. So a value that somebody else has changed meanwhile stays as it is now,
    unless this person changed it too.
    """
    wanted: dict[str, Any] = {}
    faults: list[Invalid] = []
    for name, read in READ.items():
        given = visit.given(name)
        if name in visit.request.form and given != visit.given(f"was_{name}"):
            try:
                wanted |= read(given)
            except Invalid as fault:
                faults.append(fault)
    if faults:
        raise forms.refusal((fault.place, fault.reason) for fault in faults)
    lead_for(visit.connection, visit.viewer, lead_id)
    if wanted:
        api.change(visit.call, lead_id, forms.read(LeadChange, wanted))
    return _back(visit, lead_id, "saved")


def take(visit: Visit, lead_id: str) -> Answer:
    """Makes a lead that nobody has one's own."""
    api.assign(visit.call, lead_id, Assignment(user_id=visit.viewer.user_id))
    return _back(visit, lead_id, "saved")


def comment(visit: Visit, lead_id: str) -> Answer:
    """Adds a comment."""
    api.comment(visit.call, lead_id, forms.read(NewComment, {"text": visit.given("text", 1_000_000)}))
    return Go(f"/leads/{lead_id}", "commented")


def confirm(visit: Visit, lead_id: str) -> Answer:
    """Says that a lead's sender is who the mail says."""
    api.change(visit.call, lead_id, LeadChange(sender_unconfirmed=False))
    return _back(visit, lead_id, "saved")


def trash(visit: Visit, lead_id: str) -> Answer:
    """Moves a lead to the trash."""
    api.trash(visit.call, lead_id)
    return Go("/leads", "lead_trashed")


def not_a_lead(visit: Visit, lead_id: str) -> Answer:
    """What saying so does, before it is done; links of mails lead here."""
    found = lead_for(visit.connection, visit.viewer, lead_id)
    require_editable(visit.connection, visit.viewer, lead_id)
    senders = found["contacts"][0]["emails"] if found["contacts"] else []
    return Show("not_a_lead.html", {"lead": found, "senders": senders})


def say_not_a_lead(visit: Visit, lead_id: str) -> Answer:
    """Moves what is no lead to the trash, and blocks its sender where that is ticked."""
    api.not_a_lead(visit.call, lead_id, NotALead(block_sender=visit.given("block") == "yes"))
    return Go("/trash", "not_a_lead")


def trash_list(visit: Visit) -> Answer:
    """The leads in the trash that one may restore."""
    cursor = after_id(visit.asked("cursor") or None)
    wanted = LeadFilter(trashed=True)
    rows = list_leads(visit.connection, visit.viewer, wanted, limit=ROWS, after=cursor, order="changed")
    return Show("trash.html", {"leads": rows.items, "further": encode(rows.last) if rows.last else None})


def restore(visit: Visit, lead_id: str) -> Answer:
    """Takes a lead out of the trash."""
    api.restore(visit.call, lead_id)
    return Go(f"/leads/{lead_id}", "lead_restored")


def access(visit: Visit, lead_id: str) -> Answer:
    """Who sees a lead, and why; for admins."""
    people = who_sees(visit.connection, visit.viewer, lead_id)
    return Show("access.html", {"lead": lead_for(visit.connection, visit.viewer, lead_id), "people": people})


def _back(visit: Visit, lead_id: str, notice: str) -> Go:
    """Back to the lead, if whoever changed it still sees it."""
    if lead_id in visible_among(visit.connection, visit.viewer, [lead_id]):
        return Go(f"/leads/{lead_id}", notice)
    return Go("/leads", "lead_given_away")


def _colleagues(visit: Visit) -> list[tuple[str, str]]:
    return [(user.id, user.name) for user in list_users(visit.connection, visit.viewer.scope) if user.active]


def _tags(text: str) -> dict[str, Any]:
    tags = (tag.strip().lstrip("#") for tag in text.split(","))
    return {"tags": list(dict.fromkeys(tag for tag in tags if tag))}


def _step(text: str) -> dict[str, Any]:
    pipeline, _, step = text.partition(STEP_MARK)
    return {"pipeline": pipeline or None, "step": step or None}


def _title(text: str) -> dict[str, Any]:
    """A title. Invalid when empty: said together with whatever else is wrong."""
    if not text:
        raise Invalid("title", "must not be empty")
    return {"title": text}


def _next_action(text: str) -> dict[str, Any]:
    """When the next action is due, as the field for date and time gives it; None for never. Invalid."""
    try:
        return {"next_action_at": translating.moment_of(text) if text else None}
    except ValueError as fault:
        raise Invalid("next_action_at", "is not a date and time") from fault


def _amount(text: str) -> dict[str, Any]:
    """An amount as people write it: 1250, 1250.5, 1.250,50. Invalid.

    Of two kinds of separator the last one is the decimal one. A single one before three digits is what the page's
    language makes of it: 1.250 is more than a thousand in German, 1,250 in English.
    """
    plain = re.sub(r"[\s'\u2019]", "", text)
    marks = re.findall(r"[.,]", plain)
    decimal = marks[-1] if marks and marks.count(marks[-1]) == 1 else ""
    grouping = "." if translating.language() == "de" else ","
    if len(marks) == 1 and decimal == grouping and re.fullmatch(r"-?\d{1,3}[.,]\d{3}", plain):
        decimal = ""
    whole, _, cents = plain.rpartition(decimal) if decimal else (plain, "", "")
    digits = re.sub(r"[.,]", "", whole) + (f".{cents}" if cents else "")
    try:
        return {"amount": Decimal(digits).quantize(Decimal("0.01")) if plain else None}
    except InvalidOperation as fault:
        raise Invalid("amount", "is not a number") from fault


READ: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "title": _title,
    "status": lambda text: {"status": text},
    "owner": lambda text: {"owner_id": text or None},
    "step": _step,
    "tags": _tags,
    "amount": _amount,
    "next_action_at": _next_action,
}
"""The fields of a lead's form, and what each means for the API's change."""
