"""Sources for admins: addresses, mailboxes, forms and partners, each with how it fares and what mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from store import forms, inbound_list, mailboxes, partners
from store.access import has_teams
from store.accounts import get_account
from store.confirmations import Asked, list_asked
from store.inbound_list import Address
from store.mailbox_leases import source_key
from store.mailbox_views import Mailbox
from store.session import now
from store.source_health import Health, address_key, form_keys, healths
from store.teams import list_teams
from store.user_requests import users_json
from web.api import addresses as api
from web.api.bodies_of_sources import AddressChange, NewAddress
from web.pages import forms as returning
from web.pages import source_states, words
from web.pages.route import Answer, Go, Show, Visit
from web.pages.source_states import State

HERE = "/sources"


@dataclass(frozen=True, slots=True)
class Line:
    """One source in a list. `more`: in a few words what it is for."""

    to: str
    name: str
    more: str
    state: State
    health: Health
    last_poll: datetime | None = None
    lag: str = ""


def sources(visit: Visit) -> Answer:
    """All sources, by kind."""
    connection, scope = visit.connection, visit.viewer.scope
    every = inbound_list.present(inbound_list.list_addresses(connection, scope), now(connection))
    by_id = {one.id: one for one in every}
    plain = [one for one in every if one.kind not in ("form", "partner")]
    sections = {
        "addresses": [address_line(one, how) for one, how in _with_health(visit, plain)],
        "mailboxes": _mailboxes(visit),
        "forms": _forms(visit, by_id),
        "partners": _partners(visit, by_id),
    }
    context: dict[str, Any] = {
        "sections": sections,
        "asked": list_asked(connection, visit.viewer),
        "domain": get_account(connection, scope).domain,
    }
    return Show("sources.html", context | choices(visit))


def address_line(address: Address, health: Health) -> Line:
    """An address in a list."""
    more = words.of(source_states.KINDS, address.kind)
    state = source_states.of_address(address, health)
    return Line(f"{HERE}/addresses/{address.id}", address.address, more, state, health)


def mailbox_line(mailbox: Mailbox, health: Health) -> Line:
    """A mailbox in a list."""
    lag = mailbox.health.lag
    return Line(
        f"{HERE}/mailboxes/{mailbox.id}",
        mailbox.values.name,
        f"{mailbox.values.username}, {mailbox.values.folder}",
        source_states.of_mailbox(mailbox, health),
        health,
        mailbox.health.last_poll,
        "" if lag is None else source_states.span(timedelta(seconds=lag)),
    )


def create(visit: Visit) -> Answer:
    """A further address for leads."""
    values = {"local_part": visit.given("local_part"), "name": visit.given("name")} | details(visit)
    made = api.create(visit.call, returning.read(NewAddress, values)).body
    return Go(f"{HERE}/addresses/{made['id']}", "source_created")


def address(visit: Visit, address_id: str) -> Answer:
    """One address."""
    found = inbound_list.get_address(visit.connection, visit.viewer.scope, address_id)
    (health,) = healths(visit.connection, visit.viewer.scope, [_keys(found)])
    people = {each["id"]: each["name"] for each in users_json(visit.connection, visit.viewer)}
    makes_leads = found.kind in inbound_list.MAKES_LEADS
    context: dict[str, Any] = {
        "source": found,
        "line": address_line(found, health),
        "asked": asked_at(visit, address_id=address_id),
        "of_user": people.get(found.user_id or ""),
        "makes_leads": makes_leads,
        "users_act": found.kind in inbound_list.USERS_ACT,
        "parent": parent_of(found),
        "may_rotate": found.secret
        and found.accepted_until is None
        and bool(found.user_id or found.belongs_to),
    }
    return Show("source_address.html", context | choices(visit))


def change(visit: Visit, address_id: str) -> Answer:
    """Another name, or other things that its leads begin with."""
    found = inbound_list.get_address(visit.connection, visit.viewer.scope, address_id)
    values: dict[str, Any] = {"name": visit.given("name")}
    if found.kind in inbound_list.MAKES_LEADS:
        values |= details(visit)
    if found.kind in inbound_list.USERS_ACT:
        values["accepts_unknown"] = visit.given("accepts_unknown") == "yes"
    api.change(visit.call, address_id, returning.read(AddressChange, values))
    return Go(f"{HERE}/addresses/{address_id}", "saved")


def switch(visit: Visit, address_id: str) -> Answer:
    """Switches an address off or on."""
    api.change(visit.call, address_id, AddressChange(enabled=visit.given("enabled") == "yes"))
    return Go(f"{HERE}/addresses/{address_id}", "saved")


def before_rotating(visit: Visit, address_id: str) -> Answer:
    """What replacing an address means, before it is done."""
    found = inbound_list.get_address(visit.connection, visit.viewer.scope, address_id)
    return Show(
        "source_rotate.html", {"source": found, "back": parent_of(found) or f"{HERE}/addresses/{found.id}"}
    )


def rotate(visit: Visit, address_id: str) -> Answer:
    """Puts a new secret address in its place."""
    made = api.rotate(visit.call, address_id).body
    fresh = inbound_list.get_address(visit.connection, visit.viewer.scope, made["id"])
    return Go(parent_of(fresh) or f"{HERE}/addresses/{fresh.id}", "source_replaced")


def parent_of(address: Address) -> str:
    """The page of the form or partner that an address is of; "" for others."""
    return f"{HERE}/{address.kind}s/{address.belongs_to}" if address.belongs_to else ""


def asked_at(visit: Visit, *, address_id: str | None = None, mailbox_id: str | None = None) -> list[Asked]:
    """What Gmail asks at one source."""
    every = list_asked(visit.connection, visit.viewer)
    key = source_key(mailbox_id) if mailbox_id else None
    return [one for one in every if (address_id and one.address_id == address_id) or one.source_key == key]


def choices(visit: Visit) -> dict[str, Any]:
    """Whom leads may be given and offered to, for the lists of a form."""
    people = [(u["id"], u["name"]) for u in users_json(visit.connection, visit.viewer) if u["active"]]
    teams = list_teams(visit.connection, visit.viewer) if has_teams(visit.viewer) else []
    return {
        "owners": [("", _("Nobody")), *people],
        "teams": [("", _("No team")), *((team["id"], team["name"]) for team in teams)] if teams else [],
    }


def details(visit: Visit) -> dict[str, Any]:
    """Owner, team and tags as a form gives them; a team only where the account has some."""
    found: dict[str, Any] = {"owner_id": visit.given("owner") or None, "tags": tags(visit)}
    if "team" in visit.request.form:
        found["team_id"] = visit.given("team") or None
    return found


def tags(visit: Visit) -> list[str]:
    """Tags, separated by commas."""
    return [tag.strip() for tag in visit.given("tags").split(",") if tag.strip()]


def _with_health(visit: Visit, found: list[Address]) -> list[tuple[Address, Health]]:
    fares = healths(visit.connection, visit.viewer.scope, [_keys(one) for one in found])
    return list(zip(found, fares, strict=True))


def _keys(address: Address) -> tuple[str, ...]:
    if address.kind == "form" and address.belongs_to is not None:
        return form_keys(address.belongs_to, address.id)
    return (address_key(address.id),)


def _mailboxes(visit: Visit) -> list[Line]:
    found = mailboxes.list_mailboxes(visit.connection, visit.viewer)
    fares = healths(visit.connection, visit.viewer, [[source_key(one.id)] for one in found])
    return [mailbox_line(one, how) for one, how in zip(found, fares, strict=True)]


def _forms(visit: Visit, by_id: Mapping[str, Address]) -> list[Line]:
    found = forms.list_forms(visit.connection, visit.viewer.scope)
    fares = healths(visit.connection, visit.viewer, [form_keys(one.id, one.address_id) for one in found])
    return [
        Line(
            f"{HERE}/forms/{one.id}",
            one.name,
            ", ".join(one.origins) or _("from any site"),
            source_states.of_address(by_id[one.address_id], how),
            how,
        )
        for one, how in zip(found, fares, strict=True)
    ]


def _partners(visit: Visit, by_id: Mapping[str, Address]) -> list[Line]:
    found = partners.list_partners(visit.connection, visit.viewer.scope)
    fares = healths(visit.connection, visit.viewer, [[address_key(one.address_id)] for one in found])
    return [
        Line(
            f"{HERE}/partners/{one.id}",
            one.name,
            ", ".join(one.senders),
            source_states.of_address(by_id[one.address_id], how),
            how,
        )
        for one, how in zip(found, fares, strict=True)
    ]
