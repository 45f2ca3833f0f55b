"""One attempt over the network, many at once on one event loop (product §8).

What holds for every request, however the endpoint behaves:

- only checked addresses are connected to (`webhooks.resolver`); no redirect is followed, no proxy is taken
  from the environment, no cookie kept;
- the whole of it, from look-up to the answer's last byte, ends after `SenderOptions.deadline` seconds;
- at most `kept` bytes of the answer are read, undecoded, so a compressed bomb stays small; then the connection
  is dropped;
- at most `per_endpoint` requests run at once for one endpoint. Those beyond wait *before* their deadline
  starts, so a dead endpoint makes only its own deliveries wait.

Once the head of an answer is there, its status decides: a 2xx whose body drips, breaks off or never ends has
been delivered, because sending it again would do at the endpoint everything twice.

A kept connection may have been closed by the endpoint just as it is used again. Such a request is sent once
more on a fresh connection; the webhook-id is the same, so this is an ordinary repeat for the receiver.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace, TracebackType
from typing import Self

import aiohttp
from yarl import URL

from webhooks.attempt import (
    BAD_ANSWER,
    CONNECT_FAILED,
    DESTINATION_REFUSED,
    DISCONNECTED,
    DNS_FAILED,
    OUR_FAULT,
    TIMED_OUT,
    TLS_FAILED,
    URL_REFUSED,
    Attempt,
    Request,
    error_of_status,
)
from webhooks.destination import Destination, Policy, Refused
from webhooks.exceptions import DestinationRefused
from webhooks.resolver import CheckedResolver, Lookup, checked_socket, system_lookup

IDLE_SECONDS = 4.0
"""How long a connection is kept for the next request; below the 5 s after which many servers close theirs."""
DNS_SECONDS = 10
"""How long a name's checked addresses are used again."""
HEADERS_KEPT = 50
HEADER_CHARACTERS_KEPT = 500
DETAIL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class SenderOptions:
    """`deadline` in seconds; `kept` in bytes; `tls` None means the system's trust store."""

    deadline: float = 15.0
    kept: int = 65_536
    per_endpoint: int = 4
    user_agent: str = "leadgate-webhooks/1"
    tls: ssl.SSLContext | None = None


class Sender:
    """Sends requests; an async context manager that belongs to one event loop.

    `policy` says what may be reached. `lookup` resolves names, by default with the system's resolver.
    """

    def __init__(
        self, policy: Policy, options: SenderOptions | None = None, *, lookup: Lookup = system_lookup
    ) -> None:
        self._policy = policy
        self._options = options or SenderOptions()
        self._lookup = lookup
        self._turns = _Turns(self._options.per_endpoint)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        tracing = aiohttp.TraceConfig()
        tracing.on_connection_reuseconn.append(_note_reuse)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=CheckedResolver(self._policy, self._lookup),
                socket_factory=checked_socket(self._policy),
                ssl=self._options.tls or True,
                limit=0,  # `_Turns` limits; a limit here would let dead endpoints hold up the others
                keepalive_timeout=IDLE_SECONDS,
                ttl_dns_cache=DNS_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._options.user_agent, "Accept-Encoding": "identity"},
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=None
            ),  # the deadline below is the only one
            auto_decompress=False,
            trust_env=False,
            trace_configs=[tracing],
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, request: Request) -> Attempt:
        """Send it and say what came of it; failures are values. Waits for its turn at the endpoint first."""
        destination = self._policy.check_url(request.url)
        if isinstance(destination, Refused):
            code = DESTINATION_REFUSED if destination.address else URL_REFUSED
            return Attempt(status=None, error=code, ms=0, detail=destination.reason)
        async with self._turns.at(destination.endpoint):
            return await self._attempt(destination, request)

    async def _attempt(self, destination: Destination, request: Request) -> Attempt:
        loop = asyncio.get_running_loop()
        started = loop.time()
        exchange = _Exchange()
        error: str | None = None
        detail: str | None = None
        try:
            async with asyncio.timeout(self._options.deadline):
                await self._twice_if_stale(destination, request, exchange)
        except TimeoutError:
            error, detail = TIMED_OUT, f"{self._options.deadline:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            error, detail = _named(fault)
        if exchange.status is not None:
            exchange.cut = exchange.cut or error is not None
            error, detail = error_of_status(exchange.status), f"status {exchange.status}"
        return Attempt(
            status=exchange.status,
            error=error,
            ms=round((loop.time() - started) * 1000),
            detail=detail if error else None,
            head=exchange.head,
            answer=bytes(exchange.answer),
            cut=exchange.cut,
        )

    async def _twice_if_stale(
        self, destination: Destination, request: Request, exchange: "_Exchange"
    ) -> None:
        try:
            await self._exchange(destination, request, exchange)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            if exchange.status is not None or not exchange.reused:
                raise
            exchange.reused = False
            await self._exchange(destination, request, exchange)

    async def _exchange(self, destination: Destination, request: Request, exchange: "_Exchange") -> None:
        if self._session is None:
            raise ValueError("the sender is not open")
        async with self._session.post(
            URL(destination.url, encoded=True),
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            trace_request_ctx=exchange,
        ) as response:
            exchange.status = response.status
            exchange.head = tuple(
                (name[:HEADER_CHARACTERS_KEPT], value[:HEADER_CHARACTERS_KEPT])
                for name, value in list(response.headers.items())[:HEADERS_KEPT]
            )
            async for chunk in response.content.iter_any():
                room = self._options.kept - len(exchange.answer)
                exchange.answer += chunk[:room]
                if len(chunk) > room:
                    exchange.cut = True
                    response.close()
                    return


