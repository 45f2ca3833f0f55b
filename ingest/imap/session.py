"""One connection to an IMAP server: greeting, TLS, a folder, commands. imapclient speaks; here its faults get names.

Everything the server says is bounded in time and size: silence inside an answer ends it after `options.answer`, an
answer that trickles is ended from outside (`abort`, called by the keeper of `readers` when `progress` is old), a line
is at most imaplib's ten million bytes, a literal what a piece of a mail may have.

Two kinds of fault: `Refused`, when the server says NO or BAD and goes on, and `CannotRead`, when the connection is
broken or what comes cannot be understood. A connection that gave the second is of no use any more.
"""

import imaplib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from ingest.imap import dial
from ingest.imap.faults import CannotRead, Refused
from ingest.imap.options import MIB, ImapOptions

LARGEST_LITERAL = 8 * MIB
"""Bytes of one literal. Mails are asked for in smaller pieces; a server that sends more is not believed."""
LAST_WORDS_SECONDS = 1.0
JUNK = frozenset({"\\junk", "\\spam"})
"""Attributes of the folder for spam (RFC 6154; the second is Gmail's old XLIST)."""


class _Imap(imaplib.IMAP4):
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


class _Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """imapclient on such a connection."""

    def __init__(self, connected: socket.socket, host: str, seconds: float) -> None:
        self._connected, self._seconds = connected, seconds
        super().__init__(host, ssl=False, timeout=seconds)
        self._imap.debug = 0  # it would build a line of log for every line that comes
        self.normalise_times = False  # aware times, as the server gives them

    def _create_IMAP4(self) -> _Imap:  # noqa: N802  imapclient's name
        return _Imap(self._connected, self.host, self._seconds)


