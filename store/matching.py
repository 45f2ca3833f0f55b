"""Which leads a message could belong to: candidates by lead number, by conversation, by contact address.

Trashed leads are never candidates; a merged lead stands for the one it was merged into. Access plays no
part here: a hidden lead still prevents a duplicate (product §3).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.sql.elements import BindParameter

from store.leads import OPEN_STATUSES
from store.scope import AccountScope
from store.tables.leads import contact_addresses, history_entries, lead_contacts, leads
from store.tables.mail import messages

LONGEST_MERGE_CHAIN = 20

# Built once: every mail is matched this way, and building a statement costs more than running it.
_ACCOUNT: BindParameter[str] = bindparam("account")
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_THREAD = select(messages.c.id, messages.c.state, messages.c.participants).where(
    messages.c.account_id == _ACCOUNT,
    messages.c.rfc_message_id.in_(_WANTED),
    messages.c.id != bindparam("except_message"),
)
_ENTRIES = (
    select(history_entries.c.lead_id, history_entries.c.message_id, history_entries.c.kind)
    .distinct()
    .where(history_entries.c.account_id == _ACCOUNT, history_entries.c.message_id.in_(_WANTED))
)
_OF_CONTACT = (lead_contacts.c.account_id == contact_addresses.c.account_id) & (
    lead_contacts.c.contact_id == contact_addresses.c.contact_id
)
_LEADS_OF = (
    select(contact_addresses.c.address, lead_contacts.c.lead_id)
    .join_from(contact_addresses, lead_contacts, _OF_CONTACT)
    .where(contact_addresses.c.account_id == _ACCOUNT, contact_addresses.c.address.in_(_WANTED))
)
_LEADS = select(
    leads.c.id,
    leads.c.number,
    leads.c.title,
    leads.c.status,
    leads.c.owner_id,
    leads.c.trashed_at,
    leads.c.merged_into,
).where(leads.c.account_id == _ACCOUNT, leads.c.id.in_(_WANTED))
_ADDRESSES = (
    select(lead_contacts.c.lead_id, contact_addresses.c.address)
    .join_from(lead_contacts, contact_addresses, _OF_CONTACT)
    .where(lead_contacts.c.account_id == _ACCOUNT, lead_contacts.c.lead_id.in_(_WANTED))
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lead that a message could belong to; `addresses`: normal forms of its contacts' addresses."""

    id: str
    number: int
    title: str
    is_open: bool
    owner_id: str | None
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation a message answers: the leads it is on, and everybody who took part in it."""

    leads: tuple[Candidate, ...]
    participants: frozenset[str]  # normal addresses in From, To and Cc of its mails on leads
    waiting: bool  # a message it answers is still to be understood


def by_number(connection: Connection, scope: AccountScope, number: int) -> Candidate | None:
    """The lead of that number, or the one it was merged into; None if trashed or missing."""
    lead_id = connection.execute(
        select(leads.c.id).where(leads.c.account_id == scope.account_id, leads.c.number == number)
    ).scalar()
    found = _candidates(connection, scope, [lead_id] if lead_id else [])
    return next(iter(found.values()), None)


def by_thread(
    connection: Connection, scope: AccountScope, references: Iterable[str], *, except_message: str
) -> Thread:
    """The conversation of the messages whose Message-IDs are among `references`."""
    wanted = list(dict.fromkeys(references))
    if not wanted:
        return Thread((), frozenset(), False)
    known = connection.execute(
        _THREAD, {"account": scope.account_id, "wanted": wanted, "except_message": except_message}
    ).all()
    if not known:
        return Thread((), frozenset(), False)
    message_ids = [row.id for row in known]
    on = connection.execute(_ENTRIES, {"account": scope.account_id, "wanted": message_ids}).all()
    found = _candidates(connection, scope, [row.lead_id for row in on])
    # What is no conversation on a lead (held, or only noted) vouches for nobody, its own sender least of all.
    filed = {row.message_id for row in on if row.kind == "email"}
    participants = frozenset(a for row in known if row.id in filed for a in row.participants or ())
    return Thread(tuple(found.values()), participants, any(row.state != "done" for row in known))


def by_contact(
    connection: Connection, scope: AccountScope, addresses: Iterable[str]
) -> dict[str, tuple[Candidate, ...]]:
    """The leads, open and closed, of the contact behind each address (normal forms)."""
    wanted = list(dict.fromkeys(addresses))
    rows = connection.execute(_LEADS_OF, {"account": scope.account_id, "wanted": wanted}).all()
    found = _candidates(connection, scope, [row.lead_id for row in rows])
    result: dict[str, dict[str, Candidate]] = defaultdict(dict)
    for row in rows:
        if row.lead_id in found:
            candidate = found[row.lead_id]
            result[row.address][candidate.id] = candidate
    return {address: tuple(sorted(c.values(), key=lambda x: x.number)) for address, c in result.items()}


def _candidates(connection: Connection, scope: AccountScope, lead_ids: Iterable[str]) -> dict[str, Candidate]:
    """The candidate that each of `lead_ids` stands for, by the id asked for."""
    rows = _rows(connection, scope, lead_ids)
    stands_for = dict(rows.items())
    for _ in range(LONGEST_MERGE_CHAIN):
        merged = {i: row.merged_into for i, row in stands_for.items() if row.merged_into is not None}
        if not merged:
            break
        further = _rows(connection, scope, merged.values())
        stands_for |= {i: further[target] for i, target in merged.items() if target in further}
    alive = {i: row for i, row in stands_for.items() if row.trashed_at is None and row.merged_into is None}
    addresses = _addresses(connection, scope, [row.id for row in alive.values()])
    return {
        lead_id: Candidate(
            row.id,
            row.number,
            row.title,
            row.status in OPEN_STATUSES,
            row.owner_id,
            addresses.get(row.id, frozenset()),
        )
        for lead_id, row in alive.items()
    }


def _rows(connection: Connection, scope: AccountScope, lead_ids: Iterable[str]) -> dict[str, Any]:
    wanted = list(dict.fromkeys(lead_ids))
    if not wanted:
        return {}
    found = connection.execute(_LEADS, {"account": scope.account_id, "wanted": wanted})
    return {row.id: row for row in found}


def _addresses(
    connection: Connection, scope: AccountScope, lead_ids: list[str]
) -> Mapping[str, frozenset[str]]:
    if not lead_ids:
        return {}
    rows = connection.execute(_ADDRESSES, {"account": scope.account_id, "wanted": lead_ids})
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.lead_id].add(row.address)
    return {lead_id: frozenset(addresses) for lead_id, addresses in found.items()}
