"""IMAP mailboxes: kept, tested, and how they fare. For admins."""

from typing import Any

from store import mailboxes
from store.mailbox_values import Target, checked, checked_credentials, read_since
from store.session import Invalid, now
from web.api.bodies import MailboxChange, NewMailbox
from web.api.route import Answer, Call

SETTINGS = (
    "name",
    "host",
    "port",
    "tls",
    "username",
    "password",
    "folder",
    "kind",
    "fallback",
    "recipient_headers",
    "address",
    "after",
    "move_to",
    "authserv_id",
    "authserv_hops",
)


def list_mailboxes(call: Call) -> Answer:
    """The account's mailboxes, oldest first."""
    found = [mailbox.to_json() for mailbox in mailboxes.list_mailboxes(call.connection, call.scope)]
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get_mailbox(call: Call, mailbox_id: str) -> Answer:
    """One mailbox, and how it fares."""
    return Answer(mailboxes.get_mailbox(call.connection, call.scope, mailbox_id).to_json())


def create_mailbox(call: Call, body: NewMailbox) -> Answer:
    """A new mailbox; it is read within seconds."""
    values = _values(body)
    _require_reachable(call, Target(checked(values), checked_credentials(values)))
    made = mailboxes.create_mailbox(
        call.connection,
        call.scope,
        call.services.seals,
        values,
        since=read_since(body.since, now(call.connection)),
        enabled=body.enabled,
    )
    return Answer(made.to_json(), 201)


def change_mailbox(call: Call, mailbox_id: str, body: MailboxChange) -> Answer:
    """Changes a mailbox; it is read anew at once."""
    changes = _values(body)
    _require_reachable(
        call, mailboxes.target(call.connection, call.scope, call.services.seals, mailbox_id, changes)
    )
    if "since" in body.model_fields_set:
        changes["since"] = read_since(body.since, now(call.connection))
    if body.enabled is not None:
        changes["enabled"] = body.enabled
    changed = mailboxes.update_mailbox(call.connection, call.scope, call.services.seals, mailbox_id, changes)
    return Answer(changed.to_json())


def delete_mailbox(call: Call, mailbox_id: str) -> Answer:
    """Deletes a mailbox: it is not read any more; its messages stay."""
    mailboxes.delete_mailbox(call.connection, call.scope, mailbox_id)
    return Answer(status=204)


def test_new_mailbox(call: Call, body: NewMailbox) -> Answer:
    """Tries a connection with values that are not saved."""
    values = _values(body)
    return _tested(call, Target(checked(values), checked_credentials(values)))


def test_mailbox(call: Call, mailbox_id: str, body: MailboxChange) -> Answer:
    """Tries a connection of a saved mailbox, with changes that are not saved."""
    with call.services.database.read() as connection:
        target = mailboxes.target(connection, call.scope, call.services.seals, mailbox_id, _values(body))
    return _tested(call, target)


def _tested(call: Call, target: Target) -> Answer:
    _require_reachable(call, target)
    stages = call.services.test_mailbox(target)
    return Answer({"ok": all(stage["ok"] for stage in stages), "stages": stages})


def _values(body: NewMailbox | MailboxChange) -> dict[str, Any]:
    values = body.given(*SETTINGS)
    if body.oauth is not None:
        values["oauth"] = body.oauth.model_dump()
    return values


def _require_reachable(call: Call, target: Target) -> None:
    problem = call.services.mailbox_problem(target)
    if problem is not None:
        raise Invalid(*problem)
