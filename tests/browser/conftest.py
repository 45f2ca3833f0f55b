"""One chromium and one leadgate for all tests of this folder: starting either takes longer than most of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.stage import Stage, chromium, make_stage
from tests.support.databases import Databases

SETUP_TOKEN = "s" * 40


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A chromium; each test opens contexts of its own in it."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def stage(databases: Databases) -> Iterator[Stage]:
    """Pages with a worker beside them, on SQLite."""
    with databases.sqlite() as database, make_stage(database, setup_token=SETUP_TOKEN) as made:
        yield made
