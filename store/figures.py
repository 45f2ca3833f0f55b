"""Figures of the whole deployment for its operator: `/metrics` and `leadgate check`. Nothing of any one person.

Every statement reads an index or a handful of rows, never bodies of mails or deliveries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, literal_column, select

from store import deployment, heartbeats, leases
from store.doorbell import Work
from store.heartbeats import Heartbeat
from store.session import across, now
from store.tables.automation import deliveries, events
from store.tables.mail import messages, source_counters
from store.tables.mailboxes import mailboxes
from store.tables.outgoing import outgoing_mails
from store.tables.people import accounts

TABLE_OF = {
    Work.MESSAGES: messages,
    Work.EVENTS: events,
    Work.DELIVERIES: deliveries,
    Work.MAILS: outgoing_mails,
}


@dataclass(frozen=True, slots=True)
class MailboxFigures:
    """How one mailbox that is switched on fares."""

    account: str  # slug
    id: str
    last_poll: datetime | None
    last_mail: datetime | None
    caught_up: datetime | None
    failing_at: str | None  # the stage
    failing_since: datetime | None
    created: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """A picture of the deployment at `at`, the database's clock."""

    at: datetime
    messages: Mapping[str, int]
    """By outcome; `pending` is what has none yet."""
    accepted: Mapping[tuple[str, str], int]
    """What the doors counted, by (account's slug, source key)."""
    deliveries: Mapping[str, int]
    """By result."""
    oldest_due: Mapping[Work, datetime | None]
    """Since when the longest waiting thing of a kind is due that nobody holds."""
    alive: tuple[Heartbeat, ...]
    database_bytes: int
    paused_since: datetime | None
    last_backup: datetime | None
    first_account: datetime | None
    """When the first account was made; None while there is none."""
    mailboxes: tuple[MailboxFigures, ...] = ()
    domain: str | None = None
    """The mail domain of the oldest account."""


def figures(connection: Connection) -> Figures:
    """All of it, in the caller's one transaction."""
    paused = deployment.fact(connection, deployment.PAUSED)
    backup = deployment.fact(connection, deployment.LAST_BACKUP)
    return Figures(
        at=now(connection),
        messages=_messages(connection),
        accepted=_accepted(connection),
        deliveries=_deliveries(connection),
        oldest_due={work: leases.oldest_due(connection, table) for work, table in TABLE_OF.items()},
        alive=tuple(sorted(heartbeats.alive(connection), key=lambda beat: beat.name)),
        database_bytes=database_bytes(connection),
        paused_since=paused.at if paused else None,
        last_backup=backup.at if backup else None,
        first_account=connection.execute(
            across(select(func.min(accounts.c.created_at)), "deployment")
        ).scalar_one(),
        mailboxes=mailbox_figures(connection),
        domain=connection.execute(
            across(
                select(accounts.c.domain).order_by(accounts.c.created_at, accounts.c.id).limit(1),
                "deployment",
            )
        ).scalar(),
    )


def mailbox_figures(connection: Connection) -> tuple[MailboxFigures, ...]:
    """The mailboxes of all accounts that are switched on, oldest first."""
    statement = (
        select(mailboxes, accounts.c.slug)
        .join(accounts, accounts.c.id == mailboxes.c.account_id)
        .where(mailboxes.c.state != "done")
        .order_by(mailboxes.c.id)
    )
    return tuple(
        MailboxFigures(
            row.slug,
            row.id,
            row.last_poll_at,
            row.last_mail_at,
            row.caught_up_at,
            row.error_stage,
            row.error_since,
            row.created_at,
        )
        for row in connection.execute(across(statement, "deployment"))
    )


def integrity(connection: Connection) -> list[str]:
    """What the database itself finds wrong with its file (SQLite); PostgreSQL watches its own."""
    if connection.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(10)")]
    return [] if found == ["ok"] else found


def database_bytes(connection: Connection) -> int:
    """How large the database is, without SQLite's write-ahead log."""
    if connection.dialect.name == "sqlite":
        sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        sql = "SELECT pg_database_size(current_database())"
    return int(connection.exec_driver_sql(sql).scalar_one())


def _messages(connection: Connection) -> dict[str, int]:
    outcome = func.coalesce(messages.c.outcome, literal_column("'pending'")).label("outcome")
    statement = select(outcome, func.count().label("number")).group_by(messages.c.outcome)
    return {row.outcome: row.number for row in connection.execute(across(statement, "deployment"))}


def _accepted(connection: Connection) -> dict[tuple[str, str], int]:
    statement = select(accounts.c.slug, source_counters.c.source_key, source_counters.c.accepted).join(
        accounts, accounts.c.id == source_counters.c.account_id
    )
    rows = connection.execute(across(statement, "deployment"))
    return {(row.slug, row.source_key): row.accepted for row in rows}


def _deliveries(connection: Connection) -> dict[str, int]:
    statement = select(deliveries.c.result, func.count().label("number")).group_by(deliveries.c.result)
    return {row.result: row.number for row in connection.execute(across(statement, "deployment"))}
