"""Who wrote a mail, as its signature says: name, job title, company, numbers, website, address.

Only when sure. The lines come from below a delimiter (`signature`), from below a closing formula with a name, or from
below the sender's whole name on a line of its own (`name`); they never come from quoted text, automatic mail or a
form. They are the sender's if they name the sender or the sender's address, or, for an address without a person
(info@, a company's name), if a closing and a name stand above them. A forward's are those of the original sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from parsers import contact_lines, reply, textlines
from parsers.boundaries import Boundaries
from parsers.contact_lines import Found
from parsers.form_labels import fold
from parsers.locale_disclaimers import OPENINGS
from parsers.locale_people import BELOW
from parsers.message import Mailbox, Message
from parsers.person import Contact, Phone
from parsers.phrases import closings, first_words

BLOCK = 20  # filled lines of a signature
LONGEST = 100_000  # characters of a forwarded mail that is looked through for its newest text
REMEMBERED = 500  # signatures
REACH = 32  # filled lines from the end in which a closing is looked for
FREE = frozenset(
    "gmail googlemail gmx web outlook hotmail live yahoo icloud me aol t-online freenet mail posteo orange free wanadoo"
    " laposte libero virgilio alice tin hetnet ziggo kpnmail sapo uol bol terra wp o2 onet"
    " interia proton protonmail".split()
)  # fmt: skip
_IMPERSONAL = frozenset(
    "info office kontakt contact sales vertrieb einkauf mail team service support hello hallo anfrage buero kanzlei"
    " praxis admin verwaltung post bestellung order orders contacto contato comercial"
    " ventas vendas geral ufficio".split()
)  # fmt: skip


def read(message: Message) -> Contact | None:
    """What the signature says; None where there is none, or none that is surely the sender's.

    Not to be asked of a form, whose fields say who wrote.
    """
    if message.automatic is not None:
        return None
    if forwarded := message.forwarded:
        if len(forwarded.text) > LONGEST:
            return None
        lines = textlines.read(forwarded.text)
        text, cut = reply.newest(lines, Boundaries(lines), None)
        return _contact(text, cut, forwarded.sender)
    return _contact(message.reply, message.signature, message.sender)


def _contact(text: str, signature: str | None, sender: Mailbox | None) -> Contact | None:
    if sender is None:
        return None
    lines = text.rsplit("\n", REACH * 2)[-REACH * 2 :]
    closed = _below_closing(lines)
    blocks: list[tuple[str, list[str]]] = []
    if signature:
        blocks.append(("signature", signature.split("\n", BLOCK * 2)))
    blocks.extend(block for block in (closed, _below_name(lines, sender.name or "")) if block)
    for found_by, block in blocks:
        kept = _until_disclaimer(block)
        found = _said("\n".join(kept), _domain(sender))
        if found.name is None and closed is not None:
            found = replace(
                found, name=contact_lines.name_in(next(line for line in closed[1] if line.strip()))
            )
        if found.says_something() and _is_senders(found, sender, closed=found_by != "signature"):
            return Contact(
                sender.address,
                found_by,
                found.name,
                found.job_title,
                found.company,
                found.emails[0] if found.emails else None,
                tuple(Phone(kind, number, contact_lines.e164(number)) for kind, number in found.phones),
                found.website,
                found.address,
                tuple(found.lines),
            )
    return None


@lru_cache(REMEMBERED)
def _said(block: str, domain: str) -> Found:
    """What the lines of a signature say. Nobody changes what this gives: most people's is the same in each mail."""
    return contact_lines.read(block.split("\n"), domain)


def _below_closing(lines: Sequence[str]) -> tuple[str, list[str]] | None:
    """The last closing formula, and the lines below it, which begin with a name."""
    filled = 0
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        filled += bool(line)
        if filled > REACH:
            return None
        if not line or len(line) > 90 or _bare(line.split(None, 1)[0]) not in first_words():
            continue
        if _bare(line) in closings() or all(_bare(half) in closings() for half in line.split("/")):
            below = list(lines[index + 1 :])
        elif behind := _behind_closing(line):
            below = [behind, *lines[index + 1 :]]
        else:
            continue
        first = next((one for one in below if one.strip()), "")
        return (line, below) if contact_lines.name_in(first) else None
    return None


def _behind_closing(line: str) -> str:
    """The name that stands on the line of a closing: `Best, Joe Marsh`, `LG Anna`."""
    words = line.split(" ", 8)
    for count in range(min(len(words) - 1, 5), 0, -1):
        rest = " ".join(words[count:])
        if _bare(" ".join(words[:count])) in closings() and contact_lines.person(rest):
            return rest
    return ""


def _below_name(lines: Sequence[str], name: str) -> tuple[str, list[str]] | None:
    """The lines below the last one, set apart, that is nothing but the sender's whole name."""
    words = len(name.split())
    if words < 2:
        return None
    wanted = _words(name)
    longest = max(wanted, key=len, default="")
    whole = "\n".join(lines)
    if whole.isascii() and longest not in whole.lower():
        return None  # words of ASCII stand in a line as they are
    for index in range(len(lines) - 1, 0, -1):
        line = lines[index].strip(" *_\t")
        if not line or len(line) > contact_lines.NAME or lines[index - 1].strip():
            continue
        if line.isascii() and longest not in line.lower():
            continue
        if _words(line) == wanted:
            return "name", list(lines[index:])
    return None


def _bare(line: str) -> str:
    return line.casefold().strip(" ,.:!*-–—_\t")


@cache
def _ends() -> tuple[str, ...]:
    return tuple(form for row in (*OPENINGS.values(), BELOW) for form in row.split("|") if form)


def _until_disclaimer(lines: Sequence[str]) -> list[str]:
    """The lines of a signature; none where there are too many of them to be one."""
    kept: list[str] = []
    for line in lines:
        plain = line.strip().casefold()
        if plain.startswith(_ends()) or len(plain) > contact_lines.LONGEST * 2:
            break
        kept.append(line)
    return kept if sum(bool(line.strip()) for line in kept) <= BLOCK else []


def _domain(sender: Mailbox) -> str:
    """The name of a sender's own domain, without its ending; empty for providers' domains."""
    labels = (sender.address or "").rpartition("@")[2].casefold().split(".")
    if len(labels) < 2:
        return ""
    name = labels[-3] if len(labels) > 2 and labels[-2] in ("co", "com", "org", "net") else labels[-2]
    return "" if name in FREE else name


def _is_senders(found: Found, sender: Mailbox, *, closed: bool) -> bool:
    """Whether what was found is about the sender."""
    address = (sender.address or "").casefold()
    if address and address in (email.casefold() for email in found.emails):
        return True
    domain = address.rpartition("@")[2]
    if found.name is None and found.website and _domain(sender) and domain in found.website.casefold():
        return True
    if found.name is None:
        return False
    local = address.partition("@")[0]
    known = _words(sender.name or "") | _words(local.replace(".", " "))
    named = _words(found.name)
    if named & known:
        return True
    joined = "".join(sorted(named, key=len, reverse=True)[:1])
    if len(joined) > 3 and joined in fold(local).replace(" ", ""):
        return True
    impersonal = (
        not sender.name or bool(known & _IMPERSONAL) or contact_lines.is_company(sender.name, _domain(sender))
    )
    return closed and impersonal and len(found.name.split()) >= 2


def _words(text: str) -> set[str]:
    """The words of a name, also as they are written without umlauts."""
    if text.isascii():
        return {word for word in fold(text).split() if len(word) > 1}
    spelt = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return {word for one in (text, spelt) for word in fold(one).split() if len(word) > 1}
