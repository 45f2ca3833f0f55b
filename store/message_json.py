"""The JSON form of messages (product §9), cut to what one viewer may see of each.

Of leads the viewer doesn't see nothing remains: no id, no number in the trail, no candidate. Envelope,
arrivals, trail and raw bytes are for admins and whom the message acts for; of private messages everybody
else has time, direction and the word "private" (`store.message_access`). Secrets of addresses are masked
by the viewer's `Masks`, once, over everything.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, and_, func, literal, or_, select

from store.access import visible_leads
from store.accounts import get_account
from store.arriving import rank
from store.leads import iso
from store.masking import masks_for
from store.message_access import Sight, sight, visible_entries
from store.reasons import sentence
from store.scope import Viewer
from store.tables.leads import history_entries, leads
from store.tables.mail import arrivals, holds, message_parsed
from store.tables.mailboxes import mailboxes
from store.tables.people import inbound_addresses, users

Json = dict[str, Any]
PENDING = "pending"
_NOT_MAIL = ("change", "rule")  # lines that tell of changes made by the mail, not the mail itself
_NUMBER = re.compile(r"#(\d{1,9})")
_TELLS_OF_LEADS = ("match", "effect")


@dataclass(slots=True)
class _Around:
    """What belongs to the messages of a page, by message id; ids and numbers of visible leads only."""

    arrivals: Mapping[str, list[Row[Any]]]
    parsed: Mapping[str, Any]
    people: Mapping[str, Json]
    history_ids: Mapping[str, list[str]]
    lead_ids: Mapping[str, list[str]]
    candidates: Mapping[str, list[Json]]
    numbers: set[int] = field(default_factory=set)
    locale: str = "en"


def messages_json(connection: Connection, viewer: Viewer, rows: Sequence[Row[Any]]) -> list[Json]:
    """Rows of `messages` with `restricted`, `own` and `managed` (`store.message_access`), as the viewer sees them."""
    around = _look_around(connection, viewer, rows)
    masks = masks_for(connection, viewer)
    return [masks.json(_json(viewer, row, around)) for row in rows]


def sight_of(viewer: Viewer, row: Row[Any]) -> Sight:
    """How much of a row of `messages_json` the viewer sees."""
    return sight(viewer, restricted=row.restricted, own=bool(row.own), managed=bool(row.managed))


def entries_with_leads() -> Any:
    """Timeline entries joined with their leads, so that conditions on both fit."""
    return history_entries.join(
        leads,
        and_(leads.c.account_id == history_entries.c.account_id, leads.c.id == history_entries.c.lead_id),
    )


def _json(viewer: Viewer, row: Row[Any], around: _Around) -> Json:
    seen = sight_of(viewer, row)
    received = around.arrivals.get(row.id, [])
    first = min(received, key=lambda arrival: rank(arrival.kind), default=None)
    told: Json = {
        "id": row.id,
        "received_at": iso(row.received_at),
        "direction": row.direction,
        "visibility": ("shared", "team", "private")[row.restricted],
    }
    if seen is Sight.SEALED:
        return _sealed(viewer, row) | told
    waits = row.state != "done"  # also when it is to be decided again
    reason = None if waits else row.reason
    told |= {
        "source": None if first is None else {"kind": first.kind, "name": first.name or ""},
        "outcome": PENDING if waits else row.outcome,
        "acting_user": around.people.get(row.acting_user_id),
        "parsed": around.parsed.get(row.id),
        "lead_ids": around.lead_ids.get(row.id, []),
        "history_ids": around.history_ids.get(row.id, []),
        "parts": [],
    }
    decides = seen.may_decide
    full = seen is Sight.FULL
    return told | {
        "trust": row.trust if decides else None,
        "trust_detail": row.trust_detail if full else None,
        "reason": reason if decides else None,
        "sentence": sentence(reason, row.reason_data, around.locale) if decides else None,
        "candidates": around.candidates.get(row.id, []) if decides else [],
        "duplicate_of": row.duplicate_of if full else None,
        "error": row.error if full else None,
        "envelope": _envelope(first) if full and first is not None else None,
        "arrivals": [_arrival(arrival) for arrival in received] if full else [],
        "trail": _trail(row.trail or [], around.numbers) if full else [],
    }


def _sealed(viewer: Viewer, row: Row[Any]) -> Json:
    """What others have of a private message; admins may also know what became of it."""
    outcome = (row.outcome or PENDING) if viewer.is_admin else None
    nothing = dict.fromkeys(
        (
            "source",
            "acting_user",
            "parsed",
            "trust",
            "trust_detail",
            "reason",
            "sentence",
            "duplicate_of",
            "error",
            "envelope",
        )
    )
    empty: Json = {
        name: [] for name in ("arrivals", "trail", "lead_ids", "history_ids", "candidates", "parts")
    }
    return nothing | empty | {"outcome": outcome}


def _envelope(arrival: Row[Any]) -> Json:
    return {
        name: getattr(arrival, name)
        for name in ("mail_from", "recipient", "client_ip", "helo", "tls", "auth_user")
    }


def _arrival(arrival: Row[Any]) -> Json:
    facts = {
        name: getattr(arrival, name)
        for name in ("id", "door", "kind", "tag", "source_key", "trusted_hop", "trust")
    }
    return facts | {"received_at": iso(arrival.received_at)} | _envelope(arrival)


def _trail(trail: Sequence[Mapping[str, Any]], numbers: set[int]) -> list[Json]:
    """The trail without the numbers of leads that the viewer doesn't see."""

    def shown(found: re.Match[str]) -> str:
        return found[0] if int(found[1]) in numbers else "…"

    return [
        {**line, "detail": _NUMBER.sub(shown, str(line.get("detail") or ""))}
        if line.get("step") in _TELLS_OF_LEADS
        else dict(line)
        for line in trail
    ]


