"""A mailroom on both databases."""

from collections.abc import Iterator

import pytest

from store.session import Database
from tests.ingest.mailroom import Mailroom
from tests.support.accounts import MadeAccount


@pytest.fixture
def mailroom(database: Database, account: MadeAccount) -> Iterator[Mailroom]:
    """The account's mail, accepted and processed for real."""
    room = Mailroom(database, account)
    yield room
    room.close()
    assert room.contradictions() == [], "the books do not balance"
