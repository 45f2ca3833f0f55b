"""Writing what became of a message: its receipt, what was read, its hold. Only with the lease's token.

The first statement of the effect transaction is `store.leases.fence`; the receipt is the last. A message
that is decided again (a later arrival, a reprocess) replaces its receipt and closes or keeps its hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Update, bindparam, delete, insert, select, tuple_, update

from store.events import NewEvent, Origin, keep
from store.ids import new_id
from store.lead_shelf import LeadShelf
from store.leases import Key
from store.reasons import WAITS_FOR_DNS
from store.scope import AccountScope
from store.session import across, now
from store.tables.mail import arrivals, holds, message_parsed, messages
from store.tables.people import inbound_addresses

# Statements of the way every mail takes are built once: building one costs more than running it.
_RECEIPT = (
    "state lease_token outcome reason reason_data trail trust trust_detail acting_user_id duplicate_of content_key "
    "direction processed_at error"
).split()
_READ = "rfc_message_id sender_address sender_name subject participants".split()


def _writing(columns: Sequence[str]) -> Update:
    this = (messages.c.account_id == bindparam("account"), messages.c.id == bindparam("message"))
    return (
        update(messages)
        .where(*this)
        .values({name: bindparam(f"new_{name}", type_=messages.c[name].type) for name in columns})
    )


_WRITE, _WRITE_ALL = _writing(_RECEIPT), _writing([*_RECEIPT, *_READ])
_JUDGED = (
    update(arrivals)
    .where(
        arrivals.c.account_id == bindparam("account"),
        arrivals.c.message_id == bindparam("message"),
        arrivals.c.id == bindparam("arrival"),
    )
    .values(trust=bindparam("found"))
)
_WAITING = across(
    update(messages)
    .where(
        tuple_(messages.c.account_id, messages.c.id).in_(bindparam("keys", expanding=True)),
        messages.c.state == "pending",
        messages.c.outcome.is_(None),
    )
    .values(reason_data={WAITS_FOR_DNS: True}),
    "claim",
)
_KEEP_PARSED, _OPEN_HOLD = insert(message_parsed), insert(holds)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message's one outcome with its reason and evidence."""

    outcome: str
    reason: str
    data: Mapping[str, Any] = field(default_factory=dict)
    trail: Sequence[Mapping[str, Any]] = ()
    trust: str | None = None
    trust_detail: Mapping[str, Any] | None = None
    acting_user_id: str | None = None
    duplicate_of: str | None = None
    content_key: bytes | None = None
    direction: str | None = None
    error: str | None = None
    hold_user_id: str | None = None
    candidates: Sequence[str] = ()  # lead ids a hold offers
    held_for: str | None = None  # the reason of the hold that is there already
    found: Mapping[str, str] = field(
        default_factory=dict
    )  # arrival id → trust, where it was found out just now


@dataclass(frozen=True, slots=True)
class Read:
    """What of the message lists and matching need, beside the whole parse."""

    rfc_message_id: str | None
    sender_address: str | None
    sender_name: str | None
    subject: str | None
    participants: Sequence[str]
    parsed: Mapping[str, Any]


def kinds_of(connection: Connection, scope: AccountScope, message_id: str) -> list[str]:
    """The kinds of address that received a message."""
    return list(
        connection.execute(
            select(arrivals.c.kind).where(
                arrivals.c.account_id == scope.account_id, arrivals.c.message_id == message_id
            )
        ).scalars()
    )


def came_as_junk(connection: Connection, scope: AccountScope, message_id: str) -> bool:
    """Whether a message came by folders for spam alone."""
    rows = connection.execute(
        select(arrivals.c.junk).where(
            arrivals.c.account_id == scope.account_id, arrivals.c.message_id == message_id
        )
    ).scalars()
    return all(rows)


def standing_of(connection: Connection, scope: AccountScope, message_id: str) -> Any:
    """reason, trust and acting_user_id of a message: why it is where it is, and what was known of its sender."""
    return connection.execute(
        select(messages.c.reason, messages.c.trust, messages.c.acting_user_id).where(
            messages.c.account_id == scope.account_id, messages.c.id == message_id
        )
    ).one()


def supersede(connection: Connection, scope: AccountScope, message_id: str, by: str) -> None:
    """A copy that is held, or was ignored for lack of trust, gives way to one that decides otherwise."""
    _close_hold(connection, scope, message_id, "superseded")
    connection.execute(
        update(messages)
        .where(messages.c.account_id == scope.account_id, messages.c.id == message_id)
        .values(outcome="ignored", reason="duplicate", reason_data={}, duplicate_of=by, content_key=None)
    )


def reopen(connection: Connection, scope: AccountScope, message_ids: Sequence[str]) -> None:
    """Lets held messages be decided again."""
    if message_ids:
        connection.execute(
            update(messages)
            .where(
                messages.c.account_id == scope.account_id,
                messages.c.id.in_(message_ids),
                messages.c.state == "done",
                messages.c.outcome == "held",
            )
            .values(state="pending", attempts=0, due_at=now(connection))
        )


