"""What mails could belong to: copies, conversations, and leads by number or contact address.

`Known` is that knowledge for one account in one transaction. It is read from the database for many mails at once
(`read`; whatever was not asked for beforehand is read when it is needed), and kept up to date in memory while they are
decided one after the other (`decided`): the second mail of a batch finds the lead that the first one made.

Trashed leads are never candidates; a merged lead stands for the one it was merged into. Access plays no
part here: a hidden lead still prevents a duplicate (product §3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.sql.elements import BindParameter

from store.lead_rows import LeadState
from store.lead_shelf import LeadShelf
from store.leads import OPEN_STATUSES
from store.tables.leads import history_entries, lead_contacts, leads
from store.tables.mail import messages
from store.types import storable

LONGEST_MERGE_CHAIN = 20

# Built once: every mail is matched this way, and building a statement costs more than running it.
_ACCOUNT: BindParameter[str] = bindparam("account")
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_CONVERSATIONS = select(
    messages.c.id,
    messages.c.rfc_message_id,
    messages.c.state,
    messages.c.participants,
    messages.c.reason,
    messages.c.reason_data,
).where(messages.c.account_id == _ACCOUNT, messages.c.rfc_message_id.in_(_WANTED))
_ENTRIES = (
    select(history_entries.c.lead_id, history_entries.c.message_id, history_entries.c.kind)
    .distinct()
    .where(history_entries.c.account_id == _ACCOUNT, history_entries.c.message_id.in_(_WANTED))
)
_LEADS_OF = select(lead_contacts.c.lead_id).where(
    lead_contacts.c.account_id == _ACCOUNT, lead_contacts.c.contact_id.in_(_WANTED)
)
_NUMBERED = select(leads.c.number, leads.c.id).where(
    leads.c.account_id == _ACCOUNT, leads.c.number.in_(_WANTED)
)
_COPIES = select(messages.c.content_key, messages.c.id, messages.c.outcome).where(
    messages.c.account_id == _ACCOUNT, messages.c.content_key.in_(_WANTED)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lead that a message could belong to; `addresses`: normal forms of its contacts' addresses; `unconfirmed`: who
    began it is not proven."""

    id: str
    number: int
    title: str
    is_open: bool
    owner_id: str | None
    addresses: frozenset[str]
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation a message answers: the leads it is on, and everybody who took part in it."""

    leads: tuple[Candidate, ...]
    participants: frozenset[str]  # normal addresses in From, To and Cc of its mails on leads
    waiting: bool  # a message it answers is still to be understood
    unwanted: bool = False  # a person decided to ignore it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What some mails will ask for: read together before they are decided."""

    rfc_ids: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()
    content_keys: frozenset[bytes] = frozenset()

    def __or__(self, other: "Wanted") -> "Wanted":
        return Wanted(
            self.rfc_ids | other.rfc_ids,
            self.addresses | other.addresses,
            self.numbers | other.numbers,
            self.content_keys | other.content_keys,
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a mail, as far as later ones of the same transaction must know it."""

    message_id: str
    outcome: str
    rfc_message_id: str | None = None
    participants: Sequence[str] = ()
    content_key: bytes | None = None
    entries: Sequence[tuple[str, str]] = ()  # (lead id, kind)
    unwanted: bool = False  # with its conversation


@dataclass(slots=True)
class _Mail:
    done: bool
    participants: Sequence[str]
    entries: set[tuple[str, str]] = field(default_factory=set)  # (lead id, kind)
    unwanted: bool = False


_UNWANTED = ("ignored_by_person", "never_log", "spam")


def is_unwanted(reason: str | None, data: Mapping[str, Any]) -> bool:
    """Whether a person wanted nothing of a message's conversation, or it was ignored for that: ignored, never to be
    logged or spam, each decided for the conversation too."""
    return reason == "ignored_thread" or (reason in _UNWANTED and bool(data.get("for_thread")))


class Known:
    """What mails of one account could belong to; see the module's docstring."""

    def __init__(self, connection: Connection, shelf: LeadShelf) -> None:
        self._connection = connection
        self._shelf = shelf
        self._mails: dict[str, dict[str, _Mail]] = {}  # by RFC Message-ID, then by our id
        self._under: dict[str, str] = {}  # our id -> RFC Message-ID
        self._numbers: dict[int, str | None] = {}
        self._copies: dict[bytes, tuple[str, str | None] | None] = {}  # (message id, outcome)
        self._met: set[str] = set()  # addresses whose leads are on the shelf

    def read(self, wanted: Wanted) -> None:
        """Reads what isn't known yet of `wanted`, and every lead it leads to."""
        lead_ids = [
            *self._read_conversations(wanted.rfc_ids),
            *self._read_contacts(wanted.addresses),
            *self._read_numbers(wanted.numbers),
        ]
        self._read_copies(wanted.content_keys)
        self._shelf.read(sorted(lead_ids))

    def decided(self, mail: Decided) -> None:
        """Takes note of what became of a mail."""
        before = self._under.pop(mail.message_id, None)
        if before is not None:
            del self._mails[before][mail.message_id]
        if mail.rfc_message_id:
            noted = _Mail(True, mail.participants, set(mail.entries), mail.unwanted)
            self._file(storable(mail.rfc_message_id), mail.message_id, noted)
        if mail.content_key:
            self._copies[mail.content_key] = mail.message_id, mail.outcome

    def copy_of(self, content_key: bytes, *, except_message: str) -> tuple[str, str | None] | None:
        """(id, outcome) of another message of the same content."""
        self._read_copies([content_key])
        found = self._copies[content_key]
        return None if found is None or found[0] == except_message else found

    def by_number(self, number: int) -> Candidate | None:
        """The lead of that number, or the one it was merged into; None if trashed or missing."""
        self.read(Wanted(numbers=frozenset({number})))
        lead_id = self._numbers[number]
        found = self._candidates([lead_id] if lead_id else [])
        return found[0] if found else None

    def by_ids(self, lead_ids: Iterable[str]) -> tuple[Candidate, ...]:
        """These leads, or those they were merged into; the trashed ones left away."""
        wanted = list(lead_ids)
        self._shelf.read(sorted(wanted))
        return self._candidates(wanted)

    def by_thread(self, references: Iterable[str], *, except_message: str) -> Thread:
        """The conversation of the messages whose Message-IDs are among `references`."""
        wanted = [storable(reference) for reference in dict.fromkeys(references)]
        self.read(Wanted(rfc_ids=frozenset(wanted)))
        mails = [
            mail
            for rfc_id in wanted
            for message_id, mail in self._mails.get(rfc_id, {}).items()
            if message_id != except_message
        ]
        on = {lead_id for mail in mails for lead_id, _ in mail.entries}
        # What is no conversation on a lead (held, or only noted) vouches for nobody, its own sender least of all.
        filed = [mail for mail in mails if any(kind == "email" for _, kind in mail.entries)]
        participants = frozenset(address for mail in filed for address in mail.participants)
        waiting, unwanted = any(not mail.done for mail in mails), any(mail.unwanted for mail in mails)
        return Thread(self._candidates(on), participants, waiting, unwanted)

    def by_contact(self, addresses: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """The leads, open and closed, of the contact behind each address (normal forms)."""
        wanted = list(dict.fromkeys(addresses))
        self.read(Wanted(addresses=frozenset(wanted)))
        return {
            address: found
            for address, contact_id in self._shelf.cards.find(wanted).items()
            if (found := self._candidates(lead.id for lead in self._shelf.of_contact(contact_id)))
        }

    def _candidates(self, lead_ids: Iterable[str]) -> tuple[Candidate, ...]:
        """The candidates that these leads stand for, by number."""
        standing = (self._stands_for(lead_id) for lead_id in lead_ids)
        found = {lead.id: lead for lead in standing if lead is not None and lead.row["trashed_at"] is None}
        return tuple(
            Candidate(
                lead.id,
                lead.row["number"],
                lead.row["title"],
                lead.row["status"] in OPEN_STATUSES,
                lead.row["owner_id"],
                self._shelf.addresses(lead),
                bool(lead.row["sender_unconfirmed"]),
            )
            for lead in sorted(found.values(), key=lambda lead: lead.row["number"])
        )

    def _stands_for(self, lead_id: str) -> LeadState | None:
        """The lead itself, or the one it was merged into in the end."""
        lead = self._shelf.standing(lead_id)
        for _ in range(LONGEST_MERGE_CHAIN):
            if lead is None or lead.row["merged_into"] is None:
                return lead
            lead = self._shelf.standing(lead.row["merged_into"])
        return None

    def _file(self, rfc_id: str, message_id: str, mail: _Mail) -> None:
        self._mails.setdefault(rfc_id, {})[message_id] = mail
        self._under[message_id] = rfc_id

    def _read_conversations(self, rfc_ids: Iterable[str]) -> set[str]:
        """The leads that mails with these Message-IDs are on."""
        wanted = [rfc_id for rfc_id in map(storable, rfc_ids) if rfc_id not in self._mails]
        if not wanted:
            return set()
        self._mails |= {rfc_id: {} for rfc_id in wanted}
        found: dict[str, _Mail] = {}
        for row in self._connection.execute(_CONVERSATIONS, self._account | {"wanted": wanted}):
            unwanted = is_unwanted(row.reason, row.reason_data or {})
            found[row.id] = _Mail(row.state == "done", row.participants or (), unwanted=unwanted)
            self._file(row.rfc_message_id, row.id, found[row.id])
        if not found:
            return set()
        entries = self._connection.execute(_ENTRIES, self._account | {"wanted": list(found)}).all()
        for entry in entries:
            found[entry.message_id].entries.add((entry.lead_id, entry.kind))
        return {entry.lead_id for entry in entries}

    def _read_contacts(self, addresses: Iterable[str]) -> set[str]:
        """The leads that the contacts behind these addresses are on."""
        wanted = [address for address in addresses if address not in self._met]
        self._met.update(wanted)
        contact_ids = list(self._shelf.cards.find(wanted).values())
        if not contact_ids:
            return set()
        return set(self._connection.execute(_LEADS_OF, self._account | {"wanted": contact_ids}).scalars())

    def _read_numbers(self, numbers: Iterable[int]) -> set[str]:
        wanted = [number for number in numbers if number not in self._numbers]
        if not wanted:
            return set()
        self._numbers |= dict.fromkeys(wanted)
        rows = self._connection.execute(_NUMBERED, self._account | {"wanted": wanted}).all()
        self._numbers |= {row.number: row.id for row in rows}
        return {row.id for row in rows}

    def _read_copies(self, content_keys: Iterable[bytes]) -> None:
        wanted = [key for key in content_keys if key not in self._copies]
        if wanted:
            self._copies |= dict.fromkeys(wanted)
            rows = self._connection.execute(_COPIES, self._account | {"wanted": wanted})
            self._copies |= {bytes(row.content_key): (row.id, row.outcome) for row in rows}

    @property
    def _account(self) -> dict[str, object]:
        return {"account": self._shelf.scope.account_id}
