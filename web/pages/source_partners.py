"""Partners for admins: their address, who may send to it, what their leads begin with."""

from typing import Any

from store import inbound_list, partners
from store.source_health import address_key, healths
from web.api import partners as api
from web.api.bodies_of_sources import NewPartner, PartnerChange
from web.pages import forms as returning
from web.pages import source_states, sources
from web.pages.route import Answer, Go, Show, Visit

HERE = "/sources/partners"


def create(visit: Visit) -> Answer:
    """A new partner; its page has the address to hand over."""
    values = {"name": visit.given("name"), "senders": _senders(visit), "tags": sources.tags(visit)}
    made = api.create(visit.call, returning.read(NewPartner, values)).body
    return Go(f"{HERE}/{made['id']}", "source_created")


def partner(visit: Visit, partner_id: str) -> Answer:
    """One partner."""
    found = partners.get_partner(visit.connection, visit.viewer.scope, partner_id)
    address = inbound_list.get_address(visit.connection, visit.viewer.scope, found.address_id)
    (health,) = healths(visit.connection, visit.viewer, [[address_key(found.address_id)]])
    context: dict[str, Any] = {
        "partner": found,
        "address": address,
        "state": source_states.of_address(address, health),
        "health": health,
        "asked": sources.asked_at(visit, address_id=found.address_id),
    }
    return Show("source_partner.html", context | sources.choices(visit))


def change(visit: Visit, partner_id: str) -> Answer:
    """Another name, other senders, other leads."""
    values: dict[str, Any] = {
        "name": visit.given("name"),
        "senders": _senders(visit),
        **sources.details(visit),
    }
    api.change(visit.call, partner_id, returning.read(PartnerChange, values))
    return Go(f"{HERE}/{partner_id}", "saved")


def delete(visit: Visit, partner_id: str) -> Answer:
    """Deletes a partner."""
    api.delete(visit.call, partner_id)
    return Go("/sources", "source_deleted")


def _senders(visit: Visit) -> list[str]:
    return visit.given("senders", 50_000).replace(",", " ").split()
