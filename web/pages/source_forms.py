"""Forms of websites for admins: the snippet to copy, where they may stand, what their leads begin with."""

from typing import Any

from store import forms, inbound_list
from store.source_health import form_keys, healths
from web.api import forms as api
from web.api.bodies import FormChange, NewForm
from web.form_door.snippet import snippet
from web.pages import forms as returning
from web.pages import source_states, sources
from web.pages.route import Answer, Go, Show, Visit

HERE = "/sources/forms"


def create(visit: Visit) -> Answer:
    """A new form; its page has the snippet."""
    values = {"name": visit.given("name"), "origins": _origins(visit)}
    made = api.create(visit.call, returning.read(NewForm, values)).body
    return Go(f"{HERE}/{made['id']}", "source_created")


def form(visit: Visit, form_id: str) -> Answer:
    """One form."""
    found = forms.get_form(visit.connection, visit.viewer.scope, form_id)
    address = inbound_list.get_address(visit.connection, visit.viewer.scope, found.address_id)
    (health,) = healths(visit.connection, visit.viewer, [form_keys(found.id, found.address_id)])
    context: dict[str, Any] = {
        "form": found,
        "address": address,
        "state": source_states.of_address(address, health),
        "health": health,
        "asked": sources.asked_at(visit, address_id=found.address_id),
        "snippet": snippet(found, visit.services.public_url),
        "url": f"{visit.services.public_url.rstrip('/')}/f/{found.token}",
    }
    return Show("source_form.html", context | sources.choices(visit))


def change(visit: Visit, form_id: str) -> Answer:
    """Another name, other sites, another page to go to, other leads."""
    values: dict[str, Any] = {
        "name": visit.given("name"),
        "origins": _origins(visit),
        "redirect": visit.given("redirect") or None,
        **sources.details(visit),
    }
    api.change(visit.call, form_id, returning.read(FormChange, values))
    return Go(f"{HERE}/{form_id}", "saved")


def delete(visit: Visit, form_id: str) -> Answer:
    """Deletes a form."""
    api.delete(visit.call, form_id)
    return Go("/sources", "source_deleted")


def _origins(visit: Visit) -> list[str]:
    return visit.given("origins").split()
