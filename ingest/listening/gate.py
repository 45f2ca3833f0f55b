"""How much may come in, and from whom: the limits that all sessions of one listener share, and its figures.

A limit is a number in `ingest.listening.limits`; what is said when it is reached stands in `ingest.listening.replies`.
Everything here belongs to the listener's event loop; only `Gate.health` may be called from elsewhere, it reads
numbers. Nothing survives a restart: a client that was over a limit begins anew.

Clients are told apart by address, in IPv6 by /64, for a /64 is what one customer of a provider is given.
"""

import asyncio
import ipaddress
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from ingest.listening.allowance import CLIENTS_REMEMBERED, Allowance
from ingest.listening.limits import MEBIBYTE, ListenerOptions, Patience

_HOUR: Final = 3600.0
_SMALL_MESSAGE: Final = MEBIBYTE // 4


class Refusal(StrEnum):
    """Why a connection, recipient or message was turned away: the labels of the figures."""

    CONNECTIONS = "too_many_connections"
    CROWDED_OUT = "crowded_out"
    CONNECTIONS_OF_CLIENT = "too_many_connections_of_client"
    CONNECTION_RATE_OF_CLIENT = "connects_too_often"
    MESSAGE_RATE_OF_CLIENT = "too_much_mail_of_client"
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

    @property
    def limited(self) -> bool:
        """Whether it is told apart from others by its address: a relay of ours or this machine speaks for many."""
        return not (self.local or self.trusted)


class Gate:
    """Counts what comes in through one listener and says what does not fit any more."""

    def __init__(self, options: ListenerOptions, now: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._now = now
        self._connections_of: Counter[str] = Counter()
        self._connecting = Allowance(options.connection_rate_per_client, now)
        self._sending = Allowance(options.message_rate_per_client, now)
        self._bytes_of: Counter[str] = Counter()
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
        if client.limited and not self._connecting.take(client.key):
            return self.refuse(Refusal.CONNECTION_RATE_OF_CLIENT)
        self._connections_of[client.key] += 1
        return None

    def leave(self, client: Client) -> None:
        """The connection that `enter` let in has ended."""
        self._connections_of[client.key] -= 1
        if not self._connections_of[client.key]:
            del self._connections_of[client.key]

    def may_send(self, client: Client) -> bool:
        """Whether the client may begin another message; if so, it is counted."""
        return not client.limited or self._sending.take(client.key)

    def note_delivery(self, client: Client) -> None:
        """A message of the client was stored."""
        self.accepted_total += 1
        self._delivered.pop(client.key, None)
        if len(self._delivered) >= CLIENTS_REMEMBERED:
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
            if len(self._unknown_of) >= CLIENTS_REMEMBERED:
                del self._unknown_of[next(iter(self._unknown_of))]
            most = max(1, self._options.unknown_recipients_per_hour)
            asked = self._unknown_of[client.key] = deque(maxlen=most)
        asked.append(self._now())

    def room(self, client: Client) -> "Room":
        """Room for one message of the client."""
        return Room(self, client.key if client.limited else None)

    def grow(self, key: str | None, more: int) -> bool:
        """Whether `more` bytes have room, in all and of this client; if so, they take it. None: only in all."""
        mine = 0 if key is None else self._bytes_of[key] + more
        full = self.bytes_in_flight + more > self._options.bytes_in_flight
        if full or mine > self._options.bytes_in_flight_per_client:
            return False
        self._move(key, more)
        return True

    def shrink(self, key: str | None, less: int) -> None:
        """So many bytes are given back."""
        self._move(key, -less)

    def _move(self, key: str | None, by: int) -> None:
        self.bytes_in_flight += by
        if key is not None:
            self._bytes_of[key] += by
            if not self._bytes_of[key]:
                del self._bytes_of[key]

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

    __slots__ = ("_client", "_gate", "_held", "_lent")

    def __init__(self, gate: Gate, client: str | None) -> None:
        self._gate = gate
        self._client = client
        self._held = 0
        self._lent = False

    def need(self, total: int) -> bool:
        """Whether the message may grow to `total` bytes. When not, what it held is given back at once."""
        more = total - _SMALL_MESSAGE - self._held
        if more <= 0:
            return True
        if not self._gate.grow(self._client, more):
            self.give_back()
            return False
        self._held += more
        return True

    def lend(self, work: "asyncio.Future[Any]") -> None:
        """Keep the room until `work` is done, even after the context has ended."""
        self._lent = True
        work.add_done_callback(lambda _: self.give_back())

    def give_back(self) -> None:
        """The message is stored or dropped; giving back twice does no harm."""
        self._gate.shrink(self._client, self._held)
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._lent:
            self.give_back()
