"""Facts of the deployment as a whole, a row each: its key's fingerprint, whether it is paused, its last backup.

`secret_key`   the fingerprint of the secret key that everything in here was made with. Written once, at the first
               start; a start with another key is refused, because nothing that is sealed could be opened again.
`paused`       there: mail is received and worked on, but nothing is sent. `restore` pauses, `resume` ends it.
`last_backup`  when one was last completed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from store.session import across, now
from store.tables.automation import deliveries, endpoints
from store.tables.operation import deployment_facts
from store.tables.outgoing import outgoing_mails
from store.tables.people import accounts

SECRET_KEY, PAUSED, LAST_BACKUP = "secret_key", "paused", "last_backup"


@dataclass(frozen=True, slots=True)
class Fact:
    """What is noted under a name, and since when."""

    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Deliveries of one endpoint that are still to be sent."""

    account: str  # slug
    url: str
    number: int
    oldest: datetime


def fact(connection: Connection, name: str) -> Fact | None:
    """What is noted under `name`; None if nothing is."""
    row = connection.execute(
        select(deployment_facts.c.value, deployment_facts.c.at).where(deployment_facts.c.name == name)
    ).first()
    return None if row is None else Fact(row.value, row.at)


def note(connection: Connection, name: str, value: str) -> None:
    """Notes `value` under `name`, whatever stood there before."""
    moment = now(connection)
    connection.execute(
        _insert(connection, name, value, moment).on_conflict_do_update(
            index_elements=["name"], set_={"value": value, "at": moment}
        )
    )


def note_first(connection: Connection, name: str, value: str) -> None:
    """Notes `value` under `name` unless something stands there: of two first starts, one is first."""
    connection.execute(_insert(connection, name, value, now(connection)).on_conflict_do_nothing())


def forget(connection: Connection, name: str) -> None:
    """Removes what is noted under `name`."""
    connection.execute(delete(deployment_facts).where(deployment_facts.c.name == name))


def outgoing(connection: Connection) -> list[Waiting]:
    """What would be sent if nothing held it back: per endpoint, those that wait longest first."""
    oldest = func.min(deliveries.c.created_at).label("oldest")
    statement = (
        select(accounts.c.slug, endpoints.c.url, func.count().label("number"), oldest)
        .select_from(deliveries)
        .join(
            endpoints,
            (endpoints.c.account_id == deliveries.c.account_id)
            & (endpoints.c.id == deliveries.c.endpoint_id),
        )
        .join(accounts, accounts.c.id == deliveries.c.account_id)
        .where(deliveries.c.state != "done")
        .group_by(accounts.c.slug, endpoints.c.id, endpoints.c.url)
        .order_by(oldest)
    )
    rows = connection.execute(across(statement, "deployment"))
    return [Waiting(row.slug, row.url, row.number, row.oldest) for row in rows]


def waiting_mails(connection: Connection) -> dict[str, int]:
    """How many mails of our own would be sent, by the account's slug."""
    statement = (
        select(accounts.c.slug, func.count().label("number"))
        .join_from(outgoing_mails, accounts, accounts.c.id == outgoing_mails.c.account_id)
        .where(outgoing_mails.c.state != "done")
        .group_by(accounts.c.slug)
        .order_by(accounts.c.slug)
    )
    return {row.slug: row.number for row in connection.execute(across(statement, "deployment"))}


def _insert(connection: Connection, name: str, value: str, moment: datetime) -> Any:
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(deployment_facts).values(name=name, value=value, at=moment)
