"""What the lines of a signature say: name, job title, company, numbers, addresses. One piece at a time, by tables.

Nothing is guessed: a number counts with a label, with its country's code or alone on its line; a title by a word of
the tables; a company by its legal form or because the mail domain says the same; a postal address by its postcode.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from parsers.addresses import ADDRESS
from parsers.form_labels import fold
from parsers.locale_people import (
    BEFORE_NAMES,
    COMPANY,
    COMPANY_INSIDE,
    DEGREES,
    LABELS,
    REGISTERS,
    SOCIAL,
    TITLES,
)

LONGEST = 160  # characters of a line of a signature
NAME = 50
PHONES = 5

_PIECES = re.compile(r"\s*[|•·∙●▪◆]\s*|\t+|\s{3,}|\s+[–—/-]\s+")
_NUMBER = re.compile(r"(?<![\w/.@-])\+?\(?\d[\d ()/.–-]{4,24}\d(?![\w@])")
_WEB = re.compile(r"(?:https?://|www\.)[^\s<>|,;()]{3,200}", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9-]{2,60}(?:\.[a-z0-9-]{2,60}){1,3}$", re.IGNORECASE)
_POSTCODE = re.compile(
    r"(?:^|[\s,])(?:(?:[A-Z]{1,2}-)?(?:\d{5}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4}) +[^\W\d]"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?:$|[\s,])|[A-Z]{2} \d{5}(?:-\d{4})?(?:$|[\s,]))"
)
_NUMBERS = re.compile(r"\b\d[\d -]*")
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’-]{0,30}$")
_DIGIT = re.compile(r"\d")
_BRACKETS = re.compile(r"\s*\([^()]{0,40}\)")
_SPACES = re.compile(r"\s+")
PARTICLES = frozenset(
    "de del della di da do dos das du le la van von der den ter ten zu zur vom af al el bin y e i".split()
)
TRADES = (
    "leiter", "leiterin", "leitung", "manager", "managerin", "berater", "beraterin", "ingenieur", "ingenieurin", "chef",
    "chefin", "direktor", "direktorin", "inhaber", "inhaberin", "führer", "führerin", "meister", "meisterin",
)  # fmt: skip


@dataclass(slots=True)
class Found:
    """What was found so far."""

    name: str | None = None
    job_title: str | None = None
    company: str | None = None
    emails: list[str] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)  # kind and number
    website: str | None = None
    address: str | None = None
    lines: list[str] = field(default_factory=list)

    def says_something(self) -> bool:
        """Whether there is more than a name."""
        return bool(self.phones or self.company or self.job_title or self.website or self.address)


@cache
def _labels() -> Mapping[str, str]:
    return {fold(word): kind for kind, words in LABELS.items() for word in words.split("|")}


@cache
def _titles() -> tuple[frozenset[str], dict[str, list[str]]]:
    """Words of titles, and titles of several words by the first of them."""
    words = {fold(word) for row in TITLES.values() for word in row.split("|")}
    several: dict[str, list[str]] = {}
    for word in words:
        if " " in word:
            several.setdefault(word.partition(" ")[0], []).append(f" {word} ")
    return frozenset(word for word in words if " " not in word), several


@cache
def _forms() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """The legal forms: as one word, as the end of a name where they are more, and those that stand inside one."""
    forms = {fold(form) for row in COMPANY.values() for form in row.split("|")}
    single = frozenset(form for form in forms if " " not in form)
    return single, tuple(f" {form}" for form in forms - single), frozenset(COMPANY_INSIDE.split("|"))


@cache
def _before_names() -> tuple[str, ...]:
    return tuple(f"{before} " for before in BEFORE_NAMES.split("|"))


@cache
def _set(row: str) -> frozenset[str]:
    return frozenset(fold(word) for word in row.split("|"))


def read(lines: Sequence[str], domain: str) -> Found:
    """What the lines of a signature say. `domain` is the name of the sender's mail domain without its ending."""
    found = Found()
    street = ""
    for line in lines:
        plain = line.strip(" *_>\t\r")
        if not plain or len(plain) > LONGEST:
            street = ""
            continue
        before = _state(found)
        pieces = _PIECES.split(plain)
        if len(pieces) == 1 and "," not in plain and is_company(plain, domain):
            found.company = found.company or plain
        else:
            for piece in _apart(pieces):
                street = _piece(piece, found, domain, street)
        if _state(found) != before:
            found.lines.append(plain)
    return found


def _state(found: Found) -> tuple[object, ...]:
    return (
        found.name, found.job_title, found.company, found.website, found.address, len(found.emails), len(found.phones),
    )  # fmt: skip


def _apart(pieces: Sequence[str]) -> list[str]:
    """The pieces of a line, by bars, dots and tabs as given, also by a comma behind a name or a title."""
    out: list[str] = []
    for whole in pieces:
        piece = whole.strip(" ,;")
        head, comma, tail = piece.partition(", ")
        if comma and (
            is_company(head, "") or is_title(head) or is_title(tail) or fold(tail) in _set(DEGREES)
        ):
            out.extend((head, tail))
        else:
            out.append(piece)
    return [piece for piece in out if piece]


