"""Alarms about sources, with the clock turned: each silence is told once, and ends with the next message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from store import forms, inbound_list, mailboxes
from store.inbound import add_inbound_address, replace_address
from store.mailbox_leases import source_key
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import Database
from store.source_health import Health, address_key, count_alarms, form_keys, healths
from store.source_watch import watch
from store.tables.automation import events
from store.tables.mail import source_counters
from store.tables.mailboxes import mailboxes as mailbox_rows
from tests.support.accounts import MadeAccount, make_account
from tests.support.past import came

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def daily(number: int = 30) -> list[datetime]:
    """Three a day, every day."""
    return [START + day * DAY + n * 3 * HOUR for day in range(number) for n in range(3)]


def told(database: Database, account: MadeAccount) -> list[dict[str, Any]]:
    with database.read() as connection:
        found = connection.execute(
            select(events).where(events.c.account_id == account.id).order_by(events.c.id)
        )
        return [{"type": row.type, "at": row.at, **row.data["source"]} for row in found]


def leads_id(database: Database, account: MadeAccount) -> str:
    with database.read() as connection:
        every = inbound_list.list_addresses(connection, account.scope)
        return next(one.id for one in every if one.local_part == "leads")


def health(database: Database, scope: AccountScope, *keys: str) -> Health:
    with database.read() as connection:
        return healths(connection, scope, [keys])[0]


def test_a_silence_is_told_once_and_ends_with_the_next_message(
    database: Database, account: MadeAccount
) -> None:
    key = address_key(leads_id(database, account))
    moments = daily()
    came(database, account, key, moments)
    with database.write() as connection:
        connection.execute(
            insert(source_counters).values(
                account_id=account.id, source_key=key, accepted=len(moments), erased=0
            )
        )
    last = moments[-1]
    assert watch(database, last + 20 * HOUR) == 0 and told(database, account) == []
    assert watch(database, last + 2 * DAY) == 1
    assert [watch(database, last + n * DAY) for n in (2, 3, 9)] == [0, 0, 0], "once"
    (event,) = told(database, account)
    assert event["type"] == "source.silent" and event["name"] == "leads" and event["kind"] == "address"
    assert event["last_message"] == last.isoformat() and 18 * 3600 < event["silent_after_seconds"] < 48 * 3600
    silent = health(database, account.scope, key)
    assert silent.silent_since == last and silent.silent_after is not None
    with database.read() as connection:
        assert count_alarms(connection, account.scope) == 1
    came(database, account, key, [last + 10 * DAY])
    assert health(database, account.scope, key).silent_since is None, "at once, whoever looks first"
    assert watch(database, last + 10 * DAY + HOUR) == 0
    with database.read() as connection:
        assert count_alarms(connection, account.scope) == 0
    assert watch(database, last + 20 * DAY) == 1, "another silence is told again"
    assert len(told(database, account)) == 2


def test_without_history_and_for_people_there_is_no_alarm(database: Database, account: MadeAccount) -> None:
    with database.read() as connection:
        every = inbound_list.list_addresses(connection, account.scope)
    personal = next(one.id for one in every if one.kind == "personal")
    came(database, account, address_key(personal), daily())
    came(database, account, address_key(leads_id(database, account)), daily(3))
    assert watch(database, START + 200 * DAY) == 0


@pytest.mark.parametrize("change", ["off", "replaced"])
def test_a_source_that_is_off_is_not_missed(database: Database, account: MadeAccount, change: str) -> None:
    with database.write() as connection:
        address_id = add_inbound_address(
            connection, account.scope, kind="partner", local_part="partner-x", name="Portal"
        )
    came(database, account, address_key(address_id), daily())
    assert watch(database, START + 40 * DAY) == 1
    with database.write() as connection:
        if change == "off":
            inbound_list.change_address(connection, account.scope, address_id, {"enabled": False})
        else:
            replace_address(connection, account.scope, address_id, "partner-y")
    assert watch(database, START + 41 * DAY) == 0
    with database.read() as connection:
        assert count_alarms(connection, account.scope) == 0


def test_a_form_has_one_rhythm_whichever_way_it_is_used(database: Database, account: MadeAccount) -> None:
    with database.write() as connection:
        form = forms.create_form(connection, account.scope, {"name": "Contact"})
    posts, mails = form_keys(form.id, form.address_id)
    moments = daily()
    came(database, account, posts, moments[::2])
    came(database, account, mails, moments[1::2])
    assert watch(database, moments[-1] + 20 * HOUR) == 0
    assert watch(database, moments[-1] + 2 * DAY) == 1
    assert told(database, account)[0]["kind"] == "form"


def test_a_source_that_sends_thousands_has_a_rhythm_too(
    database: Database, account: MadeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.source_watch.MOST_LOOKED_AT", 50)
    key = address_key(leads_id(database, account))
    moments = [START + n * HOUR for n in range(24 * 25)]
    came(database, account, key, moments)
    assert watch(database, moments[-1] + 3 * HOUR) == 0
    assert watch(database, moments[-1] + 6 * HOUR) == 1


def test_a_mailbox_that_cannot_be_read_is_told_after_ten_minutes_and_once(
    database: Database, account: MadeAccount
) -> None:
    values = {"host": "imap.example.com", "username": "crm", "password": "secret"}
    with database.write() as connection:
        made = mailboxes.create_mailbox(connection, account.scope, Sealer(b"s" * 32), values, since=None)
    moments = daily()
    came(database, account, source_key(made.id), moments)
    since = moments[-1] + HOUR

    def failing(fault: str | None) -> None:
        values = {"error": fault, "error_since": since if fault else None, "error_stage": fault and "login"}
        with database.write() as connection:
            connection.execute(
                update(mailbox_rows).where(mailbox_rows.c.account_id == account.id).values(**values)
            )

    failing("The server refused user name or password: NO.")
    assert [watch(database, since + n * timedelta(minutes=1)) for n in (9, 10, 11)] == [0, 1, 0]
    assert watch(database, since + 5 * DAY) == 0, "what cannot be read is not called silent"
    (event,) = told(database, account)
    assert (event["type"], event["kind"], event["id"]) == ("source.failing", "mailbox", made.id)
    assert event["error"].startswith("The server refused")
    failing(None)
    assert watch(database, since + 5 * DAY) == 1
    assert told(database, account)[1]["type"] == "source.silent"


def test_a_fault_that_hides_a_silence_does_not_have_it_told_twice(
    database: Database, account: MadeAccount
) -> None:
    key = address_key(address_id := leads_id(database, account))
    came(database, account, key, daily())
    assert watch(database, START + 40 * DAY) == 1
    for enabled in (False, True):
        with database.write() as connection:
            inbound_list.change_address(connection, account.scope, address_id, {"enabled": enabled})
        assert watch(database, START + 41 * DAY) == 0
    with database.read() as connection:
        assert count_alarms(connection, account.scope) == 1, "it goes on"
    assert len(told(database, account)) == 1


def test_each_account_has_its_own_alarms(database: Database, account: MadeAccount) -> None:
    other = make_account(database, "globex")
    came(database, other, address_key(leads_id(database, other)), daily())
    assert watch(database, START + 40 * DAY) == 1
    assert told(database, account) == [] and len(told(database, other)) == 1
