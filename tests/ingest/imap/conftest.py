"""A Dovecot for all tests of a process, and a mailbox of its own for each test."""

from collections.abc import Iterator

import pytest

from store.session import Database
from tests.ingest.imap.rig import Rig
from tests.support.accounts import MadeAccount, make_account
from tests.support.dovecot import Dovecot, find_dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """The server."""
    if find_dovecot() is None:
        pytest.skip("Dovecot (Debian: dovecot-imapd) is not installed on this machine")
    server = Dovecot()
    yield server
    server.close()


@pytest.fixture
def acme(sqlite_database: Database) -> MadeAccount:
    """The account `acme`, on SQLite."""
    return make_account(sqlite_database, "acme")


@pytest.fixture
def rig(dovecot: Dovecot, sqlite_database: Database, acme: MadeAccount) -> Iterator[Rig]:
    """A mailbox on the server and readers to read it; the books must balance afterwards."""
    made = Rig(dovecot, sqlite_database, acme)
    yield made
    made.close()
    assert made.contradictions() == [], "the books do not balance"
