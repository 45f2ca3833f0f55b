"""The stages of a connection, in their order: STAGES is the table. The reader and the connection test go through it.

Each stage takes the connection as far as the stages before it brought it, and says in a few words what it found; it
raises CannotRead with its own name when it cannot go on.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ingest.imap import dial, follow_up, login, senders
from ingest.imap.faults import CannotRead, Refused
from ingest.imap.findings import Found
from ingest.imap.options import ImapOptions
from ingest.imap.session import Session
from store.mailbox_values import OAuth, Target

MOST_NAMED = 20
"""Folders that a sentence names."""
MOST_SECONDS = 45.0
"""How long a connection test takes at most once it is connected: somebody waits for it."""


@dataclass(frozen=True, slots=True)
class StageResult:
    """How a stage ended. `ok` is None for one that was not reached.

    `code` and `facts`: of FINDINGS where it passed, of FAULTS where it failed; `said`: what the server said then.
    """

    stage: str
    ok: bool | None
    detail: str
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""


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

    def resolve(self) -> Found:
        """dns"""
        values = self.target.values
        self._places = dial.resolve(values.host, values.port, self.options.policy)
        return Found("addresses", addresses=", ".join(address for address, _ in self._places))

    def connect(self) -> Found:
        """tcp"""
        self._socket = dial.connect(self._places, self.options.connect)
        self._connected_at = time.monotonic()
        address, port = self._socket.getpeername()[:2]
        return Found("answers", address=address, port=port)

    def encrypt(self) -> Found:
        """tls, and the greeting"""
        values, connected = self.target.values, self._socket
        assert connected is not None
        if values.tls == "tls":
            connected = self._socket = dial.encrypt(connected, values.host, self.options.tls())
        self._session = Session(connected, values.host, self.options)
        if values.tls == "starttls":
            self._session.start_tls(values.host)
        version = self._session.tls_version()
        return Found("encrypted", version=version) if version else Found("not_encrypted")

    def log_in(self) -> Found:
        """login"""
        login.log_in(self.session, self.target, self.options, self._keep)
        return Found("logged_in", username=self.target.values.username)

    def choose(self) -> Found:
        """folder"""
        values = self.target.values
        try:
            number = self.session.select(values.folder, read_only=values.after == "leave")
        except Refused as fault:
            raise self._why_not(values.folder, fault) from fault
        code = "holds_spam" if self.session.is_junk(values.folder) else "holds"
        return Found(code, folder=values.folder, mails=number)

    def _why_not(self, folder: str, fault: Refused) -> CannotRead:
        """Why a folder cannot be opened; where it is missing, which ones there are. No other is read in its place."""
        there = sorted(name for name, flags in self.session.folders() if "\\noselect" not in flags)
        if folder in there or not there:
            sentence = f"The folder {folder} cannot be opened: {fault}."
            return CannotRead("folder", "folder_refused", sentence, fault.said)
        named = ", ".join(there[:MOST_NAMED]) + (", …" if len(there) > MOST_NAMED else "")
        return CannotRead("folder", "no_folder", f"There is no folder {folder}; there are {named}.", named)

    def hear_senders(self) -> Found:
        """senders: who says on top of the mails that are there whether their senders are proven"""
        return senders.heard(self.session, self.target.values)

    def may_write(self) -> Found:
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


STAGES: tuple[tuple[str, Callable[[Attempt], Found]], ...] = (
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
                    found = take(attempt)
                results.append(StageResult(stage, True, found.sentence, found.code, found.facts))
            except CannotRead as fault:
                results.append(StageResult(stage, False, fault.sentence, fault.code, said=fault.said))
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
        raise CannotRead(stage, "refused", f"The server refused: {fault}.", fault.said) from fault
    except CannotRead as fault:
        if fault.stage != "read":
            raise
        raise fault.at(stage) from fault


def lines(results: Sequence[StageResult]) -> Iterator[dict[str, Any]]:
    """The results as the API gives them."""
    for each in results:
        yield asdict(each)
