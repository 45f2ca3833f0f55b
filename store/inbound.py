"""The account's inbound addresses: making them, ending them, and putting another in the place of a secret one.

Mail to a replaced address is still accepted for ROTATED_FOR, and held: whoever has the old secret can do no more than
be looked at by a person.
"""

from datetime import timedelta

from sqlalchemy import Connection, insert, or_, select, update

from store.address_details import move_details
from store.addresses import new_secret
from store.folding import ascii_local_part
from store.ids import new_id
from store.scope import AccountScope
from store.session import Conflict, NotFound, now
from store.tables.people import inbound_addresses
from store.tables.sources import address_details

ROTATED_FOR = timedelta(days=90)
"""How long mail to a replaced address is still accepted (product §6.4)."""


def add_personal_address(connection: Connection, scope: AccountScope, user_id: str, name: str) -> str:
    """A personal address for the user, a readable word and a secret; its id."""
    local_part = f"{ascii_local_part(name).split('.')[0]}.{new_secret()}"
    return add_inbound_address(
        connection, scope, kind="personal", local_part=local_part, name=name, user_id=user_id
    )


def rotate_personal_address(connection: Connection, scope: AccountScope, user_id: str, name: str) -> None:
    """Gives the user a new personal address; mail to the one replaced is held to the user for ROTATED_FOR.

    Whether users are believed without proof is the admins' word about whose address it is, and goes along; the former
    address has no use of it any more (`ingest.identify`)."""
    present = (
        inbound_addresses.c.account_id == scope.account_id,
        inbound_addresses.c.user_id == user_id,
        inbound_addresses.c.kind == "personal",
        inbound_addresses.c.accepted_until.is_(None),
    )
    those = select(inbound_addresses.c.id, inbound_addresses.c.accepts_unknown).where(*present)
    old = connection.execute(those.with_for_update()).all()
    until = now(connection) + ROTATED_FOR
    connection.execute(update(inbound_addresses).where(*present).values(accepted_until=until))
    fresh = add_personal_address(connection, scope, user_id, name)
    for each in old:
        move_details(connection, scope, each.id, fresh)
    if any(each.accepts_unknown for each in old):
        set_accepts_unknown(connection, scope, fresh, True)


def replace_address(connection: Connection, scope: AccountScope, address_id: str, local_part: str) -> str:
    """A new address in the place of a secret one, with its kind, name and details; its id."""
    mine = (inbound_addresses.c.account_id == scope.account_id, inbound_addresses.c.id == address_id)
    old = connection.execute(select(inbound_addresses).where(*mine).with_for_update()).one()
    connection.execute(
        update(inbound_addresses).where(*mine).values(accepted_until=now(connection) + ROTATED_FOR)
    )
    fresh = add_inbound_address(connection, scope, kind=old.kind, local_part=local_part, name=old.name)
    move_details(connection, scope, address_id, fresh)
    return fresh


def rename_address(connection: Connection, scope: AccountScope, address_id: str, name: str) -> None:
    """Another name for an address."""
    connection.execute(
        update(inbound_addresses)
        .where(inbound_addresses.c.account_id == scope.account_id, inbound_addresses.c.id == address_id)
        .values(name=name)
    )


def end_address(connection: Connection, scope: AccountScope, address_id: str) -> None:
    """Switches an address off, and those that it has replaced: mail to them is refused."""
    replaced = select(address_details.c.address_id).where(
        address_details.c.account_id == scope.account_id, address_details.c.replaced_by == address_id
    )
    connection.execute(
        update(inbound_addresses)
        .where(
            inbound_addresses.c.account_id == scope.account_id,
            or_(inbound_addresses.c.id == address_id, inbound_addresses.c.id.in_(replaced)),
        )
        .values(enabled=False)
    )


def is_exposed(connection: Connection, scope: AccountScope, user_id: str) -> bool:
    """Whether strangers have written the user's present personal address: it proves nothing any more."""
    statement = select(inbound_addresses.c.id).where(
        inbound_addresses.c.account_id == scope.account_id,
        inbound_addresses.c.user_id == user_id,
        inbound_addresses.c.kind == "personal",
        inbound_addresses.c.accepted_until.is_(None),
        inbound_addresses.c.exposed_at.is_not(None),
    )
    return connection.execute(statement).first() is not None


def add_inbound_address(
    connection: Connection,
    scope: AccountScope,
    *,
    kind: str,
    local_part: str,
    name: str,
    user_id: str | None = None,
) -> str:
    """A new address of the account; its id. Conflict if the local part is taken."""
    taken = connection.execute(
        select(inbound_addresses.c.id).where(
            inbound_addresses.c.account_id == scope.account_id, inbound_addresses.c.local_part == local_part
        )
    ).first()
    if taken:
        raise Conflict(f"the address {local_part}@ exists already", "local_part")
    address_id = new_id()
    connection.execute(
        insert(inbound_addresses).values(
            account_id=scope.account_id,
            id=address_id,
            kind=kind,
            local_part=local_part,
            name=name,
            user_id=user_id,
            enabled=True,
            created_at=now(connection),
        )
    )
    return address_id


def set_accepts_unknown(connection: Connection, scope: AccountScope, address_id: str, accepts: bool) -> None:
    """Whether users may act through an address although nothing proves that it was they (product §6): their mail is
    taken for theirs if its check did not fail. NotFound."""
    changed = connection.execute(
        update(inbound_addresses)
        .where(inbound_addresses.c.account_id == scope.account_id, inbound_addresses.c.id == address_id)
        .values(accepts_unknown=accepts)
    )
    if not changed.rowcount:
        raise NotFound("address")
