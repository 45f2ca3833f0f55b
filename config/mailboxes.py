"""The part that reads mailboxes: one process, a thread for each mailbox, cheap while there is none."""

import socket
from dataclasses import replace
from typing import TYPE_CHECKING

from config.ground import Ground
from config.part import Part
from config.settings import Settings

if TYPE_CHECKING:
    from ingest.imap.options import ImapOptions
    from ingest.imap.reader import Desk


def serve(part: Part) -> None:
    """Reads mailboxes until the part is to stop."""
    part.ready()
    part.parts.read_mailboxes(f"{socket.gethostname()}/{part.name}")


def read(ground: Ground, holder: str) -> None:
    """Reads until the process is to stop; what speaks IMAP is loaded with the first mailbox."""
    from ingest.imap.readers import Readers

    made: list[Desk] = []

    def desk() -> "Desk":
        if not made:
            made.append(_desk(ground))
        return made[0]

    readers = Readers(ground.database, desk, holder, ground.stopping, ground.is_paused)
    readers.run(alone=ground.settings.is_sqlite)


def options(settings: Settings) -> "ImapOptions":
    """Where mailboxes may be, and how patiently they are read."""
    from ingest.imap.options import ImapOptions
    from webhooks.destination import Policy

    return ImapOptions(
        policy=Policy(tuple(settings.imap_allow)),
        answer=float(settings.imap_timeout),
        poll=float(settings.imap_poll),
        max_message_bytes=settings.max_message_bytes,
    )


def options_of_tests(settings: Settings) -> "ImapOptions":
    """The same for a connection test: somebody waits for its answer."""
    usual = options(settings)
    return replace(usual, connect=5.0, answer=min(usual.answer, 10.0))


def _desk(ground: Ground) -> "Desk":
    from ingest.imap.reader import Desk
    from store.sealing import Sealer

    sealer = Sealer(ground.settings.key("credentials"))
    return Desk(ground.database, ground.acceptor, ground.address_book, sealer, options(ground.settings))
