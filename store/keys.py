"""API keys and deployment keys: shown once, stored as SHA-256 (the key itself has 160 random bits)."""

import base64
import hashlib
import secrets

from sqlalchemy import Connection, insert, select

from store.accounts import viewer_of
from store.ids import new_id
from store.scope import AccountScope, Viewer
from store.session import NotFound, across, now
from store.tables.people import api_keys, deployment_keys


def create_api_key(
    connection: Connection, scope: AccountScope, user_id: str, *, name: str, read_only: bool = False
) -> str:
    """A new key that acts as the user; the only time it is seen."""
    key = f"lgk_{_random()}"
    connection.execute(
        insert(api_keys).values(
            account_id=scope.account_id,
            id=new_id(),
            user_id=user_id,
            name=name,
            key_hash=_digest(key),
            read_only=read_only,
            created_at=now(connection),
        )
    )
    return key


def has_api_key(connection: Connection, scope: AccountScope, user_id: str) -> bool:
    """True if the user has a key that isn't revoked."""
    found = connection.execute(
        select(api_keys.c.id).where(
            api_keys.c.account_id == scope.account_id,
            api_keys.c.user_id == user_id,
            api_keys.c.revoked_at.is_(None),
        )
    ).first()
    return found is not None


def viewer_by_key(connection: Connection, key: str) -> Viewer | None:
    """Whom `key` acts as; None for an unknown or revoked key or a user who is gone."""
    statement = select(api_keys.c.account_id, api_keys.c.user_id, api_keys.c.read_only).where(
        api_keys.c.key_hash == _digest(key), api_keys.c.revoked_at.is_(None)
    )
    row = connection.execute(across(statement, "door")).first()
    if row is None:
        return None
    try:
        return viewer_of(connection, AccountScope(row.account_id), row.user_id, read_only=row.read_only)
    except NotFound:
        return None


def create_deployment_key(connection: Connection) -> str:
    """A new key that may make accounts and nothing else."""
    key = f"lgd_{_random()}"
    connection.execute(
        across(
            insert(deployment_keys).values(key_hash=_digest(key), created_at=now(connection)), "deployment"
        )
    )
    return key


def is_deployment_key(connection: Connection, key: str) -> bool:
    """True for a key that may make accounts."""
    statement = select(deployment_keys.c.key_hash).where(deployment_keys.c.key_hash == _digest(key))
    return connection.execute(across(statement, "door")).first() is not None


def _random() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii").lower()


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
