"""Partners: others who mail leads to an address of their own, and who of them may.

A partner has a secret inbound address and a list of senders: whole addresses and `*@domain`. A domain of a provider of
mailboxes to anybody is no list: it would let everybody in, and everybody there would be a partner and no contact.
A deleted partner's mail is refused; what came in stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from store.address_details import (
    NAMES,
    Details,
    checked_details,
    checked_name,
    details_of,
    put_details,
)
from store.addresses import domain_of, is_free_mail, new_secret, normal
from store.ids import new_id
from store.inbound import add_inbound_address, end_address, rename_address, replace_address
from store.leads import iso
from store.scope import AccountScope
from store.session import Conflict, Invalid, NotFound, now
from store.tables.people import accounts, inbound_addresses
from store.tables.sources import address_details, partners

MOST_PARTNERS = 500
MOST_SENDERS = 100
LONGEST_SENDER = 320
ANYBODY_OF = "*@"


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner with the address that its mail goes to."""

    id: str
    name: str
    address_id: str
    address: str
    enabled: bool
    senders: tuple[str, ...]
    details: Details
    created_at: datetime

    def to_json(self) -> dict[str, Any]:
        """The JSON of the API."""
        return {
            "id": self.id,
            "name": self.name,
            "address": self.address,
            "enabled": self.enabled,
            "senders": list(self.senders),
            **self.details.to_json(),
            "created_at": iso(self.created_at),
        }


_PARTNER = (
    select(
        partners,
        inbound_addresses.c.local_part,
        inbound_addresses.c.enabled,
        accounts.c.domain,
        address_details.c.owner_id,
        address_details.c.team_id,
        address_details.c.tags,
    )
    .join_from(
        partners,
        inbound_addresses,
        (inbound_addresses.c.account_id == partners.c.account_id)
        & (inbound_addresses.c.id == partners.c.address_id),
    )
    .join(accounts, accounts.c.id == partners.c.account_id)
    .outerjoin(
        address_details,
        (address_details.c.account_id == partners.c.account_id)
        & (address_details.c.address_id == partners.c.address_id),
    )
    .where(partners.c.deleted_at.is_(None))
)


def is_sender(senders: tuple[str, ...], address: str) -> bool:
    """Whether a list of senders has this address, or its whole domain."""
    wanted = normal(address)
    return wanted in senders or f"{ANYBODY_OF}{domain_of(wanted)}" in senders


def create_partner(connection: Connection, scope: AccountScope, values: Mapping[str, Any]) -> Partner:
    """A new partner with its address. `values`: name, senders, and the details of its leads (owner_id, team_id,
    tags). Invalid names the place."""
    if len(list_partners(connection, scope)) >= MOST_PARTNERS:
        raise Conflict(f"an account has at most {MOST_PARTNERS} partners")
    checked = _checked({"name": "", "senders": (), **values})
    details = checked_details(connection, scope, values)
    address_id = add_inbound_address(
        connection, scope, kind="partner", local_part=f"partner-{new_secret()}", name=checked["name"]
    )
    put_details(connection, scope, address_id, details)
    partner_id = new_id()
    connection.execute(
        insert(partners).values(
            account_id=scope.account_id,
            id=partner_id,
            address_id=address_id,
            created_at=now(connection),
            **checked,
        )
    )
    return get_partner(connection, scope, partner_id)


def list_partners(connection: Connection, scope: AccountScope) -> list[Partner]:
    """The account's partners, oldest first."""
    return [_partner(row) for row in connection.execute(_of(scope).order_by(partners.c.id))]


def get_partner(connection: Connection, scope: AccountScope, partner_id: str) -> Partner:
    """One partner. NotFound if it isn't this account's, or was deleted."""
    row = connection.execute(_of(scope).where(partners.c.id == partner_id)).first()
    if row is None:
        raise NotFound("partner")
    return _partner(row)


def update_partner(
    connection: Connection, scope: AccountScope, partner_id: str, values: Mapping[str, Any]
) -> Partner:
    """Changes what is named in `values`, as for `create_partner`."""
    partner = get_partner(connection, scope, partner_id)
    checked, details = _checked(values), checked_details(connection, scope, values)
    put_details(connection, scope, partner.address_id, details)
    if checked:
        _write(connection, scope, partner_id, checked)
    if "name" in checked:
        rename_address(connection, scope, partner.address_id, checked["name"])
    return get_partner(connection, scope, partner_id)


def rotate_partner_address(connection: Connection, scope: AccountScope, partner_id: str) -> Partner:
    """A new address for the partner; mail to the former one is held for a while."""
    partner = get_partner(connection, scope, partner_id)
    address_id = replace_address(connection, scope, partner.address_id, f"partner-{new_secret()}")
    _write(connection, scope, partner_id, {"address_id": address_id})
    return get_partner(connection, scope, partner_id)


def delete_partner(connection: Connection, scope: AccountScope, partner_id: str) -> None:
    """Ends a partner: mail to its address is refused."""
    partner = get_partner(connection, scope, partner_id)
    _write(connection, scope, partner_id, {"deleted_at": now(connection)})
    end_address(connection, scope, partner.address_id)


def _of(scope: AccountScope) -> Any:
    return _PARTNER.where(partners.c.account_id == scope.account_id)


def _write(connection: Connection, scope: AccountScope, partner_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(
        update(partners)
        .where(partners.c.account_id == scope.account_id, partners.c.id == partner_id)
        .values(**values)
    )


def _partner(row: Any) -> Partner:
    return Partner(
        row.id,
        row.name,
        row.address_id,
        f"{row.local_part}@{row.domain}",
        row.enabled,
        tuple(row.senders),
        details_of(row),
        row.created_at,
    )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a partner that `values` name."""
    checks = {"name": checked_name, "senders": _checked_senders}
    unknown = next((name for name in values if name not in checks and name not in NAMES), None)
    if unknown is not None:
        raise Invalid(unknown, "cannot be changed")
    return {name: check(values[name]) for name, check in checks.items() if name in values}


def _checked_senders(value: Any) -> list[str]:
    given = list(value or ())
    if not given or len(given) > MOST_SENDERS:
        raise Invalid("senders", f"1 to {MOST_SENDERS} addresses, or *@ and a domain")
    senders = []
    for number, written in enumerate(given):
        sender = normal(str(written))
        local_part, at, domain = sender.rpartition("@")
        whole = local_part == "*"
        if not at or not local_part or "." not in domain or len(sender) > LONGEST_SENDER or " " in sender:
            raise Invalid(f"senders[{number}]", "must be an address, or *@ and a domain")
        if ("*" in local_part and not whole) or "*" in domain:
            raise Invalid(f"senders[{number}]", "must be an address, or *@ and a domain")
        if whole and is_free_mail(domain):
            raise Invalid(f"senders[{number}]", "anybody has an address there: name whole addresses")
        senders.append(sender)
    return list(dict.fromkeys(senders))
