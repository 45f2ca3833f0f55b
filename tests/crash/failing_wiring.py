"""The real wiring, but for a parser that fails where a mail's header X-Failpoint says so. For tests only.

LEADGATE_TEST_LEASE: seconds of a lease (`hasty_wiring`); half of them is the parser's limit and the watchdog's grace.
LEADGATE_TEST_ATTEMPTS: after how many stopped workers a message is failed. So a short run need not wait for the real
ones.
"""

import os
import signal
import time
from functools import partial

import ingest.prepare
import ingest.process
from config.parts import Role
from config.settings import Settings
from config.wiring import Wired, database_problem, key_problem, migrate, schema_problem
from ingest.watchdog import Watchdog
from parsers.message import Message
from parsers.understand import ParseOptions, understand
from tests.crash import hasty_wiring

__all__ = ["build", "database_problem", "key_problem", "migrate", "schema_problem"]

GIB = 1024**3


def build(settings: Settings, role: Role) -> Wired:
    """The parts of one process, with the parser that fails."""
    if (lease := hasty_wiring.lease()) is not None:
        ingest.prepare.PARSE_SECONDS = lease / 2
        vars(ingest.process)["Watchdog"] = partial(Watchdog, grace=lease / 2)
    if (attempts := os.environ.get("LEADGATE_TEST_ATTEMPTS")) is not None:
        ingest.prepare.MOST_ATTEMPTS = int(attempts)
    return hasty_wiring.Hasty(settings, role, understand=failing)


def failing(raw: bytes, options: ParseOptions) -> Message:
    """Does what the header says, or understands the mail."""
    head = raw.partition(b"\r\n\r\n")[0]
    point = head.partition(b"\r\nX-Failpoint: ")[2].partition(b"\r\n")[0].decode()
    match point:
        case "exit":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            while True:
                sum(range(1000))
        case "hang-in-c":
            time.sleep(3600)
        case "memory":
            return _with_memory(raw, options)
    return understand(raw, options)


def _with_memory(raw: bytes, options: ParseOptions) -> Message:
    taken = bytearray(2 * GIB)
    taken[::4096] = b"x" * len(taken[::4096])
    return understand(raw, options)
