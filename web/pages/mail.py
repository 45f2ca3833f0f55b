"""Outgoing mail for admins: the account's own mail server, trying what is on the screen, and the last mails."""

from typing import Any

from flask_babel import gettext as _

from store import outgoing_log
from store.session import Invalid
from web import translating
from web.api import outgoing as api
from web.api.bodies import SmarthostChange
from web.api.queries import after_id, encode
from web.api.route import Call
from web.pages import forms, wrong
from web.pages.route import Answer, Go, Show, Visit
from web.problems import Problem

ROWS = 50
FORM = "/settings/mail"
NAMES = ("host", "tls", "username", "from_address", "from_name", "return_path")
DEFAULTS = {"tls": "starttls", "return_path": "bounce", "port": ""}


def mail(visit: Visit) -> Answer:
    """The settings and the log."""
    return Show("outgoing_mail.html", _context(visit, visit.call, _saved(visit.call)))


def change(visit: Visit) -> Answer:
    """Saves the account's own server; an empty host goes back to the deployment's."""
    body = forms.read(SmarthostChange, _typed(visit))
    try:
        api.change_settings(visit.call, body)
    except Invalid as fault:
        if fault.place != "password":
            raise
        raise Problem(422, _told(fault.place), translated=True) from fault
    return Go(FORM, "saved")


def test(visit: Visit) -> Answer:
    """Tries what is on the screen, saved or not: the same page with the stages, and what was typed still there."""
    typed = _typed(visit)
    stages: list[dict[str, Any]] = []
    told = ""
    try:
        stages = api.try_stages(visit.call, forms.read(SmarthostChange, typed).given(*api.SETTINGS))
    except Invalid as fault:
        told = _told(fault.place)
    except Problem as problem:
        told = " ".join(wrong.place(error["place"]) for error in problem.errors)
    shown = {name: visit.given(name) for name in (*NAMES, "port")}
    with visit.services.database.read() as connection:
        visit.call.connection_or_none = connection
        saved = _saved(visit.call)
        context = _context(visit, visit.call, saved | shown)
    return Show("outgoing_mail.html", context | {"stages": stages, "told": told})


def again(visit: Visit, mail_id: str) -> Answer:
    """Sends a mail again."""
    api.send_again(visit.call, mail_id)
    return Go(FORM, "mail_again")


def _told(place: str) -> str:
    """What is wrong at a place; a password is asked for otherwise than elsewhere."""
    if place == "password":
        return str(_("Password: give it again for another server or user; it goes with a user name."))
    return wrong.place(place)


def _typed(visit: Visit) -> dict[str, Any]:
    """The form as the API's body. An empty password is the one that is kept."""
    given: dict[str, Any] = {name: visit.given(name, 400) or None for name in NAMES}
    port, password = visit.given("port", 10), visit.request.form.get("password", "")
    given["port"] = int(port) if port.isascii() and port.isdigit() else port or None
    return given | ({"password": password} if password else {})


def _saved(call: Call) -> dict[str, Any]:
    found = api.settings_json(call)
    return {name: DEFAULTS.get(name, "") if value is None else value for name, value in found.items()}


def _plainly(detail: str | None, *, well: bool = False) -> str:
    """What a stage or an attempt says, where the reader can read it: a server's own words, beginning with its code, are
    shown in every language, and leadgate's on English pages; the rest is told by the code beside it."""
    neutral = well or (detail or "")[:1].isdigit()
    return (detail or "") if neutral or translating.language() == "en" else ""


def _context(visit: Visit, call: Call, shown: dict[str, Any]) -> dict[str, Any]:
    found = outgoing_log.mails_json(
        call.connection, visit.viewer, limit=ROWS + 1, before=after_id(visit.asked("cursor") or None)
    )
    older = encode((found[ROWS - 1]["id"],)) if len(found) > ROWS else None
    return {
        "mail": shown,
        "plainly": _plainly,
        "mails": found[:ROWS],
        "further": older,
        "stages": None,
        "told": "",
    }
