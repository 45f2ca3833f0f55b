"""People outside and their addresses. A contact is found by address, made when nobody has it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select

from store.addresses import normal
from store.ids import new_id
from store.scope import AccountScope
from store.session import now
from store.tables.leads import contact_addresses, contacts

# Statements of the way every mail takes are built once: building one costs more than running it.
_FIND = select(contact_addresses.c.address, contact_addresses.c.contact_id).where(
    contact_addresses.c.account_id == bindparam("account"),
    contact_addresses.c.address.in_(bindparam("addresses", expanding=True)),
)
_INSERT_CONTACT = insert(contacts)
_INSERT_ADDRESS = insert(contact_addresses)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside as a mail or form names them; `address` as written, `name` may be empty."""

    address: str
    name: str = ""
    organisation: str | None = None
    phones: tuple[str, ...] = ()

    @property
    def normal(self) -> str:
        return normal(self.address)


def find(connection: Connection, scope: AccountScope, addresses: Iterable[str]) -> dict[str, str]:
    """The contact id behind each of `addresses` (normal forms) that is known."""
    wanted = list(dict.fromkeys(addresses))
    if not wanted:
        return {}
    rows = connection.execute(_FIND, {"account": scope.account_id, "addresses": wanted})
    return {row.address: row.contact_id for row in rows}


def find_or_create(
    connection: Connection, scope: AccountScope, people: Sequence[Person]
) -> Mapping[str, str]:
    """The contact id of each person by normal address; those unknown are made.

    The caller holds the locks of all these addresses (`store.locks.contact_key`).
    """
    known = find(connection, scope, [person.normal for person in people])
    moment = now(connection)
    for person in people:
        if person.normal in known:
            continue
        contact_id = new_id()
        connection.execute(
            _INSERT_CONTACT,
            {
                "account_id": scope.account_id,
                "id": contact_id,
                "name": person.name,
                "organisation": person.organisation,
                "phones": list(person.phones),
                "created_at": moment,
            },
        )
        connection.execute(
            _INSERT_ADDRESS,
            {
                "account_id": scope.account_id,
                "id": new_id(),
                "contact_id": contact_id,
                "address": person.normal,
                "written": person.address,
            },
        )
        known[person.normal] = contact_id
    return known
