"""The sender addresses that are a user's own, and the answer to "was this you?".

A mail that came to a personal address in BCC from an address nobody knows is held (product §6.4). Its user says that
the address is theirs, or an admin says it for them and must say for whom. Then a link is mailed to that very address,
and confirming behind it is the proof. Where no mail server is set, the click of who is logged in has to do; where the
address cannot be written to, that of an admin. The hold keeps who it was.

From then on it is that user's own sender address, and everything that was held for the same question is decided again.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, insert, select, update

from store import address_links
from store.account_mails import About, write
from store.accounts import get_account
from store.address_links import Claimed
from store.addresses import domain_of, normal
from store.ids import new_id
from store.message_views import require_decidable
from store.outgoing import NO_SMARTHOST, Post, Queued, Verdict
from store.receipts import reopen
from store.scope import AccountScope, Viewer
from store.session import Conflict, Invalid, Refused, now
from store.tables.mail import holds, messages
from store.tables.people import user_addresses, users

QUESTION = "was_this_you"
QUESTION_MAIL = "own_address"


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


@dataclass(frozen=True, slots=True)
class Proof:
    """How a claim is proven by mail: what queueing needs, the MAC key of links, and the address people open."""

    post: Post
    key: bytes
    public_url: str


def confirm(
    connection: Connection, viewer: Viewer, message_id: str, user_id: str | None, proof: Proof
) -> bool:
    """Takes the answer that a held message's sender is the asked user; whether a link was mailed to the sender.

    If so, nothing has changed yet; otherwise the address is added at once. `user_id`: for whom the viewer answers;
    None: for themselves. NotFound, Refused, Invalid for another user than the one who is asked, Conflict when the
    message does not ask any more, the address is somebody else's, or cannot be written to and no admin answers.
    """
    require_decidable(connection, viewer, message_id)
    question = asked(connection, viewer, message_id)
    if question is None:
        raise Conflict("the message does not ask whether its sender is a user")
    if not viewer.is_admin and user_id not in (None, viewer.user_id):
        raise Refused("Only admins answer for other users.")
    if (user_id or viewer.user_id) != question.user_id:
        raise Invalid("user_id", "must be the user who is asked")
    address = normal(question.address)
    _check(connection, viewer.scope, question.user_id, address)
    verdict = _write_to(connection, viewer.scope, question, proof)
    if isinstance(verdict, Queued):
        return True
    if verdict.reason != NO_SMARTHOST and not viewer.is_admin:
        raise Conflict("no mail can be sent to this address; an admin may say that it is yours")
    _add_and_release(connection, viewer.scope, question.user_id, address, by=viewer.user_id)
    return False


def confirm_by_link(connection: Connection, claimed: Claimed) -> int:
    """Does what a mailed link says; how many mails are decided again. Conflict if it is somebody else's by now."""
    _check(connection, claimed.scope, claimed.user_id, claimed.address)
    return _add_and_release(connection, claimed.scope, claimed.user_id, claimed.address, by=claimed.user_id)


def _write_to(connection: Connection, scope: AccountScope, question: Asked, proof: Proof) -> Verdict:
    """One link a day for a user and an address, however often it is asked for."""
    moment, address = now(connection), normal(question.address)
    link = address_links.url(
        proof.public_url, address_links.make(connection, scope, question.user_id, address, proof.key)
    )
    about = About(
        purpose=QUESTION_MAIL,
        user_id=question.user_id,
        link=link,
        good_until=moment + address_links.LASTS,
        to=question.address,
        key=f"{QUESTION_MAIL}:{question.user_id}:{moment:%Y-%m-%d}",
    )
    return write(connection, scope, proof.post, about)


def _add_and_release(
    connection: Connection, scope: AccountScope, user_id: str, address: str, *, by: str
) -> int:
    known = select(user_addresses.c.id).where(
        user_addresses.c.account_id == scope.account_id, user_addresses.c.address == address
    )
    if connection.execute(known).first() is None:
        values = {"user_id": user_id, "address": address, "created_at": now(connection)}
        connection.execute(insert(user_addresses).values(account_id=scope.account_id, id=new_id(), **values))
    held = _held_for(connection, scope, user_id, address)
    connection.execute(
        update(holds)
        .where(
            holds.c.account_id == scope.account_id,
            holds.c.message_id.in_(held),
            holds.c.resolved_at.is_(None),
        )
        .values(resolved_by=by)
    )
    reopen(connection, scope, held)
    return len(held)


def _check(connection: Connection, scope: AccountScope, user_id: str, address: str) -> None:
    """Invalid for an address of leadgate's own, Conflict for another user's."""
    if domain_of(address) == get_account(connection, scope).domain:
        raise Invalid("action", "an address of leadgate itself is nobody's own")
    statement = select(user_addresses.c.user_id).where(
        user_addresses.c.account_id == scope.account_id, user_addresses.c.address == address
    )
    owner = connection.execute(statement).scalar()
    if owner is not None and owner != user_id:
        raise Conflict("this address is another user's already")


def _held_for(connection: Connection, scope: AccountScope, user_id: str, address: str) -> list[str]:
    """The messages that ask the same user about the same address."""
    rows = connection.execute(
        select(messages.c.id, messages.c.sender_address)
        .join_from(
            holds,
            messages,
            and_(messages.c.account_id == holds.c.account_id, messages.c.id == holds.c.message_id),
        )
        .where(
            holds.c.account_id == scope.account_id,
            holds.c.user_id == user_id,
            holds.c.reason == QUESTION,
            holds.c.resolved_at.is_(None),
            messages.c.state == "done",
        )
        .order_by(messages.c.id)
    )
    return [row.id for row in rows if normal(row.sender_address or "") == address]
