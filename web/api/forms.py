"""Forms of websites. For admins."""

from typing import Any

from store import forms
from store.forms import Form
from web.api.bodies import FormChange, NewForm
from web.api.route import Answer, Call
from web.form_door.snippet import snippet

VALUES = ("name", "origins", "redirect", "tags", "owner_id")


def list_forms(call: Call) -> Answer:
    """The account's forms, oldest first."""
    found = [_json(call, form) for form in forms.list_forms(call.connection, call.scope)]
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get(call: Call, form_id: str) -> Answer:
    """One form."""
    return Answer(_json(call, forms.get_form(call.connection, call.scope, form_id)))


def create(call: Call, body: NewForm) -> Answer:
    """A new form, with the address it is posted to and the one for notification mails."""
    values = {name: getattr(body, name) for name in VALUES}
    return Answer(_json(call, forms.create_form(call.connection, call.scope, values)), 201)


def change(call: Call, form_id: str, body: FormChange) -> Answer:
    """Changes a form."""
    changed = forms.update_form(call.connection, call.scope, form_id, body.given(*VALUES))
    return Answer(_json(call, changed))


def delete(call: Call, form_id: str) -> Answer:
    """Deletes a form: it takes no posts and no mail any more."""
    forms.delete_form(call.connection, call.scope, form_id)
    return Answer(status=204)


def _json(call: Call, form: Form) -> dict[str, Any]:
    return form.to_json() | {"snippet": snippet(form, call.services.public_url)}
