"""What a field of a form is called and what it says (product page, section 3: fields are recognised by name and
label).

`canonical` takes a label in any language of the tables, or the name a form plugin gives its field (`your-email`,
`firstName`, `et_pb_contact_email_0`, `form_fields[phone]`). `collect` makes the contract's `fields` of rows of labels
and values: nothing overwrites, nothing is invented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from parsers import addresses
from parsers.addresses import ADDRESS
from parsers.locale_forms import EMPTY, FROM, KEYS, WEAK_MESSAGE, WHOLE_OR_HALF, WORDS

VALUE = 20_000
# What may stand in a longer question: what is your …?
ASKED = frozenset(
    ("name", "first_name", "last_name", "email", "phone", "mobile", "message", "budget", "city", "postcode")
)

_REMARK = re.compile(
    r"\s*[(\[](?:required|optional|erforderlich|pflichtfeld|pflicht|freiwillig|obligatoire|facultatif|obligatorio"
    r"|obbligatorio|facoltativo|opcional|requis|verplicht|optioneel|obrigatorio|obrigatório|wymagane|\*)[)\]]\s*$"
)
_YOUR = re.compile(
    r"(?:your|user|visitor|customer|client|contact|sender|lead|ihre?n?|ihr|deine?|votre|vos|tu|su|il tuo|la tua|il suo"
    r"|la sua|uw|je|jouw|seu|sua|o seu|a sua|din|ditt|twoj[ea]?|the|my|enter|please enter|bitte|kunde[n]?) "
)
_WHOSE = frozenset(
    "your ihr ihre ihren dein deine deinen votre vos ton ta tu su tuo tua suo uw je jouw seu sua twoj twoja"
    " twoje".split()
)
_NAMED = re.compile(
    r"(?:et pb contact|wpcf7|wpforms|field|fields|form|form fields|input|data|contact|frm|ff|nf|item meta) "
)
_INNER = re.compile(r"\[([^\[\]]{1,60})\]\s*$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLAIN = str.maketrans(dict.fromkeys("-_/.,&+|", " "))
_ASIDE = re.compile(r"\s*\([^()]{1,60}\)[\s:*]*$")
_EDGES = " \t¿¡:：*?!>•·\"'#[]()<>{}=~"
_BULLET = re.compile(r"(?:[-*•·–✓✔☑●▪]|\[x\])\s+")
_BOX = re.compile(r"\[[ xX✓✔]\] ")
_RULE = re.compile(r"[-_=*~•·–—+|#\s]{3,}$")
_TOWN = re.compile(r"((?:[A-Z]{1,3}-)?\d[\w-]*(?: (?:[A-Z]{2}|\d[A-Z]{2}|\d{2,3})(?= ))?)[ ,/]+([^\W\d].*)$")
_TOWN_LAST = re.compile(r"([^\W\d][^\d]*?)[ ,/]+((?:[A-Z]{1,3}-)?\d[\w -]*)$")
_DIGITS = re.compile(r"\d")


@dataclass(slots=True)
class Row:
    """A label, the key it is known under (None where it is not), and the lines of its value."""

    label: str
    key: str | None
    values: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The lines of the value as one text."""
        return "\n".join(self.values).strip()


def fold(label: str) -> str:
    """A label as the tables key it."""
    text = label.casefold().replace("’", "'")
    if "(" in label or "[" in label:
        text = _REMARK.sub("", text.rstrip(" \t:：*?!"))
    text = text.strip(_EDGES)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
        text = text.lstrip("".join(char for char in text[:4] if not char.isalnum()))
    return " ".join(text.translate(_PLAIN).split()).strip(_EDGES)


@cache
def _keys() -> dict[str, str]:
    table: dict[str, str] = {}
    for key, forms in KEYS.items():
        for form in forms.split("|"):
            table.setdefault(fold(form), key)
        table.setdefault(fold(key), key)
    return table


