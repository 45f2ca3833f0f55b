"""Locks of the effect transaction: two mails of one new prospect at the same time make one lead.

PostgreSQL: transaction-level advisory locks, taken for a whole batch at once in sorted order and before
any row is changed; every writer that may create a lead or contact does so (`contact_key`, `thread_key`),
so no two of them wait for each other in a circle. SQLite: one writer at a time anyway.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, text


def contact_key(account_id: str, address: str) -> str:
    """The lock of one outside address (normal form)."""
    return f"contact:{account_id}:{address}"


def thread_key(account_id: str, rfc_message_id: str) -> str:
    """The lock of one conversation, by the Message-ID of its root."""
    return f"thread:{account_id}:{rfc_message_id}"


def acquire(connection: Connection, keys: Iterable[str]) -> None:
    """Takes the locks of `keys` until the transaction ends. Call once, before the first change."""
    if connection.dialect.name == "sqlite":
        return
    numbers = sorted({_number(key) for key in keys})
    if numbers:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(n) FROM unnest(CAST(:numbers AS bigint[])) AS n ORDER BY n"),
            {"numbers": numbers},
        )


def _number(key: str) -> int:
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
