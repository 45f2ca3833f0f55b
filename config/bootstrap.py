"""Makes `.venv` from a hashed lock file, on a machine that has only Python and git.

Called by the script `run` as `python -m config.bootstrap requirements.lock` before anything is installed: standard
library only, here and in config/installer.py. It speaks on stderr; stdout belongs to the program.

What holds:
- `.venv/<lock name>` is a copy of the lock that was installed. It is written last, so it is there only after a
  complete install; `run` compares it with the lock and comes here when they differ. `.venv/root` names the
  checkout that the environment was made for: a moved one is made anew.
- A changed runtime lock makes a new environment, so nothing of the old one lingers. The old one is set aside as
  `.venv.previous` and put back when the new one cannot be made (no network): what ran before still runs.
- The dev lock holds the runtime lock, so it is added to a standing environment. `.venv/installing` is there
  meanwhile; where it is found later, that install was interrupted and everything is made anew.
- Two starts at once: one installs under a lock on `.venv.lock` (it ends with its process), the other waits.
- leadgate itself is not installed: `leadgate.pth` puts the checkout on the path, as an editable install would,
  without a build backend to download first.

Which pip does it is config/installer.py's matter.
"""

import contextlib
import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config.installer import PIPS, UNREACHABLE, Failure, base_python, explain, pip_environment, say

RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"


# --------------------------------------------------------------------------------------------------- the install
def install(root: Path, venv: Path, lock: str) -> None:
    """Everything in the lock, into the environment, by hash. Raises Failure with the reason."""
    python = str(venv / "bin" / "python")
    pip = next((found for way in PIPS if (found := way(root, python))), None)
    if pip is None:
        raise Failure("No pip was found. Install python3-venv or python3-pip and start again.")
    options = "--no-deps --require-hashes --only-binary :all: --no-warn-script-location --progress-bar off --no-compile"
    command = [*pip, "install", *options.split(), "-r", str(root / lock)]
    wanted = len(re.findall(r"^[A-Za-z0-9]\S*==", (root / lock).read_text("utf-8"), re.MULTILINE))
    said: list[str] = []
    collected = 0
    with subprocess.Popen(
        command,
        env=pip_environment(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(("Collecting ", "Processing ")):
                collected += 1
                if collected % 25 == 0:
                    say(f"{collected} of about {wanted} packages are there.")
            elif line.startswith("Installing collected"):
                say("Putting them in place.")
            elif UNREACHABLE[0] in line and not any(UNREACHABLE[0] in earlier for earlier in said):
                say("The package index does not answer; trying again.")
            said.append(line.strip())
    if process.returncode != 0:
        raise Failure(explain(said))
    # pip compiles with one core and prints each file that does not compile; this takes all cores.
    subprocess.run([python, "-I", "-m", "compileall", "-q", "-q", "-j", "0", str(venv / "lib")], check=False)


def build(root: Path, venv: Path, lock: str) -> None:
    """A new environment with everything in the lock. Raises Failure; what it leaves then is not stamped."""
    say(
        f"Making {venv.name} (once, and after updates): downloading about 100 MB of packages takes up to a minute."
    )
    made = subprocess.run(
        [base_python(), "-I", "-m", "venv", "--without-pip", str(venv)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise Failure(f"{venv} cannot be made: {(made.stderr or made.stdout).strip()}")
    install(root, venv, lock)
    packages = next(venv.glob("lib/python3.*/site-packages"))
    (packages / "leadgate.pth").write_text(f"{root}\n", "utf-8")
    command = venv / "bin" / "leadgate"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(str(root / "run"))} "$@"\n', "utf-8")
    command.chmod(0o755)
    (venv / "root").write_text(f"{root}\n", "utf-8")


def stamp(root: Path, venv: Path, lock: str) -> None:
    """Marks the environment as complete for this lock, at once or not at all."""
    for name in (lock,) if lock == RUNTIME else (RUNTIME, DEV):
        half = venv / f"{name}.half"
        shutil.copyfile(root / name, half)
        half.replace(venv / name)


# ------------------------------------------------------------------------------------------------- the decisions
def complete(root: Path, venv: Path, lock: str) -> bool:
    """Whether the environment stands, whole, for this lock and this checkout (what `run` asks, too)."""
    try:
        same = (venv / lock).read_bytes() == (root / lock).read_bytes()
        return (
            same
            and os.access(venv / "bin" / "python", os.X_OK)
            and not (venv / "installing").exists()
            and (venv / "root").read_text("utf-8") == f"{root}\n"
        )
    except FileNotFoundError:
        return False


def ensure(root: Path, lock: str) -> None:
    """Makes `.venv` under `root` what the lock says, if it is not. Raises Failure; then the former one stands."""
    venv, previous = root / ".venv", root / ".venv.previous"
    with alone(root / ".venv.lock"):
        if complete(root, venv, lock):
            return
        if lock == DEV and complete(root, venv, RUNTIME):
            say("Adding what the tests and checks need.")
            (venv / "installing").touch()
            install(root, venv, lock)
            stamp(root, venv, lock)
            (venv / "installing").unlink()
            return
        if (venv / RUNTIME).exists() and not (venv / "installing").exists():
            shutil.rmtree(previous, ignore_errors=True)
            venv.rename(previous)
        elif venv.exists():
            say("The last install did not finish; starting it again.")
            shutil.rmtree(venv)
        try:
            build(root, venv, lock)
            stamp(root, venv, lock)
        except BaseException:
            shutil.rmtree(venv, ignore_errors=True)
            if previous.exists():
                previous.rename(venv)
            raise
        shutil.rmtree(previous, ignore_errors=True)
        say("The environment is ready.")


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds an exclusive lock on the file, waiting for it if need be; it ends with the process at the latest."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is making the environment; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Exit codes: 0 the environment stands, 1 it cannot be made (the sentence is on stderr), 130 interrupted."""
    root = Path(__file__).resolve().parent.parent
    try:
        ensure(root, arguments[0])
    except Failure as failure:
        say(str(failure))
        return 1
    except OSError as error:
        say(f"The environment cannot be made in {root}: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped before the environment was complete; the next start makes it.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
