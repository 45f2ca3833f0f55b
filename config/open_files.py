"""How many connections and files a process may have open at once."""

import logging
import resource
from typing import Final

log = logging.getLogger(__name__)

WANTED: Final = 4096
"""Descriptors: the listener's places and those who wait for one, its database, and some air."""


def allow(wanted: int = WANTED) -> int:
    """Raise this process's own limit, often 1024, on macOS 256, as far as the system lets it; the limit then.

    An `accept` that finds no descriptor left keeps every client waiting, the good ones too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ValueError, OSError) as fault:
        log.warning("This process may have only %d files and connections open: %s", soft, fault)
        return soft
    return wanted
