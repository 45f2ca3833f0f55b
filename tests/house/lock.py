"""The lock files: how they are made (`./run lock`), and the proof that plain pip can install them everywhere.

One universal lock serves all platforms: each line carries a marker where it is not for all, and the hashes of every
file of that version. pip evaluates markers for the Python it runs in, whatever `--platform` says, so the proof
evaluates them itself for each target and asks pip (`--dry-run`, ready-made wheels only, no dependencies) which
files it would take. pip downloads whole files when it is to check hashes, so it is asked without, for the
metadata only; that the files it names are in the lock by their digest is compared here.

The proof asks the network some hundred questions, so one that held is remembered by the digest of the lock.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[2]
RUNTIME, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"

# No line may name an index, a path or a machine: the lock installs from wherever pip is set up to look.
COMPILE = (
    "pip compile --quiet --universal --generate-hashes --python-version 3.11 --only-binary :all: --fork-strategy "
    "fewest --no-header --no-annotate --no-emit-index-url --no-emit-find-links"
).split()
DRY_RUN = (
    "install --dry-run --no-deps --ignore-installed --only-binary :all: --quiet --report - --progress-bar off"
).split()
HEAD = "# Made from pyproject.toml by `./run lock`; not edited by hand.\n"

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


class Offline(Exception):
    """The package index did not answer, so nothing can be said about the lock."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A kind of machine: its name, the wheel tags that run on it (newest last), and its marker variables."""

    name: str
    tags: tuple[str, ...]
    sys_platform: str
    machine: str

    def environment(self, python: str) -> dict[str, str]:
        """The marker variables (packaging's names) of CPython `python`, such as 3.12, on this machine."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{python}.9",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": {"linux": "Linux", "darwin": "Darwin"}[self.sys_platform],
            "platform_version": "",
            "python_full_version": f"{python}.9",
            "python_version": python,
            "sys_platform": self.sys_platform,
            "extra": "",
        }


def _manylinux(machine: str) -> tuple[str, ...]:
    # Up to glibc 2.34: Debian 12, Ubuntu 22.04, RHEL 9 and everything later.
    legacy = tuple(f"{name}_{machine}" for name in ("manylinux2010", "manylinux2014"))
    return (*legacy, *(f"manylinux_2_{minor}_{machine}" for minor in range(5, 35)))


PLATFORMS = (
    Platform("Linux x86-64", _manylinux("x86_64"), "linux", "x86_64"),
    Platform("Linux aarch64", _manylinux("aarch64"), "linux", "aarch64"),
    Platform(
        "macOS arm64",
        tuple(f"macosx_{major}_0_{kind}" for major in range(11, 15) for kind in ("universal2", "arm64")),
        "darwin",
        "arm64",
    ),
)


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock: name==version, its marker (None: everywhere) and the sha256 of each file, in hex."""

    requirement: str
    marker: str | None
    digests: frozenset[str]


def pins(text: str) -> Iterator[Pin]:
    """The lines of a lock file. Raises ValueError for one that is not `name==version [; marker] --hash=…`."""
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        found = re.fullmatch(
            r"([a-z0-9-]+==[^ ;]+)(?: ; ([^\\]+?))?((?: +--hash=sha256:[0-9a-f]{64})+) *", line
        )
        if found is None:
            raise ValueError(f"not a pinned, hashed line: {line[:100]}")
        yield Pin(found[1], found[2], frozenset(re.findall(r"sha256:([0-9a-f]{64})", found[3])))


def make(arguments: list[str]) -> None:
    """Writes both lock files; versions stay as they are unless `--upgrade` (handed on to uv) is given."""
    for target, extra in ((RUNTIME, []), (DEV, ["--group", "dev", "--constraint", RUNTIME.name])):
        command = [sys.executable, "-m", "uv", *COMPILE, "pyproject.toml", *extra, *arguments]
        subprocess.run([*command, "--output-file", target.name], cwd=ROOT, check=True)
        target.write_text(HEAD + target.read_text("utf-8"), "utf-8")


def proof() -> list[str]:
    """Complaints about the lock files: what pip could not install, ready-made and by hash, where leadgate runs.

    The dev lock holds every line of the runtime lock, so the one proof is for both. What one file serves for every
    platform is asked for once, with the oldest and the newest Python. Raises Offline.
    """
    runtime, dev = (list(pins(path.read_text("utf-8"))) for path in (RUNTIME, DEV))
    digest = hashlib.sha256(RUNTIME.read_bytes() + DEV.read_bytes()).hexdigest()
    proven = proofs_folder() / digest
    if proven.exists():
        return []
    held = {pin.requirement: pin.digests for pin in dev}  # a marker may be wider there
    complaints = [
        f"{pin.requirement} is in {RUNTIME.name} but not so in {DEV.name}"
        for pin in runtime
        if held.get(pin.requirement) != pin.digests
    ]
    first = [(PLATFORMS[0], PYTHONS[0]), (PLATFORMS[0], PYTHONS[-1])]
    others = [
        (platform, python) for platform in PLATFORMS for python in PYTHONS if (platform, python) not in first
    ]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        oldest, newest = pool.map(lambda target: ask(dev, *target), first)
        particular = [pin for pin in dev if pin.requirement not in oldest.anywhere & newest.anywhere]
        answers = [oldest, newest, *pool.map(lambda target: ask(particular, *target), others)]
    complaints.extend(complaint for answer in answers for complaint in answer.complaints)
    if not complaints:
        proven.parent.mkdir(parents=True, exist_ok=True)
        proven.touch()
    return complaints


def proofs_folder() -> Path:
    """Where proofs are remembered: the user's cache, so that a fresh clone knows them too."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "leadgate" / "proven-locks"


@dataclass(frozen=True, slots=True)
class Answer:
    """What pip said for one platform and Python; `anywhere`: the requirements whose file is for every platform."""

    complaints: tuple[str, ...]
    anywhere: frozenset[str] = frozenset()


def ask(locked: list[Pin], platform: Platform, python: str) -> Answer:
    """Which files pip would take for these pins on this platform and Python. Raises Offline."""
    at = f"{platform.name}, Python {python}"
    environment = platform.environment(python)
    wanted = [pin for pin in locked if pin.marker is None or Marker(pin.marker).evaluate(environment)]
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "requirements.txt"
        lines.write_text("\n".join(pin.requirement for pin in wanted) + "\n", "utf-8")
        where = [option for tag in reversed(platform.tags) for option in ("--platform", tag)]
        target = ["--target", folder, "--implementation", "cp", "--python-version", python, *where]
        command = [sys.executable, "-I", "-m", "pip", *DRY_RUN, *target, "-r", str(lines)]
        asked = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        reason = asked.stderr.strip().splitlines() or ["pip gave no reason"]
        if any("Retrying (Retry(" in line for line in reason):
            raise Offline(reason[-1])
        return Answer((f"{at}: {reason[-1]}",))
    digests = {digest: pin.requirement for pin in wanted for digest in pin.digests}
    taken = {
        item["download_info"]["url"].rpartition("/")[2]: item["download_info"]["archive_info"]["hashes"].get(
            "sha256"
        )
        for item in json.loads(asked.stdout)["install"]
    }
    return Answer(
        tuple(
            f"{at}: {name} is not in the lock by its digest"
            for name, digest in taken.items()
            if digest not in digests
        ),
        frozenset(
            digests[digest]
            for name, digest in taken.items()
            if name.endswith("-none-any.whl") and digest in digests
        ),
    )


if __name__ == "__main__":
    make(sys.argv[1:])
