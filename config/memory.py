"""How much memory a process that parses may have."""

import ctypes
import logging
import resource

from config.parts import Role

log = logging.getLogger(__name__)

WORKING_MEMORY = 2 * 1024**3
"""Bytes of address space of a process that parses: a message that wants more fails, not the machine."""
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def limit(role: Role) -> None:
    """Bounds this process's address space, where the system can (macOS cannot); not that of a command in somebody's
    shell.

    glibc would reserve 64 MiB of it for each of many threads, which take turns anyway: two such arenas are enough.
    """
    if role is Role.COMMAND:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 2)
    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = WORKING_MEMORY if hard == resource.RLIM_INFINITY else min(WORKING_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError) as fault:
        log.info("this system sets no limit to a process's memory: %s", fault)
