"""People outside and their addresses. A contact is found by address, made when nobody has it.

`ContactCards` are the contacts that one transaction has to do with: read many at once, made in memory, written
together by `write`. Whoever makes one holds the locks of its addresses (`store.locks.contact_key`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.sql.elements import BindParameter

from store.addresses import normal
from store.ids import new_id
from store.pending_rows import PendingRows
from store.scope import AccountScope
from store.session import now
from store.tables.leads import contact_addresses, contacts

# Statements of the way every mail takes are built once: building one costs more than running it.
_ACCOUNT: BindParameter[str] = bindparam("account")
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_FIND = select(contact_addresses.c.address, contact_addresses.c.contact_id).where(
    contact_addresses.c.account_id == _ACCOUNT, contact_addresses.c.address.in_(_WANTED)
)
_CARDS = (
    select(
        contacts.c.id,
        contacts.c.name,
        contacts.c.organisation,
        contacts.c.phones,
        contact_addresses.c.address,
        contact_addresses.c.written,
    )
    .outerjoin_from(
        contacts,
        contact_addresses,
        (contact_addresses.c.account_id == contacts.c.account_id)
        & (contact_addresses.c.contact_id == contacts.c.id),
    )
    .where(contacts.c.account_id == _ACCOUNT, contacts.c.id.in_(_WANTED))
    .order_by(contacts.c.id, contact_addresses.c.id)
)
_INSERT_CONTACT = insert(contacts)
_INSERT_ADDRESS = insert(contact_addresses)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside as a mail, form or user names them; `address` as written, `name` may be empty. Only who is
    entered by hand may have no address: "", and is then somebody new each time.

    `further`: other addresses, which become this contact's unless somebody has them.
    """

    address: str
    name: str = ""
    organisation: str | None = None
    phones: tuple[str, ...] = ()
    further: tuple[str, ...] = ()

    @property
    def normal(self) -> str:
        return normal(self.address)


@dataclass(frozen=True, slots=True)
class Card:
    """A contact with its addresses: normal form and as first written, the oldest first."""

    id: str
    name: str
    organisation: str | None
    phones: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As product §9 shows the contact of a lead."""
        return {
            "id": self.id,
            "name": self.name,
            "emails": [written for _, written in self.addresses],
            "phones": list(self.phones),
            "organisation": self.organisation,
        }


class ContactCards:
    """The contacts of one account that one transaction has to do with."""

    def __init__(self, connection: Connection, scope: AccountScope) -> None:
        self._connection = connection
        self._scope = scope
        self._cards: dict[str, Card] = {}
        self._id_of: dict[str, str | None] = {}  # by normal address; None: nobody has it
        self._pending = PendingRows()

    def find(self, addresses: Iterable[str]) -> dict[str, str]:
        """The contact id behind each of `addresses` (normal forms) that is known."""
        wanted = list(dict.fromkeys(addresses))
        unknown = [address for address in wanted if address not in self._id_of]
        if unknown:
            self._id_of |= dict.fromkeys(unknown)
            rows = self._connection.execute(_FIND, {"account": self._scope.account_id, "wanted": unknown})
            self._id_of |= {row.address: row.contact_id for row in rows}
        return {address: found for address in wanted if (found := self._id_of[address]) is not None}

    def read(self, contact_ids: Iterable[str]) -> None:
        """Reads the cards of these contacts, as far as they aren't here."""
        wanted = [contact_id for contact_id in dict.fromkeys(contact_ids) if contact_id not in self._cards]
        if not wanted:
            return
        rows = self._connection.execute(_CARDS, {"account": self._scope.account_id, "wanted": wanted})
        for row in rows:
            card = self._cards.get(row.id) or Card(row.id, row.name, row.organisation, tuple(row.phones))
            if row.address is not None:
                card = replace(card, addresses=(*card.addresses, (row.address, row.written)))
            self._cards[row.id] = card

    def card(self, contact_id: str) -> Card:
        """The card of a contact."""
        self.read([contact_id])
        return self._cards[contact_id]

    def find_or_make(self, person: Person) -> str:
        """The id of the person's contact, made if nobody has that address; the caller holds its lock."""
        if not person.address:
            return self._make(person)
        found = self.find([person.normal]).get(person.normal)
        if found is None:
            found = self._make(person)
        further = {normal(address): address for address in person.further}
        known = self.find(further)
        for address, written in further.items():
            if address not in known:
                self._add_address(found, address, written)
        return found

    def _make(self, person: Person) -> str:
        card = Card(new_id(), person.name, person.organisation, person.phones)
        self._cards[card.id] = card
        row = {
            "account_id": self._scope.account_id,
            "id": card.id,
            "name": card.name,
            "organisation": card.organisation,
            "phones": list(card.phones),
            "created_at": now(self._connection),
        }
        self._pending.add(_INSERT_CONTACT, [row])
        if person.address:
            self._add_address(card.id, person.normal, person.address)
        return card.id

    def _add_address(self, contact_id: str, address: str, written: str) -> None:
        card = self.card(contact_id)
        self._cards[contact_id] = replace(card, addresses=(*card.addresses, (address, written)))
        self._id_of[address] = contact_id
        row = {
            "account_id": self._scope.account_id,
            "id": new_id(),
            "contact_id": contact_id,
            "address": address,
            "written": written,
        }
        self._pending.add(_INSERT_ADDRESS, [row])

    def write(self) -> None:
        """Writes the contacts and addresses that were made."""
        self._pending.write(self._connection)


def find(connection: Connection, scope: AccountScope, addresses: Iterable[str]) -> dict[str, str]:
    """The contact id behind each of `addresses` (normal forms) that is known."""
    return ContactCards(connection, scope).find(addresses)
