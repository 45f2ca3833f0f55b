"""Durable accept: 4 KB mails by 50 connections, the real `leadgate smtp` against aiosmtpd with a null handler.

leadgate says 250 after its commit waited for the disk (synchronous=FULL on SQLite; fsync on PostgreSQL), the anchor
says it at once. The two take turns, several rounds each, so that a busy moment of the machine meets both; a
figure is the median of the rounds' ratios.
"""

import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.figures import Figure, against, progress
from bench.smtp_load import flood
from store.planner import analyze_outgrown
from store.session import Database
from tests.support import processes
from tests.support.databases import has_postgresql
from tests.support.deployment import ROOT, Deployment, free_port
from tests.support.postgres import PostgresServer

CONNECTIONS = 50
ROUNDS = 5
GOAL = ">= 0.6 (first 0.5, later 0.75)"
KINDS = {"one message per connection": 1, "many messages per connection": 1000}


def run(messages: int) -> Iterator[Figure]:
    """Measures both databases; `messages` per round."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadgate-bench-")))
        place.chmod(0o711)
        null = stack.enter_context(_null())
        for database, url, port, recipient in _leadgates(stack, place):
            for kind, per_connection in KINDS.items():
                pairs = []
                for number in range(ROUNDS):
                    pair = [
                        flood(at, to, messages, connections=CONNECTIONS, per_connection=per_connection)
                        for at, to in ((null, "anybody@null.example"), (port, recipient))
                    ]
                    progress(
                        f"{database}, {kind}, round {number + 1}: null {pair[0]:.0f}/s, leadgate {pair[1]:.0f}/s"
                    )
                    pairs.append(pair)
                    if url:
                        _look_after(url)
                yield _figure(f"{database}, {kind}", pairs)


def _look_after(url: str) -> None:
    """As the scheduler of a whole deployment does every few seconds."""
    database = Database(url)
    try:
        analyze_outgrown(database)
    finally:
        database.close()


def _figure(what: str, pairs: list[list[float]]) -> Figure:
    """The round whose ratio is the median of all rounds."""
    null, ours = sorted(pairs, key=lambda pair: pair[1] / pair[0])[len(pairs) // 2]
    spread = statistics.pstdev(ours / null for null, ours in pairs)
    figure = against(
        "accept", what, ours, "messages/s", anchor=null, anchor_what="aiosmtpd, null handler", goal=GOAL
    )
    figure.more["spread"] = round(spread, 2)
    return figure


def _leadgates(stack: ExitStack, place: Path) -> Iterator[tuple[str, str, int, str]]:
    """Name of the database, its URL on PostgreSQL, port and a recipient of one `leadgate smtp` after the other."""
    (place / "sqlite").mkdir()
    yield "SQLite", "", *_leadgate(stack, Deployment(place / "sqlite", redis_url="none"))
    if not has_postgresql():
        progress("PostgreSQL is not installed here; left out")
        return
    server = PostgresServer(place, durable=True)
    stack.callback(server.close)
    (place / "postgresql").mkdir()
    url = server.create("leadgate_bench")
    yield (
        "PostgreSQL",
        url,
        *_leadgate(stack, Deployment(place / "postgresql", database_url=url, redis_url="none")),
    )


def _leadgate(stack: ExitStack, deployment: Deployment) -> tuple[int, str]:
    """Starts the listener alone: nothing understands the mails while they are accepted."""
    migrated = deployment.command("migrate")
    assert migrated.returncode == 0, migrated.stderr.decode()
    made = deployment.init()
    stack.enter_context(_running("config", "smtp", environment=deployment.environment))
    _wait_for(deployment.smtp_port)
    return deployment.smtp_port, made.leads


@contextmanager
def _null() -> Iterator[int]:
    port = free_port()
    with _running("bench.null_listener", str(port), environment={"PYTHONPATH": str(ROOT)}):
        _wait_for(port)
        yield port


@contextmanager
def _running(module: str, *words: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = processes.start(
        [sys.executable, "-P", "-m", module, *words],
        at_our_death=signal.SIGKILL,
        environment=environment,
        output=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
