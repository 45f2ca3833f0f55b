"""Forms of websites: where they may be posted from, where a visitor goes afterwards, what their leads get.

A form has a public token, the last part of the address it is posted to, and a secret inbound address of its own for
the site's notification mails: both carry the form's name, tags and owner. A deleted form takes nothing any more; what
came in stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, insert, select, update

from store.address_details import (
    NAMES,
    Details,
    checked_details,
    checked_name,
    details_of,
    put_details,
)
from store.addresses import new_secret
from store.confirmation_text import Confirmation, checked, kept
from store.ids import new_id
from store.inbound import add_inbound_address, end_address, rename_address, replace_address
from store.leads import iso
from store.scope import AccountScope
from store.session import Conflict, Invalid, NotFound, across, now
from store.tables.forms import forms
from store.tables.people import accounts, inbound_addresses
from store.tables.sources import address_details

MOST_FORMS = 200
LONGEST_URL = 2_000
MOST_ORIGINS = 50
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its account's mail domain."""

    id: str
    account_id: str
    name: str
    token: str
    address_id: str
    address: str  # for notification mails
    origins: tuple[str, ...]
    redirect: str | None
    details: Details  # of its leads
    created_at: datetime
    confirmation: Confirmation  # what visitors get by mail

    def to_json(self) -> dict[str, Any]:
        """The JSON of the API."""
        return {
            "id": self.id,
            "name": self.name,
            "token": self.token,
            "url": f"/f/{self.token}",
            "address": self.address,
            "origins": list(self.origins),
            "redirect": self.redirect,
            **self.details.to_json(),
            "confirmation": self.confirmation.to_json(),
            "created_at": iso(self.created_at),
        }


_FORM = (
    select(
        forms,
        inbound_addresses.c.local_part,
        accounts.c.domain,
        accounts.c.locale,
        address_details.c.owner_id,
        address_details.c.team_id,
        address_details.c.tags,
    )
    .join_from(
        forms,
        inbound_addresses,
        (inbound_addresses.c.account_id == forms.c.account_id)
        & (inbound_addresses.c.id == forms.c.address_id),
    )
    .join(accounts, accounts.c.id == forms.c.account_id)
    .outerjoin(
        address_details,
        (address_details.c.account_id == forms.c.account_id)
        & (address_details.c.address_id == forms.c.address_id),
    )
    .where(forms.c.deleted_at.is_(None))
)


def create_form(connection: Connection, scope: AccountScope, values: Mapping[str, Any]) -> Form:
    """A new form with its token and its address. `values`: name, origins, redirect, confirmation (what of it differs
    from the usual), and the details of its leads (owner_id, team_id, tags). Invalid names the place."""
    if len(list_forms(connection, scope)) >= MOST_FORMS:
        raise Conflict(f"an account has at most {MOST_FORMS} forms")
    columns = _checked({"name": "", "origins": (), **values})
    details = checked_details(connection, scope, values)
    address_id = add_inbound_address(
        connection, scope, kind="form", local_part=f"form-{new_secret()}", name=columns["name"]
    )
    put_details(connection, scope, address_id, details)
    form_id = new_id()
    connection.execute(
        insert(forms).values(
            account_id=scope.account_id,
            id=form_id,
            token=new_secret(),
            address_id=address_id,
            created_at=now(connection),
            **columns,
        )
    )
    if values.get("confirmation"):
        return update_form(connection, scope, form_id, {"confirmation": values["confirmation"]})
    return get_form(connection, scope, form_id)


def list_forms(connection: Connection, scope: AccountScope) -> list[Form]:
    """The account's forms, oldest first."""
    return [_form(row) for row in connection.execute(_of(scope).order_by(forms.c.id))]


def get_form(connection: Connection, scope: AccountScope, form_id: str) -> Form:
    """One form. NotFound if it isn't this account's, or was deleted."""
    row = connection.execute(_of(scope).where(forms.c.id == form_id)).first()
    if row is None:
        raise NotFound("form")
    return _form(row)


