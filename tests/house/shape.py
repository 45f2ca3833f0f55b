"""The shape of the code that no tool checks: length of files, docstrings of folders, reasons of type ignores.

Each check takes the root of a checkout and yields complaints, `path:line: sentence`; nothing to complain of
is an empty answer, also where a folder does not exist yet.
"""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("config", "ingest", "parsers", "rules", "store", "web", "webhooks")
FOLDERS = (*PACKAGES, "tests", "bench")

MAX_LINES = 300
# Files that may be longer, each with its reason.
LONGER: dict[str, str] = {}
MIGRATIONS = (
    "store/migrations/versions"  # frozen as they were when they were made; nobody reads them like a room
)

TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?P<code>\[[a-z0-9, -]+\])?(?P<rest>.*)")


def sources(root: Path) -> Iterator[Path]:
    """Every Python file of the project, in a stable order."""
    for folder in FOLDERS:
        yield from sorted(path for path in (root / folder).rglob("*.py") if "__pycache__" not in path.parts)


def long_files(root: Path) -> Iterator[str]:
    """Files over MAX_LINES that LONGER gives no reason for, and reasons that nothing needs any more."""
    lengths = {
        path.relative_to(root).as_posix(): len(path.read_bytes().splitlines()) for path in sources(root)
    }
    for name, lines in lengths.items():
        if lines > MAX_LINES and name not in LONGER and not name.startswith(MIGRATIONS):
            yield f"{name}:{lines}: too long; split it by meaning, or give a reason in LONGER of tests/house/shape.py"
    for name in LONGER:
        if lengths.get(name, 0) <= MAX_LINES:
            yield f"tests/house/shape.py:1: {name} needs no reason for its length any more"


def folder_docstrings(root: Path) -> Iterator[str]:
    """Folders with Python files whose `__init__.py` is missing or does not open with a docstring."""
    loose = ("bench", MIGRATIONS)  # programs and migrations, not packages
    for folder in sorted({path.parent for path in sources(root)}):
        name = folder.relative_to(root).as_posix()
        if name.startswith(loose):
            continue
        init = folder / "__init__.py"
        if not init.exists():
            yield f"{name}:1: has no __init__.py saying what the folder is for"
        elif not ast.get_docstring(ast.parse(init.read_bytes())):
            yield f"{name}/__init__.py:1: does not open with a docstring saying what the folder is for"


def type_ignores(root: Path) -> Iterator[str]:
    """`type: ignore` without a code, or without a reason after a second `#`."""
    for path in sources(root):
        with path.open("rb") as file:
            comments = [token for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT]
        for comment in comments:
            ignore = TYPE_IGNORE.match(comment.string)
            if ignore and (not ignore["code"] or not re.match(r"\s*#\s*\S+ \S+", ignore["rest"])):
                place = f"{path.relative_to(root).as_posix()}:{comment.start[0]}"
                yield f"{place}: write it as `# type: ignore[code]  # the reason`"


def names(root: Path) -> Iterator[str]:
    """Rooms and folders that repeat the name of a root package: with their folder on the path, they would hide it."""
    for folder in PACKAGES:
        for path in sorted((root / folder).rglob("*")):
            if path.is_dir() or path.suffix == ".py":
                name = path.relative_to(root).as_posix()
                if path.stem in (*PACKAGES, "tests"):
                    yield f"{name}:1: repeats the name of the root package {path.stem}"
