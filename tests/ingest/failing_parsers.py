"""Parsers that fail, for a process that is told a parser's name."""

import os
import signal
import time

from parsers.message import Message
from parsers.understand import ParseOptions, understand

MARK = b"X-Failing: yes"


def raising(raw: bytes, options: ParseOptions) -> Message:
    """Raises for a marked mail."""
    if MARK in raw:
        raise RuntimeError("marked")
    return understand(raw, options)


def killed(raw: bytes, options: ParseOptions) -> Message:
    """Is killed by a marked mail."""
    if MARK in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return understand(raw, options)


def hanging(raw: bytes, options: ParseOptions) -> Message:
    """Hangs at a marked mail."""
    if MARK in raw:
        time.sleep(3600)
    return understand(raw, options)
