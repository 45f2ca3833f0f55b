"""What the scheduler asks for now and then: it tells of a silent source, and not while the deployment is paused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select, update

from config.parts import Parts, Role
from config.sweeper import CHORES, do_chore
from config.wiring import Wired
from store import deployment, outgoing, outgoing_retention
from store.doorbell import Work
from store.outgoing import NewMail, Post
from store.sealing import Sealer
from store.session import Database
from store.source_health import address_key
from store.tables.automation import events
from store.tables.outgoing import outgoing_mails
from store.tables.people import inbound_addresses
from tests.config.test_backup import settings_of
from tests.support.accounts import MadeAccount
from tests.support.past import came
from tests.support.rows import rows


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


def test_what_mails_said_is_forgotten_after_a_month(
    database: Database, account: MadeAccount, other_account: MadeAccount, tmp_path: Path
) -> None:
    post, day = Post(Sealer(b"s" * 32), has_smarthost=True), timedelta(days=1)
    ended: dict[str, tuple[str, timedelta]] = {
        "old": ("done", 31 * day), "new": ("done", 29 * day), "open": ("pending", 40 * day)
    }  # fmt: skip
    for owner in (account, other_account):
        for key, (state, age) in ended.items():
            new = NewMail(key=key, to=f"{key}@outside.example", purpose="test", subject="s", text="t")
            with database.write() as connection:
                queued = outgoing.queue(connection, owner.scope, post, new)
                assert isinstance(queued, outgoing.Queued)
                this = (outgoing_mails.c.account_id == owner.id, outgoing_mails.c.id == queued.id)
                values = {"state": state, "ended_at": datetime.now(UTC) - age}
                connection.execute(update(outgoing_mails).where(*this).values(values))
    parts = Wired(settings_of(database, tmp_path), Role.SCHEDULER)
    parts.forget_texts()
    kept = [(row["key"], bool(row["content"])) for row in rows(database, outgoing_mails)]
    assert sorted(kept) == [("new", True)] * 2 + [("old", False)] * 2 + [("open", True)] * 2
    parts.forget_texts()
    parts.close()


def test_more_texts_than_one_transaction_takes_are_all_forgotten(
    database: Database, account: MadeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_retention, "AT_ONCE", 2)
    post = Post(Sealer(b"s" * 32), has_smarthost=True)
    with database.write() as connection:
        for number in range(5):
            to = f"{number}@outside.example"
            outgoing.queue(connection, account.scope, post, NewMail(to, to, "test", "s", "t"))
        values = {"state": "done", "ended_at": datetime.now(UTC) - timedelta(days=31)}
        connection.execute(
            update(outgoing_mails).where(outgoing_mails.c.account_id == account.id).values(values)
        )
    assert outgoing_retention.forget_texts(database) == 5
    assert outgoing_retention.forget_texts(database) == 0


def test_a_database_that_is_away_does_not_end_the_scheduler(caplog: pytest.LogCaptureFixture) -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            raise OSError("gone")

    for chore in CHORES:
        do_chore(cast(Parts, Away()), chore)
    assert [record.getMessage() for record in caplog.records] == [
        "the database cannot be looked after: OSError: gone",
        "sources cannot be looked at: OSError: gone",
        "old texts of mails cannot be forgotten: OSError: gone",
    ]
