"""Inbound addresses as admins keep them: listed with how they fare, made, changed, replaced.

Addresses for leads may have any name; the others belong to something: a personal one to a user, those of forms and
partners to these. So only the former are made here, and what is replaced here is replaced there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from store import forms, partners
from store.accounts import get_account, get_user
from store.address_details import (
    NAMES,
    Details,
    checked_details,
    checked_name,
    details_of,
    put_details,
)
from store.inbound import (
    add_inbound_address,
    rename_address,
    rotate_personal_address,
    set_accepts_unknown,
)
from store.leads import iso
from store.scope import AccountScope
from store.session import Conflict, Invalid, NotFound
from store.tables.forms import forms as form_rows
from store.tables.people import accounts, inbound_addresses
from store.tables.sources import address_details
from store.tables.sources import partners as partner_rows

MOST_ADDRESSES = 500
"""Addresses for leads."""
USERS_ACT = ("personal", "bcc", "leads")
"""Kinds through which a user may act."""
MAKES_LEADS = ("leads", "form", "partner")
"""Kinds whose leads begin with the address's details."""
_LOCAL_PART = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?!\.))*(?<!\.)")
_TAKEN = re.compile(r"(?:postmaster|abuse|mailer-daemon|bcc)|(?:lead|bounce|partner|form)-.*")
LONGEST_LOCAL_PART = 64
"""RFC 5321 §4.5.3.1.1."""


@dataclass(frozen=True, slots=True)
class Address:
    """An inbound address. `accepted_until`: of a replaced one; `belongs_to`: the form or partner it is of."""

    id: str
    kind: str
    local_part: str
    domain: str
    name: str
    enabled: bool
    accepts_unknown: bool
    user_id: str | None
    belongs_to: str | None
    details: Details
    exposed_at: datetime | None
    accepted_until: datetime | None
    replaced_by: str | None
    created_at: datetime

    @property
    def address(self) -> str:
        return f"{self.local_part}@{self.domain}"

    @property
    def secret(self) -> bool:
        """Whether it has a secret part, so that it can be replaced."""
        return self.kind in ("personal", "form", "partner")

    def to_json(self) -> dict[str, Any]:
        """The JSON of the API."""
        return {
            "id": self.id,
            "kind": self.kind,
            "address": self.address,
            "name": self.name,
            "enabled": self.enabled,
            "accepts_unknown": self.accepts_unknown,
            "user_id": self.user_id,
            "form_id": self.belongs_to if self.kind == "form" else None,
            "partner_id": self.belongs_to if self.kind == "partner" else None,
            **self.details.to_json(),
            "exposed_at": iso(self.exposed_at),
            "accepted_until": iso(self.accepted_until),
            "replaced_by": self.replaced_by,
            "created_at": iso(self.created_at),
        }


def list_addresses(connection: Connection, scope: AccountScope) -> list[Address]:
    """All addresses of the account, the present ones first, by kind and age."""
    found = [_address(row) for row in connection.execute(_of(scope))]
    order = ("leads", "bcc", "personal", "partner", "form")
    return sorted(found, key=lambda a: (a.accepted_until is not None, order.index(a.kind), a.id))


def get_address(connection: Connection, scope: AccountScope, address_id: str) -> Address:
    """One address. NotFound if it isn't this account's."""
    row = connection.execute(_of(scope).where(inbound_addresses.c.id == address_id)).first()
    if row is None:
        raise NotFound("address")
    return _address(row)


def create_address(connection: Connection, scope: AccountScope, values: Mapping[str, Any]) -> Address:
    """A further address for leads. `values`: local_part, name (by default the local part), owner_id, team_id, tags.
    Invalid names the place, Conflict: the local part is taken."""
    local_part = str(values.get("local_part") or "").strip().lower()
    local_part = local_part.removesuffix(f"@{get_account(connection, scope).domain}")
    if not _LOCAL_PART.fullmatch(local_part) or len(local_part) > LONGEST_LOCAL_PART:
        raise Invalid("local_part", "letters a to z, digits, and . - _ within")
    if _TAKEN.fullmatch(local_part):
        raise Conflict(f"{local_part}@ has another purpose", "local_part")
    if sum(one.kind == "leads" for one in list_addresses(connection, scope)) >= MOST_ADDRESSES:
        raise Conflict(f"an account has at most {MOST_ADDRESSES} addresses for leads")
    name = checked_name(values.get("name") or local_part)
    details = checked_details(connection, scope, values)
    address_id = add_inbound_address(connection, scope, kind="leads", local_part=local_part, name=name)
    put_details(connection, scope, address_id, details)
    return get_address(connection, scope, address_id)