@cache
def _words() -> dict[str, str]:
    return {word: key for key, forms in WORDS.items() for word in forms.split("|")}


@cache
def _set(forms: str) -> frozenset[str]:
    return frozenset(fold(form) for form in forms.split("|"))


@cache
def _empty() -> frozenset[str]:
    return frozenset(EMPTY.split("|"))


def canonical(label: str) -> str | None:
    """The canonical key of a form label, in any language of the tables; None where it is not known."""
    if len(label) > 200:
        return None
    table, folded = _keys(), fold(label)
    if found := table.get(folded):
        return found
    if not folded:
        return None
    if "(" in label and (aside := _ASIDE.search(label)) and aside.start():
        return canonical(label[: aside.start()])
    if "[" in label and (inner := _INNER.search(label)):
        return canonical(inner[1])
    if "/" in label and (both := _agreed(label.split("/", 3))):
        return both
    if folded[-1].isdigit() and (found := table.get(folded.rstrip("0123456789 "))) in (
        "name",
        "email",
        "phone",
        "message",
    ):
        return found
    if _CAMEL.search(label) and (found := table.get(fold(_CAMEL.sub(" ", label)))):
        return found
    if " " not in folded:
        return None
    if asked := _asked(folded):
        found = table.get(asked.strip(_EDGES))
        return found if found in ASKED else None
    for prefix in (_NAMED, _YOUR):
        if polite := prefix.match(folded):
            rest = folded[polite.end() :].rstrip("0123456789 ")
            if found := table.get(rest):
                return found
    return None


def _asked(folded: str) -> str | None:
    """What a longer question asks for: the words behind "what is your", if that is not too long."""
    words = folded.split(" ")
    at = next((at for at in range(1, len(words) - 1) if words[at] in _WHOSE), None)
    return " ".join(words[at + 1 :]) if at and len(" ".join(words[:at])) <= 60 else None


def _agreed(labels: Sequence[str]) -> str | None:
    """The key that the labels of several languages, or of one thing, mean."""
    keys = {key for label in labels if label.strip() and (key := canonical(label))}
    for key, others in (("phone", {"phone", "mobile"}), ("name", {"name", "first_name", "last_name"})):
        if keys and keys <= others and (len(keys) > 1 or key in keys):
            return key
    return keys.pop() if len(keys) == 1 and all(canonical(label) for label in labels) else None


def is_from(label: str) -> bool:
    """Whether a label is `From`, in any language: of Contact Form 7's first line."""
    return fold(label) in _set(FROM)


def by_word(label: str, value: str) -> str | None:
    """The key a word of an unknown label gives away, where the value bears it out."""
    words = fold(label).split()
    for place, word in enumerate(words if value and len(words) <= 10 else ()):
        key = _words().get(word)
        last = place == len(words) - 1
        if (key == "company" and (not last or place > 3)) or (key == "message" and not last and place):
            continue
        if key and bears_out(key, value):
            return key
    return None


def bears_out(key: str, value: str) -> bool:
    """Whether a value can be what its key says, for the keys whose values have a form."""
    if key == "email":
        return "@" in value
    if key in ("phone", "mobile"):
        return 5 <= len(_DIGITS.findall(value[:80])) <= 20
    if key == "url":
        return "." in value
    return True


def is_rule(line: str) -> bool:
    """A line of nothing but dashes, stars, …"""
    return bool(line) and not line[0].isalnum() and bool(_RULE.match(line[:200]))


def collect(rows: Sequence[Row]) -> dict[str, str]:
    """The fields: canonical keys where one is known, other labels as written."""
    _settle(rows)
    fields: dict[str, str] = {}
    labels: dict[str, str] = {}  # under which label a key was filled
    for row in rows:
        if row.key == "from":
            _sender(row, fields)
            continue
        value = _value(row)
        if not value or value.casefold() in _empty():
            continue
        for key, text in _named(row, value):
            _put(fields, key, row.label, text, first=labels.setdefault(key, row.label))
    if "mobile" in fields and "phone" not in fields:
        fields = {("phone" if key == "mobile" else key): value for key, value in fields.items()}
    return fields


