"""ADF 1.0, the Auto-lead Data Format: the prospects of a document (or of several in one text) -> records.

The elements are those of the format's published description (Auto-lead Data Format 1.0, 2000): `prospect` with
`id`, `requestdate`, `vehicle`, `customer`, `vendor` and `provider`. All its fields have a canonical key; the contact
is the customer's, never the vendor's or the provider's. A trade-in vehicle is not the one that is asked for: its keys
begin with `trade_in_`. Further vehicles are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.structured import markup
from parsers.structured.rows import Cell, Document, Record
from parsers.structured.tree import Node

# Elements that hold text only: another element inside means that an end tag is missing.
LEAVES = frozenset(
    "id requestdate year make model vin stock trim doors bodystyle transmission odometer condition interiorcolor"
    " exteriorcolor preference imagetag price pricecomments optionname manufacturercode weighting comments name email"
    " phone street apartment city regioncode postalcode country description earliestdate latestdate vendorname url"
    " service amount balance".split()
)
_SECTIONS = frozenset(("vehicle", "customer", "vendor", "provider"))
# An element that begins while one of these is open ends it.
CLOSES = {
    "adf": frozenset(("adf", "prospect")),
    "prospect": frozenset(("prospect",)),
    "vehicle": _SECTIONS,
    "customer": _SECTIONS,
    "vendor": _SECTIONS,
    "provider": _SECTIONS,
    "contact": frozenset(("contact",)),
    "address": frozenset(("address",)),
    "colorcombination": frozenset(("colorcombination",)),
    "option": frozenset(("option",)),
    "timeframe": frozenset(("contact",)),
}
VEHICLE = (
    ("year", "vehicle_year"), ("make", "vehicle_make"), ("model", "vehicle_model"), ("trim", "vehicle_trim"),
    ("vin", "vehicle_vin"), ("stock", "vehicle_stock"), ("doors", "vehicle_doors"), ("bodystyle", "vehicle_bodystyle"),
    ("transmission", "vehicle_transmission"), ("odometer", "vehicle_odometer"), ("condition", "vehicle_condition"),
    ("price", "vehicle_price"), ("pricecomments", "vehicle_price_comments"), ("comments", "vehicle_comments"),
    ("imagetag", "vehicle_image"), ("id", "vehicle_id"),
)  # fmt: skip
NAME_PARTS = {
    "full": "name", "": "name", "first": "first_name", "last": "last_name", "middle": "middle_name",
    "surname": "last_name", "suffix": "name_suffix", "prefix": "salutation",
}  # fmt: skip
ADDRESS = (("city", "city"), ("regioncode", "state"), ("postalcode", "postcode"), ("country", "country"))
PHONES = {"fax": "fax", "cellphone": "mobile", "cell": "mobile", "mobile": "mobile", "pager": "pager"}

_BEGINS = re.compile(r"<\s?\??(?:[\w.-]{1,20}:)?(?:adf|prospect)\b", re.IGNORECASE)


def present(text: str) -> bool:
    """Whether a text holds ADF."""
    return _BEGINS.search(text) is not None


def above(text: str) -> str:
    """What stands above the first ADF of a text; all of it where there is none."""
    start = _BEGINS.search(text) if "<" in text else None
    return text[: start.start()] if start else text


def read(text: str) -> Document:
    """The prospects of all ADF in a text; what stands before and behind it is not read."""
    document = Document("adf", shape="1.0")
    start = _BEGINS.search(text)
    if start is None:
        return document
    last = max(text.rfind("</adf"), text.rfind("</ADF"), text.rfind("</Adf"))
    end = text.find(">", last) + 1 if last > start.start() else 0
    root = markup.read(text[start.start() : end or len(text)], document.problems, LEAVES, CLOSES)
    for prospect in _prospects(root):
        document.records.append(Record(list(_prospect(prospect))))
    return document


def _prospects(root: Node) -> Iterator[Node]:
    """Prospects wherever they stand; a document that forgot the element is one prospect."""
    found, bare = [], []
    waiting = [root]
    for node in waiting:
        if node.name == "prospect":
            found.append(node)
        elif any(child.name == "customer" for child in node.children):
            bare.append(node)
        else:
            waiting.extend(node.children)
    yield from found or bare


def _prospect(node: Node) -> Iterator[Cell]:
    numbers: dict[str, int] = {}
    for child in node.children:
        match child.name:
            case "id":
                yield Cell("id", "reference", child.value)
                yield from _attribute(child, "source", "id/source", "reference_source")
            case "requestdate":
                yield Cell("requestdate", "requested_at", child.value)
            case "vehicle":
                yield from _vehicle(child, numbers)
            case "customer":
                yield from _customer(child)
            case "vendor" | "provider":
                yield from _company(child)
            case "@status":
                yield Cell("@status", "adf_status", child.value)
            case "comments":
                yield Cell("comments", "message", child.value)
            case _:
                yield from _rest(child, child.name)


def _attribute(node: Node, name: str, place: str, key: str | None) -> Iterator[Cell]:
    found = node.child("@" + name)
    if found is not None and found.value.strip():
        yield Cell(place, key, found.value)


def _vehicle(node: Node, numbers: dict[str, int]) -> Iterator[Cell]:
    interest = (found.value if (found := node.child("@interest")) else "").strip().lower()
    prefix = "trade_in" if interest in ("trade-in", "tradein", "trade in") else "vehicle"
    count = numbers[prefix] = numbers.get(prefix, 0) + 1
    start = prefix if count == 1 else f"{prefix}_{count}"
    seen: set[str] = set()
    for name, key in (("interest", "interest"), ("status", "status")):
        yield from _attribute(node, name, f"{start}/@{name}", f"{start}_{key}")
    for child in node.children:
        if child.name.startswith("@"):
            continue
        key_of = dict(VEHICLE).get(child.name)
        if key_of is None or child.name in seen:
            yield from _rest(child, f"{start}/{child.name}")
            continue
        seen.add(child.name)
        key = key_of.replace("vehicle", start, 1)
        yield Cell(f"{start}/{child.name}", key, child.value)
        if child.name == "price":
            yield from _attribute(
                child, "currency", f"{start}/price/@currency", "currency" if count == 1 else None
            )
            yield from _attribute(child, "type", f"{start}/price/@type", f"{start}_price_type")
        elif child.name == "odometer":
            yield from _attribute(child, "units", f"{start}/odometer/@units", f"{start}_odometer_units")
    if prefix == "vehicle" and count == 1:
        parts = [
            found.value for name in ("year", "make", "model") if (found := node.child(name)) and found.value
        ]
        yield Cell("vehicle", "product", " ".join(parts))


def _customer(node: Node) -> Iterator[Cell]:
    contacts = [child for child in node.children if child.name == "contact"]
    contacts.sort(key=lambda contact: not _preferred(contact, "@primarycontact"))
    for index, contact in enumerate(contacts):
        yield from _contact(contact, "contact" if index == 0 else f"contact[{index + 1}]", first=index == 0)
    if not contacts:
        yield from _contact(node, "customer", first=True)
    for child in node.children if contacts else ():
        match child.name:
            case "comments":
                yield Cell("customer/comments", "message", child.value)
            case "id":
                yield Cell("customer/id", "customer_id", child.value)
            case "timeframe":
                for part in child.children:
                    key = {"earliestdate": "earliest_date", "latestdate": "latest_date"}.get(
                        part.name, "timeframe"
                    )
                    yield Cell(f"timeframe/{part.name}", key, part.value)
            case "contact":
                pass
            case _:
                yield from _rest(child, f"customer/{child.name}")


def _preferred(node: Node, attribute: str) -> bool:
    found = node.child(attribute)
    return found is not None and found.value.strip().lower() in ("1", "true", "yes")


def _contact(node: Node, place: str, *, first: bool) -> Iterator[Cell]:
    """The contact's cells, the preferred e-mail and phone first. Those of a second contact have no keys."""
    ordered = sorted(node.children, key=lambda child: not _preferred(child, "@preferredcontact"))
    for child in ordered:
        kind = (found.value if (found := child.child("@type")) else "").strip().lower()
        match child.name:
            case "name":
                part = (found.value if (found := child.child("@part")) else "").strip().lower()
                key = NAME_PARTS.get(part)
                key = "company" if kind == "business" and key == "name" else key
                yield Cell(f"{place}/name[{part or 'full'}]", key if first else None, child.value)
            case "email":
                yield Cell(f"{place}/email", "email" if first else None, child.value)
            case "phone":
                key = PHONES.get(kind, "phone")
                yield Cell(f"{place}/phone[{kind or 'voice'}]", key if first else None, child.value)
                yield from _attribute(child, "time", f"{place}/phone/@time", "phone_time" if first else None)
            case "address":
                yield from _address(child, f"{place}/address", first=first)
            case "comments":
                yield Cell(f"{place}/comments", "message" if first else None, child.value)
            case "id":
                yield Cell(f"{place}/id", "customer_id" if first else None, child.value)
            case _:
                yield from () if child.name.startswith("@") else _rest(child, f"{place}/{child.name}")


def _address(node: Node, place: str, *, first: bool) -> Iterator[Cell]:
    streets = [child.value.strip() for child in node.children if child.name in ("street", "apartment")]
    yield Cell(
        f"{place}/street", "street" if first else None, ", ".join(street for street in streets if street)
    )
    known = dict(ADDRESS)
    for child in node.children:
        if child.name in known:
            yield Cell(f"{place}/{child.name}", known[child.name] if first else None, child.value)
    yield from _attribute(node, "type", f"{place}/@type", None)


def _company(node: Node) -> Iterator[Cell]:
    """The vendor and the provider have their name under a key; how they are reached is kept, but is nobody's lead."""
    name = node.child("vendorname" if node.name == "vendor" else "name")
    if name is not None:
        yield Cell(f"{node.name}/name", "vendor" if node.name == "vendor" else "source", name.value)
    for child in node.children:
        if child is not name:
            yield from _rest(child, f"{node.name}/{child.name}")


def _rest(node: Node, place: str) -> Iterator[Cell]:
    """Whatever has no key, with its path."""
    if node.value.strip():
        yield Cell(place, None, node.value)
    for child in node.children:
        yield from _rest(child, f"{place}/{child.name}")
