"""imapclient and imaplib on a socket that is connected already, with an end to what a server may send at once.

A line is at most LONGEST_LINE, a literal LARGEST_LITERAL; what is longer breaks the connection (imaplib's `abort`).
"""

import imaplib
import socket

from imapclient import IMAPClient

from ingest.imap.options import MIB

LARGEST_LITERAL = 8 * MIB
"""Bytes of one literal. Mails are asked for in smaller pieces; a server that sends more is not believed."""
LONGEST_LINE = 10_000_000
"""Bytes of a line: the numbers of all mails of a folder stand on one (imaplib itself ends at a tenth of it)."""


class Imap(imaplib.IMAP4):
    """imaplib on a socket that is connected already, with bounded literals."""

    def __init__(self, connected: socket.socket, host: str, seconds: float) -> None:
        self._connected = connected
        super().__init__(host, timeout=seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        self._connected.settimeout(timeout)
        return self._connected

    def read(self, size: int) -> bytes:
        """A literal of `size` bytes, as imaplib asks for it."""
        if size > LARGEST_LITERAL:
            raise self.abort(f"a literal of {size} bytes")
        return super().read(size)

    def readline(self) -> bytes:
        """A line, with its end, as imaplib asks for it."""
        line = self.file.readline(LONGEST_LINE + 1)
        assert isinstance(line, bytes)
        if len(line) > LONGEST_LINE:
            raise self.abort(f"a line of more than {LONGEST_LINE} bytes")
        return line


class Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """imapclient on such a connection."""

    def __init__(self, connected: socket.socket, host: str, seconds: float) -> None:
        self._connected, self._seconds = connected, seconds
        super().__init__(host, ssl=False, timeout=seconds)
        self._imap.debug = 0  # it would build a line of log for every line that comes
        self.normalise_times = False  # aware times, as the server gives them

    def _create_IMAP4(self) -> Imap:  # noqa: N802  imapclient's name
        return Imap(self._connected, self.host, self._seconds)
