"""An IMAP server of the tests' own that does as real ones do, but where a test makes it odd, as Dovecot never is.

It keeps one folder of mails in memory, lets everybody in, and takes one command at a time.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


class HangUp(Exception):
    """The server closes the connection without a word."""


@dataclass
class FakeServer:
    """`mails`: UID → bytes. `odd`: given a command without its tag, the whole answer to it, "{tag}" being the
    command's; None for the usual one. `sizes`: what RFC822.SIZE says instead of the truth."""

    mails: dict[int, bytes] = field(default_factory=dict)
    capabilities: str = "AUTH=PLAIN UIDPLUS MOVE"
    odd: Callable[[bytes], bytes | None] = lambda _: None
    sizes: dict[int, int] = field(default_factory=dict)
    said: list[bytes] = field(default_factory=list)
    """Every line that came, without its tag."""
    port: int = 0

    def serve(self, client: socket.socket, greeting: bytes = b"* OK ready\r\n") -> None:
        """One connection, until it ends."""
        lines = client.makefile("rb")
        client.sendall(greeting)
        while line := lines.readline():
            tag, _, command = line.rstrip(b"\r\n").partition(b" ")
            self.said.append(command)
            answer = self.odd(command)
            if answer is not None:
                client.sendall(answer.replace(b"{tag}", tag))
                if answer.endswith(b"+ idling\r\n"):
                    lines.readline()
                    client.sendall(tag + b" OK done\r\n")
            elif command.startswith(b"AUTHENTICATE"):
                client.sendall(b"+ \r\n")
                lines.readline()
                client.sendall(tag + b" OK in\r\n")
            elif command == b"IDLE":
                client.sendall(b"+ idling\r\n")
                lines.readline()
                client.sendall(tag + b" OK done\r\n")
            else:
                client.sendall(self._usual(command) + tag + b" OK done\r\n")

    def _usual(self, command: bytes) -> bytes:
        words = command.decode().upper()
        if words.startswith("CAPABILITY"):
            return f"* CAPABILITY IMAP4rev1 {self.capabilities}\r\n".encode()
        if words.startswith(("EXAMINE", "SELECT")):
            return b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] \r\n* FLAGS ()\r\n" % len(self.mails)
        if words.startswith("UID SEARCH"):
            return b"* SEARCH " + " ".join(map(str, self._asked(words.rsplit(" ", 1)[-1]))).encode() + b"\r\n"
        if words.startswith("UID FETCH"):
            numbers, _, items = words.removeprefix("UID FETCH ").partition(" ")
            return b"".join(self._mail(uid, items) for uid in self._asked(numbers))
        return b""

    def _asked(self, numbers: str) -> list[int]:
        if numbers == "ALL":
            return sorted(self.mails)
        first, colon, _ = numbers.partition(":")
        wanted = set() if colon else {int(each) for each in numbers.split(",")}
        return sorted(uid for uid in self.mails if uid in wanted or (colon and uid >= int(first)))

    def _mail(self, uid: int, items: str) -> bytes:
        raw = self.mails[uid]
        if "RFC822.SIZE" in items:
            size = self.sizes.get(uid, len(raw))
            data = f'RFC822.SIZE {size} INTERNALDATE "28-Nov-2030 10:00:00 +0000"'.encode()
        else:
            part = re.search(r"<(\d+)\.(\d+)>", items)
            begin, number = (int(part[1]), int(part[2])) if part else (0, len(raw))
            name = f"BODY[]<{begin}>" if part else "BODY[]"
            piece = raw[begin : begin + number]
            data = f"{name} {{{len(piece)}}}\r\n".encode() + piece
        return b"* %d FETCH (UID %d %b)\r\n" % (uid, uid, data)


@contextmanager
def fake_server(made: FakeServer | None = None, **given: Any) -> Iterator[FakeServer]:
    """A running one, which takes any number of clients."""
    server = made or FakeServer(**given)
    with socket.create_server(("127.0.0.1", 0)) as door:
        server.port = door.getsockname()[1]

        def serve(client: socket.socket) -> None:
            with client, suppress(OSError, HangUp):
                server.serve(client)

        def accept() -> None:
            with suppress(OSError):  # the door was closed
                while True:
                    client, _ = door.accept()
                    threading.Thread(target=serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
