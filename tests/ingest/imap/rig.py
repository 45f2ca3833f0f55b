"""A mailbox on a real server, and the readers of a process that read it."""

import itertools
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from ingest.accept import Acceptor
from ingest.address_book import StoredAddressBook
from ingest.imap.options import ImapOptions
from ingest.imap.reader import Desk
from ingest.imap.readers import Readers
from store import mailboxes, raw
from store.books.proofs import prove
from store.mailbox_views import Mailbox
from store.sealing import Sealer
from store.session import Database
from store.tables.mail import arrivals, messages
from store.tables.mailboxes import mailbox_uids
from tests.ingest.mailroom import KEYS
from tests.support.accounts import MadeAccount
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.rows import rows
from webhooks.destination import Policy

SEALER = Sealer(b"s" * 32)
LOOPBACK = Policy.allowing(["127.0.0.1/32"])
_users = itertools.count()


def options(dovecot: Dovecot, **changes: Any) -> ImapOptions:
    """Options for loopback, with a short patience."""
    given: dict[str, Any] = {
        "policy": LOOPBACK,
        "answer": 5.0,
        "poll": 30.0,
        "look": 0.05,
        "tls": lambda: ssl.create_default_context(cafile=str(dovecot.certificate)),
    }
    return ImapOptions(**(given | changes))


@dataclass
class Rig:
    """One account's mailbox. `begin` starts a reader process's worth of readers, `stop` ends them."""

    dovecot: Dovecot
    database: Database
    account: MadeAccount
    user: str = ""
    options: ImapOptions | None = None
    _begun: list[tuple[threading.Event, threading.Thread]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user = self.user or f"crm{next(_users)}@firma.example"
        self.book = StoredAddressBook(self.database, KEYS.address)
        self.acceptor = Acceptor(self.database, b"d" * 32, lambda: None)

    # ---------------------------------------------------------------------------------------------- the mailbox
    def make(self, **changes: Any) -> Mailbox:
        """The mailbox of `user` in the database."""
        since = changes.pop("since", None)
        with self.database.write() as connection:
            return mailboxes.create_mailbox(
                connection, self.account.scope, SEALER, self.values(**changes), since=since
            )

    def values(self, **changes: Any) -> dict[str, Any]:
        given = {
            "name": "CRM",
            "host": "127.0.0.1",
            "port": self.dovecot.port,
            "tls": "none",
            "username": self.user,
            "password": PASSWORD,
        }
        return given | changes

    def change(self, mailbox: Mailbox, **changes: Any) -> Mailbox:
        with self.database.write() as connection:
            return mailboxes.update_mailbox(connection, self.account.scope, SEALER, mailbox.id, changes)

    def mailbox(self, mailbox: Mailbox) -> Mailbox:
        """As it is now."""
        with self.database.read() as connection:
            return mailboxes.get_mailbox(connection, self.account.scope, mailbox.id)

    # ------------------------------------------------------------------------------------------------ the readers
    def begin(self, holder: str = "test/imap", **changes: Any) -> threading.Event:
        """Starts readers; the event that stops them."""
        told = self.options or options(self.dovecot, **changes)
        desk = Desk(self.database, self.acceptor, self.book, SEALER, told)
        stopping = threading.Event()
        readers = Readers(self.database, lambda: desk, holder, stopping, lambda: False, told.look)
        thread = threading.Thread(target=readers.run, kwargs={"alone": False})
        thread.start()
        self._begun.append((stopping, thread))
        return stopping

    def stop(self) -> None:
        for stopping, thread in self._begun:
            stopping.set()
            thread.join()
        self._begun.clear()

    def close(self) -> None:
        self.stop()
        self.acceptor.close()

    def read_once(self, mailbox: Mailbox) -> Mailbox:
        """Readers that read to the end once, and end."""
        before = self.mailbox(mailbox).health

        def has_ended() -> bool:
            now = self.mailbox(mailbox).health
            return now.last_poll != before.last_poll or now.error not in (None, before.error)

        self.begin()
        self.wait(has_ended)
        self.stop()
        return self.mailbox(mailbox)

    def wait(self, condition: Callable[[], Any], seconds: float = 20) -> None:
        """Until the condition holds; AssertionError after `seconds`."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"not within {seconds} s: {self.said()}"
            time.sleep(0.02)

    def said(self) -> Any:
        """What the mailboxes say about themselves."""
        with self.database.read() as connection:
            return [each.to_json() for each in mailboxes.list_mailboxes(connection, self.account.scope)]

    # ----------------------------------------------------------------------------------------------- what came
    def append(
        self, *subjects: str, folder: str = "INBOX", flags: str = "", age: timedelta | None = None
    ) -> None:
        """Mails in the mailbox."""
        when = None if age is None else datetime.now().astimezone() - age
        self.dovecot.append(self.user, [mail(each) for each in subjects], folder, flags=flags, when=when)

    def raws(self) -> list[bytes]:
        """The bytes of every message stored, sorted."""
        with self.database.read() as connection:
            ids = connection.execute(
                select(messages.c.id).where(messages.c.account_id == self.account.id)
            ).scalars()
            return sorted(raw.read_many(connection, self.account.scope, list(ids)).values())

    def subjects(self) -> list[str]:
        """The subjects of what is stored, sorted."""
        return sorted(each.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode() for each in self.raws())

    def arrivals(self) -> list[dict[str, Any]]:
        return rows(self.database, arrivals)

    def uids(self) -> list[dict[str, Any]]:
        return rows(self.database, mailbox_uids)

    def left(self, folder: str = "INBOX") -> list[str]:
        """The subjects of what is in a folder on the server."""
        raws = self.dovecot.raws(self.user, folder).values()
        return sorted(each.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode() for each in raws)

    def contradictions(self) -> list[str]:
        with self.database.read() as connection:
            return [found.sentence for found in prove(connection)]


def mail(subject: str, *, to: str = "crm@firma.example", headers: Mapping[str, str] | None = None) -> bytes:
    """A mail, told by its subject."""
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    return (
        f"{more}From: Paula <paula@kunde.example>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{subject.replace(' ', '.')}@kunde.example>\r\n"
        f"Date: Fri, 27 Nov 2026 10:00:00 +0000\r\n\r\nBitte ein Angebot: {subject}.\r\n"
    ).encode()
