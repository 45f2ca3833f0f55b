"""What stands on a page of the documentation.

A shell block that a reader types begins with three backticks and `sh`. `sh terminal=1` is typed into a terminal
of its own, where it stays: a server.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").rglob("*.md")))

_FENCE = re.compile(
    r"^```(?P<kind>\w+)(?: terminal=(?P<terminal>\d+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\[[^\]]*\]\((?P<to>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. `terminal` 0: the reader's; others hold a server each."""

    kind: str
    terminal: int
    text: str


def blocks(page: Path, kind: str = "sh") -> list[Block]:
    """The page's blocks of one kind, in order."""
    found = _FENCE.finditer(page.read_text("utf-8"))
    return [Block(m["kind"], int(m["terminal"] or 0), m["text"]) for m in found if m["kind"] == kind]


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Files that the page links to, each with the heading's anchor ('' for the file); not links to the web."""
    for match in _LINK.finditer(page.read_text("utf-8")):
        path, _, anchor = match["to"].partition("#")
        if "://" not in path:
            yield (page.parent / path if path else page).resolve(), anchor


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of the page's headings."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    plain = (re.sub(r"[^\w\- ]", "", match["text"].lower()) for match in _HEADING.finditer(text))
    return {heading.strip().replace(" ", "-") for heading in plain}
