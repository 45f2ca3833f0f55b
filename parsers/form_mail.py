"""Label/value pairs of form notification mails (product page, section 3: contact-form notification mail).

Rows of all the shapes form plugins write: `Label: value`, `Label<tab>value` (a table row), a label on its own line
with the value below, several lines of value, list items of checkboxes, empty values. Labels known in `locale_forms`
come under their canonical key, others as written. The value of `message` goes on over blank lines until the next
label or the footer.

What is not a form is not taken for one: the rows must stand at the head of the text and say both who and how to be
reached (or what is wanted) and be most of the text, or the mail must say itself that a form was filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from parsers import addresses
from parsers.addresses import ADDRESS
from parsers.locale_forms import FOOTERS, FROM, HINTS, KEYS, LONG, REACHED, SAID, WHO, WHOLE_OR_HALF, WORDS
from parsers.message import Message

LINES = 600
LABEL = 60
VALUE = 20_000
FIELDS = 150
INTRODUCTION = 8  # lines of text that may stand before the first row
PROSE = 160  # characters: longer lines weigh more against a form than short ones
COVER = 0.6  # of the lines must be rows where nothing else says it is a form

_ENDING = re.compile(
    r"[\s:：*?!]+$|\s*\((?:required|optional|erforderlich|pflichtfeld|obligatoire|obligatorio|requis|verplicht)\)\s*$"
)
_YOUR = re.compile(
    r"(?:your|ihre?|deine?|votre|vos|tu|su|il tuo|la tua|il suo|uw|je|seu|sua|din|ditt|the|my|enter) "
)
_SEPARATOR = re.compile(r"[-_=*~•·–—\s]{3,}$")
_BULLET = re.compile(r"(?:[-*•·✓✔☑]|\[x\])\s+")
_CLOCK = re.compile(r"\d{1,2}$")
_SCHEMES = ("http", "https", "mailto", "tel", "ftp")


@dataclass(slots=True)
class _Row:
    label: str
    key: str | None
    values: list[str] = field(default_factory=list)


@cache
def _keys() -> dict[str, str]:
    table: dict[str, str] = {}
    for key, forms in KEYS.items():
        for form in forms.split("|"):
            table.setdefault(fold(form), key)
        table.setdefault(fold(key), key)
    return table


@cache
def _hints() -> tuple[str, ...]:
    return tuple(HINTS.split("|"))


@cache
def _footers() -> tuple[str, ...]:
    return tuple(FOOTERS.split("|"))


def fold(label: str) -> str:
    """A label as the table keys it."""
    text = label.casefold().replace("_", " ").replace("’", "'").strip(" \t*•·>[]\"'#")
    for _ in range(2):
        text = _ENDING.sub("", text)
    return " ".join(
        text.replace("-", " ").replace("/", " ").replace(".", " ").replace(",", " ").replace("&", " ").split()
    )


def canonical(label: str) -> str | None:
    """The canonical key of a form label, in any language of the tables; None where it is not known."""
    folded = fold(label)
    found = _keys().get(folded)
    if found is None and (polite := _YOUR.match(folded)):
        found = _keys().get(folded[polite.end() :])
    return found


@cache
def _words() -> dict[str, str]:
    return {word: key for key, forms in WORDS.items() for word in forms.split("|")}


def _by_word(label: str, value: str) -> str | None:
    """The key a word of an unknown label gives away, where the value bears it out."""
    words = fold(label).split()
    for word in words if value and len(words) <= 10 else ():
        key = _words().get(word)
        if key == "email":
            return key if "@" in value else None
        if key == "phone":
            return key if sum(char.isdigit() for char in value) >= 5 else None
        if key:
            return key
    return None


def read(message: Message) -> Mapping[str, str]:
    """The fields of a form notification; empty for any other mail."""
    if message.automatic in ("bounce", "auto-reply", "delivery-notice", "feedback-report"):
        return {}
    text = message.forwarded.text if message.forwarded else message.reply
    subject = (message.forwarded.subject if message.forwarded else message.subject) or ""
    if "\n" not in text:
        return {}
    lines = [line.strip() for line in text.split("\n", LINES)[:LINES]]
    shown = f"{subject}\n{chr(10).join(lines[:12])[:1_500]}\n{message.text[-600:]}".casefold()
    said = any(word in shown for word in _hints())
    if said and (enquiry := _enquiry(lines)):
        return enquiry
    rows, taken, before = _rows(lines, said)
    if not _is_form(rows, taken, before, said):
        return {}
    return _fields(rows)


def _enquiry(lines: list[str]) -> dict[str, str] | None:
    """Joomla's way: "This is an enquiry email via … from:", the sender on the next line, then the text."""
    filled = [index for index, line in enumerate(lines) if line]
    for place, index in enumerate(filled[:4]):
        words = lines[index].rstrip(": ").casefold().split()
        if (
            not lines[index].endswith(":")
            or len(words) < 4
            or words[-1] not in FROM.split("|")
            or place + 1 >= len(filled)
        ):
            continue
        sender = addresses.read_one(lines[filled[place + 1]])
        rest = "\n".join(lines[filled[place + 1] + 1 :]).strip()
        if sender is not None and sender.address and rest:
            found = {"name": sender.name or "", "email": sender.address, "message": rest[:VALUE]}
            return {key: value for key, value in found.items() if value}
    return None