def _piece(piece: str, found: Found, domain: str, street: str) -> str:
    """Put one piece where it belongs; the street, where it may be one."""
    label, value = _labelled(piece)
    first, _, more = fold(piece).partition(" ")
    if label in _set(REGISTERS) or (more and first in _set(REGISTERS)):
        return ""
    kind = _labels().get(label)
    numbered = _numbered(piece)
    if "@" in piece and (addresses := ADDRESS.findall(piece)):
        found.emails.extend(one.rstrip(".") for one in addresses[:3])
        return ""
    bare = (
        "." in value
        and _DOMAIN.match(value)
        and (kind == "website" or (domain and domain in value.casefold().split(".")[:-1]))
    )
    if (web := _WEB.search(piece) if "." in piece or "/" in piece else None) or bare:
        target = (web[0] if web else value).rstrip("/.:")
        if not any(host in target.lower() for host in SOCIAL.split("|")):
            found.website = found.website or target
        return ""
    if numbered and not found.address and _POSTCODE.search(value if kind == "address" else piece):
        place = value if kind == "address" else piece
        whole = len(_NUMBERS.findall(place)) > 1  # of a house and of the town
        found.address = f"{street}, {place}" if street and not whole else place
        return ""
    if numbered and _phones(piece, found):
        return ""
    if kind == "company":
        found.company = found.company or value
    elif kind == "title":
        found.job_title = found.job_title or value
    elif is_company(piece, domain):
        found.company = found.company or piece
    elif is_title(piece):
        found.job_title = found.job_title or piece
    elif numbered and len(piece) <= 60:
        return value if kind == "address" else piece
    elif not found.says_something() and (name := person(piece)) and _is_more(name, found.name):
        found.name = name
    return ""


def _numbered(text: str) -> bool:
    return _DIGIT.search(text) is not None or (not text.isascii() and any(char.isdigit() for char in text))


def _is_more(name: str, before: str | None) -> bool:
    """Whether a name is the first one, or the whole of it (Anna, and below it Anna Weiß)."""
    return before is None or fold(before) in fold(name).split()


def _labelled(piece: str) -> tuple[str, str]:
    head, colon, tail = piece.partition(":")
    if colon and len(head) <= 30:
        return fold(head), tail.strip()
    return "", piece


def _phones(piece: str, found: Found) -> bool:
    """Take the numbers of a piece, each with the label before it."""
    start, taken = 0, False
    for match in _NUMBER.finditer(piece[:LONGEST]):
        label = fold(piece[start : match.start()])
        start = match.end()
        number = _SPACES.sub(" ", match[0]).strip(" -–/.")
        digits = sum(char.isdigit() for char in number)
        kind = _labels().get(label) or _labels().get(label.rsplit(" ", 1)[-1] if label else "")
        if label == "" and (
            number[0] == "+" or (number[0] in "0(" and match.span() == (0, len(piece)) and digits >= 7)
        ):
            kind = "phone"
        if kind in ("phone", "mobile", "fax") and 6 <= digits <= 16 and len(found.phones) < PHONES:
            taken = True
            if all(number != other for _, other in found.phones):
                found.phones.append((kind, number))
    return taken


def e164(number: str) -> str | None:
    """The number as E.164, where it is written with its country's code and can be one; None elsewhere."""
    international = f"+{number[2:]}" if number.startswith("00") else number
    if not international.startswith("+"):
        return None
    import phonenumbers  # 0.1 s, needed by few mails

    try:
        parsed = phonenumbers.parse(international, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def is_company(text: str, domain: str) -> bool:
    """Whether a piece is the name of a company: by its legal form, or because the mail domain is called the same."""
    if len(text) > 80 or "@" in text or "://" in text:
        return False
    words = text.split()
    if not 1 <= len(words) <= 10:
        return False
    folded = fold(text)
    if domain and len(domain) > 2 and folded.replace(" ", "") in (domain, domain.replace("-", "")):
        return True
    if len(words) < 2:
        return False
    single, several, inside = _forms()
    last = words[-1].strip(".,()")
    written = last[:1].isupper() or "." in words[-1]
    if written and (folded.rsplit(" ", 1)[-1] in single or folded.endswith(several)):
        return True
    return words[0][:1].isupper() and any(word.strip("(),").casefold() in inside for word in words)


def is_title(text: str) -> bool:
    """Whether a piece says what somebody does."""
    if len(text) > 80 or text[-1:] in ".!?:" or _numbered(text):
        return False
    folded = fold(text)
    words = folded.split()
    if not 1 <= len(words) <= 8:
        return False
    single, several = _titles()
    return (
        not single.isdisjoint(words)
        or any(phrase in f" {folded} " for word in words if word in several for phrase in several[word])
        or any(word.endswith(TRADES) for word in words)
    )


def name_in(line: str) -> str | None:
    """The name a line begins with."""
    return next((person(piece.split(",")[0]) for piece in _PIECES.split(line.strip(" *_>\t")) if piece), None)


def person(text: str) -> str | None:
    """The name of a person that a piece is, without what stands before and behind it; None where it is none."""
    name = (_BRACKETS.sub("", text) if "(" in text else text).strip(" ,.*_-–")
    for before in _before_names():
        if name[: len(before)].casefold() == before:
            name = name[len(before) :].strip()
    words = name.split()
    if not 1 <= len(words) <= 6 or len(name) > NAME:
        return None
    plain = [word for word in words if fold(word) not in _set(DEGREES)]
    if not plain or not all(_NAME_WORD.match(word) for word in plain):
        return None
    if not all(word[0].isupper() or word in PARTICLES for word in plain) or not plain[-1][0].isupper():
        return None
    return None if is_title(name) or is_company(name, "") else name