def _settle(rows: Sequence[Row]) -> None:
    """Keys that depend on the other rows: which half a name is, and which of several texts is the message."""
    have = {row.key for row in rows if fold(row.label) not in WHOLE_OR_HALF}
    for row in rows:
        half = WHOLE_OR_HALF.get(fold(row.label))
        if half and row.key in ("name", "first_name", "last_name"):
            row.key = half if ("first_name" if half == "last_name" else "last_name") in have else "name"
    texts = [row for row in rows if row.key == "message" and row.values]
    strong = [row for row in texts if fold(row.label) not in _set(WEAK_MESSAGE)]
    if strong:
        for row in texts:
            if row not in strong:
                row.key = None


def _sender(row: Row, fields: dict[str, str]) -> None:
    """`Anna Weiß <anna@…>`, or `Anna Weiß anna@…`."""
    value = row.value
    sender = addresses.read_one(value)
    name, address = (sender.name, sender.address) if sender else (None, None)
    if address is None and (found := ADDRESS.search(value)):
        name, address = value[: found.start()].strip(" <(,-"), found[0]
    if name:
        fields.setdefault("name", name)
    if address:
        fields.setdefault("email", address)


def _named(row: Row, value: str) -> Iterable[tuple[str, str]]:
    """The keys and values one row gives."""
    if row.key == "postcode_city" and len(value) <= 120:
        if found := _TOWN.match(value):
            return (("postcode", found[1]), ("city", found[2].strip()))
        if found := _TOWN_LAST.match(value):
            return (("city", found[1].strip(" ,/")), ("postcode", found[2].strip()))
        return (("postcode" if value.replace(" ", "").isdigit() else "city", value),)
    if row.key == "street" and value.startswith("http"):  # Wix says "Via:", which is a street in Italian
        return (("page_url", value),)
    if row.key == "email":
        found_all = list(dict.fromkeys(one.rstrip(".") for one in ADDRESS.findall(value[:2_000])))
        if not found_all:
            return ((row.label, value),)
        return tuple(("email", one) for one in found_all[:5])
    if row.key is not None and not bears_out(row.key, value):
        return ((row.label, value),)
    return ((row.key or row.label, value),)


def _put(fields: dict[str, str], key: str, label: str, value: str, *, first: str) -> None:
    """Into the fields; what is there already stays, and the other goes beside it: under its label, with a number
    where that is the label of the first one too."""
    if key not in fields:
        fields[key] = value
        return
    if fields[key].casefold() == value.casefold():
        return
    known = key in KEYS
    if not known and key == label:  # the same question ticked twice
        if value not in fields[key].split(", ") and len(fields[key]) < VALUE:
            fields[key] = f"{fields[key]}, {value}"
        return
    name, number = (f"{label} 2", 2) if label == first else (label, 1)
    while name in fields and number < 20:
        if fields[name] == value:
            return
        number += 1
        name = f"{label} {number}"
    fields.setdefault(name, value)


def _value(row: Row) -> str:
    values = row.values
    while values and (not values[-1].strip() or is_rule(values[-1].strip())):
        values = values[:-1]
    filled = [value for value in values if value]
    if filled and all(_BOX.match(value) for value in filled):
        filled = [value for value in filled if value[1:2] != " "]
        return ", ".join(value[3:].strip() for value in filled)[:VALUE]
    if row.key != "message" and filled and all(_BULLET.match(value) for value in filled):
        return ", ".join(value.split(None, 1)[1] for value in filled)[:VALUE]
    value = "\n".join(values).strip()[:VALUE]
    if row.key in ("phone", "mobile", "url", "fax", "page_url") and "<" in value:
        head, _, link = value.partition("<")
        value = head.strip() or link.strip(" >") or value
    return value
