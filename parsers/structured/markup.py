"""XML as it is really sent, as a tree: read in one pass, whatever is wrong with it, and nothing is ever expanded.

Not read: DOCTYPE (so no entity is ever defined, fetched or expanded), processing instructions, comments. Read:
elements, attributes with or without quotes, CDATA, character references and the names HTML gives characters; any
other entity stays as it is written. An end tag closes the nearest open element of its name, whatever its case, and
all that were left open inside it; one that closes nothing is passed over. Elements named in `leaves` hold text only,
and those in `closes` end others: so a document whose end tags are missing has its shape all the same.

Why not a library: defusedxml refuses what is broken; lxml's recovery loses what follows the first bad end tag of
another case, and both must be told about size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5

from parsers.problems import Code, Problems
from parsers.structured import bounds
from parsers.structured.tree import Node

_NAME = re.compile(r"</?\s?([^\W\d][\w.:-]{0,100}|_[\w.:-]{0,100})")
_MARK = re.compile(r"<(?=[/!?_]|[^\W\d])")
_SPACES = re.compile(r"\s*+")
_ATTRIBUTE = re.compile(r"([^\s=/>\"'<]{1,100})(?:\s*+=\s*+(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s>\"'<]*)))?")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));?")
_TYPED_QUOTES = "“”„‟‘’"
_LONGEST_TAG = 4_096
_MARKS = 2 * bounds.CELLS
"""Tags, comments and the like that are looked at, those that mean nothing included."""
NOTHING: Mapping[str, frozenset[str]] = {}


def read(
    text: str,
    problems: Problems,
    leaves: frozenset[str] = frozenset(),
    closes: Mapping[str, frozenset[str]] = NOTHING,
) -> Node:
    """The tree of a document under a nameless root; names in lower case without their namespace prefix."""
    reader = _Reader(text, problems, leaves, closes)
    reader.run()
    return reader.root


def characters(text: str) -> str:
    """Character references and named characters as what they stand for; anything else as it is."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        name = match[3] + ";"
        return html5.get(name, match[0]) if match[0].endswith(";") or name in _OFTEN else match[0]
    number = int(match[1]) if match[1] else int(match[2], 16)
    if number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF:
        return chr(number)
    return match[0]


_OFTEN = frozenset(("amp;", "lt;", "gt;", "quot;", "nbsp;"))


def _space_end(text: str, at: int, limit: int) -> int:
    match = _SPACES.match(text, at, limit)
    return match.end() if match else at


