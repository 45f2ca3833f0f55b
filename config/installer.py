"""Which pip installs leadgate's packages, what of its settings counts, and what it means when it gives up.

Part of the bootstrap: standard library only. pip is found in one of three ways (PIPS): the pip of the Python that
runs this (22.3 or later can install elsewhere, `--python`; the quickest, as nothing has to be set up for it); else
ensurepip, which some distributions cut out; else pip's own wheel, at the version and digest that
requirements-dev.lock names, from the index that pip is configured to use.
"""

import configparser
import contextlib
import hashlib
import html
import os
import re
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

LOCK_WITH_PIP = "requirements-dev.lock"

# Of pip's settings in the environment only those count that say where packages come from and how to get there;
# PIP_TARGET, PIP_USER and the like would put them elsewhere.
PIP_SETTINGS_KEPT = frozenset(
    "PIP_CACHE_DIR PIP_CERT PIP_CLIENT_CERT PIP_CONFIG_FILE PIP_DEFAULT_TIMEOUT PIP_EXTRA_INDEX_URL PIP_FIND_LINKS "
    "PIP_INDEX_URL PIP_KEYRING_PROVIDER PIP_NO_CACHE_DIR PIP_NO_INDEX PIP_PROXY PIP_RETRIES PIP_TIMEOUT "
    "PIP_TRUSTED_HOST PIP_USE_DEPRECATED PIP_USE_FEATURE".split()
)
PIP_SETTINGS = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PIP_USER": "0",
}

# What pip's last words mean, the first that fits: the sign, how many lines below it stands what "{why}" shows,
# and the sentence.
NO_NETWORK = (
    "The package index cannot be reached. leadgate needs it for its first start and after an update; "
    "check the network (or pip's configured index and proxy) and start again."
)
FAILURES = (
    ("No space left on device", 0, "The disk is full: free about 500 MB and start again."),
    (
        "DO NOT MATCH THE HASHES",
        1,
        "A package differs from what the lock names, so nothing was installed: {why}",
    ),
    (
        "(from versions: none)",
        0,
        "The index has no ready-made package for this system and Python: {why}. leadgate runs on Linux x86-64 and "
        + "aarch64 and macOS arm64 with CPython 3.11 to 3.14.",
    ),
    ("No matching distribution", 0, "The index does not offer what the lock names: {why}"),
)
UNREACHABLE = ("Retrying (Retry(", "Max retries exceeded", "Network is unreachable", "name resolution")


class Failure(Exception):
    """The environment cannot be made; the message is the sentence for the person who started leadgate."""


def say(sentence: str) -> None:
    """One plain sentence of progress."""
    print(f"leadgate: {sentence}", file=sys.stderr, flush=True)


def pip_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for pip: the given one, less whatever would make it install elsewhere or otherwise."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("PIP_", "PYTHON")) or name in PIP_SETTINGS_KEPT
    }
    return kept | PIP_SETTINGS


def base_python() -> str:
    """This interpreter by its versioned name where it has one.

    A link to plain python3 would, after an upgrade of the system, point to another Python that finds no packages.
    """
    running = Path(getattr(sys, "_base_executable", None) or sys.executable)
    versioned = running.with_name(f"python{sys.version_info.major}.{sys.version_info.minor}")
    return str(versioned if versioned.exists() and versioned.samefile(running) else running)


def _works(command: list[str]) -> str | None:
    done = subprocess.run(
        command,
        env=pip_environment(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


def own_pip(_root: Path, python: str) -> list[str] | None:
    """The pip of the Python that runs this, pointed at the environment; None before 22.3, which cannot."""
    pip = [base_python(), "-P", "-m", "pip"]
    version = re.match(r"pip (\d+)\.(\d+)", _works([*pip, "--version"]) or "")
    if version is None or (int(version[1]), int(version[2])) < (22, 3):
        return None
    return [*pip, "--python", python]


def ensured_pip(_root: Path, python: str) -> list[str] | None:
    """pip put into the environment by ensurepip; None where a distribution ships Python without it."""
    if _works([python, "-I", "-m", "ensurepip", "--default-pip"]) is None:
        return None
    return [python, "-I", "-m", "pip"]


def downloaded_pip(root: Path, python: str) -> list[str] | None:
    """pip's wheel from the configured index, run as it is. Raises Failure when it cannot be had."""
    text = (root / LOCK_WITH_PIP).read_text("utf-8")
    pinned = re.search(r"^pip==(\S+)[^\n]*((?:\n +--hash=\S+[^\n]*)+)", text, re.MULTILINE)
    if pinned is None:
        return None
    wanted = f"pip-{pinned[1]}-py3-none-any.whl"
    index = configured_index(os.environ).rstrip("/") + "/pip/"
    say(f"This Python has no pip; getting {wanted} from the package index.")
    links = re.findall(r'<a\s[^>]*href="([^"]+)"', _fetch(index).decode("utf-8", "replace"))
    addresses = [urllib.parse.urljoin(index, html.unescape(link)).partition("#")[0] for link in links]
    address = next((address for address in addresses if address.endswith("/" + wanted)), None)
    if address is None:
        raise Failure(
            f"The package index does not offer {wanted}. Install pip or python3-venv and start again."
        )
    content = _fetch(address)
    if f"sha256:{hashlib.sha256(content).hexdigest()}" not in pinned[2]:
        raise Failure(f"{wanted} differs from what {LOCK_WITH_PIP} names, so it was not used.")
    wheel = Path(python).parent.parent / wanted
    wheel.write_bytes(content)
    return [python, "-I", str(wheel / "pip")]


PIPS: tuple[Callable[[Path, str], list[str] | None], ...] = (own_pip, ensured_pip, downloaded_pip)


def configured_index(environ: Mapping[str, str]) -> str:
    """The package index that pip would use: its environment, then its configuration files, then its default."""
    if address := environ.get("PIP_INDEX_URL"):
        return address
    home = Path(environ.get("HOME", "/"))
    files = [
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
        Path("/Library/Application Support/pip/pip.conf"),
        home / ".pip" / "pip.conf",
        Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf",
        home / "Library" / "Application Support" / "pip" / "pip.conf",
        Path(environ.get("PIP_CONFIG_FILE") or os.devnull),
    ]
    if environ.get("PIP_CONFIG_FILE") == os.devnull:  # pip's way to say: no file at all
        files = []
    settings = configparser.RawConfigParser(strict=False)
    with contextlib.suppress(configparser.Error, UnicodeError):
        settings.read(files, "utf-8")
    for section in ("install", "global"):
        if address := settings.get(section, "index-url", fallback=""):
            return address
    return "https://pypi.org/simple"


def _fetch(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept": "text/html, */*;q=0.1"})
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT"))
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return bytes(answer.read())
    except (OSError, ValueError) as error:
        host = urllib.parse.urlsplit(address).hostname
        raise Failure(f"{NO_NETWORK} (asked {host} for pip: {error})") from error


def explain(said: list[str]) -> str:
    """The sentence for what pip said before it gave up."""
    if any(sign in line for sign in UNREACHABLE for line in said):
        return NO_NETWORK
    for sign, below, sentence in FAILURES:
        for number, line in enumerate(said):
            if sign in line:
                why = said[min(number + below, len(said) - 1)]
                return sentence.format(why=why.removeprefix("ERROR: ").rstrip(":"))
    return "\n".join(["pip could not install the packages. Its last words:", *said[-15:]])
