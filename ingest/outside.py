"""Who of those a mail names is somebody outside whom a lead could be about (product §3, Reading by kind)."""

import re
from collections.abc import Iterable, Mapping

from ingest.letter import Stop, person
from parsers.message import Mailbox
from store.contacts import Person
from store.directory import Directory

_NO_REPLY = re.compile(
    r"(?<![a-z])(?:no|not|do[-_.]?not|never)[-_.]?reply|mailer-daemon|keine?[-_.]?antwort|nepasrepondre|noreponder",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"\s*(?:re|aw|fwd?|wg|tr|rv|sv|vs|antw|doorst|odp|r|i)\s*(?:\[\d{1,3}\])?\s*:\s*", re.IGNORECASE
)
_PREFIXES = 10
LONGEST_ADDRESS = 320
"""Characters of an address: 64 before the @ and 255 behind it (RFC 5321 §4.5.3.1). Nobody can be answered at a
longer one, and PostgreSQL's indexes could not hold it."""


def outside(directory: Directory, mailboxes: Iterable[Mailbox]) -> tuple[Person, ...]:
    """The people outside among `mailboxes`, each once, in order."""
    found: dict[str, Person] = {}
    for mailbox in mailboxes:
        if may_be_contact(directory, mailbox):
            found.setdefault(person(mailbox).normal, person(mailbox))
    return tuple(found.values())


def visitor(fields: Mapping[str, str]) -> Mailbox:
    """Whom the fields of a form name; both halves of the mailbox may be missing."""
    halves = (fields.get("first_name"), fields.get("last_name"))
    return Mailbox(
        fields.get("name") or " ".join(half for half in halves if half) or None, fields.get("email")
    )


def may_be_contact(directory: Directory, mailbox: Mailbox) -> bool:
    """True for the usable address of a person outside who is not kept out by the never-log list."""
    address = mailbox.address or ""
    local_part, at, domain = address.rpartition("@")
    return bool(
        at
        and local_part
        and domain
        and len(address) <= LONGEST_ADDRESS
        and (local_part.startswith('"') or len(address.split()) == 1)
        and not _NO_REPLY.search(local_part)
        and not directory.is_internal(address)
        and not directory.never_logged(address)
    )


def may_ask(directory: Directory, mailbox: Mailbox) -> bool:
    """True for who may be taken for the person that asks: a contact, and no partner, who writes for others."""
    return may_be_contact(directory, mailbox) and not directory.partners_of(mailbox.address or "")


def never_of(directory: Directory, people: Iterable[Mailbox]) -> Stop | None:
    """A Stop for what was written by or to somebody who is never logged: nobody is to see it, so it is not held."""
    listed = (person.address for person in people if person.address)
    address = next((address for address in listed if directory.never_logged(address)), None)
    return Stop("ignored", "never_log", {"who": address}) if address else None


def plain_subject(subject: str | None) -> str:
    """The subject without its reply and forward prefixes."""
    text = subject or ""
    for _ in range(_PREFIXES):
        found = _PREFIX.match(text)
        if not found or found.end() == len(text):
            break
        text = text[found.end() :]
    return text.strip()
