"""What else is held of a conversation in which a person has decided about one mail (product §3, Outcomes)."""

from sqlalchemy import Connection, and_, select

from ingest.effect import references_of
from parsers.message import Message
from store.scope import AccountScope
from store.tables.mail import holds, message_parsed

LOOKED_AT = 200
"""Open holds that are looked through, the newest first."""
AT_ONCE = 5
"""Parsed messages in memory: each has its whole text."""


def held_beside(connection: Connection, scope: AccountScope, message_id: str, message: Message) -> list[str]:
    """Held messages of the same conversation: that answer this one, that it answers, or that answer what it answers."""
    mine = set(references_of(message))
    rows = connection.execute(
        select(message_parsed.c.message_id, message_parsed.c.parsed)
        .join_from(
            holds,
            message_parsed,
            and_(
                message_parsed.c.account_id == holds.c.account_id,
                message_parsed.c.message_id == holds.c.message_id,
            ),
        )
        .where(
            holds.c.account_id == scope.account_id,
            holds.c.resolved_at.is_(None),
            holds.c.message_id != message_id,
        )
        .order_by(holds.c.created_at.desc(), holds.c.id.desc())
        .limit(LOOKED_AT)
    )
    found = []
    for row in rows.yield_per(AT_ONCE):
        other = Message.from_json(row.parsed)
        theirs = {other.message_id, *references_of(other)} - {None}
        if theirs & (mine | {message.message_id}):
            found.append(row.message_id)
    return found
