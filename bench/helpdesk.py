"""django-helpdesk, the anchor of `end_to_end`: an environment of its own, made once, and a run in it.

The environment lies in the user's cache directory, outside the project: nothing of it is installed into ours.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bench.figures import progress
from bench.smtp_load import mails

VERSION = "2.6.1"
PROGRAM = Path(__file__).with_name("helpdesk_program.py")
ADDRESS = "leads@acme.test"


def cache() -> Path:
    """Where the environment is kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "leadgate-bench"


def environment() -> Path:
    """The environment's interpreter; makes the environment if it isn't there (pip, about 10 s)."""
    place = cache() / f"helpdesk-{VERSION}"
    python = place / "bin" / "python"
    complete = place / "complete"
    if not complete.exists():
        progress(f"installing django-helpdesk {VERSION} into {place}")
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", f"django-helpdesk=={VERSION}"],
            check=True,
            stdout=sys.stderr,
        )
        complete.touch()
    return python


def measure(python: Path, place: Path, messages: int) -> tuple[float, float]:
    """Messages per second that its own `process_email` stores, from a directory of mails in `place`; and CPU
    milliseconds of each."""
    box = place / "mail"
    box.mkdir(parents=True)
    for mail in mails(range(messages), ADDRESS):
        (box / f"{mail.number:06}.eml").write_bytes(mail.raw)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}
    done = subprocess.run(
        [python, "-I", PROGRAM, str(place)], env=clean, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"django-helpdesk failed:\n{done.stderr}")
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["stored"] == messages, said
    progress(
        f"django-helpdesk {VERSION}: {messages / said['seconds']:.1f} messages/s, storing only, "
        f"{1000 * said['cpu'] / messages:.1f} ms CPU each"
    )
    return messages / said["seconds"], 1000 * said["cpu"] / messages
