"""Endpoints and deliveries: made once, claimed by endpoint, recorded by who holds them, sent again on demand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from rules.event import Actor, ActorKind
from store import attempts, outbox
from store.attempts import Tried
from store.delivery_log import (
    count_deliveries,
    deliveries_json,
    delivery_json,
    redeliver,
    redeliver_failed,
)
from store.endpoints import (
    Endpoint,
    create_endpoint,
    delete_endpoint,
    get_endpoint,
    list_endpoints,
    rotate_secret,
    secrets_in_force,
    subscriptions,
    update_endpoint,
)
from store.events import NewEvent, Origin, append
from store.outbox import Due, NewDelivery
from store.sealing import Sealer
from store.session import Conflict, Database, Invalid, NotFound, now
from store.tables.automation import deliveries, delivery_attempts, endpoints, events
from tests.support.accounts import MadeAccount
from tests.support.rows import count, rows

SEALER = Sealer(b"s" * 32)
LEASE = timedelta(seconds=45)
FIVE_DAYS = timedelta(days=5)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def endpoint_of(
    database: Database, account: MadeAccount, *patterns: str, secret: str = "whsec_one"
) -> Endpoint:
    with database.write() as connection:
        return create_endpoint(
            connection,
            account.scope,
            SEALER,
            url="https://hooks.example/x",
            events=list(patterns),
            secret=secret,
        )


def deliver(database: Database, account: MadeAccount, endpoint: Endpoint, *event_ids: str) -> None:
    with database.write() as connection:
        outbox.create_deliveries(
            connection,
            [NewDelivery(account.id, endpoint.id, event_id, "lead.created", "{}") for event_id in event_ids],
        )


def claimed(database: Database, most: int = 4, lease: timedelta = LEASE) -> list[Due]:
    with database.write() as connection:
        due = outbox.due_endpoints(connection)
        return outbox.claim(connection, [(endpoint, most) for endpoint in due], lease=lease)


def tried(due: Due, result: str, **more: Any) -> Tried:
    values: dict[str, Any] = {
        "at": datetime.now(UTC),
        "status": 200 if result == "delivered" else 500,
        "error": None if result == "delivered" else "not_2xx",
        "detail": None,
        "milliseconds": 12,
        "answer": "ok",
    }
    return Tried(due=due, result=result, **{**values, **more})


def record(database: Database, *what: Tried) -> list[str]:
    with database.write() as connection:
        return attempts.record(connection, what, disable_after=FIVE_DAYS)


def listed(database: Database, account: MadeAccount, endpoint: Endpoint) -> list[dict[str, Any]]:
    with database.read() as connection:
        return deliveries_json(connection, account.scope, endpoint.id)


def in_the_past(database: Database, account: MadeAccount) -> None:
    """Every open delivery is due."""
    with database.write() as connection:
        connection.execute(
            update(deliveries).where(deliveries.c.account_id == account.id).values(due_at=LONG_AGO)
        )


def test_an_endpoint_is_made_read_changed_and_deleted(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    made = endpoint_of(database, account, "lead.*", "message.held")
    with database.write() as connection:
        assert get_endpoint(connection, account.scope, made.id) == made
        assert list_endpoints(connection, account.scope) == [made]
        assert list_endpoints(connection, other_account.scope) == []
        for call in (get_endpoint, delete_endpoint):
            with pytest.raises(NotFound):
                call(connection, other_account.scope, made.id)
        changed = update_endpoint(
            connection, account.scope, made.id, {"url": "https://new.example/", "events": ["*"]}
        )
        assert (changed.url, changed.events) == ("https://new.example/", ("*",))
        assert subscriptions(connection, [account.id, other_account.id]) == {
            account.id: [changed],
            other_account.id: [],
        }
        delete_endpoint(connection, account.scope, made.id)
        assert list_endpoints(connection, account.scope) == []
        assert subscriptions(connection, [account.id]) == {account.id: []}


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"url": ""}, "url"),
        ({"url": 3}, "url"),
        ({"url": "https://" + "x" * 2_000}, "url"),
        ({"events": "lead.*"}, "events"),
        ({"events": ["lead.*", "lead.born"]}, "events[1]"),
        ({"events": [3]}, "events[0]"),
        ({"enabled": 1}, "enabled"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    database: Database, account: MadeAccount, values: dict[str, Any], place: str
) -> None:
    made = endpoint_of(database, account, "lead.*")
    with database.write() as connection, pytest.raises(Invalid) as refusal:
        update_endpoint(connection, account.scope, made.id, values)
    assert refusal.value.place == place


def test_secrets_are_sealed_and_overlap_when_they_are_replaced(
    database: Database, account: MadeAccount
) -> None:
    made = endpoint_of(database, account, secret="whsec_first")

    def in_force(moment: datetime) -> tuple[str, ...]:
        (row,) = rows(database, endpoints)
        assert b"whsec" not in row["secrets"]
        return secrets_in_force(SEALER, account.id, made.id, row["secrets"], moment)

    moment = datetime.now(UTC)
    assert in_force(moment) == ("whsec_first",)
    with database.write() as connection:
        rotate_secret(connection, account.scope, SEALER, made.id, secret="whsec_second")
    assert in_force(moment) == ("whsec_second", "whsec_first")
    assert in_force(moment + timedelta(hours=25)) == ("whsec_second",)


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
