"""The tree that XML and JSON share, where its records are, and how a record becomes cells.

Records are found by repetition: elements of one name under one parent most of which hold an e-mail address or a
phone number. Where nothing repeats, the record is the deepest element that still holds all of them. What stands
beside the records (a partner's name, a date of export) belongs to each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from parsers.addresses import ADDRESS
from parsers.problems import Code, Problems
from parsers.structured import bounds, labels
from parsers.structured.rows import Cell, Document, Record

SAMPLED = 50
SHARED = 30

LISTS = frozenset(("answers", "fields", "form fields", "inputs", "field data", "user column data", "antworten",
                   "felder", "custom fields", "questions", "values", "responses"))  # fmt: skip
"""Names of lists that hold one lead's fields, one an item."""
LABEL_WORDS = frozenset(("name", "label", "key", "field", "question", "title", "id", "feld", "frage", "fieldname",
                         "column name", "column id",
                         "@name", "@label", "@key", "@id", "@title"))  # fmt: skip
VALUE_WORDS = frozenset(
    ("value", "values", "answer", "answers", "text", "content", "wert", "antwort", "@value", "string value")
)
BESIDE = frozenset(("type", "id", "column id", "ref", "order", "@type", "@id", "required"))
"""What may stand beside a label and its value without meaning anything by itself."""


@dataclass(slots=True)
class Node:
    """An element, an attribute ("@name"), a member of an object or an item of an array. `value` is its own text."""

    name: str
    value: str = ""
    children: list[Node] = field(default_factory=list)
    reaches: bool = False
    """Whether somebody can be reached by what stands in it: an e-mail address, or a number under such a label."""
    person: bool = False
    """Whether that is a person who asks, by the name of this node or of one in it."""

    def child(self, name: str) -> Node | None:
        """The first child of that name."""
        return next((node for node in self.children if node.name == name), None)


def read(root: Node, document: Document) -> Document:
    """The records of a tree, into the document."""
    _mark(root)
    found = _find(root)
    if found is None:
        return document
    path, records, shared = found
    for node in (one for record in records for one in _split(record)):
        cells = list(islice(_cells(node), bounds.RECORD + 1))
        problems: Problems = []
        if len(cells) > bounds.RECORD:
            cells.pop()
            problems.append((Code.DOCUMENT_CUT, f"more than {bounds.RECORD} values"))
        cells += [Cell(cell.place, None, cell.value) for cell in shared]
        if cells:
            document.records.append(Record(cells, problems))
    document.shape = path
    places = {
        cell.place for record in document.records for cell in record.cells if cell.key in labels.OF_PEOPLE
    }
    document.labels = tuple(sorted(places))
    return document


def _mark(root: Node) -> None:
    """`reaches` and `person` of every node, children first, without recursion."""
    order = [root]
    for node in order:
        order.extend(node.children)
    for node in reversed(order):
        node.reaches = any(child.reaches for child in node.children) or _reached(node)
        if node.reaches and node.children and not labels.somebody_else(node.name):
            node.person = any(child.person for child in node.children) or labels.person(node.name)


def _reached(node: Node) -> bool:
    value = node.value.strip()
    if not 5 <= len(value) <= 320:
        return False
    if "@" in value:
        found = ADDRESS.search(value)
        return found is not None and len(found[0]) >= len(value) - 4
    if len(value) > 30 or sum(char.isdigit() for char in value) < 5:
        return False
    return labels.key_of((node.name.lstrip("@"),))[0] in ("phone", "mobile")


def _find(root: Node) -> tuple[str, list[Node], list[Cell]] | None:
    """Where the records are, the records, and what stands beside them."""
    path, node = "", root
    single: tuple[str, list[Node], list[Cell]] | None = None
    shared: list[Cell] = []
    for _ in range(bounds.DEPTH):
        group = _group(node)
        if group is not None:
            _beside(node, group[0].name, path, shared)
            return f"{path}/{group[0].name}", group, shared[:SHARED]
        wrapper = len(node.children) == 1 and bool(node.children[0].children)
        if single is None and not wrapper:
            single = path, [node], []
        deeper = [
            child for child in node.children if child.children and child.reaches and as_pair(child) is None
        ]
        direct = any(child.reaches for child in node.children if not child.children)
        if len(deeper) != 1 or direct or _is_part(deeper[0]):
            break
        _beside(node, deeper[0].name, path, shared)
        node = deeper[0]
        path = f"{path}/{node.name}"
    return single if root.reaches else None


