"""Host names to checked addresses: the only way a name becomes a connection.

aiohttp asks `CheckedResolver` for a name's addresses and connects to exactly what it returns, so there is no
second look-up whose answer could differ (DNS rebinding). Every answer is checked, and refused ones are left
out. `checked_socket` is the second lock on the same door: no socket is made for an address that the policy
refuses, however aiohttp came by it.

Look-ups run in daemon threads of their own: `getaddrinfo` cannot be cancelled, and one dead name server must
neither use up a thread pool that others wait for nor keep the process from ending.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from webhooks.destination import Policy
from webhooks.exceptions import DestinationRefused

MOST_ANSWERS = 8
MOST_LOOKUPS = 256
"""Look-ups at once in the process; each holds a thread. aiohttp shares one look-up per host and port."""

Lookup = Callable[[str], Awaitable[list[str]]]
"""Host name -> its addresses as texts; raises OSError."""
SocketAddress = tuple[int, int, int, str, tuple[Any, ...]]


class CheckedResolver(AbstractResolver):
    """Resolves names to those of their addresses that the policy allows."""

    def __init__(self, policy: Policy, lookup: Lookup) -> None:
        self._policy = policy
        self._lookup = lookup

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The allowed addresses; DestinationRefused if all are refused, OSError if there are none."""
        found = (await self._lookup(host))[:MOST_ANSWERS]
        verdicts = [(address, self._policy.check(address)) for address in found]
        allowed = [address for address, refused in verdicts if refused is None]
        if not allowed:
            reasons = [refused.reason for _, refused in verdicts if refused is not None]
            if reasons:
                raise DestinationRefused(f"{host}: {', '.join(reasons)}")
            raise OSError(f"{host} has no addresses")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in allowed
        ]

    @override
    async def close(self) -> None:
        """Nothing is held."""


def checked_socket(policy: Policy) -> Callable[[SocketAddress], socket.socket]:
    """A maker of sockets for aiohttp that refuses an address instead of connecting to it."""

    def make(target: SocketAddress) -> socket.socket:
        family, kind, proto, _, address = target
        refused = policy.check(str(address[0]))
        if refused is not None:
            raise DestinationRefused(refused.reason)
        return socket.socket(family, kind, proto)

    return make


async def system_lookup(host: str) -> list[str]:
    """The addresses the system's resolver gives for a name, in its order."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(addresses: list[str], fault: OSError | None) -> None:
        if answer.cancelled():
            return
        if fault is None:
            answer.set_result(addresses)
        else:
            answer.set_exception(fault)

    def ask() -> None:
        addresses: list[str] = []
        fault: OSError | None = None
        with _LOOKUPS:
            try:
                rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
                addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
            except OSError as error:
                fault = error
            except UnicodeError:
                fault = OSError(f"{host} is not a host name")
        try:
            loop.call_soon_threadsafe(settle, addresses, fault)
        except RuntimeError:
            return  # the loop has ended meanwhile; nobody waits

    threading.Thread(target=ask, name="webhook-dns", daemon=True).start()
    return await answer


_LOOKUPS = threading.BoundedSemaphore(MOST_LOOKUPS)
