"""Heartbeats of the deployment's processes: what `/readyz` and the status page judge by.

A row per process, renewed every few seconds; rows of processes that are gone for a day are removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.session import across, clock, now
from store.tables.operation import heartbeats

ALIVE = timedelta(seconds=15)
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process that was alive at `beat_at`."""

    name: str
    role: str
    started_at: datetime
    beat_at: datetime


def beat(connection: Connection, *, name: str, role: str) -> None:
    """Renews the row of this process."""
    moment = now(connection)
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(
        dialect.insert(heartbeats)
        .values(name=name, role=role, started_at=moment, beat_at=moment)
        .on_conflict_do_update(index_elements=["name"], set_={"beat_at": moment, "role": role})
    )
    connection.execute(
        across(delete(heartbeats).where(heartbeats.c.beat_at < clock(connection, -FORGOTTEN)), "deployment")
    )


def alive(connection: Connection) -> Iterable[Heartbeat]:
    """The processes that beat lately."""
    rows = connection.execute(
        across(select(heartbeats).where(heartbeats.c.beat_at > clock(connection, -ALIVE)), "deployment")
    )
    return [Heartbeat(row.name, row.role, row.started_at, row.beat_at) for row in rows]
