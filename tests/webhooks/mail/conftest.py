"""A room on both databases, and a plain server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.session import Database
from tests.support.accounts import MadeAccount
from tests.webhooks.mail.room import Room
from tests.webhooks.mail.server import MailServer, running


@pytest.fixture
def room(database: Database, account: MadeAccount) -> Iterator[Room]:
    """The account's outgoing mail."""
    made = Room(database, account)
    yield made
    for mailer in made.open:
        mailer.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A server that takes everything, without TLS and login."""
    with running(tmp_path) as made:
        yield made
