"""A small checkout with the real `run` and bootstrap, a lock of tiny packages, and the wheels to take them from.

What is not small is real: Python, venv, pip, the shell. No network is used.
"""

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config import installer

PROJECT = Path(__file__).resolve().parents[2]

PROGRAM = '''
"""Says how it was started; with a package's name, that package's version."""
import importlib.metadata, json, os, sys
versions = {d.name: d.version for d in importlib.metadata.distributions() if d.name.startswith("tiny")}
print(json.dumps({"arguments": sys.argv[1:], "cwd": os.getcwd(), "pid": os.getpid(), "packages": versions,
                  "writes_bytecode": not sys.dont_write_bytecode, "path": os.environ.get("PYTHONPATH")}))
'''


def wheel(folder: Path, name: str, version: str, tag: str = "py3-none-any") -> str:
    """Writes a wheel with one empty module; its sha256 in hex."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    digests = {path: hashlib.sha256(text.encode()).digest() for path, text in files.items()}
    record = [
        f"{path},sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()},{len(files[path])}"
        for path, digest in digests.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in files.items():
            archive.writestr(inner, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def locked(*lines: tuple[str, str]) -> str:
    """A lock file's text from (requirement, sha256) pairs."""
    return "# made by hand\n" + "".join(f"{what} \\\n    --hash=sha256:{digest}\n" for what, digest in lines)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A project folder and the wheels that its locks name."""

    root: Path
    wheels: Path

    def environment(self, **more: str) -> dict[str, str]:
        """The environment for `run`: packages come from the folder of wheels only, whatever pip is set up to do."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull}
        return kept | offline | {"LEADGATE_PYTHON": installer.base_python()} | more

    def start(self, *arguments: str, cwd: Path | None = None, **more: str) -> "subprocess.Popen[str]":
        """`./run …`, in a process group of its own, as a terminal starts it: Ctrl-C is heard even if these tests run in
        the background of a shell, where it is not."""
        return subprocess.Popen(
            [str(self.root / "run"), *arguments],
            cwd=cwd or self.root,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  takes no lock
        )

    def run(
        self, *arguments: str, cwd: Path | None = None, **more: str
    ) -> "subprocess.CompletedProcess[str]":
        """`./run …` to its end, a minute at most."""
        process = self.start(*arguments, cwd=cwd, **more)
        said, told = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, said, told)


def make(folder: Path) -> Checkout:
    """A checkout that has never been started; its lock names tinyone 1.0."""
    root, wheels = folder / "a check out", folder / "wheels"
    (root / "config").mkdir(parents=True)
    shutil.copy(PROJECT / "run", root / "run")
    for room in ("__init__.py", "bootstrap.py", "installer.py"):
        shutil.copy(PROJECT / "config" / room, root / "config" / room)
    (root / "config" / "__main__.py").write_text(PROGRAM, "utf-8")
    first = locked(("tinyone==1.0", wheel(wheels, "tinyone", "1.0")))
    (root / "requirements.lock").write_text(first, "utf-8")
    (root / "requirements-dev.lock").write_text(first, "utf-8")
    return Checkout(root, wheels)
