"""Known again: the same post twice, and a post beside the notification mail of the same site (product §3).

A print is an HMAC of what was sent, kept for as long as something may be the same as it. Who looks for one holds its
lock (`lock`), and writes its own in the same transaction, so of two at the same time the second finds the first.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, or_, select
from sqlalchemy.sql.elements import ColumnElement

from store.addresses import normal
from store.scope import AccountScope
from store.tables.forms import form_prints
from store.tables.leads import history_entries

SAME_POST = timedelta(minutes=10)
SAME_ENQUIRY = timedelta(minutes=30)
KEPT = timedelta(hours=2)
POST, MAIL = "post", "mail"


@dataclass(frozen=True, slots=True)
class Print:
    """What of a post or a form's mail may be the same as of another. `door`: POST or MAIL."""

    message_id: str
    address_id: str
    door: str
    at: datetime
    whole: bytes | None
    enquiry: bytes | None

    def locks(self, account_id: str) -> list[str]:
        """The locks of `store.locks` for it."""
        found = [one.hex() for one in (self.whole, self.enquiry) if one is not None]
        return [f"form:{account_id}:{self.address_id}:{one}" for one in found]


def print_of(
    key: bytes,
    message_id: str,
    address_id: str,
    door: str,
    at: datetime,
    fields: Mapping[str, str],
    files: Sequence[str] = (),
) -> Print:
    """`fields`: under canonical keys; `files`: the digests of all files. A mail has no whole print: its fields are
    the site's own account of them."""
    email = normal(fields.get("email", ""))
    phone = "".join(char for char in fields.get("phone", "") if char.isdigit())
    said = " ".join(fields.get("message", "").casefold().split())
    enquiry = _mac(key, [email, phone, said]) if email or phone else None
    whole = _mac(key, [sorted(fields.items()), sorted(files)]) if door == POST else None
    return Print(message_id, address_id, door, at, whole, enquiry)


def same_post(connection: Connection, scope: AccountScope, new: Print) -> str | None:
    """The earlier post that is equal in all fields, by its message's id."""
    if new.whole is None:
        return None
    statement = (
        select(form_prints.c.message_id)
        .where(*_near(scope, new, SAME_POST), form_prints.c.door == POST, form_prints.c.whole == new.whole)
        .order_by(form_prints.c.at, form_prints.c.message_id)
    )
    found: str | None = connection.execute(statement.limit(1)).scalar()
    return found


def same_enquiry(connection: Connection, scope: AccountScope, new: Print) -> list[str]:
    """The leads that have the same enquiry, which came by the other way: as a post for a mail, as a mail for a post."""
    if new.enquiry is None:
        return []
    statement = (
        select(history_entries.c.lead_id)
        .distinct()
        .join_from(
            form_prints,
            history_entries,
            (history_entries.c.account_id == form_prints.c.account_id)
            & (history_entries.c.message_id == form_prints.c.message_id),
        )
        .where(
            *_near(scope, new, SAME_ENQUIRY),
            form_prints.c.door != new.door,
            form_prints.c.enquiry == new.enquiry,
            history_entries.c.account_id == scope.account_id,
        )
        .order_by(history_entries.c.lead_id)
    )
    return list(connection.execute(statement).scalars())


def remember(connection: Connection, scope: AccountScope, new: Print) -> None:
    """Keeps a print, and forgets those that nothing can be the same as any more."""
    connection.execute(
        delete(form_prints).where(
            form_prints.c.account_id == scope.account_id,
            or_(
                form_prints.c.message_id == new.message_id,
                (form_prints.c.address_id == new.address_id) & (form_prints.c.at < new.at - KEPT),
            ),
        )
    )
    connection.execute(
        insert(form_prints).values(
            account_id=scope.account_id,
            message_id=new.message_id,
            address_id=new.address_id,
            door=new.door,
            whole=new.whole,
            enquiry=new.enquiry,
            at=new.at,
        )
    )


def _near(scope: AccountScope, new: Print, period: timedelta) -> tuple[ColumnElement[bool], ...]:
    return (
        form_prints.c.account_id == scope.account_id,
        form_prints.c.address_id == new.address_id,
        form_prints.c.message_id != new.message_id,
        form_prints.c.at.between(new.at - period, new.at + period),
    )


def _mac(key: bytes, value: object) -> bytes:
    return hmac.new(key, json.dumps(value).encode(), sha256).digest()
