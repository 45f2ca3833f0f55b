"""No part outlives its supervisor, however that ends, `kill -9` included.

The supervisor holds the write end of a pipe and never writes; every part inherits the read end. The
kernel closes the write end with the supervisor's last breath, a part reads end-of-file, asks itself to
stop as by SIGTERM, and is gone two seconds later whatever it was doing. That works on every POSIX.

On Linux the kernel also sends SIGKILL to the part itself (PR_SET_PDEATHSIG), which reaches even one
that is stopped or stuck in C code. Nothing is lost by that: whatever was acknowledged is committed.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping

VARIABLE = "_LEADGATE_LIFELINE"
GRACE_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1


class Lifeline:
    """The supervisor's end. Keep it for as long as the parts are to live."""

    def __init__(self) -> None:
        self.read_end, self._write_end = os.pipe()

    def close(self) -> None:
        """Lets go: every part that is still there ends."""
        os.close(self._write_end)
        os.close(self.read_end)


def hold(environ: Mapping[str, str]) -> bool:
    """A part's end: from now on this process ends with its supervisor. False when it has none."""
    text = environ.get(VARIABLE)
    if text is None:
        return False
    read_end = int(text)
    os.set_inheritable(read_end, False)
    dying_with_parent()()
    threading.Thread(target=_watch, args=(read_end,), name="lifeline", daemon=True).start()
    return True


def dying_with_parent() -> Callable[[], None]:
    """A call that makes Linux send SIGKILL to the calling process when the thread that started it ends.

    Made beforehand so that it may run between fork and exec (`preexec_fn`). Does nothing elsewhere.
    """
    if sys.platform != "linux":
        return lambda: None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def _watch(read_end: int) -> None:
    while os.read(read_end, 1):  # nobody writes; b"" is the supervisor's end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(os.EX_TEMPFAIL)
