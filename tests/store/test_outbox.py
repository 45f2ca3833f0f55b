"""Deliveries are made once, claimed by endpoint, given back, and kept apart by account."""

from datetime import UTC, datetime, timedelta

import pytest

from store import outbox
from store.delivery_log import deliveries_json, redeliver, redeliver_failed
from store.endpoints import delete_endpoint, update_endpoint
from store.session import Conflict, Database, NotFound
from store.tables.automation import deliveries
from tests.store.deliveries import LONG_AGO, claimed, deliver, endpoint_of, listed, record, tried
from tests.support.accounts import MadeAccount
from tests.support.rows import count


def test_an_event_is_delivered_once_to_an_endpoint(database: Database, account: MadeAccount) -> None:
    one, two = endpoint_of(database, account), endpoint_of(database, account)
    for _ in range(2):
        deliver(database, account, one, "e1", "e2")
        deliver(database, account, two, "e1")
    assert count(database, deliveries) == 3
    assert [d["event_id"] for d in listed(database, account, one)] == ["e2", "e1"]


def test_a_claim_takes_so_many_of_each_endpoint_and_nobody_else_gets_them(
    database: Database, account: MadeAccount
) -> None:
    flooded, other = endpoint_of(database, account), endpoint_of(database, account)
    deliver(database, account, flooded, *(f"e{number}" for number in range(10)))
    deliver(database, account, other, "e1")
    first = claimed(database)
    assert [due.event_id for due in first if due.endpoint_id == flooded.id] == ["e0", "e1", "e2", "e3"]
    assert [due.event_id for due in first if due.endpoint_id == other.id] == ["e1"]
    second = claimed(database)
    assert [due.event_id for due in second] == ["e4", "e5", "e6", "e7"]
    assert {due.claims for due in first + second} == {1}


def test_what_is_given_back_is_due_as_if_never_claimed(database: Database, account: MadeAccount) -> None:
    endpoint = endpoint_of(database, account)
    deliver(database, account, endpoint, "e1")
    held = claimed(database)
    with database.write() as connection:
        outbox.release(connection, held)
    (again,) = claimed(database)
    assert (again.claims, again.token != held[0].token) == (1, True)


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_a_closed_endpoint_gets_nothing_more(database: Database, account: MadeAccount, how: str) -> None:
    endpoint = endpoint_of(database, account)
    deliver(database, account, endpoint, "e1")
    with database.write() as connection:
        if how == "disable":
            update_endpoint(connection, account.scope, endpoint.id, {"enabled": False})
        else:
            delete_endpoint(connection, account.scope, endpoint.id)
        assert outbox.due_endpoints(connection) == []
    assert count(database, deliveries, deliveries.c.state == "done", deliveries.c.result == "exhausted") == 1


def test_one_is_sent_again_or_all_that_failed(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    endpoint = endpoint_of(database, account)
    deliver(database, account, endpoint, "e1", "e2", "e3", "e4")
    one, two, three, four = claimed(database)
    record(
        database,
        tried(one, "delivered"),
        tried(two, "exhausted"),
        tried(three, "failing", wait=timedelta(days=1)),
    )
    with database.write() as connection:
        for strange in (other_account.scope,):
            with pytest.raises(NotFound):
                redeliver(connection, strange, endpoint.id, one.id)
        with pytest.raises(NotFound):
            redeliver(connection, account.scope, endpoint.id, "nothing")
        redeliver(connection, account.scope, endpoint.id, one.id)
        redeliver(connection, account.scope, endpoint.id, four.id)  # under way: left to it
    assert [(due.id, due.tries) for due in claimed(database)] == [(one.id, 0)]
    with database.write() as connection:
        hour = timedelta(hours=1)
        assert redeliver_failed(connection, account.scope, endpoint.id, datetime.now(UTC) + hour) == 0
        assert redeliver_failed(connection, account.scope, endpoint.id, datetime.now(UTC) - hour) == 2
    assert sorted((due.id, due.tries) for due in claimed(database)) == [(two.id, 0), (three.id, 0)]
    with database.write() as connection:
        update_endpoint(connection, account.scope, endpoint.id, {"enabled": False})
        with pytest.raises(Conflict):
            redeliver(connection, account.scope, endpoint.id, one.id)
        with pytest.raises(Conflict):
            redeliver_failed(connection, account.scope, endpoint.id, LONG_AGO)


def test_two_accounts_deliveries_do_not_meet(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    mine, theirs = endpoint_of(database, account), endpoint_of(database, other_account)
    deliver(database, account, mine, "e1")
    deliver(database, other_account, theirs, "e1")
    held = claimed(database)
    assert {(due.account_id, due.endpoint_id) for due in held} == {
        (account.id, mine.id),
        (other_account.id, theirs.id),
    }
    record(database, *(tried(due, "delivered") for due in held if due.account_id == account.id))
    assert listed(database, account, mine)[0]["state"] == "delivered"
    assert listed(database, other_account, theirs)[0]["state"] == "pending"
    with database.read() as connection, pytest.raises(NotFound):
        deliveries_json(connection, account.scope, theirs.id)
