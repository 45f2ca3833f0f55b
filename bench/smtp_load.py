"""Clients that send as fast as the server lets them, at little cost to the machine they share with it.

`flood` is Postfix's `smtp-source`, a C program, where it is installed; it makes its messages itself. `Clients` send
given mails on one event loop; without smtp-source they do both. Every reply is looked at: a mail that is not
answered 250 ends the benchmark.
"""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import uvloop

from bench.sample_mails import SIZE, sample, sender

SMTP_SOURCE = shutil.which("smtp-source", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
_RUNS = count(time.time_ns() // 1_000_000)


class Refused(Exception):
    """A server said something else than was wanted; the text is its reply."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail with its envelope sender."""

    number: int
    sender: str
    raw: bytes


def mails(numbers: range, recipient: str) -> list[Mail]:
    """Sample mails; those of two calls are never equal."""
    run = f"bench{next(_RUNS)}"
    return [Mail(number, sender(number), sample(number, run, recipient)) for number in numbers]


def flood(port: int, recipient: str, messages: int, *, connections: int, per_connection: int) -> float:
    """Messages per second that the server took. `per_connection` is 1, or more for as many as it takes."""
    if SMTP_SOURCE is None:
        clients = Clients(port, recipient, connections, per_connection=per_connection)
        return messages / clients.send(mails(range(messages), recipient))
    again = () if per_connection == 1 else ("-d",)
    begun = time.perf_counter()
    done = subprocess.run(
        [
            SMTP_SOURCE,
            *again,
            *("-s", str(connections), "-m", str(messages), "-l", str(SIZE)),
            *("-M", "client.example", "-f", "buyer@customer.example", "-t", recipient),
            f"inet:127.0.0.1:{port}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - begun
    if done.returncode != 0 or done.stderr:
        raise Refused(done.stderr.strip() or f"smtp-source ended with {done.returncode}")
    return messages / took


@dataclass(slots=True)
class Clients:
    """`connections` clients at once; each says goodbye after `per_connection` mails and comes back."""

    port: int
    recipient: str
    connections: int
    per_connection: int = 50
    begun: dict[int, float] = field(default_factory=dict)
    """Number of a mail -> when its sending began, by `time.perf_counter`."""

    def send(self, wanted: Sequence[Mail]) -> float:
        """Sends everything as fast as it is taken; the seconds that took."""
        return uvloop.run(self.sending(wanted))

    async def sending(self, wanted: Sequence[Mail], *, per_second: float | None = None) -> float:
        """As `send`, within a running loop. `per_second`: mails begin at this pace, late or not."""
        begun = time.perf_counter()
        left = iter(wanted)
        pace = _pace(begun, per_second)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self.connections, len(wanted))):
                group.create_task(self._client(left, pace))
        return time.perf_counter() - begun

    async def _client(self, left: Iterator[Mail], pace: Iterator[float]) -> None:
        mail = next(left, None)
        while mail is not None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            await _said(reader, b"220")
            await _ask(reader, writer, b"EHLO client.example")
            for _ in range(self.per_connection):
                await asyncio.sleep(next(pace))
                await self._mail(reader, writer, mail)
                mail = next(left, None)
                if mail is None:
                    break
            await _ask(reader, writer, b"QUIT", b"221")
            writer.close()

    async def _mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mail: Mail) -> None:
        self.begun[mail.number] = time.perf_counter()
        await _ask(reader, writer, f"MAIL FROM:<{mail.sender}>".encode())
        await _ask(reader, writer, f"RCPT TO:<{self.recipient}>".encode())
        await _ask(reader, writer, b"DATA", b"354")
        await _ask(reader, writer, mail.raw + b".")


def _pace(begun: float, per_second: float | None) -> Iterator[float]:
    """How long the next mail has to wait still, each time it is asked."""
    for number in count():
        due = begun + number / per_second if per_second else begun
        yield max(0.0, due - time.perf_counter())


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: bytes, wanted: bytes = b"250"
) -> None:
    writer.write(line + b"\r\n")
    await _said(reader, wanted)


async def _said(reader: asyncio.StreamReader, wanted: bytes) -> None:
    while True:
        line = await reader.readline()
        if not line.startswith(wanted):
            raise Refused(line.decode("utf-8", "replace").strip() or "the server hung up")
        if line[3:4] != b"-":
            return
