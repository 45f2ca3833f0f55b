"""Proof (f): every UID that a mailbox was seen to have has a message or a tombstone."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, exists, func, literal, or_, select

from store.books.contradiction import Contradiction, rows
from store.mailbox_cursor import SKIPPED
from store.tables.mail import arrivals, messages
from store.tables.mailboxes import mailbox_uids, mailboxes


def uids(connection: Connection) -> Iterator[Contradiction]:
    """(f) a mailbox counts as many UIDs as decided as have a row."""
    number = func.count(mailbox_uids.c.uid)
    statement = (
        select(mailboxes.c.account_id, mailboxes.c.id, mailboxes.c.seen, number.label("number"))
        .outerjoin(
            mailbox_uids,
            and_(
                mailbox_uids.c.account_id == mailboxes.c.account_id,
                mailbox_uids.c.mailbox_id == mailboxes.c.id,
            ),
        )
        .group_by(mailboxes.c.account_id, mailboxes.c.id, mailboxes.c.seen)
        .having(number != mailboxes.c.seen)
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "f",
            row.account_id,
            f"mailbox {row.id} has seen {row.seen} UIDs, but {row.number} are accounted for",
        )


def decided(connection: Connection) -> Iterator[Contradiction]:
    """(f) a UID has either a message or the reason why not."""
    both_or_neither = or_(
        and_(mailbox_uids.c.message_id.is_(None), mailbox_uids.c.reason.is_(None)),
        and_(mailbox_uids.c.message_id.is_not(None), mailbox_uids.c.reason.is_not(None)),
        and_(mailbox_uids.c.reason.is_not(None), mailbox_uids.c.reason.not_in(SKIPPED)),
    )
    statement = select(mailbox_uids.c.account_id, mailbox_uids.c.mailbox_id, mailbox_uids.c.uid).where(
        both_or_neither
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "f", row.account_id, f"UID {row.uid} of mailbox {row.mailbox_id} has no message and no tombstone"
        )


def came_by_it(connection: Connection) -> Iterator[Contradiction]:
    """(f) the message of a UID is there, and came by that mailbox."""
    arrival = exists().where(
        arrivals.c.account_id == mailbox_uids.c.account_id,
        arrivals.c.message_id == mailbox_uids.c.message_id,
        arrivals.c.source_key == literal("mailbox:").concat(mailbox_uids.c.mailbox_id),
    )
    statement = (
        select(mailbox_uids.c.account_id, mailbox_uids.c.mailbox_id, mailbox_uids.c.uid)
        .outerjoin(
            messages,
            and_(
                messages.c.account_id == mailbox_uids.c.account_id,
                messages.c.id == mailbox_uids.c.message_id,
            ),
        )
        .where(mailbox_uids.c.message_id.is_not(None), or_(messages.c.id.is_(None), ~arrival))
    )
    for row in rows(connection, statement):
        yield Contradiction(
            "f",
            row.account_id,
            f"UID {row.uid} of mailbox {row.mailbox_id} names a message that did not come by it",
        )