def _look_around(connection: Connection, viewer: Viewer, rows: Sequence[Row[Any]]) -> _Around:
    account = viewer.account_id
    ids = [row.id for row in rows]
    read = [row.id for row in rows if sight_of(viewer, row) is not Sight.SEALED]
    received: dict[str, list[Row[Any]]] = defaultdict(list)
    for arrival in connection.execute(
        select(arrivals, func.coalesce(mailboxes.c.name, inbound_addresses.c.name).label("name"))
        .outerjoin_from(
            arrivals,
            inbound_addresses,
            and_(
                inbound_addresses.c.account_id == arrivals.c.account_id,
                inbound_addresses.c.id == arrivals.c.address_id,
            ),
        )
        .outerjoin(
            mailboxes,
            and_(
                mailboxes.c.account_id == arrivals.c.account_id,
                literal("mailbox:").concat(mailboxes.c.id) == arrivals.c.source_key,
            ),
        )
        .where(arrivals.c.account_id == account, arrivals.c.message_id.in_(ids))
        .order_by(arrivals.c.id)
    ):
        received[arrival.message_id].append(arrival)
    parsed = connection.execute(
        select(message_parsed.c.message_id, message_parsed.c.parsed).where(
            message_parsed.c.account_id == account, message_parsed.c.message_id.in_(read)
        )
    )
    acting = {row.acting_user_id for row in rows if row.acting_user_id}
    people = connection.execute(
        select(users.c.id, users.c.name, users.c.email).where(
            users.c.account_id == account, users.c.id.in_(acting)
        )
    )
    around = _Around(
        arrivals=received,
        parsed={row.message_id: row.parsed for row in parsed},
        people={row.id: dict(row._mapping) for row in people},
        history_ids=defaultdict(list),
        lead_ids=defaultdict(list),
        candidates=defaultdict(list),
        locale=viewer.locale or get_account(connection, viewer.scope).locale,
    )
    _find_leads(connection, viewer, rows, around)
    return around


def _find_leads(connection: Connection, viewer: Viewer, rows: Sequence[Row[Any]], around: _Around) -> None:
    """Entries and leads of the messages, candidates of their open holds, numbers in their trails."""
    ids = [row.id for row in rows]
    entries = connection.execute(
        select(history_entries.c.message_id, history_entries.c.id, history_entries.c.lead_id)
        .select_from(entries_with_leads())
        .where(
            history_entries.c.message_id.in_(ids),
            history_entries.c.kind.not_in(_NOT_MAIL),
            visible_entries(viewer),
            visible_leads(viewer),
        )
        .order_by(history_entries.c.id)
    )
    for entry in entries:
        around.history_ids[entry.message_id].append(entry.id)
        if entry.lead_id not in around.lead_ids[entry.message_id]:
            around.lead_ids[entry.message_id].append(entry.lead_id)
    open_holds = connection.execute(
        select(holds.c.message_id, holds.c.candidates).where(
            holds.c.account_id == viewer.account_id,
            holds.c.message_id.in_(ids),
            holds.c.resolved_at.is_(None),
        )
    ).all()
    offered = {lead_id for hold in open_holds for lead_id in hold.candidates}
    numbers = {
        int(number)
        for row in rows
        for line in row.trail or []
        if line.get("step") in _TELLS_OF_LEADS
        for number in _NUMBER.findall(str(line.get("detail") or ""))
    }
    if not offered and not numbers:
        return
    seen = connection.execute(
        select(leads.c.id, leads.c.number, leads.c.title).where(
            visible_leads(viewer), or_(leads.c.id.in_(offered), leads.c.number.in_(numbers))
        )
    ).all()
    around.numbers |= {lead.number for lead in seen}
    told = {lead.id: dict(lead._mapping) for lead in seen}
    for hold in open_holds:
        around.candidates[hold.message_id] += [told[lead] for lead in hold.candidates if lead in told]
