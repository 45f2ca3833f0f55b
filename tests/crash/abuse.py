"""The scene of abuse: clients that hold connections, dribble, guess recipients, never end a line, and good ones beside.

Everybody comes from loopback, the good ones from 127.0.0.1; with `one_address` the abusers too, so that nothing tells
them apart but what they do. A good client sends one mail per connection, as a small mail server would, and tries again
a moment after a 421; its time counts from the first try to the 250.
"""

import asyncio
import multiprocessing
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.crash import verdict
from tests.crash.load import Letter, conversation
from tests.crash.stage import Report, Say, Stage, stage

GOOD_CLIENTS = 5
GOOD_PAUSE = 0.2
AGAIN = 0.1
MOST_RSS = 512
"""MiB of the listener at its highest (quality §4)."""
MOST_P95 = 2.0
"""Seconds that 95 of 100 good mails may take at most (quality §4), and MUCH times what they take without abuse: the
machine may be busy with other things."""
MUCH = 10
CALM_SECONDS = 3.0
HEAD_START = 2.0
LONGEST_TALK = 20.0


@dataclass(slots=True)
class Arena:
    """Where the abuse happens, and what was seen."""

    port: int
    until: float
    recipient: str
    domain: str
    one_address: bool = False
    seen: Counter[str] = field(default_factory=Counter)

    def goes_on(self) -> bool:
        return time.monotonic() < self.until