def write_receipt(
    shelf: LeadShelf,
    message_id: str,
    receipt: Receipt,
    read: Read | None,
    origin: Origin,
    summary: Mapping[str, Any] | None,
    *,
    decided_before: bool,
) -> None:
    """Keeps back, to be written with the shelf: the outcome, the parse, the hold, the event of a hold or failure.

    `decided_before`: the message had an outcome already; the hold and parse that may be there are dealt with at once.
    The same hold once more is no event.
    """
    connection, scope, later = shelf.connection, shelf.scope, shelf.later
    moment = now(connection)
    values: dict[str, Any] = {
        "state": "done",
        "lease_token": None,
        "outcome": receipt.outcome,
        "reason": receipt.reason,
        "reason_data": dict(receipt.data),
        "trail": list(receipt.trail),
        "trust": receipt.trust,
        "trust_detail": receipt.trust_detail,
        "acting_user_id": receipt.acting_user_id,
        "duplicate_of": receipt.duplicate_of,
        "content_key": receipt.content_key,
        "direction": receipt.direction,
        "processed_at": moment,
        "error": receipt.error,
    }
    if read is not None:
        values |= {
            "rfc_message_id": read.rfc_message_id,
            "sender_address": read.sender_address,
            "sender_name": read.sender_name,
            "subject": read.subject,
            "participants": list(read.participants),
        }
        if decided_before:
            _forget_parsed(connection, scope, message_id)
        later.add(_KEEP_PARSED, [_parsed_row(scope, message_id, read.parsed)])
    this = {"account": scope.account_id, "message": message_id}
    told = {f"new_{name}": value for name, value in values.items()}
    later.add(_WRITE if read is None else _WRITE_ALL, [told | this])
    later.add(
        _JUDGED,
        [this | {"arrival": one, "found": trust} for one, trust in receipt.found.items()],
    )
    if receipt.outcome == "held":
        _open_hold(shelf, message_id, receipt, decided_before=decided_before)
    elif decided_before:
        _close_hold(connection, scope, message_id, receipt.outcome)
    again = receipt.outcome == "held" and receipt.reason == receipt.held_for
    if receipt.outcome in ("held", "failed") and not again:
        data = {"lead": None, "message": summary, "changes": {}, "reason": receipt.reason}
        keep(
            later,
            scope,
            origin,
            moment,
            [NewEvent(f"message.{receipt.outcome}", None, message_id, None, data)],
        )


def refresh_read(
    connection: Connection, scope: AccountScope, message_id: str, parsed: Mapping[str, Any]
) -> None:
    """Replaces what was read of a message, its outcome untouched."""
    _forget_parsed(connection, scope, message_id)
    connection.execute(_KEEP_PARSED, _parsed_row(scope, message_id, parsed))


def note_waiting(connection: Connection, keys: Sequence[Key]) -> None:
    """Says of messages that were never decided why they stay pending."""
    connection.execute(_WAITING, {"keys": list(keys)})


def expose(connection: Connection, scope: AccountScope, address_ids: Sequence[str]) -> None:
    """Marks personal addresses that strangers have seen: no proof of identity any more."""
    if address_ids:
        connection.execute(
            update(inbound_addresses)
            .where(
                inbound_addresses.c.account_id == scope.account_id,
                inbound_addresses.c.id.in_(address_ids),
                inbound_addresses.c.exposed_at.is_(None),
            )
            .values(exposed_at=now(connection))
        )


def _forget_parsed(connection: Connection, scope: AccountScope, message_id: str) -> None:
    there = (message_parsed.c.account_id == scope.account_id, message_parsed.c.message_id == message_id)
    connection.execute(delete(message_parsed).where(*there))


def _parsed_row(scope: AccountScope, message_id: str, parsed: Mapping[str, Any]) -> dict[str, Any]:
    return {"account_id": scope.account_id, "message_id": message_id, "parsed": dict(parsed)}


def _open_hold(shelf: LeadShelf, message_id: str, receipt: Receipt, *, decided_before: bool) -> None:
    """One open hold per message: an older one takes the new reason and candidates."""
    connection, scope = shelf.connection, shelf.scope
    values = {
        "reason": receipt.reason,
        "user_id": receipt.hold_user_id,
        "candidates": list(receipt.candidates),
    }
    if decided_before:
        renewed = connection.execute(
            update(holds)
            .where(
                holds.c.account_id == scope.account_id,
                holds.c.message_id == message_id,
                holds.c.resolved_at.is_(None),
            )
            .values(**values)
        )
        if renewed.rowcount:
            return
    row = {
        "account_id": scope.account_id,
        "id": new_id(),
        "message_id": message_id,
        "created_at": now(connection),
        **values,
    }
    shelf.later.add(_OPEN_HOLD, [row])


def _close_hold(connection: Connection, scope: AccountScope, message_id: str, resolution: str) -> None:
    connection.execute(
        update(holds)
        .where(
            holds.c.account_id == scope.account_id,
            holds.c.message_id == message_id,
            holds.c.resolved_at.is_(None),
        )
        .values(resolved_at=now(connection), resolution=resolution)
    )