def change_address(
    connection: Connection, scope: AccountScope, address_id: str, values: Mapping[str, Any]
) -> Address:
    """Changes `name`, `enabled`, `accepts_unknown` or the details of its leads. Invalid for details of an address that
    makes none, and for `accepts_unknown` where no user acts."""
    address = get_address(connection, scope, address_id)
    wrong = next((name for name in values if name in NAMES and address.kind not in MAKES_LEADS), None)
    if wrong is not None and values[wrong]:
        raise Invalid(wrong, "only for addresses that make leads")
    if values.get("accepts_unknown") and address.kind not in USERS_ACT:
        raise Invalid("accepts_unknown", "only for addresses through which users act")
    put_details(connection, scope, address_id, checked_details(connection, scope, values))
    if "accepts_unknown" in values:
        set_accepts_unknown(connection, scope, address_id, bool(values["accepts_unknown"]))
    if "name" in values:
        _rename(connection, scope, address, checked_name(values["name"]))
    if "enabled" in values:
        connection.execute(
            update(inbound_addresses)
            .where(inbound_addresses.c.account_id == scope.account_id, inbound_addresses.c.id == address_id)
            .values(enabled=bool(values["enabled"]))
        )
    return get_address(connection, scope, address_id)


def rotate(connection: Connection, scope: AccountScope, address_id: str) -> Address:
    """Puts a new secret address in the place of this one; gives the new one. Conflict for one without a secret, or
    that was replaced before."""
    address = get_address(connection, scope, address_id)
    if not address.secret:
        raise Conflict("this address has no secret part")
    if address.accepted_until is not None:
        raise Conflict("this address was replaced before")
    if address.kind == "personal":
        user = get_user(connection, scope, address.user_id or "")
        if not user.active:
            raise Conflict("its user was removed")
        rotate_personal_address(connection, scope, user.id, user.name)
        fresh = get_user(connection, scope, user.id).address
        return next(one for one in list_addresses(connection, scope) if one.address == fresh)
    if address.belongs_to is None:
        raise Conflict("what it belonged to was deleted")
    if address.kind == "form":
        fresh_id = forms.rotate_form_address(connection, scope, address.belongs_to).address_id
    else:
        fresh_id = partners.rotate_partner_address(connection, scope, address.belongs_to).address_id
    return get_address(connection, scope, fresh_id)


def _rename(connection: Connection, scope: AccountScope, address: Address, name: str) -> None:
    """A form's or partner's address is called like it."""
    if address.belongs_to is not None and address.kind == "form":
        forms.update_form(connection, scope, address.belongs_to, {"name": name})
    elif address.belongs_to is not None and address.kind == "partner":
        partners.update_partner(connection, scope, address.belongs_to, {"name": name})
    else:
        rename_address(connection, scope, address.id, name)


def _of(scope: AccountScope) -> Any:
    def joined(table: Any) -> Any:
        return (table.c.account_id == inbound_addresses.c.account_id) & (
            table.c.address_id == inbound_addresses.c.id
        )

    return (
        select(
            inbound_addresses,
            accounts.c.domain,
            address_details.c.owner_id,
            address_details.c.team_id,
            address_details.c.tags,
            address_details.c.replaced_by,
            form_rows.c.id.label("form_id"),
            form_rows.c.deleted_at.label("form_ended"),
            partner_rows.c.id.label("partner_id"),
            partner_rows.c.deleted_at.label("partner_ended"),
        )
        .join_from(inbound_addresses, accounts, accounts.c.id == inbound_addresses.c.account_id)
        .outerjoin(address_details, joined(address_details))
        .outerjoin(form_rows, joined(form_rows))
        .outerjoin(partner_rows, joined(partner_rows))
        .where(inbound_addresses.c.account_id == scope.account_id)
    )


def _address(row: Row[Any]) -> Address:
    form_id = row.form_id if row.form_ended is None else None
    partner_id = row.partner_id if row.partner_ended is None else None
    return Address(
        row.id,
        row.kind,
        row.local_part,
        row.domain,
        row.name,
        row.enabled,
        bool(row.accepts_unknown),
        row.user_id,
        form_id or partner_id,
        details_of(row),
        row.exposed_at,
        row.accepted_until,
        row.replaced_by,
        row.created_at,
    )


def present(addresses: Sequence[Address], moment: datetime) -> list[Address]:
    """Those that take mail, or could be switched on to: not the ones replaced so long ago that mail is refused."""
    return [one for one in addresses if one.accepted_until is None or one.accepted_until > moment]