Abuse = Callable[[Arena, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def hold(arena: Arena, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says nothing and keeps the place."""
    del arena, writer
    while await reader.read(1000):
        pass


async def dribble(arena: Arena, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A message of one byte a second."""
    sender, to = b"MAIL FROM:<slow@x.example>\r\n", f"RCPT TO:<{arena.recipient}>\r\n".encode()
    writer.write(b"EHLO slow\r\n" + sender + to + b"DATA\r\n")
    while arena.goes_on() and not reader.at_eof():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(1)


async def guess(arena: Arena, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Names of people who may exist, as fast as they are answered."""
    writer.write(b"EHLO guess\r\nMAIL FROM:<g@x.example>\r\n")
    while arena.goes_on():
        writer.write(f"RCPT TO:<{random.randrange(10**9)}@{arena.domain}>\r\n".encode())
        await writer.drain()
        if not await reader.readline():
            return


async def endless_line(arena: Arena, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A command without an end."""
    while arena.goes_on() and not reader.at_eof():
        writer.write(b"x" * 4096)
        await writer.drain()


async def endless_message(arena: Arena, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A message of one line without an end."""
    to = f"RCPT TO:<{arena.recipient}>\r\n".encode()
    writer.write(b"EHLO long\r\nMAIL FROM:<l@x.example>\r\n" + to + b"DATA\r\n")
    while arena.goes_on() and not reader.at_eof():
        writer.write(b"y" * 65_536)
        await writer.drain()
        await asyncio.sleep(0.05)


async def junk(arena: Arena, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes that are no SMTP."""
    while arena.goes_on():
        writer.write(random.randbytes(200).replace(b"\n", b"") + b"\r\n")
        await writer.drain()
        if not await reader.readline():
            return


KINDS: tuple[tuple[Abuse, int], ...] = (
    (hold, 640),
    (dribble, 120),
    (guess, 40),
    (endless_line, 40),
    (endless_message, 20),
    (junk, 40),
)
"""Each kind and how many at once: 900 in all."""


def abuse(
    database: str,
    seconds: float,
    *,
    one_address: bool = False,
    most_p95: float = MOST_P95,
    say: Say = print,
) -> Report:
    """`seconds` of it, beside good clients, of whose mails 95 of 100 may take `most_p95` seconds."""
    report = Report()
    with stage(database, say=say) as on:
        calm = asyncio.run(_good_ones(_arena(on, CALM_SECONDS), on, "calm"))
        arena = replace(_arena(on, HEAD_START + seconds), one_address=one_address)
        counted = multiprocessing.get_context("spawn").Queue()
        abusers = multiprocessing.get_context("spawn").Process(target=_abuse, args=(arena, counted))
        abusers.start()
        time.sleep(HEAD_START)
        took = asyncio.run(_good_ones(arena, on, "good"))
        arena.seen += counted.get(timeout=60)
        abusers.join()
        peak = _peak_rss(on)
        report.measured |= {
            "seconds": seconds,
            "abusers at once": sum(number for _, number in KINDS),
            "their connections": arena.seen["connections"],
            "turned away": arena.seen["turned away"],
            "good mails": len(took),
            "p50 before": round(statistics.median(calm), 3),
            "p50": round(statistics.median(took), 3),
            "p95": round(statistics.quantiles(took, n=20)[-1], 3),
            "slowest": round(max(took), 3),
            "tried again": arena.seen["tried again"],
            "peak RSS of the listener, MiB": peak,
        }
        verdict.wait_until_drained(on.deployment, 120)
        report.problems = verdict.problems(on.deployment, on.acks, on.accounts)
        if report.measured["p95"] >= most_p95 + MUCH * statistics.median(calm):
            report.problems.append(f"good clients waited {report.measured['p95']} s at p95")
        if peak is not None and peak >= MOST_RSS:
            report.problems.append(f"the listener took {peak} MiB")
    return report


def _arena(on: Stage, seconds: float) -> Arena:
    leads = on.made.leads
    return Arena(on.deployment.smtp_port, time.monotonic() + seconds, leads, leads.rpartition("@")[2])


def _abuse(arena: Arena, counted: "multiprocessing.Queue[Counter[str]]") -> None:
    """A process of their own, and a humble one: on other machines they would take nothing of this one's CPU."""
    os.nice(10)
    asyncio.run(_abusers(arena))
    counted.put(arena.seen)


async def _abusers(arena: Arena) -> None:
    everybody = [
        asyncio.create_task(_again_and_again(arena, kind, f"127.0.{place + 1}.{number % 200 + 1}"))
        for place, (kind, many) in enumerate(KINDS)
        for number in range(many)
    ]
    await asyncio.sleep(arena.until - time.monotonic())
    for task in everybody:
        task.cancel()
    await asyncio.gather(*everybody, return_exceptions=True)


async def _good_ones(arena: Arena, on: Stage, name: str) -> list[float]:
    """The seconds that each good mail took."""
    took: list[float] = []
    await asyncio.gather(*(_good(arena, on, f"{name}{number}", took) for number in range(GOOD_CLIENTS)))
    return took


async def _again_and_again(arena: Arena, kind: Abuse, source: str) -> None:
    one_address = arena.one_address or sys.platform != "linux"  # elsewhere loopback is one address
    local = None if one_address else (source, 0)
    while arena.goes_on():
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(LONGEST_TALK):
                reader, writer = await asyncio.open_connection("127.0.0.1", arena.port, local_addr=local)
                arena.seen["connections"] += 1
                try:
                    if (await reader.readline()).startswith(b"220"):
                        await kind(arena, reader, writer)
                    else:
                        arena.seen["turned away"] += 1
                finally:
                    writer.close()
        await asyncio.sleep(0.2)


async def _good(arena: Arena, on: Stage, name: str, took: list[float]) -> None:
    round_ = 0
    while arena.goes_on():
        letter = conversation(on.made, f"{name}-{round_}")[0]
        begun = time.monotonic()
        while not await _sent(arena.port, letter):
            arena.seen["tried again"] += 1
            await asyncio.sleep(AGAIN)
        took.append(time.monotonic() - begun)
        on.acks.write(letter)
        round_ += 1
        await asyncio.sleep(GOOD_PAUSE)


async def _sent(port: int, letter: Letter) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        return await _told(reader, writer, letter)
    except OSError:
        return False
    finally:
        writer.close()


async def _told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, letter: Letter) -> bool:
    commands: Sequence[tuple[bytes, bytes]] = [
        (b"", b"220"),
        (b"EHLO good.example\r\n", b"250"),
        (f"MAIL FROM:<{letter.sender}>\r\n".encode(), b"250"),
        *((f"RCPT TO:<{recipient}>\r\n".encode(), b"250") for recipient in letter.recipients),
        (b"DATA\r\n", b"354"),
        (letter.raw + b".\r\n", b"250"),
    ]
    for command, wanted in commands:
        writer.write(command)
        line = await reader.readline()
        while line[3:4] == b"-":
            line = await reader.readline()
        if not line.startswith(wanted):
            return False
    return True


def _peak_rss(on: Stage) -> int | None:
    """MiB that the listener had at its highest; None where the system does not tell."""
    for pid, word in on.deployment.tree().items():
        status = Path(f"/proc/{pid}/status")
        if word == "smtp" and status.exists():
            (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
            return int(line.split()[1]) // 1024
    return None
