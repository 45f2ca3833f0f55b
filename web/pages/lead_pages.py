"""Leads: the list with its filters in the URL, one lead with its timeline, and what people change of it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from store.access import is_editable, visible_among
from store.accounts import get_account, list_users
from store.addresses import lead_local_part
from store.history_views import history_of
from store.lead_lists import LeadFilter, list_leads
from store.lead_requests import lead_for
from store.leads import STATUSES
from store.session import Invalid
from web.api import leads as api
from web.api.bodies import Assignment, LeadChange, NewComment, NewLead
from web.api.queries import after_id, after_time, encode
from web.pages.route import Answer, Go, Show, Visit
from web.pages.start import DEMO_TAG, ways_in

ROWS = 50
FILTERS = ("q", "status", "owner", "tag")


def leads(visit: Visit) -> Answer:
    """The leads one sees, newest first."""
    asked = {name: visit.asked(name, 100) for name in FILTERS}
    wanted = LeadFilter(
        q=asked["q"] or None,
        statuses=(asked["status"],) if asked["status"] in STATUSES else None,
        owner=asked["owner"] or None,
        tag=asked["tag"] or None,
    )
    rows = list_leads(
        visit.connection, visit.viewer, wanted, limit=ROWS, after=after_id(visit.asked("cursor") or None)
    )
    filters = {name: value for name, value in asked.items() if value}
    older = urlencode(filters | {"cursor": encode(rows.last)}) if rows.last else None
    demo = list_leads(visit.connection, visit.viewer, LeadFilter(tag=DEMO_TAG), limit=1).total
    return Show(
        "leads.html",
        {
            "leads": rows.items,
            "total": rows.total,
            "exact": rows.exact,
            "asked": asked,
            "filtered": bool(filters),
            "further": older,
            "users": _colleagues(visit),
            "ways": ways_in(visit),
            "has_demo": demo > 0,
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
            "statuses": STATUSES,
        },
    )


def create(visit: Visit) -> Answer:
    """A new lead of one's own."""
    contacts = [{"email": visit.given("email", 300), "name": visit.given("name", 300)}]
    body = _body(
        NewLead, {"title": visit.given("title", 300), "contacts": contacts if contacts[0]["email"] else []}
    )
    made = api.create(visit.call, body).body
    return Go(f"/leads/{made['id']}", "lead_created")


def change(visit: Visit, lead_id: str) -> Answer:
    """What a form says differently of a lead."""
    before = lead_for(visit.connection, visit.viewer, lead_id)
    form = visit.request.form
    wanted: dict[str, Any] = {}
    if "title" in form and visit.given("title") != before["title"]:
        wanted["title"] = visit.given("title")
    if "status" in form and visit.given("status") != before["status"]:
        wanted["status"] = visit.given("status")
    if "amount" in form and (amount := _amount(visit.given("amount"))) != _amount(
        str(before["amount"] or "")
    ):
        wanted["amount"] = amount
    if "tags" in form:
        tags = list(
            dict.fromkeys(tag.strip().lstrip("#") for tag in visit.given("tags").split(",") if tag.strip())
        )
        if tags != before["tags"]:
            wanted["tags"] = tags
    owner = before["owner"]["id"] if before["owner"] else ""
    if "owner" in form and visit.given("owner") != owner:
        wanted["owner_id"] = visit.given("owner") or None
    if wanted:
        api.change(visit.call, lead_id, _body(LeadChange, wanted))
    return _back(visit, lead_id, "saved")


def take(visit: Visit, lead_id: str) -> Answer:
    """Makes a lead that nobody has one's own."""
    api.assign(visit.call, lead_id, Assignment(user_id=visit.viewer.user_id))
    return _back(visit, lead_id, "saved")


def comment(visit: Visit, lead_id: str) -> Answer:
    """Adds a comment."""
    api.comment(visit.call, lead_id, _body(NewComment, {"text": visit.given("text", 100_000)}))
    return Go(f"/leads/{lead_id}", "commented")


def trash(visit: Visit, lead_id: str) -> Answer:
    """Moves a lead to the trash."""
    api.trash(visit.call, lead_id)
    return Go("/leads", "lead_trashed")


def _back(visit: Visit, lead_id: str, notice: str) -> Go:
    """Back to the lead, if whoever changed it still sees it."""
    if lead_id in visible_among(visit.connection, visit.viewer, [lead_id]):
        return Go(f"/leads/{lead_id}", notice)
    return Go("/leads", "lead_given_away")


def _colleagues(visit: Visit) -> list[Any]:
    return [user for user in list_users(visit.connection, visit.viewer.scope) if user.active]


def _amount(text: str) -> Decimal | None:
    """An amount as people write it: 1250, 1250.5, 1.250,50. None for nothing. Invalid."""
    plain = text.replace(" ", "").replace("'", "")
    if "," in plain and plain.rfind(",") > plain.rfind("."):
        plain = plain.replace(".", "").replace(",", ".")
    plain = plain.replace(",", "")
    try:
        return Decimal(plain).quantize(Decimal("0.01")) if plain else None
    except InvalidOperation as fault:
        raise Invalid("amount", "is not a number") from fault


def _body(model: Any, values: Mapping[str, Any]) -> Any:
    """The API's body for what a form gave. Invalid names the first place that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_context=False)[0]
        raise Invalid(".".join(map(str, first["loc"])), first["msg"]) from fault
