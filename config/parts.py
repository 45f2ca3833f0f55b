"""What a process needs from the wiring, said as types: the seam between processes and what they do.

`config.wiring` is the module that satisfies `Wiring`. It is imported when a part starts, not before:
the supervisor and `leadgate parse` never load the store. The tests of the process tree put a small
wiring of their own in its place.
"""

import importlib
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, cast

from config.settings import Settings
from store.doorbell import Doorbell, Work

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from ingest.accept import Acceptor, AddressBook
    from ingest.listening.listener import Bound
    from store.figures import Figures

WIRING = "_LEADGATE_WIRING"


class Role(StrEnum):
    """What a process is for; the value is its command."""

    SMTP = "smtp"
    WEB = "web"
    WORKER = "worker"
    SENDER = "sender"
    IMAP = "imap"
    SCHEDULER = "scheduler"
    COMMAND = "command"
    """One call of the command line: nothing runs in the background."""


WORK_OF: Mapping[Role, tuple[Work, ...]] = {
    Role.WORKER: (Work.MESSAGES, Work.EVENTS),
    Role.SENDER: (Work.DELIVERIES, Work.MAILS),
}
"""What leaves has a process of its own: an endpoint or mail server that hangs delays no incoming mail. There each is
sent by threads of its own, and neither waits for the other."""


class Listener(Protocol):
    """The SMTP and LMTP sockets: `ingest.listening.listener.Listener`."""

    def open(self) -> "Sequence[Bound]":
        """Binds every address; the answer names the real ports. Raises ingest.listening.listener.CannotListen."""

    def run(self) -> None:
        """Serves in the calling thread until `stop`."""

    def stop(self) -> None:
        """421 to whoever is connected, messages under way are finished; fit for a signal handler."""


class Parts(Protocol):
    """What `Wiring.build` put together for one role. Its methods are thread-safe."""

    @property
    def work(self) -> Mapping[Work, Callable[[], int]]:
        """Works on one batch, returns how many things were handled; 0 means nothing was due."""

    @property
    def doorbell(self) -> Doorbell: ...

    @property
    def stopping(self) -> threading.Event:
        """Set when this process is to stop: a batch that sees it gives back what it has not begun."""

    def oldest_due(self, work: Work) -> datetime | None:
        """Since when the longest waiting thing is due that nobody holds; None when nothing is due."""

    def in_hand(self, work: Work) -> bool:
        """Whether somebody holds a lease of that work which has not run out."""

    def look_after_database(self) -> None:
        """Small upkeep of the database, for the scheduler to ask every few seconds."""

    def forget_texts(self) -> None:
        """Forgets what mails said that were sent long ago, for the scheduler to ask every few minutes."""

    def watch_sources(self) -> None:
        """Tells of sources that are silent or failing, for the scheduler to ask every few minutes."""

    def beat(self, role: str, name: str) -> None:
        """Writes this process's heartbeat row."""

    @property
    def listener(self) -> Listener:
        """Role smtp."""

    @property
    def acceptor(self) -> "Acceptor":
        """Roles smtp, imap, web and command. `close` drains it."""

    @property
    def address_book(self) -> "AddressBook":
        """Roles smtp, imap, web and command."""

    def read_mailboxes(self, holder: str) -> None:
        """Reads mailboxes in the calling thread until `stopping` (role imap). `holder`: this process's name."""

    def web_app(self) -> "WSGIApplication":
        """The pages and the API (role web)."""

    def has_no_account(self) -> bool:
        """Whether the deployment is still to be set up."""

    def close(self) -> None:
        """Lets go of everything, after what is in hand is committed."""

    def init_account(
        self,
        *,
        account: str,
        domain: str,
        admin_email: str,
        admin_password: str | None,
        new_api_key: bool,
        deployment_key: bool,
    ) -> Mapping[str, Any]:
        """Makes an account and its admin, or finds them; the answer of `leadgate init` (product §9).

        ValueError with a sentence when a value cannot be taken.
        """

    def check(self) -> Sequence[str]:
        """What is wrong with the books, one sentence each; empty when they balance."""

    def integrity(self) -> Sequence[str]:
        """What the database finds wrong with its own file; empty when nothing is."""

    def figures(self) -> "Figures":
        """How the deployment fares."""


class Wiring(Protocol):
    """The module that puts concrete parts together."""

    def build(self, settings: Settings, role: Role) -> Parts:
        """The parts of one process. Opens no door and starts no work."""

    def database_problem(self, settings: Settings) -> str | None:
        """Why the database cannot be asked, as a sentence; None when it can."""

    def schema_problem(self, settings: Settings) -> str | None:
        """Why this version cannot work on the database's schema, as a sentence; None when it can."""

    def key_problem(self, settings: Settings) -> str | None:
        """Why the secret key at hand cannot be used with the database, as a sentence; None when it can.

        Asked when there is no schema problem. The first to ask notes which key it is.
        """

    def migrate(self, settings: Settings) -> None:
        """Brings the database to this version's schema; makes it if there is none."""


def wiring() -> Wiring:
    """The wiring of this process, imported now."""
    return cast(Wiring, importlib.import_module(os.environ.get(WIRING, "config.wiring")))
