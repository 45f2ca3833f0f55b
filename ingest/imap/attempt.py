"""The stages of a connection, in their order: STAGES is the table. The reader and the connection test go through it.

Each stage takes the connection as far as the stages before it brought it, and says in a few words what it found; it
raises CannotRead with its own name when it cannot go on.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from ingest.imap import dial, follow_up, login, senders
from ingest.imap.faults import CannotRead, Refused
from ingest.imap.options import ImapOptions
from ingest.imap.session import Session
from store.mailbox_values import OAuth, Target

MOST_NAMED = 20
"""Folders that a sentence names."""
MOST_SECONDS = 45.0
"""How long a connection test takes at most once it is connected: somebody waits for it."""


@dataclass(frozen=True, slots=True)
class StageResult:
    """How a stage ended. `ok` is None for one that was not reached."""

    stage: str
    ok: bool | None
    detail: str


class Attempt:
    """A connection on its way. `keep` is given tokens that were renewed."""

    def __init__(self, target: Target, options: ImapOptions, keep: login.Keep) -> None:
        self.target, self.options = target, options
        self._keep_outside = keep
        self._places: Sequence[dial.Place] = ()
        self._socket: socket.socket | None = None
        self._session: Session | None = None
        self._connected_at: float | None = None

    @property
    def session(self) -> Session:
        """The session, once the stage tls is passed."""
        assert self._session is not None
        return self._session

    @property
    def progress(self) -> float | None:
        """When the server last ended an answer, or was connected to (time.monotonic); None before."""
        return self._connected_at if self._session is None else self._session.progress

    def abort(self) -> None:
        """Breaks the connection, from any thread."""
        if self._session is not None:
            self._session.abort()
        elif self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def resolve(self) -> str:
        """dns"""
        values = self.target.values
        self._places = dial.resolve(values.host, values.port, self.options.policy)
        return ", ".join(address for address, _ in self._places)

    def connect(self) -> str:
        """tcp"""
        self._socket = dial.connect(self._places, self.options.connect)
        self._connected_at = time.monotonic()
        address, port = self._socket.getpeername()[:2]
        return f"{address} port {port} answers"

    def encrypt(self) -> str:
        """tls, and the greeting"""
        values, connected = self.target.values, self._socket
        assert connected is not None
        if values.tls == "tls":
            connected = self._socket = dial.encrypt(connected, values.host, self.options.tls())
        self._session = Session(connected, values.host, self.options)
        if values.tls == "starttls":
            self._session.start_tls(values.host)
        return self._session.tls_version() or "not encrypted: the password can be read on the way"

    def log_in(self) -> str:
        """login"""
        login.log_in(self.session, self.target, self.options, self._keep)
        return f"as {self.target.values.username}"

    def choose(self) -> str:
        """folder"""
        values = self.target.values
        try:
            number = self.session.select(values.folder, read_only=values.after == "leave")
        except Refused as fault:
            raise CannotRead("folder", self._why_not(values.folder, fault)) from fault
        junk = ", and is the one for spam" if self.session.is_junk(values.folder) else ""
        return f"{values.folder} holds {number} mails{junk}"

    def _why_not(self, folder: str, fault: Refused) -> str:
        """Why a folder cannot be opened; where it is missing, which ones there are. No other is read in its place."""
        there = sorted(name for name, flags in self.session.folders() if "\\noselect" not in flags)
        if folder in there or not there:
            return f"The folder {folder} cannot be opened: {fault}."
        more = ", …" if len(there) > MOST_NAMED else ""
        return f"There is no folder {folder}; there are {', '.join(there[:MOST_NAMED])}{more}."

    def hear_senders(self) -> str:
        """senders: who says on top of the mails that are there whether their senders are proven"""
        return senders.heard(self.session, self.target.values)

    def may_write(self) -> str:
        """write: whether the after-action can be done"""
        return follow_up.possible(self.session, self.target.values)

    def close(self) -> None:
        """Ends whatever was begun."""
        if self._session is not None:
            self._session.close()
        elif self._socket is not None:
            self._socket.close()

    def _keep(self, oauth: OAuth) -> None:
        self.target = replace(self.target, credentials=replace(self.target.credentials, oauth=oauth))
        self._keep_outside(oauth)


STAGES: tuple[tuple[str, Callable[[Attempt], str]], ...] = (
    ("dns", Attempt.resolve),
    ("tcp", Attempt.connect),
    ("tls", Attempt.encrypt),
    ("login", Attempt.log_in),
    ("folder", Attempt.choose),
    ("write", Attempt.may_write),
    ("senders", Attempt.hear_senders),
)
NEEDED_TO_READ = STAGES[:-2]


def opened(attempt: Attempt) -> Session:
    """The session, ready to read the folder. CannotRead with the stage that failed; then nothing is left open."""
    try:
        for stage, take in NEEDED_TO_READ:
            with _as_stage(stage):
                take(attempt)
    except BaseException:
        attempt.close()
        raise
    return attempt.session


def try_stages(target: Target, options: ImapOptions) -> list[StageResult]:
    """Every stage of a connection with how it ended, up to the first that failed. Changes nothing in the mailbox.

    It takes MOST_SECONDS at most once it is connected. Tokens that are renewed on the way are not kept: the refresh
    token they were got with stays good.
    """
    attempt, results = Attempt(target, options, lambda _: None), list[StageResult]()
    failed = False
    end = threading.Timer(MOST_SECONDS, attempt.abort)
    end.start()
    try:
        for stage, take in STAGES:
            if failed:
                results.append(StageResult(stage, None, "not reached"))
                continue
            try:
                with _as_stage(stage):
                    results.append(StageResult(stage, True, take(attempt)))
            except CannotRead as fault:
                results.append(StageResult(stage, False, fault.sentence))
                failed = True
    finally:
        end.cancel()
        attempt.close()
    return results


@contextmanager
def _as_stage(stage: str) -> Iterator[None]:
    """A connection that breaks in a stage, and a command refused in it, is that stage's fault."""
    try:
        yield
    except Refused as fault:
        raise CannotRead(stage, f"The server refused: {fault}.") from fault
    except CannotRead as fault:
        if fault.stage != "read":
            raise
        raise CannotRead(stage, fault.sentence) from fault


def lines(results: Sequence[StageResult]) -> Iterator[dict[str, Any]]:
    """The results as the API gives them."""
    for each in results:
        yield {"stage": each.stage, "ok": each.ok, "detail": each.detail}
