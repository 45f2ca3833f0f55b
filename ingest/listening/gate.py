"""How much may come in, and from whom: the limits that all sessions of one listener share, and its figures.

A limit is a number in `ListenerOptions`; what is said when it is reached stands in `ingest.listening.replies`.
Everything here belongs to the listener's event loop; only `Gate.health` may be called from elsewhere, it reads
numbers. Nothing survives a restart: a client that was over a limit begins anew.

Clients are told apart by address, in IPv6 by /64, for a /64 is what one customer of a provider is given.
"""

import asyncio
import ipaddress
import ssl
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MEBIBYTE: Final = 1 << 20
LOOPBACK: Final = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))
_HOUR: Final = 3600.0
_SMALL_MESSAGE: Final = MEBIBYTE // 4
_CLIENTS_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a silent client is waited for, and how fast one that sends a message must be on average."""

    seconds: float
    bytes_per_second: float


@dataclass(frozen=True, slots=True)
class ListenerOptions:
    """What an SMTP and LMTP listener is told. Sizes are bytes, times seconds.

    `smtp` and `lmtp` are (host, port) pairs; port 0 takes a free one. `hostname` stands in the greeting.
    `trusted_hops` are the operator's own relays: what they send is marked so (`Connection.trusted_hop`), and
    they are free of the limits per client, because they speak for many. So do clients on this machine (`local`) to
    a degree: they have a limit of connections of their own, and are never kept from recipients that exist.
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
    unknown_recipients_per_hour: int = 20
    bytes_in_flight: int = 128 * MEBIBYTE
    """Of messages being received or committed, all sessions together; the first 256 KiB of each are free, so
    that large messages never keep small ones out."""
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


class Refusal(StrEnum):
    """Why a connection, recipient or message was turned away: the labels of the figures."""

    CONNECTIONS = "too_many_connections"
    CROWDED_OUT = "crowded_out"
    CONNECTIONS_OF_CLIENT = "too_many_connections_of_client"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    UNKNOWN_RECIPIENTS_OF_CLIENT = "too_many_unknown_recipients"
    RECIPIENTS = "too_many_recipients"
    MESSAGE_TOO_LARGE = "message_too_large"
    LINE_TOO_LONG = "line_too_long"
    NO_ROOM = "no_room"
    NOT_STORED = "not_stored"
    OUR_FAULT = "our_fault"
    TOO_SLOW = "too_slow"
    TOO_MUCH_TALK = "too_much_talk"
    TOO_MUCH_JUNK = "too_much_junk"


@dataclass(frozen=True, slots=True)
class ListenerHealth:
    """The listener's figures at one moment; totals since its start."""

    sessions: int
    connections_total: int
    accepted_total: int
    """Messages that were answered 250, each transaction once however many its recipients."""
    bytes_in_flight: int
    refused: Mapping[Refusal, int]


@dataclass(frozen=True, slots=True)
class Client:
    """Who is at the other end. `ip` is None on a Unix socket; `key` is what the limits count by."""

    ip: str | None
    key: str
    local: bool
    trusted: bool


