"""A listener on loopback with an address book and a notebook of its own: what the tests of the doors talk to."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Self

from ingest.accept import Accepted, AddressBook, Incoming, NotStored, Recipient
from ingest.listening.gate import Refusal
from ingest.listening.limits import ListenerOptions
from ingest.listening.listener import Listener

PATIENCE = 60.0
"""Seconds after which a test gives up waiting; a machine under load is slow, not broken."""
ACCOUNT_OF = {"acme.test": "acme", "globex.test": "globex"}


class Addresses:
    """leads@, a to z@ … of two accounts. `broken` makes every look-up fail; `hold` keeps it waiting.

    `asked` is what it was asked.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken: Exception | None = None
        self.hold: threading.Event | None = None

    def resolve(self, address: str) -> Recipient | None:
        self.asked.append(address)
        if self.hold is not None:
            self.hold.wait(PATIENCE)
        if self.broken is not None:
            raise self.broken
        local, _, domain = address.rpartition("@")
        if address.lower() in ("postmaster", "abuse"):
            return Recipient("acme", None, "postmaster", address, "postmaster", None)
        account = ACCOUNT_OF.get(domain.lower())
        if account is None or local.startswith("nobody"):
            return None
        return Recipient(account, local, "leads", f"{local}@{domain.lower()}", f"address:{local}", None)


@dataclass
class Notebook:
    """An acceptor that writes everything down. `hold` keeps futures open, `broken` makes them fail."""

    written: list[Incoming] = field(default_factory=list)
    broken: Exception | None = None
    refuses: Exception | None = None
    hold: threading.Event | None = None
    seconds: float = 0.0
    submitted: int = 0

    def submit(self, incoming: Incoming) -> "Future[Accepted]":
        if self.refuses is not None:
            raise self.refuses
        self.submitted += 1
        future: Future[Accepted] = Future()
        threading.Thread(target=self._commit, args=(incoming, future), daemon=True).start()
        return future

    def accept(self, incoming: Incoming, timeout: float = 60) -> Accepted:
        return self.submit(incoming).result(timeout)

    def _commit(self, incoming: Incoming, future: "Future[Accepted]") -> None:
        time.sleep(self.seconds)
        if self.hold is not None:
            self.hold.wait(PATIENCE)
        if self.broken is not None:
            future.set_exception(self.broken)
            return
        self.written.append(incoming)
        accounts = dict.fromkeys(recipient.account_id for recipient in incoming.recipients)
        future.set_result(Accepted(tuple(f"{account}-{len(self.written)}" for account in accounts)))

    @property
    def raws(self) -> list[bytes]:
        return [incoming.raw for incoming in self.written]


MAIL = b"From: kunde@example.test\r\nSubject: Anfrage\r\n\r\nGuten Tag\r\n"
NOT_STORED = NotStored("the database is locked: secret detail")


class Room:
    """A running listener and what stands behind it."""

    def __init__(self, book: AddressBook | None = None, **options: Any) -> None:
        """`book`: instead of `addresses`."""
        self.addresses = Addresses()
        self.notebook = Notebook()
        loopback = (("127.0.0.1", 0),)
        usual = ListenerOptions(hostname="mx.acme.test", smtp=loopback, lmtp=loopback, stop_seconds=2)
        self.listener = Listener(replace(usual, **options), book or self.addresses, self.notebook)
        bound = {entry.door: entry.port for entry in self.listener.open()}
        self.smtp_port = bound.get("smtp", 0)
        self.lmtp_port = bound.get("lmtp", 0)
        self.thread = threading.Thread(target=self.listener.run)
        self.thread.start()

    def close(self) -> None:
        self.listener.stop()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def wire(self, *, lmtp: bool = False, source: str = "127.0.0.1", deaf: bool = False) -> "Wire":
        """A connection that has read the greeting. A deaf one can take in no more than a few KB."""
        wire = Wire(self.lmtp_port if lmtp else self.smtp_port, source, deaf=deaf)
        assert wire.read().startswith("220 mx.acme.test ")
        return wire

    def refused(self, why: Refusal) -> int:
        return self.listener.health().refused[why]

    def waits_for(self, number: int, seconds: float = PATIENCE) -> list[Incoming]:
        """What is written down, once it is `number` messages."""
        wait_until(lambda: len(self.notebook.written) >= number, seconds)
        return self.notebook.written


@contextmanager
def room(**options: Any) -> Iterator[Room]:
    opened = Room(**options)
    try:
        yield opened
    finally:
        opened.close()


def wait_until(condition: Any, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


class Wire:
    """A raw socket that speaks lines."""

    def __init__(self, port: int, source: str = "127.0.0.1", *, deaf: bool = False) -> None:
        self.socket = socket.socket()
        if deaf:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(PATIENCE)
        self.socket.bind((source, 0))
        try:
            self.socket.connect(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self) -> str:
        """One reply, its last line; '' when the connection has ended."""
        while True:
            try:
                line = self.file.readline().decode()
            except ConnectionError:
                return ""
            if line[3:4] != "-":
                return line.rstrip("\r\n")

    def say(self, *commands: str) -> str:
        """Send each command and read its reply; the last one's is the answer."""
        reply = ""
        for command in commands:
            self.send(command.encode() + b"\r\n")
            reply = self.read()
        return reply

    def begin(self, *recipients: str, sender: str = "anna@firma.test", hello: str = "EHLO") -> None:
        """A transaction up to and with DATA's 354."""
        assert self.say(f"{hello} client.test").startswith("250 ")
        assert self.say(f"MAIL FROM:<{sender}>") == "250 2.1.0 Sender noted"
        for recipient in recipients or ("leads@acme.test",):
            assert self.say(f"RCPT TO:<{recipient}>") == "250 2.1.5 Recipient accepted"
        assert self.say("DATA").startswith("354 ")

    def closed(self) -> bool:
        """Whether the other side has hung up; what it still says is read."""
        while self.read():
            pass
        return True

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
