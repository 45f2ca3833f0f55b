"""The sender addresses that are a user's own, and the answer to "was this you?".

A mail that came to a personal address in BCC from an address nobody knows is held (product §6.4). Its user says that
the address is theirs; until a mailed link can prove it, the click of who is logged in does. An admin may say it for
them, and must say for whom. From then on it is that user's own sender address, and everything that was held for the
same question is decided again.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, insert, select, update

from store.accounts import get_account
from store.addresses import domain_of, normal
from store.ids import new_id
from store.message_views import require_decidable
from store.receipts import reopen
from store.scope import Viewer
from store.session import Conflict, Invalid, Refused, now
from store.tables.mail import holds, messages
from store.tables.people import user_addresses, users

QUESTION = "was_this_you"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked about a held message, and the address in question, as written."""

    user_id: str
    name: str
    address: str


def asked(connection: Connection, viewer: Viewer, message_id: str) -> Asked | None:
    """What a held message asks, if the viewer may answer: the user who is asked, and admins. None otherwise."""
    row = connection.execute(
        select(users.c.id, users.c.name, messages.c.sender_address)
        .join_from(
            holds,
            messages,
            and_(messages.c.account_id == holds.c.account_id, messages.c.id == holds.c.message_id),
        )
        .join(users, and_(users.c.account_id == holds.c.account_id, users.c.id == holds.c.user_id))
        .where(
            holds.c.account_id == viewer.account_id,
            holds.c.message_id == message_id,
            holds.c.reason == QUESTION,
            holds.c.resolved_at.is_(None),
            messages.c.state == "done",
            users.c.active,
        )
    ).first()
    if row is None or not row.sender_address or not (viewer.is_admin or row.id == viewer.user_id):
        return None
    return Asked(row.id, row.name, row.sender_address)


def confirm(connection: Connection, viewer: Viewer, message_id: str, user_id: str | None) -> int:
    """Makes the sender of a held message the asked user's own address; how many mails are decided again for it.

    `user_id`: for whom the viewer answers; None: for themselves. NotFound, Refused, Invalid for another user than the
    one who is asked, Conflict when the message does not ask any more or the address is somebody else's.
    """
    require_decidable(connection, viewer, message_id)
    question = asked(connection, viewer, message_id)
    if question is None:
        raise Conflict("the message does not ask whether its sender is a user")
    if not viewer.is_admin and user_id not in (None, viewer.user_id):
        raise Refused("Only admins answer for other users.")
    if (user_id or viewer.user_id) != question.user_id:
        raise Invalid("user_id", "must be the user who is asked")
    _add(connection, viewer, question)
    held = _held_for(connection, viewer, question)
    connection.execute(
        update(holds)
        .where(
            holds.c.account_id == viewer.account_id,
            holds.c.message_id.in_(held),
            holds.c.resolved_at.is_(None),
        )
        .values(resolved_by=viewer.user_id)
    )
    reopen(connection, viewer.scope, held)
    return len(held)


def _add(connection: Connection, viewer: Viewer, question: Asked) -> None:
    address = normal(question.address)
    if domain_of(address) == get_account(connection, viewer.scope).domain:
        raise Invalid("action", "an address of leadgate itself is nobody's own")
    statement = select(user_addresses.c.user_id).where(
        user_addresses.c.account_id == viewer.account_id, user_addresses.c.address == address
    )
    owner = connection.execute(statement).scalar()
    if owner is None:
        values = {"user_id": question.user_id, "address": address, "created_at": now(connection)}
        connection.execute(insert(user_addresses).values(account_id=viewer.account_id, id=new_id(), **values))
    elif owner != question.user_id:
        raise Conflict("this address is another user's already")


def _held_for(connection: Connection, viewer: Viewer, question: Asked) -> list[str]:
    """The messages that ask the same user about the same address."""
    rows = connection.execute(
        select(messages.c.id, messages.c.sender_address)
        .join_from(
            holds,
            messages,
            and_(messages.c.account_id == holds.c.account_id, messages.c.id == holds.c.message_id),
        )
        .where(
            holds.c.account_id == viewer.account_id,
            holds.c.user_id == question.user_id,
            holds.c.reason == QUESTION,
            holds.c.resolved_at.is_(None),
            messages.c.state == "done",
        )
        .order_by(messages.c.id)
    )
    address = normal(question.address)
    return [row.id for row in rows if normal(row.sender_address or "") == address]
