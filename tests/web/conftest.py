"""The world of these tests, on every database."""

from collections.abc import Iterator

import pytest

from store.session import Database
from tests.web.world import World, make_world


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    """An application with two accounts, on SQLite and on PostgreSQL."""
    with make_world(database) as made:
        yield made


@pytest.fixture
def one_world(sqlite_database: Database) -> Iterator[World]:
    """The same on SQLite only: where the kind makes no difference."""
    with make_world(sqlite_database) as made:
        yield made
