"""What a batch of claimed messages needs to know, read in one transaction before anything is decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.sql.elements import BindParameter

from ingest.letter import Arrival, Letter
from ingest.trust.judgement import Judgement
from store import raw
from store.directory import read_directory
from store.leases import Claim
from store.scope import AccountScope
from store.session import NotFound
from store.tables.mail import arrivals, messages

# Statements of the way every mail takes are built once: building one costs more than running it.
_ACCOUNT: BindParameter[str] = bindparam("account")
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_MESSAGES = select(
    messages.c.id,
    messages.c.received_at,
    messages.c.trust,
    messages.c.trust_detail,
    messages.c.acting_user_id,
    messages.c.outcome,
    messages.c.reason,
    messages.c.error,
    messages.c.trail,
).where(messages.c.account_id == _ACCOUNT, messages.c.id.in_(_WANTED))
_ARRIVALS = (
    select(arrivals)
    .where(arrivals.c.account_id == _ACCOUNT, arrivals.c.message_id.in_(_WANTED))
    .order_by(arrivals.c.id)
)


def gather(connection: Connection, claim: Claim) -> list[Letter]:
    """The claimed messages with bytes, arrivals and their account's directory, oldest first."""
    by_account: dict[str, list[str]] = defaultdict(list)
    for account_id, message_id in claim.keys:
        by_account[account_id].append(message_id)
    letters = [
        letter
        for account_id, message_ids in by_account.items()
        for letter in _gather(connection, AccountScope(account_id), message_ids, claim)
    ]
    return sorted(letters, key=lambda letter: (letter.received_at, letter.id))


def gather_one(connection: Connection, scope: AccountScope, message_id: str) -> Letter:
    """One message of the account, claimed by nobody. NotFound if there is none."""
    found = _gather(connection, scope, [message_id], Claim(0, {(scope.account_id, message_id): 0}))
    if not found:
        raise NotFound("message")
    return found[0]


def _gather(
    connection: Connection, scope: AccountScope, message_ids: list[str], claim: Claim
) -> list[Letter]:
    directory = read_directory(connection, scope)
    bodies = raw.read_many(connection, scope, message_ids)
    received = _arrivals(connection, scope, message_ids)
    rows = connection.execute(_MESSAGES, {"account": scope.account_id, "wanted": message_ids})
    return [
        Letter(
            key=(scope.account_id, row.id),
            received_at=row.received_at,
            arrivals=tuple(received[row.id]),
            attempts=claim.attempts[scope.account_id, row.id],
            trust=row.trust,
            acting_user_id=row.acting_user_id,
            decided_before=row.outcome is not None,
            error=row.error,
            raw=bodies.get(row.id),
            directory=directory,
            not_spam_by=_not_spam_by(row.trail or ()),
            judgement=Judgement.stored(row.trust, row.trust_detail) if row.trust else None,
            held_for=row.reason if row.outcome == "held" else None,
        )
        for row in rows
    ]


def _not_spam_by(trail: Iterable[Mapping[str, Any]]) -> str | None:
    """Who said so, as an earlier decision's trail tells it: that holds however often the message is read again."""
    said = (each["detail"] for each in trail if (each["step"], each["result"]) == ("person", "not_spam"))
    return next(said, None)


def _arrivals(
    connection: Connection, scope: AccountScope, message_ids: list[str]
) -> dict[str, list[Arrival]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(_ARRIVALS, {"account": scope.account_id, "wanted": message_ids}):
        found[row.message_id].append(
            Arrival(
                row.door,
                row.kind,
                row.address_id,
                row.recipient,
                row.tag,
                row.mail_from,
                row.auth_user,
                row.client_ip,
                row.helo,
                row.trusted_hop,
                row.source_key,
                row.id,
                row.received_at,
                bool(row.junk),
                row.trust,
            )
        )
    return found
