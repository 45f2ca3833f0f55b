"""The orders of the lead list: each shows every lead once, page by page, those without a value last."""

from datetime import UTC, datetime
from typing import Any

import pytest

from store.accounts import viewer_of
from store.lead_lists import ORDERS, LeadFilter, list_leads
from store.lead_requests import LeadWish, create_lead, origin_of, trash_lead
from store.scope import Viewer
from store.session import Database
from tests.support.accounts import make_account

LEADS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Birch", {"amount_cents": 500}),
    ("ash", {"amount_cents": 500, "next_action_at": datetime(2026, 12, 2, tzinfo=UTC)}),
    ("Cedar", {}),
    ("Éland", {"amount_cents": 90_000, "next_action_at": datetime(2026, 12, 1, tzinfo=UTC)}),
    ("ash", {"next_action_at": datetime(2026, 12, 2, tzinfo=UTC)}),
)
WANTED = {
    "newest": [5, 4, 3, 2, 1],
    "oldest": [1, 2, 3, 4, 5],
    "changed": [5, 4, 3, 2, 1],
    "title": [2, 5, 1, 3, 4],
    "next": [4, 2, 5, 1, 3],
    "amount": [4, 2, 1, 5, 3],
}


def fill(database: Database) -> Viewer:
    account = make_account(database)
    with database.read() as connection:
        viewer = viewer_of(connection, account.scope, account.admin.id)
    for title, columns in LEADS:
        with database.write() as connection:
            origin = origin_of(connection, viewer, "user:x")
            create_lead(connection, viewer, origin, LeadWish(title, account.admin.id, columns=columns))
    return viewer


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_shows_each_lead_once(database: Database, order: str) -> None:
    viewer = fill(database)
    for limit in (1, 2, 10):
        numbers: list[int] = []
        after = None
        for _ in range(10):
            with database.read() as connection:
                page = list_leads(connection, viewer, LeadFilter(), limit=limit, after=after, order=order)
            numbers += [lead["number"] for lead in page.items]
            if page.last is None:
                break
            after = page.last[0]
        assert numbers == WANTED[order], (order, limit)


def test_a_page_goes_on_behind_a_lead_that_is_gone(database: Database) -> None:
    viewer = fill(database)
    with database.read() as connection:
        first = list_leads(connection, viewer, LeadFilter(), limit=2, order="title")
    assert first.last is not None
    with database.write() as connection:
        trash_lead(connection, viewer, origin_of(connection, viewer, "user:x"), first.last[0])
    with database.read() as connection:
        rest = list_leads(connection, viewer, LeadFilter(), limit=9, after=first.last[0], order="title")
    assert [lead["number"] for lead in rest.items] == WANTED["title"][2:]


def test_a_list_is_cut_to_a_source(database: Database) -> None:
    viewer = fill(database)
    with database.read() as connection:
        assert list_leads(connection, viewer, LeadFilter(source="manual"), limit=9).total == 5
        assert list_leads(connection, viewer, LeadFilter(source="email"), limit=9).total == 0
