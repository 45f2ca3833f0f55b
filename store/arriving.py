"""Writing what a door accepted: the one transaction after which 250 may be said.

`raw_key` is unique per account: a byte-equal resend only adds an arrival. The counter of each source is
raised in the same transaction; `store.books` compares it with what is there later. A message that is held, or was
ignored for lack of trust, is opened again when a later arrival may decide otherwise, to be decided over all arrivals:
a more specific kind of address, another user's or lead's own address, a user who signed in, or another way on which
the sender may be proven (product §3). So is one that came by folders for spam alone, when it comes elsewhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from store import raw
from store.ids import new_id
from store.session import now
from store.tables.mail import arrivals, messages, source_counters

KINDS_BY_RANK = ("bounce", "lead", "personal", "partner", "form", "bcc", "leads", "postmaster")
"""Kinds of inbound addresses, the most specific first: which one decides when several received a message."""

NAMING = ("lead", "personal")
"""Kinds of which each address names one lead, or one user."""

HELD_FOR_TRUST = ("sender_failed", "sender_unverified", "address_rotated")
IGNORED_FOR_TRUST = ("internal", "ignored_thread")
"""Reasons for which a message is held, or was ignored, that would not hold if its sender were proven."""

# Statements of the way every mail takes are built once: building one costs more than running it.
_BY_RAW_KEY = select(messages.c.account_id, messages.c.raw_key, messages.c.id).where(
    tuple_(messages.c.account_id, messages.c.raw_key).in_(bindparam("keys", expanding=True))
)
_INSERT_MESSAGES = {
    "sqlite": insert(messages),
    "postgresql": postgresql.insert(messages).on_conflict_do_nothing(
        index_elements=["account_id", "raw_key"]
    ),
}
_INSERT_ARRIVALS = insert(arrivals)


def _counting(insertion: Any) -> Any:
    return insertion.on_conflict_do_update(
        index_elements=["account_id", "source_key"],
        set_={"accepted": source_counters.c.accepted + insertion.excluded.accepted},
    )


_COUNT = {
    "sqlite": _counting(sqlite.insert(source_counters)),
    "postgresql": _counting(postgresql.insert(source_counters)),
}


@dataclass(frozen=True, slots=True)
class NewArrival:
    """One receipt by a door for one recipient: facts, not judgements."""

    door: str
    source_key: str
    kind: str
    address_id: str | None
    recipient: str
    tag: str | None
    mail_from: str
    client_ip: str | None
    helo: str | None
    tls: bool
    auth_user: str | None
    trusted_hop: bool
    junk: bool = False


@dataclass(frozen=True, slots=True)
class NewMessage:
    """One raw message for one account, with the arrivals it came by."""

    account_id: str
    raw_key: bytes
    rfc_message_id: str | None
    size: int
    pieces: tuple[bytes, ...]
    received_at: datetime
    arrivals: tuple[NewArrival, ...]


def rank(kind: str) -> int:
    """The place of a kind among the others, 0 for the most specific."""
    return KINDS_BY_RANK.index(kind)


def add(connection: Connection, batch: Sequence[NewMessage]) -> list[str]:
    """Stores the batch; the message id of each, which is an older one for a byte-equal resend."""
    first: dict[tuple[str, bytes], NewMessage] = {}
    for new in batch:
        first.setdefault((new.account_id, new.raw_key), new)
    known = _known(connection, list(first))
    ids = {key: found.id for key, found in known.items()}
    fresh = {key: new_id() for key in sorted(first) if key not in ids}
    _insert_messages(connection, [(fresh[key], first[key]) for key in fresh])
    if fresh and connection.dialect.name != "sqlite":
        # Another listener may have committed the same bytes meanwhile: then its row is the message.
        late = {key: row for key, row in _known(connection, list(fresh)).items() if row.id != fresh[key]}
        known |= late
        fresh = {key: message_id for key, message_id in fresh.items() if key not in late}
        ids |= {key: row.id for key, row in late.items()}
    ids |= fresh
    raw.write(connection, [(key[0], fresh[key], first[key].pieces) for key in fresh])
    _insert_arrivals(connection, [(ids[new.account_id, new.raw_key], new) for new in batch])
    _count(connection, batch)
    extra = Counter(
        {key: -len(first[key].arrivals) for key in fresh}
    )  # the first message's own arrivals are in its row already
    for new in batch:
        extra[new.account_id, new.raw_key] += len(new.arrivals)
    for key in sorted(key for key, number in extra.items() if number > 0):
        again = [new for new in batch if (new.account_id, new.raw_key) == key]
        _add_to(connection, key[0], ids[key], extra[key], again)
    return [ids[new.account_id, new.raw_key] for new in batch]


def _known(connection: Connection, keys: Sequence[tuple[str, bytes]]) -> dict[tuple[str, bytes], Any]:
    rows = connection.execute(_BY_RAW_KEY, {"keys": keys})
    return {(row.account_id, row.raw_key): row for row in rows}


def _insert_messages(connection: Connection, new: Sequence[tuple[str, NewMessage]]) -> None:
    if not new:
        return
    due = now(connection)  # the database's clock: a door whose own is ahead must not delay its mail
    rows = [
        {
            "account_id": message.account_id,
            "id": message_id,
            "raw_key": message.raw_key,
            "rfc_message_id": message.rfc_message_id,
            "size": message.size,
            "received_at": message.received_at,
            "state": "pending",
            "due_at": due,
            "attempts": 0,
            "arrivals": len(message.arrivals),
        }
        for message_id, message in new
    ]
    connection.execute(_INSERT_MESSAGES[connection.dialect.name], rows)


def _insert_arrivals(connection: Connection, received: Sequence[tuple[str, NewMessage]]) -> None:
    rows = [
        {
            "account_id": message.account_id,
            "id": new_id(),
            "message_id": message_id,
            "door": arrival.door,
            "source_key": arrival.source_key,
            "kind": arrival.kind,
            "address_id": arrival.address_id,
            "recipient": arrival.recipient,
            "tag": arrival.tag,
            "mail_from": arrival.mail_from,
            "client_ip": arrival.client_ip,
            "helo": arrival.helo,
            "tls": arrival.tls,
            "auth_user": arrival.auth_user,
            "trusted_hop": arrival.trusted_hop,
            "junk": arrival.junk or None,
            "received_at": message.received_at,
        }
        for message_id, message in received
        for arrival in message.arrivals
    ]
    connection.execute(_INSERT_ARRIVALS, rows)


def _count(connection: Connection, batch: Sequence[NewMessage]) -> None:
    totals = Counter((new.account_id, arrival.source_key) for new in batch for arrival in new.arrivals)
    connection.execute(
        _COUNT[connection.dialect.name],
        [
            {"account_id": account, "source_key": source, "accepted": number, "erased": 0}
            for (account, source), number in sorted(totals.items())
        ],
    )


def _add_to(
    connection: Connection, account_id: str, message_id: str, number: int, again: Sequence[NewMessage]
) -> None:
    """Counts further arrivals of a message; opens it again if one of them may decide otherwise."""
    later = [_says(arrival) for new in again for arrival in new.arrivals]
    there = connection.execute(
        select(arrivals).where(arrivals.c.account_id == account_id, arrivals.c.message_id == message_id)
    )
    earlier = list((Counter(_says(row) for row in there) - Counter(later)).elements())
    values: dict[str, Any] = {"arrivals": messages.c.arrivals + number}
    opened = _opened_by(later, earlier)
    if opened is not None:
        anew = {"state": "pending", "attempts": 0, "due_at": now(connection)}
        values |= {
            name: case((opened, literal(value, messages.c[name].type)), else_=messages.c[name])
            for name, value in anew.items()
        }
    connection.execute(
        update(messages)
        .where(messages.c.account_id == account_id, messages.c.id == message_id)
        .values(**values)
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What of an arrival a decision may hang on."""

    kind: str
    address: str  # but for its sub-address
    user: str | None  # who signed in
    junk: bool  # it lay in a folder for spam
    way: (
        tuple[str, ...] | None
    )  # on which the sender may be proven; None where it says nothing about the sender


