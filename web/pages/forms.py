"""Forms that come back: the same page again, with what was typed, and beside each field what is wrong with it.

The table of pages names for each form the page that it stands on. Where a view refuses what was sent, the desk shows
that page anew with a `Returned`; the macros of `macros.html` ask it for each field of each form, so a view knows
nothing of all this. A form is known by its action. Passwords are never given back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Request, g
from pydantic import BaseModel, ValidationError

from store.session import Conflict, Invalid, Refused
from web.pages import wrong
from web.problems import Problem

Body = TypeVar("Body", bound=BaseModel)

REFUSALS = (Invalid, Conflict, Refused, Problem)
"""What a view may say of a form that was sent; anything else is no answer to what somebody typed."""
NOT_GIVEN_BACK = frozenset({"csrf", "password", "current"})
MAILBOX_FIELDS = (
    "name host port tls username password folder kind fallback address after move_to since "
    "authserv_id authserv_hops".split()
)
FIELDS: Mapping[str, str] = {
    "confirmation.locale": "locale",
    "confirmation.subject": "subject",
    "confirmation.text": "text",
    "contacts.emails": "email",
    "contacts.name": "name",
    "contacts.phones": "phone",
    "lead_id": "lead",
    "leads_to": "open_to",
    "owner_id": "owner",
    "pipeline": "step",
    "user_id": "owner",
    "team_id": "team",
    **{f"mailbox.{name}": name for name in MAILBOX_FIELDS},
}
"""Places as the store and the API name them, and the field of a form that such a value comes from."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A form that could not be taken. `told`: (field, or "" for the form as a whole; sentence)."""

    action: str
    values: Mapping[str, tuple[str, ...]]
    told: tuple[tuple[str, str], ...]

    def is_of(self, action: str) -> bool:
        """Whether it is the form with this action."""
        return self.action == action

    def value(self, action: str, name: str, shown: Any) -> Any:
        """What a field holds: what was typed, or `shown` in every other form."""
        if not self.is_of(action) or name in NOT_GIVEN_BACK:
            return shown
        return next(iter(self.values.get(name, ())), "")

    def all_of(self, action: str, name: str, shown: Iterable[str]) -> tuple[str, ...]:
        """The values chosen of a list or of boxes."""
        return self.values.get(name, ()) if self.is_of(action) else tuple(shown)

    def fault(self, action: str, name: str) -> str:
        """What is wrong with a field; "" for nothing."""
        return next((told for field, told in self.told if self.is_of(action) and field == name), "")

    def target(self, field: str) -> str:
        """The id of a field on the page, "" where the form has none of this name."""
        return field_id(self.action, field) if field in self.values else ""


def field_id(action: str, name: str) -> str:
    """The id of a form's field."""
    return re.sub(r"[^a-z0-9]+", "-", f"{action}-{name}".casefold()).strip("-")


def marks(action: str, name: str, helped: str) -> dict[str, str]:
    """Attributes of a field: its names, whether it is wrong, and which sentences beside it tell more."""
    own, back = field_id(action, name), g.get("returned")
    fault = "" if back is None else back.fault(action, name)
    found = {"id": own, "name": name} | ({"aria-invalid": "true"} if fault else {})
    return found | described(own, helped, fault)


def described(own: str, helped: str, fault: str) -> dict[str, str]:
    """The attribute that names the sentences beside the field with the id `own`."""
    told = [f"{own}-fault"] * bool(fault) + [f"{own}-help"] * bool(helped)
    return {"aria-describedby": " ".join(told)} if told else {}


def opened(action: str) -> dict[str, str]:
    """Attributes of the fold that holds a form: open when the form came back."""
    back = g.get("returned")
    return {"open": ""} if back is not None and back.is_of(action) else {}


def returned(sent: Request, problem: Problem) -> Returned:
    """The form that was sent, with what is wrong with it."""
    values = {name: tuple(given) for name, given in sent.form.lists()}
    told = [
        (_field(error["place"]), wrong.place(error["place"], taken=problem.status == 409))
        for error in problem.errors
    ]
    if not told:
        sentences = [problem.detail] if problem.translated else wrong.details(problem)
        told = [("", each) for each in sentences or [wrong.problem(problem.status)]]
    return Returned(sent.path, values, tuple(dict.fromkeys(told)))


def read(model: type[Body], values: Mapping[str, Any]) -> Body:
    """The API's body for what a form gave. Problem 422 names every place that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as fault:
        found = fault.errors(include_url=False, include_context=False)
        raise refusal((".".join(map(str, each["loc"])), each["msg"]) for each in found) from fault


def refusal(faults: Iterable[tuple[str, str]]) -> Problem:
    """A 422 for several places at once, each with its reason."""
    errors = [{"place": place, "reason": reason} for place, reason in faults]
    return Problem(422, "; ".join(f"{each['place']}: {each['reason']}" for each in errors), errors=errors)


def _field(place: str) -> str:
    known = wrong.plain(place)
    return FIELDS.get(known, known)
