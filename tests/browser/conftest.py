"""One chromium for each file of this folder, and one leadgate for all: starting either takes longer than most tests.

Playwright keeps an event loop running in the thread that started it, so chromium ends with its file: other tests of the
same process have loops of their own.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.stage import Stage, chromium, make_stage
from tests.support.databases import Databases

SETUP_TOKEN = "s" * 40


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A chromium; each test opens contexts of its own in it."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def stage(databases: Databases) -> Iterator[Stage]:
    """Pages with a worker beside them, on SQLite."""
    with databases.sqlite() as database, make_stage(database, setup_token=SETUP_TOKEN) as made:
        yield made
