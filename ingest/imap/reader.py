"""One mailbox, from its claim to its release: connect, find out what is missing, take it, wait, look again.

A first run takes of what is there the mail from `begins_at` on, and leaves tombstones for the rest, by date and size.
After a new UIDVALIDITY all mail has new UIDs: what those tombstones describe stays out, all else is looked at again,
and what came before is known by its bytes. Everything that is there is compared with everything that is here at each
connection and once an hour: a cursor alone would never find what a restored backup has forgotten.

The mailbox is given back with a pause that grows with every attempt without success: PAUSES; a refused login waits
longer, because servers lock accounts. A connection that ends when it has waited for a while is no fault: servers and
routers end them every now and then. What hinders the next one is.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from ingest.accept import AddressBook
from ingest.imap import attempt, fetch
from ingest.imap.attempt import Attempt
from ingest.imap.faults import CannotRead, LoggedOut, Refused
from ingest.imap.idle import wait_for_mail
from ingest.imap.intake import Accepts, Intake
from ingest.imap.options import ImapOptions
from ingest.imap.session import Session
from ingest.imap.suspects import Suspects
from store import mailbox_cursor, mailbox_leases, mailboxes
from store.accounts import get_account
from store.mailbox_cursor import Seen
from store.mailbox_leases import Held, Overtaken, Trouble
from store.mailbox_values import Credentials, OAuth, Target, Values
from store.mailbox_views import values_of
from store.sealing import CannotOpen, Sealer
from store.session import Database

log = logging.getLogger(__name__)

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
LOGIN_PAUSES = (60.0, 300.0, 900.0, 3_600.0)
"""Seconds until the next attempt, by how many failed in a row; up to a fifth more, so that not all come at once."""
A_WHILE = 10.0
"""Seconds of waiting after which a connection may end without anything being wrong."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all readers of a process share."""

    database: Database
    acceptor: Accepts
    book: AddressBook
    sealer: Sealer
    options: ImapOptions
    suspects: Suspects = field(default_factory=Suspects)


