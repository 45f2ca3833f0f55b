"""Starting programs that end with the test process, however that ends."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

# Runs before the program, in its process: asks the kernel (Linux) for a signal at our death, drops root,
# becomes the program. In Python and not in `preexec_fn`, which is unsafe beside threads.
_BEGIN = """
import ctypes, os, sys
signal, parent, user, group = map(int, sys.argv[1:5])
if user:
    os.setgroups([]); os.setgid(group); os.setuid(user)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal)
    if os.getppid() != parent:
        sys.exit(1)
os.execv(sys.argv[5], sys.argv[5:])
"""


def start(
    command: Sequence[str | Path],
    *,
    at_our_death: int,
    environment: Mapping[str, str],
    user: tuple[int, int] = (0, 0),
    output: IO[bytes] | int | None = None,
    directory: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Starts `command` (an absolute path first); it gets the signal `at_our_death` when this process dies.

    `user`: the uid and gid it runs as, where we are root; (0, 0) stays who we are. On systems other than
    Linux nothing is sent at our death.
    """
    numbers = [str(number) for number in (at_our_death, os.getpid(), *user)]
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _BEGIN, *numbers, *map(str, command)],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        cwd=directory,
    )
