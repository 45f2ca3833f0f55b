"""For whom a fetched mail is: an IMAP server tells no envelope, so the mailbox says it, or the mail's header.

`by_recipient`: our addresses in the topmost of the configured recipient headers, which the last server before the
mailbox wrote; else in To and Cc; else the mailbox's fallback. What stands further down may be the sender's own. Only
addresses of the mailbox's account count. Whoever wrote the mail may have written these headers, so what they name is a
destination, and no proof of who sent it (`ingest.identify`).

Without a mail domain of one's own each of our addresses exists behind a plus sign of the mailbox's: for the mailbox
crm@firma.example, `crm+leads@firma.example` is `leads@`, `crm+leads+fair@firma.example` is `leads+fair@`. Where the
mailbox says the kind, what stands behind its plus sign is a tag, as in any sub-address of ours.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.accept import AddressBook, Recipient
from parsers import addresses, header_fields
from store.addresses import normal
from store.mailbox_values import Values

MOST = 50
"""Addresses of a mail that are looked up."""
_WRITTEN = ("to", "cc")
_SECRET = re.compile(r"[.-][a-z2-7]{16}(?:\+|$)")
"""As `store.addresses.new_secret` makes them."""


def recipients_of(
    raw: bytes, values: Values, book: AddressBook, account_id: str, domain: str, source: str
) -> tuple[Recipient, ...]:
    """For whom the mail is, at least one; counted under `source`. `domain`: the account's. NotStored."""
    found: dict[str, Recipient] = {}
    if values.kind == "by_recipient":
        for named in _named(raw, values):
            for address in named[:MOST]:
                recipient = _ours(address, values, book, account_id, domain)
                if recipient is not None:
                    found.setdefault(normal(address), replace(recipient, source_key=source))
            if found:
                return tuple(found.values())
    kind = values.fallback if values.kind == "by_recipient" else values.kind
    address, tag = _own(raw, values, book, domain)
    return (Recipient(account_id, None, kind, address, source, tag),)


def _own(raw: bytes, values: Values, book: AddressBook, domain: str) -> tuple[str, str | None]:
    """The mailbox's own address as the mail has it, and the tag behind its plus sign: fair2026 of
    crm+fair2026@firma.example. What is an address of ours, or was one, is no tag: it may be a secret."""
    for named in _named(raw, values):
        for address in named[:MOST]:
            behind = behind_plus(address, values.address)
            if behind and not _SECRET.search(behind) and book.resolve(f"{behind}@{domain}") is None:
                return address, behind
    return values.address or values.username, None


def _named(raw: bytes, values: Values) -> Iterator[list[str]]:
    """The addresses of the topmost recipient header, then those of To and Cc."""
    fields, _ = header_fields.split(raw, 0, header_fields.DEFAULT, [], top=True)
    wanted = {name.lower() for name in values.recipient_headers}
    yield next((_addresses(value) for name, value in fields if name.lower() in wanted), [])
    yield [address for name, value in fields if name.lower() in _WRITTEN for address in _addresses(value)]


def _addresses(value: bytes) -> list[str]:
    return [
        mailbox.address for mailbox in addresses.read(value.decode("utf-8", "replace")) if mailbox.address
    ]


def _ours(address: str, values: Values, book: AddressBook, account_id: str, domain: str) -> Recipient | None:
    recipient = book.resolve(address)
    if recipient is None and (behind := behind_plus(address, values.address)) is not None:
        recipient = book.resolve(f"{behind}@{domain}")
        recipient = None if recipient is None else replace(recipient, address=address)
    return recipient if recipient is not None and recipient.account_id == account_id else None


def behind_plus(address: str, own: str | None) -> str | None:
    """What `crm+leads+fair@firma.example` says in the mailbox crm@firma.example: leads+fair. None for others."""
    if own is None:
        return None
    own_local, _, own_domain = own.rpartition("@")
    local_part, _, domain = normal(address).rpartition("@")
    head = f"{own_local}+"
    behind = local_part.removeprefix(head)
    return behind if domain == own_domain and local_part.startswith(head) and behind else None