@dataclass(slots=True)
class Reader:
    """Reads one mailbox until it is told to stop. `read` is the life of its thread."""

    desk: Desk
    held: Held
    stopping: Callable[[], bool]
    lost: bool = False
    """Set by the keeper: the lease is gone."""
    caught_up: bool = False
    """All mail is known to be here, as of the last word of the server."""
    _attempt: Attempt | None = field(default=None, init=False)
    _domain: str = field(default="", init=False)
    _intake: Intake | None = field(default=None, init=False)
    _waits_since: float | None = field(default=None, init=False)

    def read(self) -> None:
        """Reads, and gives the mailbox back, however it ends. Never raises."""
        trouble: Trouble | None = None
        again: tuple[float, ...] = PAUSES
        try:
            self._read()
        except Overtaken:
            log.info("mailbox %s is held no more", self.held.id)
            return
        except CannotRead as fault:
            trouble = fault.trouble
            again = LOGIN_PAUSES if isinstance(fault, LoggedOut) else PAUSES
            if fault.code == "broken" and self._has_waited():
                log.info("the connection of mailbox %s ended while it waited for mail", self.held.id)
                self._give_back(None, PAUSES)
                return
            log.warning("mailbox %s at stage %s cannot be read", self.held.id, fault.stage)
        except SQLAlchemyError as fault:
            sentence = "The database could not be asked; mail is read again later."
            trouble = Trouble("store", "not_stored", sentence)
            log.warning("mailbox %s: %s", self.held.id, type(fault).__name__)
        except Exception as fault:  # a thread's door: the mailbox must not stay claimed by a dead reader
            sentence = f"Something went wrong on our side ({type(fault).__name__})."
            trouble = Trouble("read", "our_fault", sentence)
            log.exception("mailbox %s could not be read", self.held.id)
        self._give_back(trouble, again)

    def abort(self) -> None:
        """Breaks its connection, from another thread."""
        if self._attempt is not None:
            self._attempt.abort()

    def silent_for(self) -> float:
        """Seconds since the server last ended an answer, or since something else was noted; 0 without a session."""
        progress = self._attempt.progress if self._attempt is not None else None
        return 0.0 if progress is None else time.monotonic() - progress

    def _read(self) -> None:
        values, credentials = self._settings()
        self._attempt = Attempt(Target(values, credentials), self.desk.options, self._keep)
        session = attempt.opened(self._attempt)
        try:
            self._intake = intake = Intake(
                self.desk.database,
                self.desk.acceptor,
                self.desk.book,
                self.held,
                values,
                self._domain,
                session,
                self.desk.options.max_message_bytes,
                self.desk.suspects,
                junk=session.is_junk(values.folder),
            )
            self._adopt(session)
            self._look_for_all(session, intake)
            compared = time.monotonic()
            while not self._stops():
                self._note_success(intake)
                self.caught_up = True
                self._waits_since = time.monotonic()
                wait_for_mail(session, self.desk.options, self._stops)
                self.caught_up, self._waits_since = False, None
                if time.monotonic() - compared > self.desk.options.reconcile:
                    self._look_for_all(session, intake)
                    compared = time.monotonic()
                elif not self._stops():
                    self._look_for_new(session, intake)
        except Refused as fault:
            raise CannotRead(
                "read", "refused", f"The server refused a command: {fault}.", fault.said
            ) from fault
        finally:
            self.caught_up = False
            session.close()

    def _settings(self) -> tuple[Values, Credentials]:
        with self.desk.database.write() as connection:
            row = mailbox_cursor.read_row(connection, self.held)
            self._domain = get_account(connection, self.held.scope).domain
        try:
            credentials = mailboxes.unseal(self.desk.sealer, *self.held.key, row.secrets)
        except CannotOpen as fault:
            sentence = "The stored password cannot be opened with this secret key; give it again."
            raise LoggedOut("password_lost", sentence) from fault
        return values_of(row), credentials

    def _adopt(self, session: Session) -> None:
        """The first look under this UIDVALIDITY: what was there before, and is not wanted."""
        with self.desk.database.write() as connection:
            row = mailbox_cursor.read_row(connection, self.held)
            left_out = mailbox_cursor.left_out(connection, self.held)
        if row.uidvalidity == session.uidvalidity:
            return
        first = row.uidvalidity is None
        before = []
        for mail in fetch.listed(session, session.uids("ALL")):
            is_older = mail.internal_at is not None and mail.internal_at < row.begins_at
            if is_older if first else (mail.internal_at, mail.size) in left_out:
                before.append(Seen(mail.uid, mail.size, mail.internal_at, reason="before"))
        if not first:
            log.info("mailbox %s has a new UIDVALIDITY; all of it is looked at again", self.held.id)
        with self.desk.database.write() as connection:
            mailbox_cursor.adopt(connection, self.held, session.uidvalidity, before)

    def _look_for_all(self, session: Session, intake: Intake) -> None:
        """Compares everything that is there with everything that is here."""
        session.news()  # what was told so far, the search below knows
        there = session.uids("ALL")
        with self.desk.database.write() as connection:
            mailbox_cursor.read_row(connection, self.held)
            known = mailbox_cursor.known_uids(connection, self.held, session.uidvalidity)
        self._take(intake, [uid for uid in there if uid not in known], there)

    def _look_for_new(self, session: Session, intake: Intake) -> None:
        with self.desk.database.write() as connection:
            last = mailbox_cursor.read_row(connection, self.held).last_uid
        session.news()
        new = [uid for uid in session.uids("UID", f"{last + 1}:*") if uid > last]
        self._take(intake, new, new)

    def _take(self, intake: Intake, wanted: list[int], looked_at: list[int]) -> None:
        intake.trouble = None
        intake.take(wanted)
        intake.follow_up()
        if looked_at:
            with self.desk.database.write() as connection:
                mailbox_cursor.advance(connection, self.held, looked_at[-1])

    def _note_success(self, intake: Intake) -> None:
        with self.desk.database.write() as connection:
            mailbox_leases.read_to_the_end(connection, self.held, intake.trouble)

    def _keep(self, oauth: OAuth) -> None:
        """Keeps renewed tokens: the server may have taken the old refresh token back."""
        sealed = mailboxes.seal(self.desk.sealer, *self.held.key, Credentials(oauth=oauth))
        with self.desk.database.write() as connection:
            mailbox_cursor.keep_secrets(connection, self.held, sealed)

    def _give_back(self, trouble: Trouble | None, pauses: tuple[float, ...]) -> None:
        progressed = self._intake is not None and self._intake.taken > 0
        failed = 1 if progressed else max(1, self.held.claim.attempts[self.held.key])
        pauses = pauses if trouble or self._has_waited() else (0.0,)
        pause = pauses[min(failed, len(pauses)) - 1] * random.uniform(1.0, 1.2)
        try:
            with self.desk.database.write() as connection:
                mailbox_leases.give_back(connection, self.held, trouble, timedelta(seconds=pause))
        except SQLAlchemyError as fault:  # the lease runs out by itself
            log.warning("mailbox %s could not be given back: %s", self.held.id, type(fault).__name__)

    def _has_waited(self) -> bool:
        return self._waits_since is not None and time.monotonic() - self._waits_since > A_WHILE

    def _stops(self) -> bool:
        return self.lost or self.stopping()