class Gate:
    """Counts what comes in through one listener and says what does not fit any more."""

    def __init__(self, options: ListenerOptions, now: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._now = now
        self._connections_of: Counter[str] = Counter()
        self._delivered: dict[str, None] = {}
        self._unknown_of: dict[str, deque[float]] = {}
        self._connections_total = 0
        self._refused = dict.fromkeys(Refusal, 0)
        self.accepted_total = 0
        self.bytes_in_flight = 0
        self.sessions = 0
        """Conversations that have a place (`ingest.listening.floor`)."""

    def client(self, peername: object) -> Client:
        """Who a transport's `peername` is; IPv4 mapped into IPv6 counts as IPv4."""
        match peername:
            case (str(host), int(), *_):
                address = ipaddress.ip_address(host.partition("%")[0])
            case _:
                return Client(ip=None, key="unix", local=True, trusted=False)
        if isinstance(address, ipaddress.IPv6Address):
            address = address.ipv4_mapped or address
        key = str(address)
        if address.version == 6:
            key = str(ipaddress.ip_network((address, 64), strict=False))
        trusted = any(address in network for network in self._options.trusted_hops)
        local = any(address in network for network in self._options.local)
        return Client(ip=str(address), key=key, local=local, trusted=trusted)

    def enter(self, client: Client) -> Refusal | None:
        """A connection arrived: None lets it in, until `leave`; a refusal leaves nothing to undo."""
        options = self._options
        self._connections_total += 1
        allowed = options.connections_per_local_client if client.local else options.connections_per_client
        if not client.trusted and self._connections_of[client.key] >= allowed:
            return self.refuse(Refusal.CONNECTIONS_OF_CLIENT)
        self._connections_of[client.key] += 1
        return None

    def leave(self, client: Client) -> None:
        """The connection that `enter` let in has ended."""
        self._connections_of[client.key] -= 1
        if not self._connections_of[client.key]:
            del self._connections_of[client.key]

    def note_delivery(self, client: Client) -> None:
        """A message of the client was stored."""
        self.accepted_total += 1
        self._delivered.pop(client.key, None)
        if len(self._delivered) >= _CLIENTS_REMEMBERED:
            del self._delivered[next(iter(self._delivered))]
        self._delivered[client.key] = None

    def delivers(self, client: Client) -> bool:
        """Whether a message of the client was stored before, as far as is remembered."""
        return client.trusted or client.key in self._delivered

    def refuse(self, why: Refusal) -> Refusal:
        """Count a refusal."""
        self._refused[why] += 1
        return why

    def patience(self) -> Patience:
        """How patient the listener can afford to be just now."""
        crowded = self.sessions * 4 > self._options.max_connections * 3
        return self._options.patience_when_crowded if crowded else self._options.patience

    def guesses_left(self, client: Client) -> bool:
        """Whether the client may still ask who exists; when not, it learns nothing more for an hour."""
        asked = self._unknown_of.get(client.key)
        return asked is None or len(asked) < (asked.maxlen or 0) or asked[0] + _HOUR <= self._now()

    def note_unknown(self, client: Client) -> None:
        """The client named a recipient that does not exist."""
        self.refuse(Refusal.UNKNOWN_RECIPIENT)
        if client.trusted:
            return
        asked = self._unknown_of.get(client.key)
        if asked is None:
            if len(self._unknown_of) >= _CLIENTS_REMEMBERED:
                del self._unknown_of[next(iter(self._unknown_of))]
            most = max(1, self._options.unknown_recipients_per_hour)
            asked = self._unknown_of[client.key] = deque(maxlen=most)
        asked.append(self._now())

    def room(self) -> "Room":
        """Room for one message."""
        return Room(self, self._options.bytes_in_flight)

    def health(self) -> ListenerHealth:
        """The figures now; may be called from any thread."""
        return ListenerHealth(
            sessions=self.sessions,
            connections_total=self._connections_total,
            accepted_total=self.accepted_total,
            bytes_in_flight=self.bytes_in_flight,
            refused=dict(self._refused),
        )


class Room:
    """The memory one message takes out of the listener's share: a context, at whose end it is given back."""

    __slots__ = ("_gate", "_held", "_lent", "_limit")

    def __init__(self, gate: Gate, limit: int) -> None:
        self._gate = gate
        self._limit = limit
        self._held = 0
        self._lent = False

    def need(self, total: int) -> bool:
        """Whether the message may grow to `total` bytes. When not, what it held is given back at once."""
        more = total - _SMALL_MESSAGE - self._held
        if more <= 0:
            return True
        if self._gate.bytes_in_flight + more > self._limit:
            self.give_back()
            return False
        self._gate.bytes_in_flight += more
        self._held += more
        return True

    def lend(self, work: "asyncio.Future[Any]") -> None:
        """Keep the room until `work` is done, even after the context has ended."""
        self._lent = True
        work.add_done_callback(lambda _: self.give_back())

    def give_back(self) -> None:
        """The message is stored or dropped; giving back twice does no harm."""
        self._gate.bytes_in_flight -= self._held
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._lent:
            self.give_back()
