"""`./run lint`: everything that is checked without running the program, in one table; CI runs the same.

Each check returns its complaints, so all of them are shown at once. Exit code 1 when there is any.
`./run lint ruff types` runs the named ones only; `./run lint --fix` first lets ruff repair and format, and writes
the reference pages.
"""

import importlib.util
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.house import lock, reference, shape

ROOT = Path(__file__).resolve().parents[2]


def _tool(*command: str) -> list[str]:
    """What a program that found something printed, by line; nothing when it was content."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    return (done.stdout + done.stderr).strip().splitlines() or [f"{command[1]} ended with {done.returncode}"]


def ruff() -> list[str]:
    """The rules of pyproject.toml."""
    return _tool("-m", "ruff", "check", "--quiet", "--output-format", "concise", ".")


def layout() -> list[str]:
    """Formatting, as `ruff format` would do it; each file once."""
    said = _tool("-m", "ruff", "format", "--check", "--output-format", "concise", ".")
    files = sorted({line.split(":")[0] for line in said if re.match(r"\S+\.pyi?:\d", line)})
    return [f"{file}:1: is not laid out as ruff format would" for file in files] or said


def types() -> list[str]:
    """mypy, strict, over every folder that has code."""
    folders = [folder for folder in shape.FOLDERS if any((ROOT / folder).rglob("*.py"))]
    return _tool("-m", "mypy", "--no-error-summary", *folders)


def imports() -> list[str]:
    """The import contract. import-linter wants every package of it to exist."""
    missing = [package for package in shape.PACKAGES if not (ROOT / package / "__init__.py").exists()]
    if missing:
        return [f"the import contract cannot be checked without {', '.join(missing)}"]
    said = _tool(
        "-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    )
    broken = "\n".join(said).partition("Broken contracts")[2].splitlines()
    return [line for line in broken if line.strip("- ")] or said


def shapes() -> list[str]:
    """The checks of tests/house/shape.py."""
    checks = (shape.long_files, shape.folder_docstrings, shape.type_ignores, shape.names)
    return [complaint for check in checks for complaint in check(ROOT)]


def pages() -> list[str]:
    """Whether the reference pages are what the code says."""
    return list(reference.stale(ROOT))


def locks() -> list[str]:
    """Whether plain pip can install the lock on every platform; skipped, and said so, without a network."""
    if importlib.util.find_spec("pip") is None:
        return ["the lock cannot be proven without pip: start this by ./run lint"]
    try:
        return lock.proof()
    except lock.Offline as silence:
        print(f"locks     skipped: the package index does not answer ({silence})")
        return []


CHECKS: dict[str, Callable[[], Iterable[str]]] = {
    "ruff": ruff,
    "layout": layout,
    "types": types,
    "imports": imports,
    "shape": shapes,
    "reference": pages,
    "locks": locks,
}


def main(arguments: list[str]) -> int:
    """Runs the named checks (none: all) and prints their complaints. Exit code 2 for an unknown name."""
    if "--fix" in arguments:
        arguments = [argument for argument in arguments if argument != "--fix"]
        _tool("-m", "ruff", "check", "--quiet", "--fix", ".")
        _tool("-m", "ruff", "format", "--quiet", ".")
        _tool("-m", "tests.house.reference")
    if unknown := [argument for argument in arguments if argument not in CHECKS]:
        print(f"There is no check {', '.join(unknown)}; there are {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    failed = []
    for name in arguments or CHECKS:
        began = time.monotonic()
        complaints = list(CHECKS[name]())
        word = f"{len(complaints)} to repair" if complaints else "in order"
        print(f"{name:9} {word} ({time.monotonic() - began:.1f} s)", flush=True)
        for complaint in complaints:
            print(f"    {complaint}", flush=True)
        if complaints:
            failed.append(name)
    print(f"lint: {', '.join(failed)} failed." if failed else "lint: everything is in order.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