class _Reader:
    """Goes through the markup once, keeping the open elements."""

    def __init__(
        self,
        text: str,
        problems: Problems,
        leaves: frozenset[str],
        closes: Mapping[str, frozenset[str]],
    ) -> None:
        self.text, self.problems, self.leaves, self.closes = text, problems, leaves, closes
        self.root = Node("")
        self.open: list[Node] = [self.root]
        self.words: list[list[str]] = [[]]
        self.names: dict[str, int] = {}  # how many of each name are open
        self.at = 0
        self.nodes = 0
        self.damaged = ""
        self.never: set[str] = set()  # closing marks that the rest of the text does not hold

    def run(self) -> None:
        """Text and markup in turn, to the end or the limit."""
        text, size = self.text, len(self.text)
        marks = 0
        while self.at < size:
            found = _MARK.search(text, self.at)
            opened = found.start() if found else size
            if opened > self.at:
                self.words[-1].append(characters(text[self.at : opened]))
            self.at = opened
            if opened < size:
                self._markup()
            marks += 1
            if self.nodes > bounds.CELLS or marks > _MARKS:
                self.problems.append((Code.DOCUMENT_CUT, f"more than {bounds.CELLS} elements"))
                break
        if len(self.open) > 1:
            self.damaged = self.damaged or f"<{self.open[-1].name}> is not closed"
        while len(self.open) > 1:
            self._end()
        self.root.value = "".join(self.words[0])
        if self.damaged:
            self.problems.append((Code.DOCUMENT_DAMAGED, self.damaged[:120]))

    def _markup(self) -> None:
        text, at = self.text, self.at
        if text.startswith("<![CDATA[", at):
            end = self._find("]]>", at)
            self.words[-1].append(text[at + 9 : end])
            self.at = end + 3
        elif text.startswith("<!--", at):
            self.at = self._find("-->", at) + 3
        elif text.startswith("<?", at):
            end = self._find(">", at)
            self.at = end + 1
        elif text[at + 1 : at + 9].upper() == "!DOCTYPE":
            self._doctype()
        elif match := _NAME.match(text, at):
            self._tag(match)
        else:
            self.words[-1].append("<")
            self.at = at + 1

    def _find(self, mark: str, start: int) -> int:
        """Where a closing mark stands; the end of the text where it is missing, which is asked for only once."""
        if mark not in self.never:
            end = self.text.find(mark, start)
            if end >= 0:
                return end
            self.never.add(mark)
            self.damaged = self.damaged or f"{mark} is missing"
        return len(self.text)

    def _doctype(self) -> None:
        """Passed over with its internal subset; what that would define is not read."""
        text = self.text
        end, subset = self._find(">", self.at), text.find("[", self.at, self.at + 1_000)
        if 0 <= subset < end:
            end = self._find("]", subset)
            while 0 <= end < len(text) and not text[end + 1 : end + 20].lstrip().startswith(">"):
                end = self._find("]", end + 1)
            end = self._find(">", end)
            self.problems.append((Code.ENTITIES_IGNORED, "the document type defines entities"))
        self.at = end + 1

    def _tag(self, match: re.Match[str]) -> None:
        text = self.text
        name = match[1].lower().rpartition(":")[2] or match[1].lower()
        if text[self.at + 1] == "/":
            end = text.find(">", match.end(), match.end() + 200)
            self.at = end + 1 if end >= 0 else match.end()
            self._close(name)
            return
        node = Node(name)
        at, limit = match.end(), min(match.end() + _LONGEST_TAG, len(text))
        while (at := _space_end(text, at, limit)) < limit and text[at] not in "<>":
            found = _ATTRIBUTE.match(text, at, limit)
            if found is None:
                at += 1
                continue
            at = found.end()
            value = (found[2] or found[3] or found[4] or "").strip(_TYPED_QUOTES)
            if found[1] != "/" and not found[1].lower().startswith("xmlns"):
                node.children.append(Node("@" + found[1].lower(), characters(value)))
                self.nodes += 1
        if at < limit and text[at] == ">":
            empty, self.at = text[at - 1] == "/", at + 1
        else:
            empty, self.at = False, at
            self.damaged = self.damaged or f"<{name}> has no end"
        self._open(node, empty=empty)

    def _open(self, node: Node, *, empty: bool) -> None:
        while len(self.open) > 1 and self.open[-1].name in self.leaves:
            self.damaged = self.damaged or f"<{self.open[-1].name}> is not closed"
            self._end()
        for name in self.closes.get(node.name, ()):
            if self.names.get(name):
                self.damaged = self.damaged or f"<{name}> is not closed"
                self._close(name)
        self.nodes += 1
        self.open[-1].children.append(node)
        if empty or len(self.open) > bounds.DEPTH:
            return
        self.open.append(node)
        self.words.append([])
        self.names[node.name] = self.names.get(node.name, 0) + 1

    def _close(self, name: str) -> None:
        if not self.names.get(name):
            self.damaged = self.damaged or f"</{name}> closes nothing"
            return
        while self.open[-1].name != name:
            self.damaged = self.damaged or f"<{self.open[-1].name}> is not closed"
            self._end()
        self._end()

    def _end(self) -> None:
        node = self.open.pop()
        words = "".join(self.words.pop()).strip()
        node.value = words or ""
        self.names[node.name] -= 1
