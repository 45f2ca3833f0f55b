"""Outgoing mail for admins: the server it goes through, trying it, and what was sent."""

from typing import Any

from store import outgoing_log, smarthosts
from store.accounts import get_account
from store.doorbell import Work
from store.paging import COUNT_LIMIT, Page
from store.session import Invalid
from store.smarthosts import Smarthost
from web.api.bodies import SmarthostChange
from web.api.queries import ListQuery, after_id, paged
from web.api.route import Answer, Call

SETTINGS = (*smarthosts.PLAIN, "password")


def get_settings(call: Call) -> Answer:
    """The server in force, without its password."""
    return Answer(settings_json(call))


def change_settings(call: Call, body: SmarthostChange) -> Answer:
    """Sets the account's own server; `host` null goes back to the deployment's."""
    changes = body.given(*SETTINGS)
    if changes.get("host", "kept"):
        target = smarthosts.target(call.connection, call.scope, call.services.seals, changes)
        require_reachable(call, target)
    smarthosts.change(call.connection, call.scope, call.services.seals, changes)
    call.rings.add(Work.MAILS)
    return Answer(settings_json(call))


def test_settings(call: Call, body: SmarthostChange) -> Answer:
    """Tries a connection, with changes that are not saved: what is in force, where nothing is given. Sends nothing."""
    stages = try_stages(call, body.given(*SETTINGS))
    return Answer({"ok": all(stage["ok"] for stage in stages), "stages": stages})


def try_stages(call: Call, changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The stages of a connection, outside any transaction. Invalid where no server is named, and as `target`."""
    services, target = call.services, None
    with services.database.read() as connection:
        domain = get_account(connection, call.scope).domain
        own = smarthosts.find(connection, call.scope)["own"]
        named = changes.get("host") if "host" in changes else own
        if named:
            target = smarthosts.target(connection, call.scope, services.seals, changes)
    if target is None and not services.post.has_smarthost:
        raise Invalid("host", "must be given")
    if target is not None:
        require_reachable(call, target)
    return services.test_smarthost(call.scope.account_id, domain, target)


def list_mails(call: Call, query: ListQuery) -> Answer:
    """What was sent, newest first, with every attempt."""
    total = outgoing_log.count_mails(call.connection, call.scope, most=COUNT_LIMIT + 1)
    found = outgoing_log.mails_json(
        call.connection, call.scope, limit=query.limit + 1, before=after_id(query.cursor)
    )
    shown = found[: query.limit]
    last = (shown[-1]["id"],) if len(found) > query.limit else None
    return paged(call, query, Page(shown, last, min(total, COUNT_LIMIT), total <= COUNT_LIMIT))


def get_mail(call: Call, mail_id: str) -> Answer:
    """One mail, with its attempts."""
    return Answer(outgoing_log.mail_json(call.connection, call.scope, mail_id))


def send_again(call: Call, mail_id: str) -> Answer:
    """Sends a mail again, under the same Message-ID."""
    found = outgoing_log.send_again(call.connection, call.scope, mail_id)
    call.rings.add(Work.MAILS)
    return Answer(found, 202)


def settings_json(call: Call) -> dict[str, Any]:
    """What is in force: the account's own server, the deployment's, or none."""
    found = smarthosts.find(call.connection, call.scope)
    shared = "deployment" if call.services.post.has_smarthost else None
    return {"in_force": "account" if found.pop("own") else shared, **found}


def require_reachable(call: Call, target: Smarthost) -> None:
    """Invalid where the server stands where nothing may be reached, as far as can be told without its name."""
    problem = call.services.smarthost_problem(target)
    if problem is not None:
        raise Invalid("host", problem)
