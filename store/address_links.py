"""The link that is mailed to an address whose owner may be a user: "was this you?" (product §6.4).

Nothing is stored. A link names the user, the address and when it ends, and carries a MAC over all of them. It came to
whoever reads that address: opening it and confirming there is the proof. Opening alone does nothing.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from store.scope import AccountScope
from store.session import NotFound, now
from store.tables.people import accounts, users

LASTS = timedelta(days=3)
_PARTS = 5
_ID_LENGTH = 26


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whose address it is said to be. `address` in normal form."""

    scope: AccountScope
    user_id: str
    name: str
    slug: str  # of the account
    address: str


def make(connection: Connection, scope: AccountScope, user_id: str, address: str, key: bytes) -> str:
    """What a link carries; `address` in normal form."""
    ends = int((now(connection) + LASTS).timestamp())
    said = base64.urlsafe_b64encode(address.encode()).decode("ascii").rstrip("=")
    return f"{scope.account_id}.{user_id}.{ends}.{said}.{_mac(key, scope.account_id, user_id, ends, address)}"


def url(public_url: str, token: str) -> str:
    """The whole link."""
    return f"{public_url.rstrip('/')}/own-address?token={token}"


def find(connection: Connection, token: str, key: bytes) -> Claimed:
    """What the link says. NotFound once it has ended, and for what never was a link of ours."""
    parts = token.split(".") if token.isascii() and len(token) < 600 else []
    if len(parts) != _PARTS or not parts[2].isdecimal() or len(parts[2]) > 12:
        raise NotFound("link")
    account_id, user_id, ends, said, mac = parts
    if len(account_id) != _ID_LENGTH or len(user_id) != _ID_LENGTH:
        raise NotFound("link")
    try:
        address = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise NotFound("link") from None
    right = _mac(key, account_id, user_id, int(ends), address)
    if not hmac.compare_digest(mac, right) or int(ends) <= now(connection).timestamp():
        raise NotFound("link")
    row: Any = connection.execute(
        select(users.c.name, accounts.c.slug)
        .join_from(users, accounts, accounts.c.id == users.c.account_id)
        .where(users.c.account_id == account_id, users.c.id == user_id, users.c.active)
    ).first()
    if row is None:
        raise NotFound("link")
    return Claimed(AccountScope(account_id), user_id, row.name, row.slug, address)


def _mac(key: bytes, account_id: str, user_id: str, ends: int, address: str) -> str:
    said = f"own address link\n{account_id}\n{user_id}\n{ends}\n{address}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
