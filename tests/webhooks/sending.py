"""Single requests from a real sender to receivers on loopback."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from tests.webhooks.receivers import raw_receiver, read_request
from webhooks.attempt import Attempt, Request
from webhooks.destination import Policy
from webhooks.resolver import Lookup, system_lookup
from webhooks.sender import Sender, SenderOptions

LOOPBACK = Policy.allowing(["127.0.0.1/32"])
PATIENT = SenderOptions(deadline=60)
"""Where the deadline is to play no part, however slow the machine."""
QUICK = SenderOptions(deadline=0.6)
"""Where the deadline is what ends it."""
_Result = TypeVar("_Result")


def run(main: Coroutine[Any, Any, _Result]) -> _Result:
    """Each test has an event loop of its own and leaves no task behind."""

    async def alone() -> _Result:
        result = await main
        await asyncio.sleep(0)
        return result

    return asyncio.run(alone())


def request(url: str, body: bytes = b'{"type":"lead.created"}') -> Request:
    """A request as the deliverer makes it, unsigned."""
    return Request(url, {"content-type": "application/json", "webhook-id": "e1"}, body)


def names(**addresses: list[str]) -> Lookup:
    """A resolver that knows just these names (`_` for `.`) and no others."""

    async def lookup(host: str) -> list[str]:
        try:
            return addresses[host.replace(".", "_")]
        except KeyError:
            raise OSError("Name or service not known") from None

    return lookup


async def send_to(
    url: str, policy: Policy = LOOPBACK, options: SenderOptions = PATIENT, lookup: Lookup = system_lookup
) -> Attempt:
    """One request by a sender of its own."""
    async with Sender(policy, options, lookup=lookup) as sender:
        return await sender.send(request(url))


async def send_to_raw(handler: Callable[..., Awaitable[None]], options: SenderOptions = PATIENT) -> Attempt:
    """One request to a raw server that does what `handler` says."""
    async with raw_receiver(handler) as seen:
        return await send_to(f"http://127.0.0.1:{seen.port}/", options=options)


def answering(answer: bytes, *, then_wait: bool = False) -> Callable[..., Awaitable[None]]:
    """A raw server that reads the request, writes this, and closes or lingers."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(answer)
        await writer.drain()
        if then_wait:
            await asyncio.sleep(600)

    return handle