def form_of_token(connection: Connection, token: str) -> Form | None:
    """The form that a post is for, of whatever account; None if there is none."""
    row = connection.execute(across(_FORM.where(forms.c.token == token), "door")).first()
    return None if row is None else _form(row)


def update_form(connection: Connection, scope: AccountScope, form_id: str, values: Mapping[str, Any]) -> Form:
    """Changes what is named in `values`, as for `create_form`."""
    form = get_form(connection, scope, form_id)
    columns, details = _checked(values), checked_details(connection, scope, values)
    if values.get("confirmation"):
        columns["confirmation"] = checked(values["confirmation"], form.confirmation)
    put_details(connection, scope, form.address_id, details)
    if columns:
        connection.execute(
            update(forms)
            .where(forms.c.account_id == scope.account_id, forms.c.id == form_id)
            .values(**columns)
        )
    if "name" in columns:
        rename_address(connection, scope, form.address_id, columns["name"])
    return get_form(connection, scope, form_id)


def delete_form(connection: Connection, scope: AccountScope, form_id: str) -> None:
    """Ends a form: posts to it are 404, mail to its address is refused."""
    form = get_form(connection, scope, form_id)
    connection.execute(
        update(forms)
        .where(forms.c.account_id == scope.account_id, forms.c.id == form_id)
        .values(deleted_at=now(connection))
    )
    end_address(connection, scope, form.address_id)


def rotate_form_address(connection: Connection, scope: AccountScope, form_id: str) -> Form:
    """A new address for notification mails; mail to the former one is held for a while. Its token stays."""
    form = get_form(connection, scope, form_id)
    address_id = replace_address(connection, scope, form.address_id, f"form-{new_secret()}")
    connection.execute(
        update(forms)
        .where(forms.c.account_id == scope.account_id, forms.c.id == form_id)
        .values(address_id=address_id)
    )
    return get_form(connection, scope, form_id)


def origin_of(url: str) -> str | None:
    """The origin of an absolute HTTP address as browsers write it (RFC 6454, section 6.2), None for anything else."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or len(url) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not host or "@" in parts.netloc:
        return None
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" + ("" if port in (None, PORTS[scheme]) else f":{port}")


def _of(scope: AccountScope) -> Any:
    return _FORM.where(forms.c.account_id == scope.account_id)


def _form(row: Any) -> Form:
    return Form(
        row.id,
        row.account_id,
        row.name,
        row.token,
        row.address_id,
        f"{row.local_part}@{row.domain}",
        tuple(row.origins),
        row.redirect,
        details_of(row),
        row.created_at,
        kept(row.confirmation, row.locale),
    )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a form that `values` name."""
    checks = {"name": checked_name, "origins": _checked_origins, "redirect": _checked_redirect}
    unknown = next((name for name in values if name not in (*checks, *NAMES, "confirmation")), None)
    if unknown is not None:
        raise Invalid(unknown, "cannot be changed")
    return {name: check(values[name]) for name, check in checks.items() if name in values}


def _checked_origins(value: Any) -> list[str]:
    found = list(value or ())
    if len(found) > MOST_ORIGINS:
        raise Invalid("origins", f"at most {MOST_ORIGINS}")
    origins = []
    for number, given in enumerate(found):
        origin = origin_of(str(given).rstrip("/"))
        if origin is None or urlsplit(str(given)).path.strip("/") or urlsplit(str(given)).query:
            raise Invalid(f"origins[{number}]", "must be like https://www.example.com")
        origins.append(origin)
    return list(dict.fromkeys(origins))


def _checked_redirect(value: Any) -> str | None:
    if value in (None, ""):
        return None
    if origin_of(str(value)) is None:
        raise Invalid("redirect", "must be an absolute address that begins with https:// or http://")
    return str(value)
