"""Links by which a user sets a password: to begin with, or because the former one is lost.

Nothing is stored. A link names its user and when it ends, and carries a MAC over both and over the hash of the
password it is to replace. So a link ends when its time is over, when it was used, when another link of the same
user was used, and when the password was changed in any other way; and it is worth nothing without the secret key.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from store import sessions
from store.scope import AccountScope
from store.session import NotFound, now
from store.tables.people import accounts, users

RESET = timedelta(hours=1)
INVITATION = timedelta(days=7)
_PARTS = 4
_ID_LENGTH = 26


@dataclass(frozen=True, slots=True)
class Invited:
    """The user whose password a link sets."""

    scope: AccountScope
    user_id: str
    name: str
    email: str
    slug: str  # of the account


def make(connection: Connection, scope: AccountScope, user_id: str, key: bytes, lasts: timedelta) -> str:
    """What a link of an active user carries, for a time of `lasts`. NotFound for anybody else."""
    row = _row(connection, scope.account_id, user_id)
    if row is None:
        raise NotFound("user")
    ends = int((now(connection) + lasts).timestamp())
    return (
        f"{scope.account_id}.{user_id}.{ends}.{_mac(key, scope.account_id, user_id, ends, row.password_hash)}"
    )


def url(public_url: str, token: str) -> str:
    """The whole link, to the page of a deployment that is opened at `public_url`."""
    return f"{public_url.rstrip('/')}/password?token={token}"


def find(connection: Connection, token: str, key: bytes, *, locked: bool = False) -> Invited:
    """Whose password the link sets. NotFound once it has ended, and for what never was a link of ours.

    `locked`: locks the user's row, so that of two uses at once the second finds it changed.
    """
    parts = token.split(".") if token.isascii() and len(token) < 200 else []
    if len(parts) != _PARTS or not parts[2].isdecimal() or len(parts[2]) > 12:
        raise NotFound("link")
    account_id, user_id, ends, mac = parts
    if len(account_id) != _ID_LENGTH or len(user_id) != _ID_LENGTH:
        raise NotFound("link")
    row = _row(connection, account_id, user_id, locked=locked)
    right = _mac(key, account_id, user_id, int(ends), row.password_hash if row else None)
    if row is None or not hmac.compare_digest(mac, right) or int(ends) <= now(connection).timestamp():
        raise NotFound("link")
    return Invited(AccountScope(account_id), user_id, row.name, row.email, row.slug)


def use(connection: Connection, token: str, key: bytes, password_hash: str) -> Invited:
    """Sets the password and ends the user's sessions: whoever knew the former password is out. NotFound as `find`."""
    found = find(connection, token, key, locked=True)
    connection.execute(
        update(users)
        .where(users.c.account_id == found.scope.account_id, users.c.id == found.user_id)
        .values(password_hash=password_hash)
    )
    sessions.revoke_all(connection, found.scope, found.user_id)
    return found


def _row(connection: Connection, account_id: str, user_id: str, *, locked: bool = False) -> Any:
    statement = (
        select(users.c.name, users.c.email, users.c.password_hash, accounts.c.slug)
        .join_from(users, accounts, accounts.c.id == users.c.account_id)
        .where(users.c.account_id == account_id, users.c.id == user_id, users.c.active)
    )
    return connection.execute(statement.with_for_update(of=users) if locked else statement).first()


def _mac(key: bytes, account_id: str, user_id: str, ends: int, password_hash: str | None) -> str:
    said = f"password link\n{account_id}\n{user_id}\n{ends}\n{password_hash or ''}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
