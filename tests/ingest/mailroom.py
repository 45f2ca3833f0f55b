"""A mailroom for tests of ingestion: mails in by the real door, worked off by the real processor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from sqlalchemy import select

from ingest.accept import Acceptor, Connection, Incoming
from ingest.address_book import StoredAddressBook
from ingest.prepare import Understand
from ingest.process import Processor
from ingest.receiving import Keys
from ingest.reprocess import Reprocessor
from ingest.resolve import Resolver
from ingest.trust.judging import Judge, TrustOptions
from ingest.watchdog import Watchdog
from parsers.understand import understand
from rules.event import Actor, ActorKind
from store.books.proofs import prove
from store.contacts import Person
from store.events import Origin
from store.history import history_json
from store.lead_ops import LeadEditor
from store.lead_rows import NewLead
from store.leads import lead_json
from store.session import Database
from store.tables.automation import events
from store.tables.leads import leads
from store.tables.mail import holds, messages
from tests.support.accounts import MadeAccount

KEYS = Keys(content=b"c" * 32, address=b"a" * 32)


def write(
    *,
    sender: str | None = "Paula Prospect <paula@kunde.example>",
    to: str | None = "leads@acme.test",
    subject: str = "Angebot",
    text: str = "Bitte ein Angebot.",
    message_id: str | None = "<1@kunde.example>",
    date: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail as its client would write it; None leaves a header out."""
    fields = {
        "Received": "from client.example by mx.example; Mon, 23 Nov 2026 08:00:00 +0000",
        "From": sender,
        "To": to,
        "Subject": subject,
        "Message-ID": message_id,
        "Date": format_datetime(date or datetime.now(UTC)),
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"{head}\r\n{text}\r\n".encode()


def rep_mail(**more: Any) -> bytes:
    """A mail that Anna, a user, writes to Paula."""
    given = {"sender": "Anna <anna@acme.example>", "to": "Paula <paula@kunde.example>"}
    return write(**({"message_id": "<r@acme.example>"} | given | more))


@dataclass
class Mailroom:
    """One account's mail: `send` goes through the acceptor, `work` through the processor."""

    database: Database
    account: MadeAccount
    parser: Understand = understand
    trust: TrustOptions | None = None

    def __post_init__(self) -> None:
        self.book = StoredAddressBook(self.database, KEYS.address)
        self.acceptor = Acceptor(self.database, b"d" * 32, lambda: None)
        judge = Judge(self.trust)
        self.processor = Processor(self.database, self.parser, KEYS, lambda: None, lambda: None, judge)
        self.reprocessor = Reprocessor(self.database, self.parser, KEYS, Watchdog(), lambda: None, judge)
        self.resolver = Resolver(self.database, self.parser, KEYS, Watchdog(), lambda: None)

    def close(self) -> None:
        self.acceptor.close()

    def send(
        self,
        raw: bytes,
        *to: str,
        age: timedelta = timedelta(0),
        mail_from: str = "x@kunde.example",
        **facts: Any,
    ) -> str:
        """Accepts one transmission for `to` (leads@ by default); the message id. `facts`: of the connection."""
        recipients = []
        for address in to or (self.account.leads,):
            recipient = self.book.resolve(address)
            assert recipient is not None, f"nobody has {address}"
            recipients.append(recipient)
        given: dict[str, Any] = {
            "door": "smtp",
            "client_ip": "192.0.2.1",
            "helo": "client.example",
            "tls": False,
        }
        connection = Connection(**(given | {"mail_from": mail_from, "auth_user": None} | facts))
        incoming = Incoming(raw, tuple(recipients), connection, datetime.now(UTC) - age)
        return self.acceptor.accept(incoming).message_ids[0]

    def work(self) -> None:
        """Works until nothing is due."""
        while self.processor.process_batch():
            pass

    def receive(self, raw: bytes, *to: str, **facts: Any) -> Any:
        """Sends, works, and gives the message's row."""
        message_id = self.send(raw, *to, **facts)
        self.work()
        return self.message(message_id)

    def message(self, message_id: str) -> Any:
        with self.database.read() as connection:
            return connection.execute(
                select(messages).where(messages.c.account_id == self.account.id, messages.c.id == message_id)
            ).one()

    def leads(self) -> list[dict[str, Any]]:
        """The account's leads as JSON, by number."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(leads.c.id).where(leads.c.account_id == self.account.id).order_by(leads.c.number)
            ).scalars()
            return list(lead_json(connection, self.account.scope, rows).values())

    def make_lead(self, title: str, address: str) -> None:
        """A lead of Anna's about the person at `address`."""
        new = NewLead(title, "api", "", self.account.admin.id, (Person(address),))
        self._edit(lambda editor: editor.create(new))

    def close_lead(self, lead_id: str) -> None:
        self._edit(lambda editor: editor.change(lead_id, {"status": "lost"}))

    def trash_lead(self, lead_id: str) -> None:
        self._edit(lambda editor: editor.trash(lead_id))

    def _edit(self, change: Callable[[LeadEditor], object]) -> None:
        with self.database.write() as connection:
            editor = LeadEditor(connection, self.account.scope, Origin(Actor(ActorKind.SYSTEM)))
            change(editor)
            editor.finish()

    def candidates(self, message_id: str) -> list[str]:
        """The leads that a message's open hold offers."""
        with self.database.read() as connection:
            open_hold = (holds.c.message_id == message_id, holds.c.resolved_at.is_(None))
            found: list[str] = connection.execute(
                select(holds.c.candidates).where(holds.c.account_id == self.account.id, *open_hold)
            ).scalar_one()
            return found

    def history(self, lead_id: str) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return history_json(connection, self.account.scope, lead_id)

    def events(self) -> list[str]:
        """The types of the account's events, in order."""
        with self.database.read() as connection:
            return list(
                connection.execute(
                    select(events.c.type).where(events.c.account_id == self.account.id).order_by(events.c.id)
                ).scalars()
            )

    def contradictions(self) -> list[str]:
        """What is wrong with the books."""
        with self.database.read() as connection:
            return [found.sentence for found in prove(connection)]


def anna(room: Mailroom) -> str:
    """Anna's personal inbound address."""
    return room.account.admin.address
