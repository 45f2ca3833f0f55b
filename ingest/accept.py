"""The one door: every message of every door is stored here before anything is answered.

`Acceptor.submit` hands a transmission to one writer thread. The thread commits everything that is
waiting in one transaction (group commit) and only then resolves the futures: whoever sees a result may
say 250. After a crash between commit and answer the client sends again and `raw_key` makes that resend
an arrival of the same message.

When the transaction fails because the database is gone, locked or full, nobody gets an answer but
`NotStored`. When it fails for another reason, each transmission is tried alone, so that one message
that cannot be stored never takes its neighbours along.

The doorbell rings once per commit, from another thread: a Redis that hangs delays no reply.
"""

import hmac
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from ingest.peek import peek_message_id
from store import raw
from store.arriving import NewArrival, NewMessage, add
from store.session import Database, is_unavailable

log = logging.getLogger(__name__)

LARGEST_BATCH = 200
LARGEST_BATCH_BYTES = 16 * 1024 * 1024
PREPARED_APART = 64 * 1024
"""Messages over this size are compressed on another thread, so that small ones need not wait for it."""


class NotStored(Exception):
    """Nothing durable was written: answer 451, exit with 75, answer 503."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One resolved envelope recipient."""

    account_id: str
    address_id: str | None  # inbound_addresses.id; None for computed addresses and postmaster@
    kind: str  # personal bcc leads partner form lead bounce postmaster
    address: str  # as given in the envelope
    source_key: str  # the counter it is counted under
    tag: str | None  # sub-address, case-folded


class AddressBook(Protocol):
    """Knows which addresses are ours: the stored one, and those of tests."""

    def resolve(self, address: str) -> Recipient | None:
        """The recipient, None if nobody here has this address. NotStored when that can't be found out."""
        ...


@dataclass(frozen=True, slots=True)
class Connection:
    """Facts about how it came, stored and never interpreted by a door (product §6)."""

    door: str  # smtp lmtp pipe api imap form upload
    client_ip: str | None
    helo: str | None
    mail_from: str  # "" for the null sender
    tls: bool
    auth_user: str | None
    smtputf8: bool = False
    body_8bit: bool = False
    trusted_hop: bool = False
    junk: bool = False
    """It lay in a mailbox's folder for spam."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One transmission of one message for one or more recipients."""

    raw: bytes
    recipients: tuple[Recipient, ...]
    connection: Connection
    received_at: datetime
    identity: bytes | None = None
    """What makes it the same transmission where that isn't its bytes: two equal form posts may be two enquiries."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was stored: one message per account, the first recipient's account first."""

    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Waiting:
    new: tuple[NewMessage, ...]
    size: int
    future: "Future[Accepted]"


