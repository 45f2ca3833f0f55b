"""What a label of a form means (product page, section 3: fields are recognised by name and label).

`canonical` takes a label in any language of the tables, or the name a form plugin gives its field (`your-email`,
`firstName`, `et_pb_contact_email_0`, `form_fields[phone]`). Several rooms ask about the same label, so the answers
about the last short ones are remembered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from parsers.locale_forms import FROM, KEYS, WORDS

REMEMBERED, ASKED_LATELY = 60, 500  # characters of a label, and labels: several rooms ask about the same one
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
_DIGITS = re.compile(r"\d")


def fold(label: str) -> str:
    """A label as the tables key it."""
    return _folded_once(label) if len(label) <= REMEMBERED else _folded(label)


def _folded(label: str) -> str:
    text = label.casefold().replace("’", "'")
    if "(" in label or "[" in label:
        text = _REMARK.sub("", text.rstrip(" \t:：*?!"))
    text = text.strip(_EDGES)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
        text = text.lstrip("".join(char for char in text[:4] if not char.isalnum()))
    return " ".join(text.translate(_PLAIN).split()).strip(_EDGES)


_folded_once = lru_cache(ASKED_LATELY)(_folded)


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
def folded_set(forms: str) -> frozenset[str]:
    """The forms of a table, folded."""
    return frozenset(fold(form) for form in forms.split("|"))


def canonical(label: str) -> str | None:
    """The canonical key of a form label, in any language of the tables; None where it is not known."""
    return _known_once(label) if len(label) <= REMEMBERED else _known(label)


def _known(label: str) -> str | None:
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


_known_once = lru_cache(ASKED_LATELY)(_known)


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
    return fold(label) in folded_set(FROM)


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
