"""From a name to a connected socket, to addresses that may be reached only: for mail servers, whichever way.

Every address that the resolver answers is judged, and the socket is connected to that very address: a name that answers
differently a moment later leads nowhere else. Ports are free: mail servers live on odd ones, and what is not public is
out of reach anyway.
"""

import socket
import ssl
from collections.abc import Sequence

from webhooks.destination import Policy
from webhooks.exceptions import CannotReach

Place = tuple[str, int]
"""An IP address and a port."""

MOST_ADDRESSES = 4


def resolve(host: str, port: int, policy: Policy, setting: str) -> list[Place]:
    """The addresses of `host` that may be reached. CannotReach when there are none; `setting` names those that may.

    Asking takes as long as the system's resolver gives it (resolv.conf(5): half a minute at most by default).
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise CannotReach("dns", "unknown_host", f"{host} is not known: {why(fault)}.") from fault
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    refused = {address: policy.check(address) for address in found}
    allowed = [(address, port) for address in found if refused[address] is None][:MOST_ADDRESSES]
    if not allowed:
        reason = next((each.reason for each in refused.values() if each is not None), "it has no address")
        sentence = f"{host} must not be reached: {reason}. {setting} names what may be."
        raise CannotReach("dns", "not_allowed", sentence)
    return allowed


def connect(places: Sequence[Place], seconds: float) -> socket.socket:
    """A socket connected to the first of `places` that answers. CannotReach when none does."""
    fault: OSError | None = None
    for address, port in places:
        try:
            connected = socket.create_connection((address, port), timeout=seconds)
        except OSError as error:
            fault = error
        else:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return connected
    where = " or ".join(f"{address} port {port}" for address, port in places)
    raise CannotReach("tcp", "no_answer", f"Nothing answers at {where}: {why(fault)}.") from fault


def encrypt(connected: socket.socket, host: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """TLS on the socket, with the certificate checked for `host`. CannotReach where that fails."""
    try:
        return context.wrap_socket(connected, server_hostname=host)
    except (OSError, ValueError) as fault:
        connected.close()
        raise CannotReach("tls", tls_code(fault), tls_sentence(host, fault)) from fault


def tls_sentence(host: str, fault: Exception) -> str:
    """Why no encryption could be agreed on."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"The certificate of {host} is not valid: {fault.verify_message}."
    if isinstance(fault, ssl.SSLError):
        return f"{host} does not speak TLS here ({fault.reason or 'no reason given'}); try STARTTLS or another port."
    return f"No encryption could be agreed on with {host}: {why(fault)}."


def tls_code(fault: Exception) -> str:
    """The same as a stable code."""
    return "bad_certificate" if isinstance(fault, ssl.SSLCertVerificationError) else "no_tls"


def why(fault: Exception | None) -> str:
    """What the system says of a fault, in a few words."""
    if isinstance(fault, TimeoutError):
        return "no answer in time"
    said = getattr(fault, "strerror", None) or str(fault or "no address")
    return str(said).rstrip(".")