def _beside(node: Node, name: str, path: str, shared: list[Cell]) -> None:
    for child in node.children if len(shared) < SHARED else ():
        if child.name != name:
            shared.extend(_cells_below(child, f"{path}/{child.name}"))


def _split(record: Node) -> list[Node]:
    """One record a person, where several of one name stand in it beside what they ask for."""
    names: dict[str, list[Node]] = {}
    for child in record.children:
        if child.person and child.children:
            names.setdefault(child.name, []).append(child)
    people = next((nodes for nodes in names.values() if len(nodes) > 1), None)
    if people is None or len(people) > bounds.ROWS:
        return [record]
    rest = [child for child in record.children if not any(child is person for person in people)][:SHARED]
    return [Node(record.name, record.value, [*rest, person]) for person in people]


def _is_part(node: Node) -> bool:
    """Whether what stands there is part of a record or somebody else's, so that no records are looked for in it."""
    if labels.apart(node.name):
        return not node.person
    return labels.key_of((node.name,))[0] in ("email", "phone", "mobile", "street", "address")


def _group(node: Node) -> list[Node] | None:
    if labels.fold(node.name) in LISTS:
        return None
    groups: dict[str, list[Node]] = {}
    for child in node.children:
        if child.children:
            groups.setdefault(child.name, []).append(child)
    for nodes in groups.values():
        if len(nodes) < 2 or _is_part(nodes[0]):
            continue
        sample = nodes[:SAMPLED]
        if as_pair(sample[0]) is None and 2 * sum(one.reaches for one in sample) > len(sample):
            return nodes
    return None


def as_pair(node: Node) -> tuple[str, str] | None:
    """A label and its value, where the node is nothing else: `{"name": "email", "value": …}`, `<field name="…">`."""
    label = value = None
    for child in node.children:
        folded = labels.fold(child.name.lstrip("@"))
        folded = "@" + folded if child.name.startswith("@") else folded
        if folded in VALUE_WORDS and value is None:
            value = _joined(child)
        elif folded in LABEL_WORDS and not child.children and (label is None or folded not in BESIDE):
            label = child.value
        elif folded not in BESIDE:
            return None
    if value is None and node.value.strip() and all(child.name.startswith("@") for child in node.children):
        value = node.value
    return (label, value) if label and label.strip() and value is not None else None


def _joined(node: Node) -> str:
    if not node.children:
        return node.value
    return ", ".join(child.value.strip() for child in node.children if child.value.strip())


def _cells(record: Node) -> Iterator[Cell]:
    if record.value.strip():
        yield Cell(record.name, None, record.value.strip())
    above = (record.name,) if labels.apart(record.name) else ()
    for child in record.children:
        yield from _cells_below(child, child.name, above)


def _cells_below(node: Node, path: str, parents: tuple[str, ...] = ()) -> Iterator[Cell]:
    """The cells of a node and all below it, at most `bounds.DEPTH` deep since the tree is no deeper."""
    pair = as_pair(node) if node.children else None
    if pair is not None:
        label, value = pair
        key, sure = labels.key_of((*parents, label))
        yield Cell(label, key, value.strip(), sure)
        return
    if node.value.strip():
        key, sure = labels.key_of((*parents, node.name))
        yield Cell(path, key, node.value.strip(), sure)
    if node.children and _is_list(node):
        key, sure = labels.key_of((*parents, node.name))
        if key in labels.OF_PEOPLE:
            yield from (Cell(path, key, child.value.strip(), sure) for child in node.children)
        else:
            yield Cell(path, key, _joined(node), sure)
        return
    names: dict[str, int] = {}
    for child in node.children:
        count = names[child.name] = names.get(child.name, 0) + 1
        segment = child.name or str(count)
        place = f"{path}/{segment}" if count == 1 or not child.name else f"{path}/{segment}[{count}]"
        yield from _cells_below(child, place, (*parents, node.name))


def _is_list(node: Node) -> bool:
    """Plain values one after another under one name: choices of a checkbox, several numbers."""
    if any(child.children for child in node.children):
        return False
    names = {child.name for child in node.children}
    return names == {""} or (len(names) == 1 and len(node.children) > 1)
