"""The world of these tests, on every database, and the stage of the access matrices."""

from collections.abc import Iterator

import pytest

from store.session import Database
from tests.support.databases import Databases
from tests.web.scene import Stage, make_stage
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


@pytest.fixture(scope="module")
def _shared_stage(databases: Databases) -> Iterator[Stage]:
    with databases.sqlite() as database, make_stage(database) as made:
        yield made


@pytest.fixture
def stage(_shared_stage: Stage) -> Stage:
    """Two accounts with one thing of every kind, as they were made (SQLite only)."""
    _shared_stage.put_back()
    return _shared_stage
