"""What the scheduler asks for now and then: it tells of a silent source, and not while the deployment is paused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from config.part import Part
from config.parts import Role
from config.sweeper import _watch_sources
from config.wiring import Wired
from store import deployment
from store.doorbell import Work
from store.session import Database
from store.source_health import address_key
from store.tables.automation import events
from store.tables.people import inbound_addresses
from tests.config.test_backup import settings_of
from tests.support.accounts import MadeAccount
from tests.support.past import came


class Bell:
    """Notes what is rung for."""

    def __init__(self) -> None:
        self.rung: list[Work] = []

    def ring(self, work: Work) -> None:
        self.rung.append(work)

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def leads_key(database: Database, account: MadeAccount) -> str:
    """The source leads@, which sent every three hours until three days ago."""
    with database.read() as connection:
        address_id = connection.execute(
            select(inbound_addresses.c.id).where(
                inbound_addresses.c.account_id == account.id, inbound_addresses.c.local_part == "leads"
            )
        ).scalar_one()
    last = datetime.now(UTC) - timedelta(days=3)
    came(database, account, address_key(address_id), [last - n * timedelta(hours=3) for n in range(240)])
    return address_key(address_id)


def told(database: Database, account: MadeAccount) -> list[str]:
    with database.read() as connection:
        return list(
            connection.execute(select(events.c.type).where(events.c.account_id == account.id)).scalars()
        )


@pytest.mark.usefixtures("leads_key")
def test_a_silent_source_is_told_and_rung_for(
    database: Database, account: MadeAccount, tmp_path: Path
) -> None:
    parts = Wired(settings_of(database, tmp_path), Role.SCHEDULER)
    bell: Any = Bell()
    parts.__dict__["doorbell"] = bell
    with database.write() as connection:
        deployment.note(connection, deployment.PAUSED, "restored")
    parts.watch_sources()
    assert told(database, account) == [] and bell.rung == [], "paused: nothing is read, so all are silent"
    with database.write() as connection:
        deployment.forget(connection, deployment.PAUSED)
    parts.watch_sources()
    assert told(database, account) == ["source.silent"] and bell.rung == [Work.EVENTS]
    parts.watch_sources()
    assert bell.rung == [Work.EVENTS]
    parts.close()


def test_a_database_that_is_away_does_not_end_the_scheduler(caplog: pytest.LogCaptureFixture) -> None:
    class Away:
        parts: Any = None

        def watch_sources(self) -> None:
            raise OSError("gone")

    away = Away()
    away.parts = away
    _watch_sources(cast(Part, away))
    assert "sources cannot be looked at: gone" in caplog.text