class Acceptor:
    """Stores transmissions through one writer thread. Safe to use from any thread or event loop."""

    def __init__(self, database: Database, dedupe_key: bytes, ring: Callable[[], None]) -> None:
        """`dedupe_key`: key of the HMAC over raw bytes. `ring`: tells the workers; may be slow or fail."""
        self._database = database
        self._key = dedupe_key
        self._ring = ring
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._apart = ThreadPoolExecutor(2, "pack")
        self._committed = threading.Event()
        self._closed = False
        self._writer = threading.Thread(target=self._write_all, name="accept", daemon=True)
        self._ringer = threading.Thread(target=self._ring_all, name="doorbell", daemon=True)
        self._writer.start()
        self._ringer.start()

    def submit(self, incoming: Incoming) -> "Future[Accepted]":
        """Queues a transmission. The future's result exists only after the COMMIT; it raises NotStored."""
        if self._closed:
            raise NotStored("the listener is stopping")
        future: Future[Accepted] = Future()
        if len(incoming.raw) > PREPARED_APART:
            self._apart.submit(self._prepare, incoming, future)
        else:
            self._prepare(incoming, future)
        return future

    def accept(self, incoming: Incoming, timeout: float = 60) -> Accepted:
        """Stores a transmission and waits for it, at most `timeout` seconds. Raises NotStored."""
        try:
            return self.submit(incoming).result(timeout)
        except TimeoutError as late:
            raise NotStored(f"not committed within {timeout} s") from late

    def key_of(self, raw: bytes) -> bytes:
        """The key by which a byte-equal message is known."""
        return _raw_key(raw, self._key)

    def close(self) -> None:
        """Stores what is queued, then ends the threads. Later transmissions are NotStored."""
        self._closed = True
        self._apart.shutdown(wait=True)
        self._queue.put(None)
        self._writer.join()
        self._committed.set()
        self._ringer.join(timeout=2)

    def _prepare(self, incoming: Incoming, future: "Future[Accepted]") -> None:
        try:
            new = _by_account(incoming, self._key)
        except Exception as fault:  # a thread's door: the sender must hear of it
            log.exception("a message could not be prepared")
            future.set_exception(NotStored(str(fault)))
            return
        self._queue.put(_Waiting(new, len(incoming.raw), future))

    def _write_all(self) -> None:
        while (batch := self._next_batch()) is not None:
            self._commit(batch)
            self._committed.set()

    def _next_batch(self) -> list[_Waiting] | None:
        """Everything that is waiting, up to the limits; None at the end."""
        first = self._queue.get()
        return None if first is None else [first, *self._joining([first])]

    def _joining(self, batch: Sequence[_Waiting]) -> list[_Waiting]:
        """What waits beside `batch`, up to the limits of both together."""
        number, size = len(batch), sum(waiting.size for waiting in batch)
        joining: list[_Waiting] = []
        while number + len(joining) < LARGEST_BATCH and size < LARGEST_BATCH_BYTES:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            joining.append(more)
            size += more.size
        return joining

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        if wanted := _not_cancelled(batch):
            self._store(wanted)

    def _store(self, batch: list[_Waiting], *, alone: bool = False) -> None:
        """Stores a batch, and unless it is to be `alone` what comes while it waits for its turn to write: that much
        fewer commits have to wait for the disk."""
        try:
            with self._database.write() as connection:
                if not alone:
                    batch += _not_cancelled(self._joining(batch))
                ids = iter(add(connection, [new for waiting in batch for new in waiting.new]))
        except Exception as fault:  # the writer thread's door: no sender may wait for ever
            if len(batch) > 1 and isinstance(fault, SQLAlchemyError) and not is_unavailable(fault):
                for waiting in batch:
                    self._store([waiting], alone=True)
                return
            log.exception("could not store %d messages: %s", len(batch), type(fault).__name__, exc_info=fault)
            for waiting in batch:
                waiting.future.set_exception(NotStored(type(fault).__name__))
            return
        stored = [Accepted(tuple(next(ids) for _ in waiting.new)) for waiting in batch]
        for waiting, accepted in zip(batch, stored, strict=True):
            waiting.future.set_result(accepted)
        log.info("accepted", extra={"messages": [message for one in stored for message in one.message_ids]})

    def _ring_all(self) -> None:
        while not self._closed:
            self._committed.wait()
            self._committed.clear()
            self._ring()


def _not_cancelled(batch: Sequence[_Waiting]) -> list[_Waiting]:
    """Those of `batch` that are still wanted. From here on it is too late to cancel; what was cancelled before has
    nobody to hear of it."""
    return [waiting for waiting in batch if waiting.future.set_running_or_notify_cancel()]


def _by_account(incoming: Incoming, key: bytes) -> tuple[NewMessage, ...]:
    """One message per account, each with an arrival per recipient."""
    if not incoming.recipients:
        raise NotStored("no recipient")
    own = incoming.raw if incoming.identity is None else b"identity\n" + incoming.identity
    raw_key = _raw_key(own, key)
    pieces = raw.pack(incoming.raw)
    rfc_message_id = peek_message_id(incoming.raw)
    by_account: dict[str, list[Recipient]] = {}
    for recipient in incoming.recipients:
        by_account.setdefault(recipient.account_id, []).append(recipient)
    return tuple(
        NewMessage(
            account_id=account_id,
            raw_key=raw_key,
            rfc_message_id=rfc_message_id,
            size=len(incoming.raw),
            pieces=pieces,
            received_at=incoming.received_at,
            arrivals=tuple(_arrival(incoming.connection, recipient) for recipient in recipients),
        )
        for account_id, recipients in by_account.items()
    )


def _arrival(connection: Connection, recipient: Recipient) -> NewArrival:
    return NewArrival(
        door=connection.door,
        source_key=recipient.source_key,
        kind=recipient.kind,
        address_id=recipient.address_id,
        recipient=recipient.address,
        tag=recipient.tag,
        mail_from=connection.mail_from,
        client_ip=connection.client_ip,
        helo=connection.helo,
        tls=connection.tls,
        auth_user=connection.auth_user,
        trusted_hop=connection.trusted_hop,
        junk=connection.junk,
    )


def _raw_key(raw: bytes, key: bytes) -> bytes:
    return hmac.digest(key, raw, "sha256")
