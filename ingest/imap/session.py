"""One connection to an IMAP server: greeting, TLS, a folder, commands. imapclient speaks; here its faults get names.

Everything the server says is bounded in time and size: silence inside an answer ends it after `options.answer`, an
answer that trickles is ended from outside (`abort`, called by the keeper of `readers` when `progress` is old), lines
and literals have a largest size (`client`).

Two kinds of fault: `Refused`, when the server says NO or BAD and goes on, and `CannotRead`, when the connection is
broken or what comes cannot be understood. A connection that gave the second is of no use any more.
"""

import imaplib
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from ingest.imap import dial
from ingest.imap.client import Client
from ingest.imap.faults import CannotRead, Refused
from ingest.imap.options import ImapOptions

LAST_WORDS_SECONDS = 1.0
_PREFIX = re.compile(r"[A-Za-z_ ]{1,30} failed: ")
JUNK = frozenset({"\\junk", "\\spam"})
"""Attributes of the folder for spam (RFC 6154; the second is Gmail's old XLIST)."""


class Session:
    """One connection. Not thread-safe, but for `abort`."""

    def __init__(self, connected: socket.socket, host: str, options: ImapOptions) -> None:
        """Waits for the greeting. CannotRead("tls") when none comes."""
        self._options = options
        self.progress = time.monotonic()
        self.uidvalidity = 0
        self.read_only = True
        self.idles = False
        """Whether it can IDLE; known once a folder is chosen."""
        self._socket = connected
        try:
            with self._named():
                self._client = Client(connected, host, options.answer)
        except CannotRead as fault:
            connected.close()
            sentence = f"{host} does not greet as an IMAP server does: {fault}"
            raise CannotRead("tls", "no_imap", sentence, fault.said) from fault
        except Refused as fault:
            connected.close()
            raise CannotRead(
                "tls", "greeting_refused", f"{host} turns us away: {fault}", fault.said
            ) from fault

    # ------------------------------------------------------------------------------------ before a folder is chosen
    def start_tls(self, host: str) -> None:
        """STARTTLS, with the certificate checked. CannotRead("tls") where that fails."""
        try:
            with self._named():
                self._client.starttls(self._options.tls())
        except Refused as fault:
            sentence = f"The server refuses STARTTLS: {fault}."
            raise CannotRead("tls", "no_starttls", sentence, fault.said) from fault
        except CannotRead as fault:
            cause = fault.__cause__
            if not isinstance(cause, OSError):
                raise fault.at("tls") from fault
            sentence = dial.tls_sentence(host, cause)
            raise CannotRead("tls", dial.tls_code(cause), sentence, dial.details(cause)) from fault
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
        self.idles = "IDLE" in self.capabilities()
        if not self.uidvalidity or b"UIDNOTSTICKY" in told:
            sentence = f"The server gives the mails of {folder} no lasting numbers (UIDs)."
            raise CannotRead("folder", "no_uids", sentence)
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

    def beginnings_of_folders(self) -> tuple[str, ...]:
        """What names of folders begin with (RFC 2342), the user's own first; ("",) where the server does not tell."""
        if "NAMESPACE" not in self.capabilities():
            return ("",)
        with self._named():
            spaces = self._client.namespace()
        return tuple(str(prefix) for space in spaces for prefix, _ in space or ()) or ("",)

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
        """IDLE; the server will tell at once what changes. Refused: it won't, whatever it announces.

        What it has to tell before it says "+ idling" is no refusal, as imapclient takes it for: see `news`.
        """
        with self._named():
            imap = self._client._imap
            tag = self._client._idle_tag = imap._command("IDLE")
            while imap._get_response() is not None:
                if imap.tagged_commands[tag]:
                    _, (said,) = imap.tagged_commands.pop(tag)
                    raise imaplib.IMAP4.error(_text(said))

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
            raise _broken(fault) from fault
        except (IMAPClientError, imaplib.IMAP4.error) as fault:
            if isinstance(fault.__context__, imaplib.IMAP4.abort):  # imapclient calls it a refused login
                raise _broken(fault.__context__) from fault
            raise Refused(_said(fault)) from fault
        except TimeoutError as fault:
            sentence = f"The server kept silent for {self._options.answer:.0f} s."
            raise CannotRead("read", "silent", sentence) from fault
        except OSError as fault:
            sentence = f"The connection broke: {fault.strerror or _said(fault)}."
            raise CannotRead("read", "broken", sentence) from fault
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as fault:
            # what a library does with an answer it was not written for: that answer is nobody's mail
            sentence = f"The server's answer cannot be read ({type(fault).__name__})."
            raise CannotRead("read", "unreadable_answer", sentence) from fault
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


def _broken(fault: BaseException) -> CannotRead:
    said = _said(fault)
    return CannotRead("read", "broken", f"The connection broke: {said}.", said)


def _said(fault: BaseException) -> str:
    """What the server said, on one line, without imapclient's prefix and Python's b''."""
    given = fault.args[0] if fault.args else ""
    text = " ".join((given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)).split())
    if text[:2] in ("b'", 'b"') and text[-1:] == text[1:2]:
        text = text[2:-1]
    found = _PREFIX.match(text)
    text = text[found.end() :] if found else text
    return "".join(each for each in text if each.isprintable())[:200].rstrip(" .") or type(fault).__name__


def _literal(folder: str) -> str:
    """A folder's name as a pattern; one with a wildcard in it fits others too, which the caller leaves out."""
    return folder.replace("*", "%")


def _text(each: object) -> str:
    return each.decode("ascii", "replace") if isinstance(each, bytes) else str(each)
