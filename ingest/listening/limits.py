"""What a listener is told: every limit of it is a number here.

What is said when one is reached stands in `ingest.listening.replies`; the counting is in `ingest.listening.gate`.
"""

import ipaddress
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MEBIBYTE: Final = 1 << 20
LOOPBACK: Final = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a silent client is waited for, and how fast one that sends a message must be on average."""

    seconds: float
    bytes_per_second: float


@dataclass(frozen=True, slots=True)
class Rate:
    """`number` at once, and as many again within `seconds`, little by little."""

    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ListenerOptions:
    """What an SMTP and LMTP listener is told. Sizes are bytes, times seconds.

    `smtp` and `lmtp` are (host, port) pairs; port 0 takes a free one. `hostname` stands in the greeting.
    `trusted_hops` are the operator's own relays: what they send is marked so (`Connection.trusted_hop`), and
    they are free of the limits per client, because they speak for many. So do clients on this machine (`local`):
    of them only connections are limited, by a number of their own, and guesses at recipients.
    """

    hostname: str
    smtp: tuple[tuple[str, int], ...] = ()
    lmtp: tuple[tuple[str, int], ...] = ()
    reuse_port: bool = False
    """Several listener processes on one port (PostgreSQL only); the kernel shares the connections out."""
    tls: Callable[[], ssl.SSLContext] | None = None
    """Asked at every handshake (`ingest.listening.certificate`); None: no STARTTLS."""
    trusted_hops: tuple[Network, ...] = ()
    local: tuple[Network, ...] = LOOPBACK

    max_message_bytes: int = 35 * MEBIBYTE
    max_line_bytes: int = MEBIBYTE
    max_recipients: int = 100
    max_connections: int = 200
    waiting_connections: int = 800
    """Clients beyond `max_connections` that wait for their greeting until a place is free."""
    waiting_seconds: float = 60
    """For how long they do at most."""
    waiting_fair_seconds: float = 0.5
    """How long is no hardship to anybody; then places are taken for them from those who are idle."""
    connections_per_client: int = 20
    connections_per_local_client: int = 1000
    connection_rate_per_client: Rate = Rate(600, 60)
    message_rate_per_client: Rate = Rate(1200, 60)
    unknown_recipients_per_hour: int = 20
    bytes_in_flight: int = 128 * MEBIBYTE
    """Of messages being received or committed, all sessions together; the first 256 KiB of each are free, so
    that large messages never keep small ones out."""
    bytes_in_flight_per_client: int = 72 * MEBIBYTE
    """The same for each client: two messages of the largest kind."""
    commands_per_message: int = 300
    errors_per_session: int = 20

    patience: Patience = Patience(300, 1024)
    """RFC 5321 §4.5.3.2 asks for five minutes."""
    patience_when_crowded: Patience = Patience(10, 16 * 1024)
    """Above three quarters of `max_connections`: who does not hurry makes room for those waiting outside."""
    spared_seconds: float = 0.3
    """Nobody loses a place who got further within this time: the way to the other side of the world and back."""
    pace_when_full: Patience = Patience(0.5, 16 * 1024)
    """While others wait, a message that comes more slowly than this is no progress."""
    talk_seconds: float = 900
    """The longest a session may go on without sending a message."""
    lookup_seconds: float = 30
    commit_seconds: float = 120
    stop_seconds: float = 8
