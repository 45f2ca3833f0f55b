"""A post on both databases."""

from collections.abc import Iterator

import pytest

from store.session import Database
from tests.support.accounts import MadeAccount
from tests.webhooks.post import Post


@pytest.fixture
def post(database: Database, account: MadeAccount) -> Iterator[Post]:
    """The account's webhooks; the deliverers that a test opened are closed."""
    made = Post(database, account)
    yield made
    for deliverer in made.open:
        deliverer.close()
