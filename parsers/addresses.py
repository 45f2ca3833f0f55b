"""Address lists as they are really written: in headers mail-parser is not sure of, and in forwarded text.

Reads `Name <a@b>`, `"Last, First" <a@b>`, `Last, First <a@b>`, `'Name' [mailto:a@b]`, `Name <a@b<mailto:a@b>>`,
`a@b (Name)`, `Name (a@b)`, bare names, `,` and `;` between them. One pass over the characters, bounded in length
and number; nothing is invented: a person without an address keeps the name alone.
"""

from __future__ import annotations

import re

from parsers.message import Mailbox

LONGEST = 32_768
MOST = 1_000

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'`*|\\@]{1,128}@[^\s<>()\[\],;:\"'`*|\\@]{1,255}")
_INSIDE = re.compile(r"(?i)(?:mailto:)?\s*(\"[^\"<>]{1,64}\"@[^\s<>\[\]()\"]{1,255}|[^\s<>\[\]()\"]{1,320})")
_GROUP = re.compile(r"(?!mailto:)[^\"<@:\[(]{1,80}:\s*(?=$|[^\s])", re.IGNORECASE)
_LOCAL = re.compile(r"<([A-Za-z0-9._+-]{1,64})>\s*$")
_BARE = re.compile(r"\s*([A-Za-z0-9._+-]{1,64})\s*$")
_QUOTES = {
    '"': '"',
    "'": "'",
    "„": "“”",
    "“": "”“",
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "”": "”",
    "`": "'`",
}
_PAIRS = {"<": ">", "[": "]", "(": ")"}


def split(text: str, separators: str = ",;") -> list[tuple[str, str]]:
    """The items of a list and the separator each ended with, split outside quotes and brackets."""
    items: list[tuple[str, str]] = []
    start, closing, quoted, skip = 0, "", False, False
    text = text[:LONGEST]
    for at, char in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            if char == "\\":
                skip = True
            elif char == '"':
                quoted = False
        elif char == '"' and (not closing):
            quoted = True
        elif closing:
            if char == closing or (char in separators and closing == ")"):
                closing = ""
        elif char in "<[(":
            closing = _PAIRS[char] if text.find(_PAIRS[char], at, at + 400) > 0 else ""
        elif char in separators:
            items.append((text[start:at], char))
            start = at + 1
            if len(items) >= MOST:
                return items
    if quoted and len(items) < MOST:  # a quote that never ends hid the separators behind it
        tail = text[start:]
        plain = tail.replace('"', " ")
        return items + (
            [(piece, ",") for piece in plain.split(",")[:MOST]] if "," in plain else [(plain, "")]
        )
    items.append((text[start:], ""))
    return items


def read(text: str, *, local: bool = False) -> tuple[Mailbox, ...]:
    """Everybody in an address list, in order; `local` as for `read_one`."""
    if local and (bare := _BARE.match(text)):
        return (Mailbox(None, bare[1]),)
    out: list[Mailbox] = []
    held = ""  # "Last" of an unquoted "Last, First <a@b>"
    for item, separator in split(text):
        mailbox = read_one(item, local=local)
        if mailbox is None:
            continue
        if held:
            if mailbox.address and mailbox.name and len(mailbox.name.split()) <= 3:
                out.append(Mailbox(f"{held}, {mailbox.name}", mailbox.address))
                held = ""
                continue
            out.append(Mailbox(held, None))
            held = ""
        if separator == "," and mailbox.address is None and mailbox.name and len(mailbox.name.split()) <= 2:
            held = mailbox.name
            continue
        out.append(mailbox)
    if held:
        out.append(Mailbox(held, None))
    return tuple(out)


def read_one(item: str, *, local: bool = False) -> Mailbox | None:
    """One person; a text without an address is a name, unless there is nothing left of it.

    With `local` an address may lack its domain (`<moderator>`), as in headers of mail that never left its host.
    """
    item = item.strip(" \t\r\n\xa0*;,")
    if group := _GROUP.match(item):
        item = item[group.end() :]
    if not item:
        return None
    if "@" not in item:
        if local and (found := _LOCAL.search(item)):
            return Mailbox(clean_name(item[: found.start()]), found[1])
        name = clean_name(re.sub(r"\s*<[^<>]{0,300}>$", "", item) if "<" in item else item)
        return Mailbox(name, None) if name else None
    name, address = "", ""
    for opening in ("<", "[", "("):
        at = item.rfind(opening) if opening != "<" else item.find(opening)
        if opening == "<" and at >= 0 and "@" not in item[at:]:
            at = -1
        if at >= 0 and (found := _INSIDE.match(item, at + 1)) and found[1].find("@") > 0:
            name, address = item[:at], found[1]
            if opening == "<" and not name.strip() and (end := item.find(">", at)) > 0:
                name = item[end + 1 :].strip(" >()")
                name = "" if "@" in name or "<" in name else name
            break
    if not address:
        opened = item.find("<")
        found = ADDRESS.search(item, opened) if opened > 0 else None
        if found is not None:
            item = f"{item[:opened]}{' ' * (found.start() - opened)}{found[0]}"
        found = ADDRESS.search(item, max(opened, 0)) or ADDRESS.search(item)
        if not found:
            name = clean_name(item)
            return Mailbox(name, None) if name else None
        address = found[0]
        name = f"{item[: found.start()]} {item[found.end() :]}".strip()
        name = name.strip("()[]<> ")
    address = clean_address(address)
    clean = clean_name(name)
    if (
        clean
        and address
        and (clean.lower() == address.lower() or clean.lower() == f"mailto:{address.lower()}")
    ):
        clean = None
    if (
        clean
        and "@" in clean
        and (inner := ADDRESS.search(clean))
        and address
        and inner[0].lower() == address.lower()
    ):
        clean = clean_name(clean.replace(inner[0], " "))
    return Mailbox(clean, address or None) if clean or address else None


def clean_address(address: str) -> str:
    """An address without what text puts around it."""
    address = address.strip().strip("<>[]()'`*,;:")
    if address[:7].lower() == "mailto:":
        address = address[7:]
    address = address.split("?", 1)[0] if "?" in address and "@" in address.split("?", 1)[0] else address
    return address.rstrip(".") if not address.endswith('"') else address


def clean_name(name: str) -> str | None:
    """A display name without quotes, markup and the brackets of an address that stood behind it."""
    name = " ".join(name.replace("\xa0", " ").split()).strip(" *,;<[(_")
    for _ in range(3):
        if len(name) >= 2 and name[0] in _QUOTES and name[-1] in _QUOTES[name[0]]:
            name = name[1:-1].strip()
        else:
            break
    if "\\" in name:
        name = re.sub(r"\\(.)", r"\1", name)
    return name.strip('"').strip() or None
