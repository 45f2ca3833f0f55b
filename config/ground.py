"""What every process stands on: settings, database, doorbell, keys, and who is asked about a message.

Everything is made when it is first asked for, so that the listener's process never loads the pages and
`leadgate check` starts no threads. What is made is closed in the reverse order.
"""

import os
import threading
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from config import embedded_redis, outgoing
from config.parts import WORK_OF, Role
from config.settings import Settings
from ingest.accept import Acceptor
from ingest.address_book import StoredAddressBook
from store import deployment, leases
from store.doorbell import Doorbell, RqDoorbell, SilentDoorbell, Work
from store.figures import TABLE_OF
from store.session import Database

if TYPE_CHECKING:
    from ingest.prepare import Understand
    from ingest.receiving import Keys
    from ingest.trust.judging import Judge


class Ground:
    """The parts of a process that other parts are made of."""

    def __init__(self, settings: Settings, role: Role, *, understand: "Understand | None" = None) -> None:
        """`understand`: another parser than the real one (fault injection in tests)."""
        self.settings = settings
        self.role = role
        self.stopping = threading.Event()
        self.database = Database(settings.database_url)
        self._understand = understand
        self._resumed = False
        self._open = ExitStack()
        self._open.callback(self.database.close)

    @cached_property
    def doorbell(self) -> Doorbell:
        """Rings through Redis where there is one."""
        url = embedded_redis.client_url(self.settings, os.environ)
        return RqDoorbell(url) if url is not None else SilentDoorbell()

    @cached_property
    def acceptor(self) -> Acceptor:
        """The one door, with its writer thread."""
        acceptor = Acceptor(
            self.database, self.settings.key("dedupe"), partial(self.doorbell.ring, Work.MESSAGES)
        )
        self._open.callback(acceptor.close)
        return acceptor

    @cached_property
    def address_book(self) -> StoredAddressBook:
        """Who our recipients are."""
        return StoredAddressBook(self.database, self.settings.key("addresses"))

    @cached_property
    def judge(self) -> "Judge":
        """Who checks senders' domains."""
        from config import trust

        judge = trust.judge(self.settings)
        self._open.callback(judge.close)
        return judge

    @cached_property
    def understand(self) -> "Understand":
        """The parser."""
        if self._understand is not None:
            return self._understand
        from parsers.understand import understand

        return understand

    @cached_property
    def keys(self) -> "Keys":
        """The keys that deciding needs."""
        from ingest.receiving import Keys

        return Keys(self.settings.key("dedupe"), self.settings.key("addresses"), outgoing.post(self.settings))

    def oldest_due(self, work: Work) -> datetime | None:
        """Since when the longest waiting thing is due that nobody holds; what is paused is not due."""
        if work in WORK_OF[Role.SENDER] and self.is_paused():
            return None
        with self.database.read() as connection:
            return leases.oldest_due(connection, TABLE_OF[work])

    def in_hand(self, work: Work) -> bool:
        """Whether somebody holds a lease of that work which has not run out."""
        with self.database.read() as connection:
            return leases.in_hand(connection, TABLE_OF[work])

    def is_paused(self) -> bool:
        """Whether nothing is to be sent or read. Asked until it is not: only `restore` pauses, with no parts up."""
        if not self._resumed:
            with self.database.read() as connection:
                self._resumed = deployment.fact(connection, deployment.PAUSED) is None
        return not self._resumed

    def close(self) -> None:
        """Lets go of everything, after what is in hand is committed."""
        self._open.close()
