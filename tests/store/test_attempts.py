"""Attempts are recorded by who holds the delivery; what follows from them, to the endpoint that is disabled."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from rules.event import Actor, ActorKind
from store import attempts, outbox
from store.delivery_log import count_deliveries, deliveries_json, delivery_json
from store.endpoints import Endpoint, get_endpoint, subscriptions
from store.events import NewEvent, Origin, append
from store.outbox import NewDelivery
from store.session import Database, now
from store.tables.automation import delivery_attempts, endpoints, events
from tests.store.deliveries import claimed, deliver, endpoint_of, in_the_past, listed, record, tried
from tests.support.accounts import MadeAccount
from tests.support.rows import count, rows


def test_an_attempt_is_recorded_and_the_delivery_goes_on(database: Database, account: MadeAccount) -> None:
    endpoint = endpoint_of(database, account)
    deliver(database, account, endpoint, "e1", "e2", "e3")
    delivered, failing, exhausted = claimed(database)
    assert record(
        database,
        tried(delivered, "delivered"),
        tried(failing, "failing", wait=timedelta(hours=1), detail="status 500"),
        tried(exhausted, "exhausted"),
    )
    third, second, first = listed(database, account, endpoint)
    assert (first["state"], second["state"], third["state"]) == ("delivered", "failing", "exhausted")
    assert first["attempts"][0] | {"at": ""} == {"at": "", "status": 200, "error": None, "ms": 12}
    assert second["attempts"][0]["error"] == "not_2xx"
    assert (first["next_attempt_at"], third["next_attempt_at"]) == (None, None)
    wait = datetime.fromisoformat(second["next_attempt_at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < wait < timedelta(minutes=61)
    assert claimed(database) == []
    in_the_past(database, account)
    (again,) = claimed(database)
    assert (again.id, again.tries, again.claims) == (failing.id, 1, 1)
    with database.read() as connection:
        detail = delivery_json(connection, account.scope, endpoint.id, failing.id)
        assert detail["body"] == "{}"
        assert (detail["attempts"][0]["answer"], detail["attempts"][0]["detail"]) == ("ok", "status 500")
        assert count_deliveries(connection, account.scope, endpoint.id, most=100) == 3
        assert count_deliveries(connection, account.scope, endpoint.id, most=2) == 2
        older = deliveries_json(connection, account.scope, endpoint.id, before=second["id"])
        assert older == [first]


def test_who_lost_the_lease_records_nothing(database: Database, account: MadeAccount) -> None:
    endpoint = endpoint_of(database, account)
    deliver(database, account, endpoint, "e1")
    (lost,) = claimed(database, lease=timedelta(0))
    (mine,) = claimed(database)
    assert mine.claims == 2
    assert record(database, tried(lost, "exhausted")) == []
    assert count(database, delivery_attempts) == 0
    record(database, tried(mine, "delivered"))
    assert [d["state"] for d in listed(database, account, endpoint)] == ["delivered"]


def test_an_exhausted_delivery_is_an_event_with_its_causes(database: Database, account: MadeAccount) -> None:
    endpoint = endpoint_of(database, account)
    with database.write() as connection:
        origin = Origin(Actor(ActorKind.SENDER), ("message:m1",))
        new = NewEvent("lead.created", None, None, None, {"lead": None})
        (event_id,) = append(connection, account.scope, origin, now(connection), [new])
    deliver(database, account, endpoint, event_id)
    (due,) = claimed(database)
    (made,) = record(database, tried(due, "exhausted"))
    exhausted = next(row for row in rows(database, events) if row["id"] == made)
    assert exhausted["type"] == "delivery.exhausted"
    assert exhausted["causes"] == ["message:m1", f"event:{event_id}"]
    assert exhausted["data"]["delivery"]["id"] == due.id
    assert exhausted["state"] == "pending"


def test_exhaustion_of_its_own_news_ends_there(database: Database, account: MadeAccount) -> None:
    endpoint = endpoint_of(database, account)
    with database.write() as connection:
        outbox.create_deliveries(
            connection, [NewDelivery(account.id, endpoint.id, "e1", "delivery.exhausted", "{}")]
        )
    assert record(database, tried(claimed(database)[0], "exhausted")) == []


def test_gone_disables_the_endpoint_and_gives_the_rest_up(database: Database, account: MadeAccount) -> None:
    endpoint = endpoint_of(database, account, "*")
    deliver(database, account, endpoint, "e1", "e2", "e3")
    first, second = claimed(database, most=2)
    made = record(database, tried(first, "exhausted", status=410, disable=attempts.GONE))
    kinds = {row["id"]: row["type"] for row in rows(database, events)}
    assert [kinds[event] for event in made] == ["delivery.exhausted", "system.warning"]
    with database.read() as connection:
        found = get_endpoint(connection, account.scope, endpoint.id)
        assert subscriptions(connection, [account.id]) == {account.id: []}
    assert (found.enabled, found.disabled_reason) == (False, "gone")
    states = {d["event_id"]: d["state"] for d in listed(database, account, endpoint)}
    assert states == {"e1": "exhausted", "e2": "pending", "e3": "exhausted"}
    record(database, tried(second, "failing", wait=timedelta(0)))  # it was under way: it is recorded
    with database.write() as connection:
        (closed,) = outbox.due_endpoints(connection)
        assert closed.open is False
        outbox.give_up(connection, account.scope, endpoint.id)
        assert outbox.due_endpoints(connection) == []
    assert {d["state"] for d in listed(database, account, endpoint)} == {"exhausted"}


def test_five_days_of_failure_disable_and_one_success_forgives(
    database: Database, account: MadeAccount
) -> None:
    endpoint = endpoint_of(database, account)

    def fail(event_id: str) -> Endpoint:
        deliver(database, account, endpoint, event_id)
        record(database, tried(claimed(database)[0], "exhausted"))
        with database.read() as connection:
            return get_endpoint(connection, account.scope, endpoint.id)

    def failing_since(moment: datetime) -> None:
        with database.write() as connection:
            connection.execute(
                update(endpoints)
                .where(endpoints.c.account_id == account.id, endpoints.c.id == endpoint.id)
                .values(failing_since=moment)
            )

    first = fail("e1")
    assert first.failing_since is not None
    assert fail("e2").failing_since == first.failing_since
    failing_since(datetime.now(UTC) - timedelta(days=4, hours=23))
    assert fail("e3").enabled
    deliver(database, account, endpoint, "e4")
    record(database, tried(claimed(database)[0], "delivered"))
    with database.read() as connection:
        assert get_endpoint(connection, account.scope, endpoint.id).failing_since is None
    failing_since(datetime.now(UTC) - timedelta(days=5))
    disabled = fail("e5")
    assert (disabled.enabled, disabled.disabled_reason) == (False, "failing_for_five_days")
    warning = [row for row in rows(database, events) if row["type"] == "system.warning"]
    assert warning[0]["data"]["endpoint"] == {"id": endpoint.id, "host": "hooks.example"}
