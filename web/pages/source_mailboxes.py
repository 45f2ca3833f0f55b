"""IMAP mailboxes for admins: kept, tried with what is typed before it is saved, and how they fare.

The test is a button of the same form: it goes through the stages of a connection with what stands on the page, saved
or not, and keeps nothing. It may take a minute, so what is sent opens its own transactions. A password is never given
back to a page; without a script, whoever tests a new mailbox types it once more to save.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from store import mailboxes
from store.mailbox_leases import source_key
from store.mailbox_values import MOST_HOPS
from store.mailbox_views import Mailbox
from store.session import Conflict, Invalid
from store.source_health import healths
from web.api import mailboxes as api
from web.api.bodies import MailboxChange, NewMailbox
from web.pages import forms as returning
from web.pages import mailbox_words, source_states, sources, words
from web.pages.route import Answer, Go, Show, Visit

Made = TypeVar("Made")

HERE = "/sources/mailboxes"
TEXTS = ("name", "host", "tls", "username", "folder", "kind", "fallback", "after")
MAY_BE_EMPTY = ("address", "move_to", "authserv_id")
NUMBERS = {"port": (1, 65_535), "authserv_hops": (0, MOST_HOPS)}
SINCE_KEPT = "kept"
DEFAULTS = {"tls": "tls", "folder": "INBOX", "kind": "leads", "fallback": "leads", "after": "leave"}


def new(visit: Visit) -> Answer:
    """The form of a new mailbox."""
    return _shown(visit, None, DEFAULTS)


def create(visit: Visit) -> Answer:
    """Tries a new mailbox, or keeps it."""
    with _places():
        body = returning.read(NewMailbox, {**_values(visit), **_since(visit)})
        if visit.given("do") == "test":
            stages = api.test_new_mailbox(visit.call, body).body["stages"]
            return _reading(visit, lambda: _shown(visit, None, _typed(visit), stages))
        made = _writing(visit, lambda: api.create_mailbox(visit.call, body).body)
    return Go(f"{HERE}/{made['id']}", "mailbox_created")


def mailbox(visit: Visit, mailbox_id: str) -> Answer:
    """One mailbox: how it fares, and its settings."""
    return _of(visit, mailbox_id)


def change(visit: Visit, mailbox_id: str) -> Answer:
    """Tries a mailbox with what was typed, or keeps that."""
    with _places():
        values = _values(visit)
        if visit.given("do") == "test":
            body = returning.read(MailboxChange, values)
            stages = api.test_mailbox(visit.call, mailbox_id, body).body["stages"]
            return _reading(visit, lambda: _of(visit, mailbox_id, _typed(visit), stages))
        body = returning.read(MailboxChange, {**values, **_since(visit)})
        _writing(visit, lambda: api.change_mailbox(visit.call, mailbox_id, body))
    return Go(f"{HERE}/{mailbox_id}", "saved")


def switch(visit: Visit, mailbox_id: str) -> Answer:
    """Switches a mailbox off or on."""
    api.change_mailbox(visit.call, mailbox_id, MailboxChange(enabled=visit.given("enabled") == "yes"))
    return Go(f"{HERE}/{mailbox_id}", "saved")


def delete(visit: Visit, mailbox_id: str) -> Answer:
    """Deletes a mailbox."""
    api.delete_mailbox(visit.call, mailbox_id)
    return Go("/sources", "source_deleted")


def _of(
    visit: Visit, mailbox_id: str, values: Mapping[str, Any] | None = None, stages: list[Any] | None = None
) -> Show:
    found = mailboxes.get_mailbox(visit.connection, visit.viewer, mailbox_id)
    stored = {name: getattr(found.values, name) or "" for name in (*TEXTS, *MAY_BE_EMPTY, *NUMBERS)}
    return _shown(visit, found, values or stored, stages)


def _shown(
    visit: Visit, found: Mailbox | None, values: Mapping[str, Any], stages: list[Any] | None = None
) -> Show:
    context: dict[str, Any] = {
        "mailbox": found,
        "v": values,
        "to": f"{HERE}/{found.id}/change" if found else HERE,
        "stages": [_told(stage) for stage in stages or ()],
        "encryptions": words.choices(source_states.TLS),
        "kinds": [
            (k, words.of(source_states.KINDS, k)) for k in ("leads", "bcc", "by_recipient", "form", "partner")
        ],
        "fallbacks": [(k, words.of(source_states.KINDS, k)) for k in ("leads", "bcc", "form", "partner")],
        "afters": words.choices(source_states.AFTER),
        "beginnings": words.choices(source_states.SINCE),
        "asked": [],
    }
    if found is not None:
        (health,) = healths(visit.connection, visit.viewer, [[source_key(found.id)]])
        context |= {
            "line": sources.mailbox_line(found, health),
            "asked": sources.asked_at(visit, mailbox_id=found.id),
            "said": mailbox_words.said(found.health.error_code, found.health.error_said),
            "skipped": mailbox_words.skipped(found),
        }
    return Show("source_mailbox.html", context)


def _told(stage: Mapping[str, Any]) -> dict[str, Any]:
    """A stage of a test for a person: its name, how it ended, what it found or what mends it, what the server said."""
    told = ""
    if stage["ok"]:
        told = words.of(mailbox_words.FINDINGS, stage["code"]) % stage["facts"]
    elif stage["ok"] is False:
        told = source_states.fault(stage["code"], stage["stage"])
    name = words.of(source_states.STAGES, stage["stage"])
    return {
        "name": name,
        "ok": stage["ok"],
        "told": told,
        "said": mailbox_words.said(stage["code"], stage["said"]),
    }


def _values(visit: Visit) -> dict[str, Any]:
    """What stands in the form, as the API takes it."""
    found: dict[str, Any] = {name: visit.given(name) for name in TEXTS}
    found |= {name: visit.given(name) or None for name in MAY_BE_EMPTY}
    for name, (least, most) in NUMBERS.items():
        number = visit.given(name)
        if number and not (number.isascii() and number.isdecimal() and least <= int(number[:9]) <= most):
            raise Invalid(name, f"must be a number from {least} to {most}")
        found[name] = int(number) if number else None
    password = visit.request.form.get("password", "")  # a blank may be part of it
    return found | ({"password": password} if password else {})


def _since(visit: Visit) -> dict[str, Any]:
    chosen = visit.given("since")
    if chosen == SINCE_KEPT:
        return {}
    return {"since": int(chosen) if chosen.isascii() and chosen.isdecimal() else None}


def _typed(visit: Visit) -> dict[str, Any]:
    return {name: visit.given(name) for name in (*TEXTS, *MAY_BE_EMPTY, *NUMBERS, "since")}


def _reading(visit: Visit, work: Callable[[], Made]) -> Made:
    with visit.services.database.read() as connection:
        visit.call.connection_or_none = connection
        return work()


def _writing(visit: Visit, work: Callable[[], Made]) -> Made:
    with visit.services.database.write() as connection:
        visit.call.connection_or_none = connection
        return work()


@contextmanager
def _places() -> Iterator[None]:
    """Names what is wrong as a mailbox's: a password and a name mean other things elsewhere."""
    try:
        yield
    except Invalid as wrong:
        raise Invalid(f"mailbox.{wrong.place}", wrong.reason) from wrong
    except Conflict as taken:
        raise Conflict(str(taken), taken.place or "mailbox") from taken
