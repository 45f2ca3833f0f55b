"""Worlds whose deployment has a mail server."""

from collections.abc import Iterator

import pytest

from store.session import Database
from tests.web.form_door.confirming import POST
from tests.web.world import World, make_world


@pytest.fixture
def sending(database: Database) -> Iterator[World]:
    """A world with a mail server of the deployment's."""
    with make_world(database, post=POST) as world:
        yield world


@pytest.fixture
def one_sending(sqlite_database: Database) -> Iterator[World]:
    with make_world(sqlite_database, post=POST) as world:
        yield world
