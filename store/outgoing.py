"""Mail to be sent: one function that takes it, or says why not.

A mail has a key; the same key to the same address is one mail, however often and from however many processes it is
asked for. It is written in the caller's transaction, so it is sent if and only if that is committed, by whoever sends
(`webhooks.mail`). A worker that dies after the server took a mail and before that was recorded leaves a lease that runs
out: the mail is then sent again, with the same Message-ID, and is never lost.

People outside get little: nothing in answer to automatic mail or to a null sender (RFC 3834 §2), and at most
MOST_OUTSIDE mails per address in 24 hours, whatever they are about.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from store import locks
from store.addresses import domain_of, normal
from store.ids import new_id
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import across, now
from store.smarthosts import sendable
from store.tables.mailboxes import mailboxes
from store.tables.outgoing import outgoing_mails, smarthosts
from store.tables.people import accounts, user_addresses, users
from store.types import storable

MOST_OUTSIDE = 2
DAY = timedelta(hours=24)
NO_SMARTHOST = "no_smarthost"
NOT_AN_ADDRESS = "not_an_address"
OWN_ADDRESS = "own_address"
AUTOMATIC_MAIL = "automatic_mail"
NULL_SENDER = "null_sender"
OVER_LIMIT = "over_limit"


@dataclass(frozen=True, slots=True)
class Post:
    """What queueing needs to know of the deployment: the key that texts are sealed with, and whether it has a
    server that sends for accounts without one of their own."""

    sealer: Sealer
    has_smarthost: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that a mail answers. `automatic`: the parser's word for it; `mail_from`: "" is the null sender."""

    automatic: str | None
    mail_from: str | None


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail about to be taken. `text` is plain text, `html` the same as simple HTML.

    `key` says what it is (`reset:<id>`); `purpose` is a word for lists. `lead_number`: answers go to that lead, under
    an address that says who answers. `good_until`: not sent later, and forgotten once it was sent.
    """

    key: str
    to: str
    purpose: str
    subject: str
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    name: str = ""
    lead_number: int | None = None
    answered: Answered | None = None
    good_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """It will be sent; `id` is the mail's. `again`: it had been asked for before."""

    id: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotQueued:
    """It will not be sent, for this stable reason: one of the constants above."""

    reason: str


Verdict = Queued | NotQueued


def can_send(connection: Connection, scope: AccountScope, post: Post) -> bool:
    """Whether the account has any server to send through."""
    own = select(smarthosts.c.host).where(
        smarthosts.c.account_id == scope.account_id, smarthosts.c.host.is_not(None)
    )
    return post.has_smarthost or connection.execute(own).first() is not None


def queue(connection: Connection, scope: AccountScope, post: Post, mail: NewMail) -> Verdict:
    """Takes a mail to be sent, once per key and recipient. Ring `Work.MAILS` after the commit."""
    address, recipient = sendable(mail.to, beyond_ascii=True), normal(mail.to)
    if address is None:
        return NotQueued(NOT_AN_ADDRESS)
    locks.acquire(connection, [lock_key(scope.account_id, recipient)])
    known = connection.execute(
        select(outgoing_mails.c.id).where(
            outgoing_mails.c.account_id == scope.account_id,
            outgoing_mails.c.key == mail.key,
            outgoing_mails.c.recipient == recipient,
        )
    ).scalar()
    if known is not None:
        return Queued(known, again=True)
    if not can_send(connection, scope, post):
        return NotQueued(NO_SMARTHOST)
    if _is_inbound(connection, recipient):
        return NotQueued(OWN_ADDRESS)
    if mail.answered is not None and mail.answered.automatic:
        return NotQueued(AUTOMATIC_MAIL)
    if mail.answered is not None and mail.answered.mail_from == "":
        return NotQueued(NULL_SENDER)
    user_id = _user(connection, scope, recipient)
    if user_id is None and _is_read_here(connection, recipient):
        return NotQueued(OWN_ADDRESS)
    if user_id is None and _had_lately(connection, scope, recipient) >= MOST_OUTSIDE:
        return NotQueued(OVER_LIMIT)
    return Queued(_write(connection, scope, post, mail, (recipient, address, user_id)))


def lock_key(account_id: str, recipient: str) -> str:
    """The lock of queueing to an address (normal form), for who takes locks in order."""
    return f"outgoing:{account_id}:{recipient}"


def content_place(account_id: str, mail_id: str) -> str:
    """What a mail's text is sealed for."""
    return f"outgoing_mails:{account_id}:{mail_id}"


def _write(
    connection: Connection,
    scope: AccountScope,
    post: Post,
    mail: NewMail,
    to: tuple[str, str, str | None],
) -> str:
    mail_id, moment = new_id(), now(connection)
    recipient, address, user_id = to
    document = json.dumps({"text": storable(mail.text), "html": mail.html and storable(mail.html)})
    row = {
        "account_id": scope.account_id,
        "id": mail_id,
        "key": mail.key,
        "recipient": recipient,
        "address": address,
        "name": mail.name,
        "user_id": user_id,
        "purpose": mail.purpose,
        "subject": " ".join(mail.subject.split()),
        "content": post.sealer.seal(document.encode(), place=content_place(scope.account_id, mail_id)),
        "lead_number": mail.lead_number,
        "good_until": mail.good_until,
        "result": "pending",
        "state": "pending",
        "due_at": moment,
        "attempts": 0,
        "tries": 0,
        "created_at": moment,
    }
    connection.execute(insert(outgoing_mails).values(**row))
    return mail_id


def _is_inbound(connection: Connection, recipient: str) -> bool:
    """Whether the address is one of leadgate itself, of whatever account: it would answer itself."""
    statement = select(accounts.c.id).where(accounts.c.domain == domain_of(recipient))
    return connection.execute(across(statement, "door")).first() is not None


def _is_read_here(connection: Connection, recipient: str) -> bool:
    """Whether the address is that of a mailbox which leadgate reads, of whatever account."""
    local, _, domain = recipient.rpartition("@")
    statement = select(mailboxes.c.id).where(
        mailboxes.c.address.in_([recipient, f"{local.partition('+')[0]}@{domain}"]),
        mailboxes.c.deleted_at.is_(None),
    )
    return connection.execute(across(statement, "door")).first() is not None


def _user(connection: Connection, scope: AccountScope, recipient: str) -> str | None:
    """The active user whose address it is: the one they log in with, or one that is theirs."""
    of_account = (users.c.account_id == scope.account_id, users.c.active)
    by_login = select(users.c.id).where(*of_account, users.c.email == recipient)
    found: str | None = connection.execute(by_login).scalar()
    if found is None:
        by_address = (
            select(users.c.id)
            .join_from(
                user_addresses,
                users,
                (users.c.account_id == user_addresses.c.account_id)
                & (users.c.id == user_addresses.c.user_id),
            )
            .where(
                user_addresses.c.account_id == scope.account_id,
                user_addresses.c.address == recipient,
                *of_account,
            )
        )
        found = connection.execute(by_address).scalar()
    return found


def _had_lately(connection: Connection, scope: AccountScope, recipient: str) -> int:
    statement = select(func.count()).where(
        outgoing_mails.c.account_id == scope.account_id,
        outgoing_mails.c.recipient == recipient,
        outgoing_mails.c.user_id.is_(None),
        outgoing_mails.c.created_at > now(connection) - DAY,
    )
    return int(connection.execute(statement).scalar_one())