@dataclass(slots=True)
class _Exchange:
    """What has arrived so far; filled in while the request runs, so that a deadline leaves it readable."""

    status: int | None = None
    head: tuple[tuple[str, str], ...] = ()
    answer: bytearray = field(default_factory=bytearray)
    cut: bool = False
    reused: bool = False


class _Turns:
    """At most `most` at once for each endpoint; an endpoint nobody waits for is forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: dict[tuple[str, str, int], tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def at(self, endpoint: tuple[str, str, int]) -> AsyncIterator[None]:
        semaphore, users = self._inside.get(endpoint) or (asyncio.Semaphore(self._most), 0)
        self._inside[endpoint] = semaphore, users + 1
        try:
            async with semaphore:
                yield
        finally:
            semaphore, users = self._inside.pop(endpoint)
            if users > 1:
                self._inside[endpoint] = semaphore, users - 1


async def _note_reuse(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    _params: aiohttp.TraceConnectionReuseconnParams,
) -> None:
    exchange: _Exchange = context.trace_request_ctx
    exchange.reused = True


def _named(fault: Exception) -> tuple[str, str]:
    """The error code and detail an exception of aiohttp stands for."""
    cause = fault.os_error if isinstance(fault, aiohttp.ClientConnectorError) else fault
    if isinstance(cause, DestinationRefused):
        return DESTINATION_REFUSED, cause.reason[:DETAIL_CHARACTERS]
    for kind, code in _CODES:
        if isinstance(fault, kind):
            return code, _short(cause)
    return OUR_FAULT, type(fault).__name__


_CODES: tuple[tuple[type[Exception], str], ...] = (
    # the first that fits, so special kinds stand before general ones
    (aiohttp.ClientConnectorDNSError, DNS_FAILED),
    (aiohttp.ClientConnectorCertificateError, TLS_FAILED),
    (aiohttp.ClientSSLError, TLS_FAILED),
    (aiohttp.InvalidURL, URL_REFUSED),
    (aiohttp.ClientConnectorError, CONNECT_FAILED),
    (aiohttp.ServerDisconnectedError, DISCONNECTED),
    (aiohttp.ClientOSError, DISCONNECTED),
    (aiohttp.ClientPayloadError, DISCONNECTED),
    (aiohttp.ClientResponseError, BAD_ANSWER),
    (ssl.SSLError, TLS_FAILED),
    (OSError, DISCONNECTED),
)


def _short(fault: BaseException) -> str:
    text = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    printable = "".join(char if char.isprintable() else " " for char in str(text))
    return printable[:DETAIL_CHARACTERS]
