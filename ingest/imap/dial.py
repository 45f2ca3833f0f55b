"""From a name to a connected socket (`webhooks.dial`), with what goes wrong told as the IMAP door tells it."""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ingest.imap.faults import CannotRead
from webhooks import dial
from webhooks.destination import Policy
from webhooks.dial import Place, tls_code, tls_sentence
from webhooks.exceptions import CannotReach

__all__ = ["Place", "connect", "details", "encrypt", "resolve", "tls_code", "tls_sentence"]


def resolve(host: str, port: int, policy: Policy) -> list[Place]:
    """The addresses of `host` that may be reached. CannotRead("dns") when there are none."""
    with _as_reader():
        return dial.resolve(host, port, policy, "LEADGATE_IMAP_ALLOW")


def connect(places: Sequence[Place], seconds: float) -> socket.socket:
    """A socket connected to the first of `places` that answers. CannotRead("tcp") when none does."""
    with _as_reader():
        return dial.connect(places, seconds)


def encrypt(connected: socket.socket, host: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """TLS on the socket, with the certificate checked for `host`. CannotRead("tls") where that fails."""
    with _as_reader():
        return dial.encrypt(connected, host, context)


@contextmanager
def _as_reader() -> Iterator[None]:
    try:
        yield
    except CannotReach as fault:
        raise CannotRead(fault.stage, fault.code, fault.sentence, details(fault.__cause__)) from fault


def details(cause: BaseException | None) -> str:
    """What the check of a certificate or the network said, "" for nothing."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return str(cause.verify_message)
    return dial.why(cause) if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) else ""