class Session:
    """One connection. Not thread-safe, but for `abort`."""

    def __init__(self, connected: socket.socket, host: str, options: ImapOptions) -> None:
        """Waits for the greeting. CannotRead("tls") when none comes."""
        self._options = options
        self.progress = time.monotonic()
        self.stage = "tls"
        self.uidvalidity = 0
        self.read_only = True
        self._socket = connected
        try:
            with self._named():
                self._client = _Client(connected, host, options.answer)
        except (CannotRead, Refused) as fault:
            connected.close()
            raise CannotRead("tls", f"{host} does not greet as an IMAP server does: {fault}") from fault

    # ------------------------------------------------------------------------------------ before a folder is chosen
    def start_tls(self, host: str) -> None:
        """STARTTLS, with the certificate checked. CannotRead("tls") where that fails."""
        try:
            with self._named():
                self._client.starttls(self._options.tls())
        except Refused as fault:
            raise CannotRead("tls", f"The server refuses STARTTLS: {fault}.") from fault
        except CannotRead as fault:
            cause = fault.__cause__
            sentence = dial.tls_sentence(host, cause) if isinstance(cause, OSError) else fault.sentence
            raise CannotRead("tls", sentence) from fault
        self._socket = self._client.socket()

    def tls_version(self) -> str | None:
        """The version of TLS in use; None without."""
        version: str | None = getattr(self._client.socket(), "version", lambda: None)()
        return version

    def capabilities(self) -> frozenset[str]:
        """What the server can do, upper case, as of now."""
        with self._named():
            return frozenset(_text(each).upper() for each in self._client.capabilities())

    def login(self, username: str, password: str) -> None:
        """LOGIN; Refused."""
        with self._named():
            self._client.login(username, password)

    def authenticate(self, mechanism: str, answer: Callable[[bytes], bytes]) -> None:
        """AUTHENTICATE; `answer` takes each challenge. Refused."""
        with self._named():
            self._client.sasl_login(mechanism, answer)

    def select(self, folder: str, *, read_only: bool) -> int:
        """Chooses the folder; how many mails are in it. Refused; CannotRead where its UIDs do not last."""
        with self._named():
            told = self._client.select_folder(folder, readonly=read_only)
        self.uidvalidity = int(told.get(b"UIDVALIDITY") or 0)
        self.read_only = read_only or bool(told.get(b"READ-ONLY"))
        if not self.uidvalidity or b"UIDNOTSTICKY" in told:
            raise CannotRead("folder", f"The server gives the mails of {folder} no lasting numbers (UIDs).")
        return int(told.get(b"EXISTS") or 0)

    def folder_exists(self, folder: str) -> bool:
        """Whether there is such a folder."""
        with self._named():
            return bool(self._client.folder_exists(folder))

    def folders(self, pattern: str = "*") -> list[tuple[str, frozenset[str]]]:
        """The folders whose names fit, each with its attributes (RFC 3501 §7.2.2, RFC 6154), lower case."""
        with self._named():
            listed = self._client.list_folders(pattern=pattern)
        return [(str(name), frozenset(_text(each).lower() for each in flags)) for flags, _, name in listed]

    def is_junk(self, folder: str) -> bool:
        """Whether the provider puts spam there: by its attribute, and by nothing that is only a name."""
        try:
            found = self.folders(_literal(folder))
        except Refused:  # a server that lists no folders says nothing about this one
            return False
        return any(name == folder and JUNK & attributes for name, attributes in found)

    def create_folder(self, folder: str) -> None:
        """Makes a folder; Refused."""
        with self._named():
            self._client.create_folder(folder)

    # --------------------------------------------------------------------------------------------- in the folder
    def uids(self, *criteria: str) -> list[int]:
        """UID SEARCH, in ascending order."""
        with self._named():
            return sorted(int(uid) for uid in self._client.search(list(criteria)))

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """UID FETCH. What the server does not give is missing; Refused when it says NO."""
        with self._named():
            found: dict[int, dict[bytes, Any]] = self._client.fetch(list(uids), list(items))
        return found

    def add_flag(self, uids: Sequence[int], flag: bytes) -> None:
        """UID STORE +FLAGS.SILENT; Refused."""
        with self._named():
            self._client.add_flags(list(uids), [flag], silent=True)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """UID MOVE; Refused."""
        with self._named():
            self._client.move(list(uids), folder)

    def copy(self, uids: Sequence[int], folder: str) -> None:
        """UID COPY; Refused."""
        with self._named():
            self._client.copy(list(uids), folder)

    def expunge(self, uids: Sequence[int]) -> None:
        """UID EXPUNGE of these and no others; Refused."""
        with self._named():
            self._client.uid_expunge(list(uids))

    def news(self) -> bool:
        """Whether the server told of mails since this was asked last; forgets it.

        It may tell (EXISTS) in the answer to the very search that does not name them yet, and then IDLE tells nothing.
        """
        return self._client._imap.untagged_responses.pop("EXISTS", None) is not None

    def begin_idle(self) -> None:
        """IDLE; the server will tell at once what changes."""
        with self._named():
            self._client.idle()

    def end_idle(self) -> None:
        """DONE. What the server told is left to the next look."""
        with self._named():
            self._client.idle_done()

    def readable(self, seconds: float) -> bool:
        """Whether the server says something within `seconds`. Reads nothing of it.

        imapclient's idle_check reads without blocking, and loses a line that comes in two pieces.
        """
        import select  # a name that Session has for a command

        if self._buffered():
            return True
        poller = select.poll()
        poller.register(self._client.socket(), select.POLLIN)
        return bool(poller.poll(int(seconds * 1000)))

    # ------------------------------------------------------------------------------------------------- its end
    def abort(self) -> None:
        """Breaks the connection, from any thread: whoever waits for the server gets CannotRead."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """LOGOUT, and the socket closed whatever becomes of that."""
        try:
            self._client.socket().settimeout(LAST_WORDS_SECONDS)
            self._client.logout()
        except (IMAPClientError, imaplib.IMAP4.error, OSError, ValueError):
            self.abort()  # it was broken before; there is nobody to say goodbye to
        finally:
            with suppress(OSError):
                self._client.shutdown()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Gives the faults of a command their names, and notes that there was progress."""
        try:
            yield
        except (IMAPClientAbortError, imaplib.IMAP4.abort, ProtocolError) as fault:
            raise CannotRead("read", f"The connection broke: {_said(fault)}.") from fault
        except (IMAPClientError, imaplib.IMAP4.error) as fault:
            if isinstance(fault.__context__, imaplib.IMAP4.abort):  # imapclient calls it a refused login
                raise CannotRead("read", f"The connection broke: {_said(fault.__context__)}.") from fault
            raise Refused(_said(fault)) from fault
        except TimeoutError as fault:
            raise CannotRead("read", f"The server kept silent for {self._options.answer:.0f} s.") from fault
        except OSError as fault:
            raise CannotRead("read", f"The connection broke: {fault.strerror or _said(fault)}.") from fault
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as fault:
            # what a library does with an answer it was not written for: that answer is nobody's mail
            raise CannotRead(
                "read", f"The server's answer cannot be read ({type(fault).__name__})."
            ) from fault
        self.progress = time.monotonic()

    def _buffered(self) -> bool:
        """Whether something that came lies between the socket and imaplib."""
        connected = self._client.socket()
        connected.setblocking(False)
        try:
            return bool(self._client._imap.file.peek(1))
        except OSError:
            return False  # nothing there, as TLS says it
        finally:
            connected.settimeout(self._options.answer)


def _said(fault: BaseException) -> str:
    """What the server said, on one line, without imapclient's prefix and Python's b''."""
    text = " ".join(str(fault).split())
    if text.startswith("b'") and text.endswith("'"):
        text = text[2:-1]
    return text[:200].rstrip(" .") or type(fault).__name__


def _literal(folder: str) -> str:
    """A folder's name as a pattern; one with a wildcard in it fits others too, which the caller leaves out."""
    return folder.replace("*", "%")


def _text(each: object) -> str:
    return each.decode("ascii", "replace") if isinstance(each, bytes) else str(each)
