"""Endpoints: made, read, changed and deleted in their account; their secrets sealed and replaced."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.endpoints import (
    delete_endpoint,
    get_endpoint,
    list_endpoints,
    rotate_secret,
    secrets_in_force,
    subscriptions,
    update_endpoint,
)
from store.session import Database, Invalid, NotFound
from store.tables.automation import endpoints
from tests.store.deliveries import SEALER, endpoint_of
from tests.support.accounts import MadeAccount
from tests.support.rows import rows


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
