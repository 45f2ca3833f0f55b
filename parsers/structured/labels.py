"""A label of a column or a path of a tree -> the canonical key it stands for.

The tables of `locale_leads` first, then those of form notifications. A label may name whose value it is (`Kunde
E-Mail`, `contact_phone`, `customer.name`): people who ask are looked through; agents, dealers, vendors, vehicles,
houses and campaigns have names and numbers of their own, which are not the lead's. What stands below anything else is
unsure: it counts only where it cannot mean much else, and no better one is there.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from parsers import form_labels
from parsers.locale_leads import ABOUT, JOINED, KEYS, LATER, OTHERS, PEOPLE, SENDERS, STRUCTURE, VALUES

OF_PEOPLE = frozenset(("email", "phone", "mobile", "name", "first_name", "last_name", "company", "message"))
UNMISTAKABLE = frozenset(("email", "phone", "mobile", "first_name", "last_name", "postcode", "city"))
"""Keys that are believed below a name nothing is known of; a `name` there may be that of anything."""
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÄÖÜ])")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,40}[)\]]\s*$")
_TRAILING_NUMBER = re.compile(r"\s*#?\d{1,2}$")


@lru_cache(maxsize=4_096)
def fold(label: str) -> str:
    """A label as the tables key it; `firstName` is `first name`."""
    return form_labels.fold(_CAMEL.sub(" ", label[:100]))


@cache
def _table() -> dict[str, str]:
    return {fold(form): key for key, forms in KEYS.items() for form in forms.split("|")}


@cache
def _words(kind: str) -> frozenset[str]:
    tables = {
        "people": PEOPLE, "senders": SENDERS, "others": OTHERS, "structure": STRUCTURE, "later": LATER,
        "about": ABOUT, "values": VALUES,
    }  # fmt: skip
    return frozenset(fold(word) for word in tables[kind].split("|"))


@lru_cache(maxsize=4_096)
def known(label: str) -> str | None:
    """The canonical key of a label that stands by itself, as of a column."""
    folded = fold(label)
    if not folded or len(folded) > 60:
        return None
    for form in (folded, fold(_BRACKETS.sub("", label[:100])), _TRAILING_NUMBER.sub("", folded)):
        if (found := _exact(form)) is not None:
            return found
    words = folded.split()
    if len(words) < 2:
        return None
    if words[0] in _words("people") and (found := _exact(" ".join(words[1:]))) is not None:
        return found
    if words[-1] in _words("later") and (found := _exact(" ".join(words[:-1]))) is not None:
        return found
    return None


def _exact(folded: str) -> str | None:
    return _table().get(folded) or form_labels.canonical(folded)


@cache
def _joined() -> dict[str, str]:
    return {fold(form): key for key, forms in JOINED.items() for form in forms.split("|")}


def apart(name: str) -> bool:
    """Whether what stands below such a name belongs to somebody or something else than the lead."""
    return somebody_else(name) or fold(name.lstrip("@")) in _words("about")


def key_of(path: tuple[str, ...]) -> tuple[str | None, bool]:
    """The key of a path of names, and whether it is sure. Names of places in an array ("") say nothing."""
    names = tuple(name.lstrip("@") for name in path if name)
    if not names:
        return None, True
    last, parents = names[-1], names[:-1]
    if parents and fold(last) in _words("values"):  # {"email": {"value": …}}
        return key_of(parents)
    whose = _whose(parents)
    if whose == "other":
        return _about(parents, last), True
    if parents:
        both = f"{fold(parents[-1])} {fold(last)}"
        if (found := _joined().get(both)) is not None:
            return found, whose != "sender"
    key = known(last)
    if key is None or whose == "lead":
        return key, True
    if known(parents[-1]) in ("address", "name", "company"):
        return key, whose != "sender"
    return (key if whose == "sender" or key in UNMISTAKABLE else None), False


def _whose(parents: tuple[str, ...]) -> str:
    """Whose a path is: the lead's, the data's sender's, another's, or unknown.

    Agents and vendors keep all that is below them; for the rest the nearest name that tells counts.
    """
    if any(somebody_else(parent) for parent in parents):
        return "other"
    for parent in reversed(parents):
        folded = fold(parent)
        if folded in _words("senders"):
            return "sender"
        if folded in _words("people"):
            return "lead"
        if folded in _words("about"):
            return "other"
        if folded not in _words("structure"):
            return "unknown"
    return "lead"


def somebody_else(name: str) -> bool:
    """Whether such a name is of an agent, a vendor, a campaign: never of a lead."""
    return fold(name.lstrip("@")) in _words("others")


def person(name: str) -> bool:
    """Whether what stands below such a name is a person who asks."""
    return fold(name.lstrip("@")) in _words("people")


def _about(parents: tuple[str, ...], last: str) -> str | None:
    """The keys of what the lead is about: a vehicle's make and model."""
    if any(fold(parent) in _words("about") for parent in parents):
        key = _joined().get(f"{fold(parents[-1])} {fold(last)}") or _table().get(fold(last))
        if key is not None and (
            key.startswith("vehicle") or key in ("amount", "currency", "object_id", "product")
        ):
            return key
    return None