def _rows(lines: list[str], said: bool) -> tuple[list[_Row], int, int]:
    """The rows, how many filled lines they cover, and how many filled lines stand before the first."""
    rows: list[_Row] = []
    taken = before = 0
    blank = False
    for index, line in enumerate(lines):
        if not line:
            blank = True
            continue
        if rows and line.casefold().startswith(_footers()):
            break
        found = _label(lines, index, said, rows[-1] if rows else None)
        if found is not None and len(rows) < FIELDS:
            label, value = found
            rows.append(_Row(label, canonical(label), [value] if value else []))
            if said and not rows[-1].key and fold(label) in FROM.split("|") and "@" in value:
                rows[-1].key = "from"
            if rows[-1].key is None and len(value) > PROSE:
                before += 1 + len(value) // PROSE
            else:
                taken += 1
        elif rows and not _SEPARATOR.match(line):
            row = rows[-1]
            long = row.key in LONG or not row.values or not blank
            if long and not (blank and row.values and row.key not in LONG):
                if blank and row.values:
                    row.values.append("")
                row.values.append(line)
                taken += 1
            else:
                before += 1 + len(line) // PROSE
        elif not rows:
            before += 1 + len(line) // PROSE
        blank = False
    return rows, taken, before


def _label(lines: list[str], index: int, said: bool, last: _Row | None) -> tuple[str, str] | None:
    """The label and the value of a line, where it has a label."""
    line = lines[index]
    in_message = last is not None and last.key in LONG
    head, tab, tail = line.partition("\t")
    if tab and len(head) <= LABEL and head.strip():
        known = canonical(head)
        if known or not in_message:
            return head.strip(" *:："), tail.strip(" \t*")
    at = min(
        (place for place in (line.find(":", 0, LABEL), line.find("：", 0, LABEL)) if place > 0), default=-1
    )
    if at > 0:
        label, value = line[:at].strip(" *\t"), line[at + 1 :].strip(" *\t")
        if (
            not label
            or label.casefold() in _SCHEMES
            or value.startswith("//")
            or (_CLOCK.search(label) and value[:1].isdigit())
        ):
            return None
        known = canonical(label)
        if known or (not in_message and len(label.split()) <= 8 and not label.endswith((".", ","))):
            return label, value
        return None
    if len(line) <= LABEL and not in_message:
        known = canonical(line)
        alone = index + 1 < len(lines) and (line.startswith("*") or line.endswith("?") or said)
        if known and alone and last is not None and not last.values and last.key != known:
            return None if not said else (line.strip(" *"), "")
        if known and alone:
            return line.strip(" *"), ""
        bare = line.strip(" *")
        if said and bare.endswith("?") and bare[:1].isupper():
            return bare, ""
    return _without_colon(line) if said and not in_message else None


def _without_colon(line: str) -> tuple[str, str] | None:
    """Wix's way: `Name Anna`, `Email anna@…`."""
    words = line.split(" ")
    for count in (3, 2, 1):
        label, value = " ".join(words[:count]), " ".join(words[count:]).strip()
        key = canonical(label) if len(label) <= LABEL else None
        if (
            value
            and label[:1].isupper()
            and key in ("name", "first_name", "last_name", "email", "phone", "subject", "message", "company")
        ):
            return (label, value) if key != "email" or "@" in value else None
    return None


def _is_form(rows: list[_Row], taken: int, before: int, said: bool) -> bool:
    for row in rows:
        row.key = row.key or _by_word(row.label, " ".join(row.values))
    keys = {row.key for row in rows if row.key and (row.values or said)}
    if "from" in keys:
        keys |= {"email"}
    who, reached, wanted = keys & set(WHO), keys & set(REACHED), keys & set(SAID)
    if said:
        return bool(reached and (who or wanted)) or (bool(who) and bool(wanted) and len(rows) >= 3)
    if not reached or not (who or "message" in keys) or len(rows) < 3:
        return False
    return before <= INTRODUCTION and taken >= COVER * (taken + before) and bool(wanted or len(keys) >= 4)


def _fields(rows: list[_Row]) -> dict[str, str]:
    fields: dict[str, str] = {}
    have = {row.key for row in rows if fold(row.label) not in WHOLE_OR_HALF}
    for row in rows:
        if (half := WHOLE_OR_HALF.get(fold(row.label))) and row.key in ("name", "first_name", "last_name"):
            other = "first_name" if half == "last_name" else "last_name"
            row.key = half if other in have else "name"
        if row.key == "from" and (sender := addresses.read_one(" ".join(row.values))):
            fields.setdefault("name", sender.name or "")
            fields.setdefault("email", sender.address or "")
            continue
        value = _value(row)
        if not value:
            continue
        if row.key == "address" and value.startswith("http"):  # Wix says "Via:", which is a street in Italian
            row.key = "page_url"
        key = row.key or row.label
        if key in fields and row.key and row.label.casefold() != row.key:
            key = row.label
        if key in fields:
            fields[key] = (
                f"{fields[key]}, {value}"
                if value not in fields[key] and len(fields[key]) < VALUE
                else fields[key]
            )
        else:
            fields[key] = value
    return {key: value for key, value in fields.items() if value}


def _value(row: _Row) -> str:
    values = row.values
    while values and (not values[-1] or _SEPARATOR.match(values[-1])):
        values = values[:-1]
    if len(values) > 1 and all(_BULLET.match(value) for value in values):
        return ", ".join(_BULLET.sub("", value, count=1) for value in values)[:VALUE]
    value = "\n".join(values).strip()[:VALUE]
    if row.key == "email" and (found := ADDRESS.search(value)):
        return found[0].rstrip(".")
    if row.key in ("phone", "url", "fax") and "<" in value:
        value = value.split("<", 1)[0].strip() or value
    return value
