"""A mailroom and a workshop on both databases, and a post room that the tests of a file share."""

from collections.abc import Iterator

import pytest

from store.session import Database
from tests.ingest.automation import Workshop
from tests.ingest.mailroom import Mailroom
from tests.ingest.post_room import Room, room
from tests.support.accounts import MadeAccount


@pytest.fixture
def mailroom(database: Database, account: MadeAccount) -> Iterator[Mailroom]:
    """The account's mail, accepted and processed for real."""
    opened = Mailroom(database, account)
    yield opened
    opened.close()
    assert opened.contradictions() == [], "the books do not balance"


@pytest.fixture
def workshop(database: Database, account: MadeAccount) -> Workshop:
    """The account's rules, endpoints and events."""
    return Workshop(database, account)


@pytest.fixture(scope="module")
def shared_room() -> Iterator[Room]:
    """One listener for all tests of a file."""
    with room(errors_per_session=20) as opened:
        yield opened


@pytest.fixture
def post(shared_room: Room) -> Room:
    """The shared listener with an empty notebook."""
    shared_room.notebook.written.clear()
    shared_room.addresses.asked.clear()
    return shared_room
