"""Forms of websites. For admins."""

from typing import Any

from store import forms
from store.forms import Form
from store.session import Invalid
from store.source_health import form_keys, healths
from web.api.bodies import FormChange, NewForm
from web.api.route import Answer, Call
from web.form_door.snippet import snippet

VALUES = ("name", "origins", "redirect", "tags", "owner_id", "team_id")
CONFIRMATION = ("enabled", "locale", "subject", "text")


def list_forms(call: Call) -> Answer:
    """The account's forms, oldest first."""
    found = _json(call, forms.list_forms(call.connection, call.scope))
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get(call: Call, form_id: str) -> Answer:
    """One form."""
    return _one(call, forms.get_form(call.connection, call.scope, form_id))


def create(call: Call, body: NewForm) -> Answer:
    """A new form, with the address it is posted to and the one for notification mails."""
    values = {name: getattr(body, name) for name in VALUES} | _confirmation(body)
    return _one(call, forms.create_form(call.connection, call.scope, values), 201)


def change(call: Call, form_id: str, body: FormChange) -> Answer:
    """Changes a form."""
    values = body.given(*VALUES) | _confirmation(body)
    return _one(call, forms.update_form(call.connection, call.scope, form_id, values))


def rotate(call: Call, form_id: str) -> Answer:
    """A new address for notification mails; mail to the former one is held for 90 days."""
    return _one(call, forms.rotate_form_address(call.connection, call.scope, form_id), 201)


def delete(call: Call, form_id: str) -> Answer:
    """Deletes a form: it takes no posts and no mail any more."""
    forms.delete_form(call.connection, call.scope, form_id)
    return Answer(status=204)


def _confirmation(body: NewForm | FormChange) -> dict[str, Any]:
    """What is to be different of the confirmation; null goes back to the usual."""
    wish = body.confirmation
    if wish is None:
        return {}
    given = wish.given(*CONFIRMATION)
    for name in ("enabled", "locale"):
        if name in given and given[name] is None:
            raise Invalid(f"confirmation.{name}", "must not be null")
    return {"confirmation": given}


def _one(call: Call, form: Form, status: int = 200) -> Answer:
    return Answer(_json(call, [form])[0], status)


def _json(call: Call, found: list[Form]) -> list[dict[str, Any]]:
    fares = healths(call.connection, call.scope, [form_keys(one.id, one.address_id) for one in found])
    url = call.services.public_url
    return [
        one.to_json() | {"snippet": snippet(one, url)} | how.to_json()
        for one, how in zip(found, fares, strict=True)
    ]