def _says(arrival: Any) -> _Said:
    local_part, _, domain = arrival.recipient.lower().rpartition("@")
    address = f"{local_part.partition('+')[0]}@{domain}"
    return _Said(arrival.kind, address, arrival.auth_user, bool(arrival.junk), _way(arrival))


def _way(arrival: Any) -> tuple[str, ...] | None:
    """The client that SPF may be asked about, the hop or the mailbox whose findings may count."""
    if arrival.auth_user:
        return None
    if arrival.trusted_hop:
        return "hop", arrival.client_ip or ""
    if arrival.door == "imap":
        return "imap", arrival.source_key
    if arrival.door == "smtp" and arrival.client_ip:
        return "client", arrival.client_ip, arrival.mail_from, arrival.helo or ""
    return None


def _opened_by(later: Sequence[_Said], earlier: Sequence[_Said]) -> ColumnElement[bool] | None:
    """Which decided message the later arrivals open again; None: none."""
    if not earlier:
        return None
    if all(each.junk for each in earlier) and not all(one.junk for one in later):
        spam = and_(messages.c.outcome == "ignored", messages.c.reason == "spam")
        return and_(messages.c.state == "done", spam)
    ignored = and_(messages.c.outcome == "ignored", messages.c.reason.in_(IGNORED_FOR_TRUST))
    if any(_says_more(one, earlier) for one in later):
        return and_(messages.c.state == "done", or_(messages.c.outcome == "held", ignored))
    known = {each.way for each in earlier}
    if any(one.way is not None and one.way not in known for one in later):
        held = and_(messages.c.outcome == "held", messages.c.reason.in_(HELD_FOR_TRUST))
        unproven = or_(messages.c.trust.is_(None), messages.c.trust != "verified")
        return and_(messages.c.state == "done", unproven, or_(held, ignored))
    return None


def _says_more(one: _Said, earlier: Sequence[_Said]) -> bool:
    """Whether an arrival may decide otherwise: by a more specific kind, by another lead's or user's own address, or
    because a user signed in."""
    return (
        rank(one.kind) < min(rank(each.kind) for each in earlier)
        or (one.kind in NAMING and one.address not in {each.address for each in earlier})
        or (one.user is not None and one.user not in {each.user for each in earlier})
    )
