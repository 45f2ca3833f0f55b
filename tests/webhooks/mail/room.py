"""An account's outgoing mail, sent by real mailers to a server on loopback."""

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from store import outgoing
from store.outgoing import NewMail, Post, Queued, Verdict
from store.outgoing_log import mails_json
from store.sealing import Sealer
from store.session import Database
from store.smarthosts import Smarthost
from store.tables.outgoing import outgoing_mails
from tests.support.accounts import MadeAccount
from webhooks.destination import Policy
from webhooks.mail.mailer import Mailer
from webhooks.mail.options import MailOptions

SEALER = Sealer(b"s" * 32)
POST = Post(SEALER, has_smarthost=True)
KEY = b"k" * 32
LOOPBACK = Policy.allowing(["127.0.0.1/32"])
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Room:
    """One account, and the mailers at work; they are closed when the test has ended."""

    def __init__(self, database: Database, account: MadeAccount) -> None:
        self.database, self.account = database, account
        self.rung: list[str] = []
        self.open: list[Mailer] = []

    def mailer(self, deployment: Smarthost | None = None, **options: Any) -> Mailer:
        given: dict[str, Any] = {"policy": LOOPBACK, "tls": ssl.create_default_context, "grace": 1.0}
        made = Mailer(
            self.database,
            SEALER,
            MailOptions(address_key=KEY, deployment=deployment, **(given | options)),
            ring_events=lambda: self.rung.append("events"),
        )
        self.open.append(made)
        return made

    def queue(self, to: str = "anna@acme.example", key: str = "k1", **more: Any) -> Verdict:
        given: dict[str, Any] = {"purpose": "test", "subject": "Hello", "text": "It works."}
        with self.database.write() as connection:
            return outgoing.queue(
                connection, self.account.scope, POST, NewMail(key=key, to=to, **(given | more))
            )

    def queued(self, *args: Any, **more: Any) -> str:
        """The id of a mail that was taken."""
        verdict = self.queue(*args, **more)
        assert isinstance(verdict, Queued), verdict
        return verdict.id

    def mails(self) -> list[dict[str, Any]]:
        """The log, oldest first."""
        with self.database.read() as connection:
            return mails_json(connection, self.account.scope)[::-1]

    def mail(self, mail_id: str) -> dict[str, Any]:
        return next(mail for mail in self.mails() if mail["id"] == mail_id)

    def overdue(self) -> None:
        """Every open mail is due, whoever held it."""
        with self.database.write() as connection:
            connection.execute(
                update(outgoing_mails)
                .where(outgoing_mails.c.account_id == self.account.id, outgoing_mails.c.state != "done")
                .values(due_at=LONG_AGO)
            )

    def send(self, mailer: Mailer, until: Callable[[], bool], seconds: float = 60.0) -> None:
        """Calls the mailer until something holds."""
        end = time.monotonic() + seconds
        while not until():
            mailer.send_batch()
            assert time.monotonic() < end, self.mails()
            time.sleep(0.02)

    def send_one(self, mailer: Mailer, mail_id: str) -> dict[str, Any]:
        """Until one more attempt of the mail is recorded; the mail then."""
        before = len(self.mail(mail_id)["attempts"])
        self.send(mailer, lambda: len(self.mail(mail_id)["attempts"]) > before)
        return self.mail(mail_id)
