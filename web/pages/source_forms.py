"""Forms of websites for admins: the snippet to copy, where they may stand, what their leads begin with."""

from typing import Any

from store import forms, inbound_list, smarthosts
from store.confirmation_mail import send_test
from store.confirmation_text import LANGUAGES, checked, kept
from store.doorbell import Work
from store.outgoing import Queued, can_send
from store.source_health import form_keys, healths
from web import translating
from web.api import forms as api
from web.api.bodies import FormChange, FormConfirmation, NewForm
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
        "confirmation": found.confirmation,
        "languages": [(code, translating.LOCALES[code]) for code in LANGUAGES],
        "sends": can_send(visit.connection, visit.viewer.scope, visit.services.post),
        "failing_since": smarthosts.find(visit.connection, visit.viewer.scope)["failing_since"],
        "tested": None,
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


def confirm(visit: Visit, form_id: str) -> Answer:
    """Whether and what visitors get by mail."""
    api.change(visit.call, form_id, returning.read(FormChange, {"confirmation": _confirmation(visit)}))
    return Go(f"{HERE}/{form_id}", "saved")


def try_confirmation(visit: Visit, form_id: str) -> Answer:
    """Mails what is on the screen to who is logged in, saved or not; the same page, with what was typed."""
    scope = visit.viewer.scope
    body = returning.read(FormConfirmation, _confirmation(visit))
    found = forms.get_form(visit.connection, scope, form_id)
    shown = kept(checked(body.given(*api.CONFIRMATION), found.confirmation), found.confirmation.locale)
    verdict = send_test(visit.connection, scope, visit.services.post, shown, visit.session.email)
    visit.call.rings.add(Work.MAILS)
    page = form(visit, form_id)
    assert isinstance(page, Show)
    tested = visit.session.email if isinstance(verdict, Queued) else ""
    return Show("source_form.html", {**page.context, "confirmation": shown, "tested": tested})


def delete(visit: Visit, form_id: str) -> Answer:
    """Deletes a form."""
    api.delete(visit.call, form_id)
    return Go("/sources", "source_deleted")


def _confirmation(visit: Visit) -> dict[str, Any]:
    """The form as the API's body; a text that was emptied is the language's own."""
    return {
        "enabled": visit.given("enabled") == "yes",
        "locale": visit.given("locale"),
        "subject": visit.given("subject") or None,
        "text": visit.given("text", 20_001) or None,
    }


def _origins(visit: Visit) -> list[str]:
    return visit.given("origins").split()
