"""From UIDs to stored messages: fetch, accept, then the cursor, then the after-action. In that order, always.

A mail that came by this mailbox before, under another UID (after a new UIDVALIDITY) or before a crash, is known by its
bytes: it gets a row under its new UID and no second arrival.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ingest.accept import Accepted, AddressBook, Connection, Incoming, NotStored
from ingest.imap import fetch, follow_up
from ingest.imap.faults import CannotRead
from ingest.imap.fetch import Listed
from ingest.imap.recipients import recipients_of
from ingest.imap.session import Session
from ingest.imap.suspects import Mail, Suspects
from store import mailbox_cursor
from store.mailbox_cursor import Seen
from store.mailbox_leases import Held, Trouble
from store.mailbox_values import Values
from store.session import Database

log = logging.getLogger(__name__)

STORED_WITHIN = 120.0
"""Seconds until a batch must be committed; after that it is read again later."""
FOLLOWED_AT_ONCE = 200


class Accepts(Protocol):
    """Where mails go: `ingest.accept.Acceptor`."""

    def submit(self, incoming: Incoming) -> "Future[Accepted]":
        """As `Acceptor.submit`."""
        ...

    def key_of(self, raw: bytes) -> bytes:
        """As `Acceptor.key_of`."""
        ...


@dataclass(slots=True)
class Intake:
    """Takes mails of one mailbox, held by this process, through one session."""

    database: Database
    acceptor: Accepts
    book: AddressBook
    held: Held
    values: Values
    domain: str  # the account's mail domain
    session: Session
    max_message_bytes: int
    suspects: Suspects
    trouble: Trouble | None = None
    """Why after-actions are not done; reading goes on all the same."""
    junk: bool = False
    """Whether the folder is the provider's for spam."""
    taken: int = 0

    def take(self, uids: Sequence[int]) -> None:
        """Decides each of `uids`, lowest first, suspects after all others. Raises CannotRead, Overtaken."""
        suspects = list[Listed]()
        for place in range(0, len(uids), fetch.LISTED_AT_ONCE):
            chunk = uids[place : place + fetch.LISTED_AT_ONCE]
            mails = list(fetch.listed(self.session, chunk))
            self._without_mail(chunk, {mail.uid for mail in mails})
            self._record(
                [_skipped(mail, "too_large") for mail in mails if mail.size > self.max_message_bytes]
            )
            wanted = [mail for mail in mails if mail.size <= self.max_message_bytes]
            suspects += [mail for mail in wanted if self.suspects.suspects(self._name(mail))]
            for batch in fetch.batches([mail for mail in wanted if mail not in suspects]):
                self._take_batch(batch)
                self.follow_up()
        for mail in suspects:
            if self.suspects.rests(self._name(mail)):
                self._record([_skipped(mail, "unreadable")])
            else:
                self._take_batch([mail], in_pieces=True)
                self.follow_up()

    def follow_up(self) -> None:
        """Does what is still to be done to mails that are stored. Raises CannotRead when the connection breaks."""
        if self.values.after == "leave" or self.trouble is not None:
            return
        validity = self.session.uidvalidity
        while True:
            with self.database.write() as connection:
                due = mailbox_cursor.after_due(connection, self.held, validity, FOLLOWED_AT_ONCE)
            if not due:
                return
            try:
                follow_up.carry_out(self.session, self.values, due)
            except CannotRead as fault:
                if fault.stage != "write":
                    raise
                log.warning("mailbox %s: what is to be done to its mail cannot be done", self.held.id)
                self.trouble = fault.trouble
                return
            with self.database.write() as connection:
                mailbox_cursor.after_done(connection, self.held, validity, due)

    def _name(self, mail: Listed) -> Mail:
        return self.held.id, self.session.uidvalidity, mail.uid

    def _take_batch(self, batch: Sequence[Listed], *, in_pieces: bool = False) -> None:
        names = [self._name(mail) for mail in batch]
        try:
            bodies = fetch.bodies(self.session, batch, self.max_message_bytes, in_pieces=in_pieces)
        except CannotRead:
            self.suspects.broke_at(names)
            raise
        self.suspects.came(names)
        raws = {uid: raw for uid, raw in bodies.items() if raw is not None}
        stored = self._store(raws)
        self._record(
            [
                Seen(mail.uid, mail.size, mail.internal_at, message_id=stored[mail.uid])
                if mail.uid in stored
                else _skipped(mail, "too_large")
                for mail in batch
                if mail.uid in bodies
            ]
        )
        self.taken += len(stored)
        self._without_mail([mail.uid for mail in batch], set(bodies))

    def _store(self, raws: dict[int, bytes]) -> dict[int, str]:
        """The message id of each mail, after the commit. CannotRead("store")."""
        keys = {uid: self.acceptor.key_of(raw) for uid, raw in raws.items()}
        with self.database.read() as connection:
            known = mailbox_cursor.known_here(connection, self.held, set(keys.values()))
        waiting: dict[int, Future[Accepted]] = {}
        try:
            for uid, raw in raws.items():
                if keys[uid] not in known:
                    waiting[uid] = self.acceptor.submit(self._incoming(raw))
            accepted = {uid: future.result(STORED_WITHIN) for uid, future in waiting.items()}
        except (NotStored, TimeoutError) as fault:
            sentence = "Mail could not be stored here just now; it is read again later."
            raise CannotRead("store", "not_stored", sentence) from fault
        return {uid: known[key] for uid, key in keys.items() if key in known} | {
            uid: one.message_ids[0] for uid, one in accepted.items()
        }

    def _incoming(self, raw: bytes) -> Incoming:
        recipients = recipients_of(
            raw, self.values, self.book, self.held.scope.account_id, self.domain, self.held.source_key
        )
        facts = Connection(
            door="imap",
            client_ip=None,
            helo=self.values.host,
            mail_from="",
            tls=self.session.tls_version() is not None,
            auth_user=None,
            junk=self.junk,
        )
        return Incoming(raw, recipients, facts, datetime.now(UTC))

    def _without_mail(self, uids: Sequence[int], given: set[int]) -> None:
        """Tombstones for those that the server did not give: gone, or there and unreadable."""
        missing = [uid for uid in uids if uid not in given]
        if missing:
            there = set(self.session.uids("UID", ",".join(map(str, missing))))
            self._record(
                [
                    Seen(uid, None, None, reason="unreadable" if uid in there else "vanished")
                    for uid in missing
                ]
            )

    def _record(self, seen: Sequence[Seen]) -> None:
        if not seen:
            return
        with self.database.write() as connection:
            mailbox_cursor.record(
                connection,
                self.held,
                self.session.uidvalidity,
                seen,
                after_due=self.values.after != "leave",
            )


def _skipped(mail: Listed, reason: str) -> Seen:
    return Seen(mail.uid, mail.size, mail.internal_at, reason=reason)
