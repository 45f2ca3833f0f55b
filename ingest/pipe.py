"""`leadgate ingest --to ADDR [--from ADDR] < message`: a message from a mail server's pipe, and its exit code.

The code is what sysexits.h calls it. The sentence, meant for standard output, begins with an enhanced status
code (RFC 3463), because Postfix lets that "take precedence over the non-zero exit status" (pipe(8), DIAGNOSTICS).
A mail server tries again after 75 and returns the mail to its sender after nearly every other code, so:

    0   stored, after the commit
    64  called wrongly: an address that is none. The sentence says 4.3.5, so that Postfix keeps the mail until the
        operator has mended the line in master.cf; Exim and others that read only the code return it
    65  the message is larger than we take (5.3.4), or there is none (5.6.0)
    67  no such recipient (5.1.1). With several, one unknown refuses all and nothing is stored: one exit code cannot
        say "this one yes, that one no", and the sender is told the truth. `destination_recipient_limit = 1` avoids it
    75  not stored, through no fault of the message: every fault of ours, known or not

69 (unavailable), 70 (internal fault) and 78 (misconfigured) are never given: a mail server returns the mail for
them, and a fault of ours must never cost a message.

Nothing is unfolded or stripped: Postfix hands over LF line ends, and they are stored so. Its `flags` should not
have F, which puts a line before the header that was not in the message.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import BinaryIO, Final, Protocol

from ingest.accept import Accepted, AddressBook, Connection, Incoming, NotStored
from ingest.listening.envelope import read_path

log = logging.getLogger(__name__)

_NULL_SENDERS: Final = ("", "<>", "MAILER-DAEMON")
_CHUNK: Final = 1 << 20


class ExitCode(IntEnum):
    """The codes of sysexits.h that are given."""

    OK = 0
    USAGE = 64
    DATA_ERROR = 65
    NO_USER = 67
    TEMPORARY_FAILURE = 75


class Accepts(Protocol):
    """Where the message goes: `ingest.accept.Acceptor`, and in tests a notebook."""

    def accept(self, incoming: Incoming, timeout: float = 60) -> Accepted:
        """As `Acceptor.accept`."""
        ...


@dataclass(frozen=True, slots=True)
class PipeResult:
    """What to exit with, and the sentence to print before."""

    code: ExitCode
    sentence: str
    message_ids: tuple[str, ...] = ()


_WRONGLY_CALLED: Final = PipeResult(
    ExitCode.USAGE, "4.3.5 --to takes an e-mail address; see leadgate ingest --help"
)
_NO_MESSAGE: Final = PipeResult(ExitCode.DATA_ERROR, "5.6.0 There is no message on standard input")
_NOT_STORED: Final = PipeResult(
    ExitCode.TEMPORARY_FAILURE, "4.3.0 The message could not be stored; try again later"
)
_OUR_FAULT: Final = PipeResult(
    ExitCode.TEMPORARY_FAILURE, "4.3.0 Something went wrong on our side; try again later"
)


def ingest(
    message: BinaryIO, to: Sequence[str], mail_from: str, book: AddressBook, acceptor: Accepts, max_bytes: int
) -> PipeResult:
    """Read a message to its end and store it for all of `to`; never raises.

    `mail_from` is the envelope sender, '' (or Postfix's MAILER-DAEMON) for the null sender. One that is no address
    is stored as it is: what the mail server made of it is no reason to refuse the message. At most `max_bytes`
    are kept. What the answers mean, the module says.
    """
    try:
        return _ingest(message, to, mail_from, book, acceptor, max_bytes)
    except NotStored:
        return _NOT_STORED
    except Exception:
        log.exception("A message from a pipe failed")
        return _OUR_FAULT


def _ingest(
    message: BinaryIO, to: Sequence[str], mail_from: str, book: AddressBook, acceptor: Accepts, max_bytes: int
) -> PipeResult:
    # First of all, whatever is to be said: a mail server that cannot write all of it may think the pipe is broken.
    raw, complete = _read(message, max_bytes)
    addresses = [address for address in map(_address, to) if address is not None]
    if not addresses or len(addresses) < len(to):
        return _WRONGLY_CALLED
    found = {address: book.resolve(address) for address in addresses}
    unknown = [address for address, recipient in found.items() if recipient is None]
    if unknown:
        return PipeResult(ExitCode.NO_USER, f"5.1.1 No such recipient here: {', '.join(unknown)}")
    if not raw:
        return _NO_MESSAGE
    if not complete:
        return PipeResult(ExitCode.DATA_ERROR, f"5.3.4 The message is larger than {max_bytes} bytes")
    recipients = tuple(recipient for recipient in found.values() if recipient is not None)
    accepted = acceptor.accept(Incoming(raw, recipients, _connection(mail_from), datetime.now(UTC)))
    return PipeResult(ExitCode.OK, f"2.6.0 stored as {accepted.message_ids[0]}", accepted.message_ids)


def _read(message: BinaryIO, max_bytes: int) -> tuple[bytes, bool]:
    """The message, read to its end, and whether that is all of it."""
    raw = message.read(max_bytes + 1)
    while message.read(_CHUNK):
        pass
    return raw, len(raw) <= max_bytes


def _address(address: str) -> str | None:
    path = read_path(f"TO:<{address.strip('<>')}>", "TO:")
    return path.address if path is not None and path.address and not path.rest else None


def _connection(mail_from: str) -> Connection:
    sender = "" if mail_from in _NULL_SENDERS else mail_from.strip("<>")
    return Connection(door="pipe", client_ip=None, helo=None, mail_from=sender, tls=False, auth_user=None)
