"""The process that reads mails ahead of the worker that started it: `python -m config.reader PARSER SOCKET`, and
having it started.

`PARSER` is the parser's dotted name, `SOCKET` the number of the inherited socket over which it is asked. It ends with
that worker, however that ends, and has as little memory as it.
"""

import os
import signal
import sys
from contextlib import ExitStack
from importlib import import_module

from config import memory
from config.lifeline import dying_with_parent
from config.parts import Role
from ingest.prepare import Understand
from ingest.reading_ahead import ReadAhead, serve


def reading_ahead(parser: Understand, opened: ExitStack) -> ReadAhead | None:
    """Reads with `parser` in a process that is ended with `opened`; None where there is no second core for it."""
    if (os.cpu_count() or 1) < 2:
        return None
    named = f"{parser.__module__}:{parser.__qualname__}"
    ahead = ReadAhead([sys.executable, "-P", "-m", "config.reader", named])
    opened.callback(ahead.close)
    return ahead


def main(parser: str, descriptor: str) -> int:
    """Serves until the worker is gone."""
    dying_with_parent()()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches all of a terminal's processes; the worker decides
    memory.limit(Role.WORKER)
    module, _, name = parser.partition(":")
    serve(int(descriptor), getattr(import_module(module), name))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
