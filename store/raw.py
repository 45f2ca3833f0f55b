"""Raw bytes of messages as rows: 256 KiB pieces, each compressed with zlib.

Kept in the database and committed with their message: one thing to back up, any number of machines, and
no file that could be missing for a message that was acknowledged.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from store.scope import Scope
from store.session import NotFound
from store.tables.mail import raw_chunks

CHUNK = 256 * 1024
_FAST = 1
_INSERT = insert(raw_chunks)
_READ = (
    select(raw_chunks.c.message_id, raw_chunks.c.data)
    .where(
        raw_chunks.c.account_id == bindparam("account"),
        raw_chunks.c.message_id.in_(bindparam("wanted", expanding=True)),
    )
    .order_by(raw_chunks.c.message_id, raw_chunks.c.number)
)


def pack(raw: bytes) -> tuple[bytes, ...]:
    """`raw` as compressed pieces; an empty message is one empty piece."""
    view = memoryview(raw)
    return tuple(
        zlib.compress(view[start : start + CHUNK], _FAST) for start in range(0, len(raw) or 1, CHUNK)
    )


def write(connection: Connection, pieces: Iterable[tuple[str, str, Sequence[bytes]]]) -> None:
    """Stores (account id, message id, pieces) of new messages."""
    rows: list[dict[str, Any]] = [
        {"account_id": account_id, "message_id": message_id, "number": number, "data": data}
        for account_id, message_id, packed in pieces
        for number, data in enumerate(packed)
    ]
    if rows:
        connection.execute(_INSERT, rows)


def read(connection: Connection, scope: Scope, message_id: str) -> bytes:
    """The bytes as received. NotFound when they are gone (retention, erasure) or were never this account's."""
    found = read_many(connection, scope, [message_id])
    if message_id not in found:
        raise NotFound("raw")
    return found[message_id]


def read_many(connection: Connection, scope: Scope, message_ids: Sequence[str]) -> dict[str, bytes]:
    """The bytes of each message that has them."""
    if not message_ids:
        return {}
    pieces: dict[str, list[bytes]] = defaultdict(list)
    for row in connection.execute(_READ, {"account": scope.account_id, "wanted": list(message_ids)}):
        pieces[row.message_id].append(zlib.decompress(row.data))
    return {message_id: b"".join(found) for message_id, found in pieces.items()}
