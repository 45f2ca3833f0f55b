"""A newcomer with a clean checkout, who types the lines of a page as printed.

The checkout is a copy of the files, without what .gitignore names. Its `.venv` is not downloaded again: it holds
links to the packages of the environment that runs the tests, and passes `./run`'s own test of completeness.

The pages name ports, and those may be taken on this machine. On Linux the terminals stand in a network namespace
of their own, where every port is free and nothing is reached but themselves: the lines run exactly as printed.
Where such a namespace cannot be made (macOS, a container without the right), PORTS are replaced by free ones in
what is typed, and the same ones are set for leadgate: `Newcomer.as_printed` is False then.
"""

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.pages import ROOT, Block
from tests.support.deployment import free_port

PORTS = ("2525", "8080", "9000")
NOT_CHECKED_OUT = (
    ".git",
    ".venv*",
    "var",
    "leadgate.toml",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "dist",
    "build",
)

_LOOPBACK_UP = """
import fcntl, signal, socket, struct
with socket.socket() as door:
    fcntl.ioctl(door, 0x8914, struct.pack("16sh14x", b"lo", 0x41))
print("up", flush=True)
signal.pause()
"""
# Makes its standard input the controlling terminal, so that Ctrl-C reaches what runs there.
_IN_A_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
_END = re.compile(rb"\n@@(\d+)\n")


class Terminal:
    """A real one (a pty) with a shell in it."""

    def __init__(self, command: list[str], root: Path, environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _IN_A_TERMINAL, *command],
            cwd=root,
            env=dict(environment),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self.shown = ""

    def wait_for(self, text: str, seconds: float = 120) -> None:
        """Reads on until `text` is shown; AssertionError with all that was shown otherwise."""
        deadline = time.monotonic() + seconds
        while text not in self.shown:
            assert self._read(deadline), f"{text!r} was not shown, but:\n{self.shown}"

    def press_ctrl_c(self, seconds: float = 30) -> int:
        """Interrupts what runs; the exit code."""
        os.write(self._master, b"\x03")
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            self._read(time.monotonic() + 0.2)
        while self._read(time.monotonic() + 0.2):
            pass
        return self._process.wait(seconds)

    def close(self) -> None:
        """Ends it, whatever it does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)  # a supervisor takes its parts with it
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(15)
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def _read(self, deadline: float) -> bool:
        """Takes up what is shown next; False when nothing comes until then, or ever."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
        try:
            data = os.read(self._master, 65536) if ready else b""
        except OSError:  # Linux: the last program that had it open is gone
            return False
        self.shown += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)


@dataclass
class Newcomer:
    """Types blocks into terminals. `prefix` leads a command into the namespace; `ports`: printed → real."""

    root: Path
    environment: dict[str, str]
    prefix: list[str]
    ports: Mapping[str, str]
    terminals: dict[int, Terminal] = field(default_factory=dict)
    _shell: "subprocess.Popen[bytes] | None" = None

    @property
    def as_printed(self) -> bool:
        """Whether nothing that is typed differs from the page."""
        return all(printed == real for printed, real in self.ports.items())

    def real(self, text: str) -> str:
        """`text` with the ports of this run."""
        return re.sub(rf"\b({'|'.join(self.ports)})\b", lambda match: self.ports[match[0]], text)

    def types(self, block: Block) -> str:
        """Types a block: what the reader's terminal shows; of a server's, nothing yet. Every line must succeed."""
        text = self.real(block.text)
        if block.terminal:
            shell = [*self.prefix, "sh", "-c", f"exec env {text}"]
            self.terminals[block.terminal] = Terminal(shell, self.root, self.environment)
            return ""
        return self._typed(text)

    def fetches(self, *arguments: str) -> str:
        """What curl answers, with a jar of cookies: the newcomer's browser. Forms count, scripts do not."""
        jar = str(self.root.parent / "cookies")
        command = [*self.prefix, "curl", "-sS", "-L", "-c", jar, "-b", jar, *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    def _typed(self, text: str) -> str:
        if self._shell is None:
            self._shell = subprocess.Popen(
                [*self.prefix, "sh", "-e"],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        shell = self._shell
        assert shell.stdin is not None
        assert shell.stdout is not None
        shell.stdin.write(f"{text}\nprintf '\\n@@%d\\n' $?\n".encode())
        shell.stdin.flush()
        shown = b""
        deadline = time.monotonic() + 120
        while _END.search(shown) is None:
            ready, _, _ = select.select([shell.stdout], [], [], max(0.0, deadline - time.monotonic()))
            data = os.read(shell.stdout.fileno(), 65536) if ready else b""
            assert data, f"this line failed:\n{text}\nand showed:\n{shown.decode('utf-8', 'replace')}"
            shown += data
        return shown.decode("utf-8", "replace").rpartition("\n@@")[0]

    def close(self) -> None:
        """Ends all that runs."""
        for terminal in self.terminals.values():
            terminal.close()
        if self._shell is not None:
            self._shell.communicate(timeout=30)


@contextlib.contextmanager
def newcomer(place: Path) -> Iterator[Newcomer]:
    """Checks out below `place`, and cleans up."""
    root = checked_out(place)
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ} | {"HOME": str(place)}
    with contextlib.ExitStack() as stack:
        prefix = _own_network(stack)
        ports = {printed: printed if prefix else str(free_port()) for printed in PORTS}
        if not prefix:
            environment["LEADGATE_SMTP"] = f"127.0.0.1:{ports['2525']}"
            environment["LEADGATE_HTTP"] = f"127.0.0.1:{ports['8080']}"
        made = Newcomer(root, environment, prefix, ports)
        stack.callback(made.close)
        yield made


def checked_out(place: Path) -> Path:
    """A clean checkout with an environment that `./run` finds complete."""
    root = place / "leadgate"
    shutil.copytree(ROOT, root, symlinks=True, ignore=shutil.ignore_patterns(*NOT_CHECKED_OUT))
    ours, theirs = Path(sys.prefix), root / ".venv"
    inside = next(ours.glob("lib/python3.*/site-packages")).relative_to(ours)
    (theirs / inside).mkdir(parents=True)
    for package in (ours / inside).iterdir():
        if package.name != "leadgate.pth":
            (theirs / inside / package.name).symlink_to(package)
    (theirs / inside / "leadgate.pth").write_text(f"{root}\n", "utf-8")
    shutil.copytree(ours / "bin", theirs / "bin", symlinks=True)
    shutil.copy(ours / "pyvenv.cfg", theirs)
    for lock in root.glob("requirements*.lock"):
        shutil.copy(lock, theirs)
    (theirs / "root").write_text(f"{root}\n", "utf-8")
    return root


def _own_network(stack: contextlib.ExitStack) -> list[str]:
    """The words that lead a command into a network of its own, loopback only; none where that cannot be."""
    if not (sys.platform == "linux" and shutil.which("unshare") and shutil.which("nsenter")):
        return []
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-I", "-c", _LOOPBACK_UP]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def release() -> None:
        holder.kill()
        holder.communicate()

    stack.callback(release)
    assert holder.stdout is not None
    if holder.stdout.readline() != "up\n":
        return []
    return ["nsenter", "--preserve-credentials", "--user", "--net", "--target", str(holder.pid)]
