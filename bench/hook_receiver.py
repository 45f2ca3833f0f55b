"""A receiver of webhooks on loopback that costs little: it answers 204 and remembers what came when."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.sample_mails import NUMBER

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(slots=True)
class HookReceiver:
    """Kept for looking at later: `requests` (headers in lower case, body), and `first_seen` by number of mail."""

    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    first_seen: dict[int, float] = field(default_factory=dict)
    changed: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[None]:
        """Takes webhooks on the running loop meanwhile."""
        connections: list[_Connection] = []

        def connect() -> _Connection:
            connections.append(_Connection(self))
            return connections[-1]

        server = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", port)
        try:
            yield
        finally:
            server.close()
            for connection in connections:
                connection.close()
            await asyncio.sleep(0)  # connections that the sender keeps open end before the loop does

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """One webhook."""
        found = NUMBER.findall(
            body, body.find(b'"message":{')
        )  # the lead's title is its first mail's subject
        if found:
            self.first_seen.setdefault(int(found[0]), time.perf_counter())
        self.requests.append((headers, body))
        self.changed()


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, as far as leadgate's sender speaks it."""

    def __init__(self, receiver: HookReceiver) -> None:
        self._receiver = receiver
        self._bytes = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]  # uvloop's is one only by its methods

    def close(self) -> None:
        """Hangs up."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        while (end := self._bytes.find(b"\r\n\r\n")) >= 0:
            lines = bytes(self._bytes[:end]).decode("latin-1").split("\r\n")[1:]
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self._bytes) < whole:
                return
            body = bytes(self._bytes[end + 4 : whole])
            del self._bytes[:whole]
            self._receiver.take(headers, body)
            if self._transport is not None:
                self._transport.write(_ANSWER)
