"""Secrets of inbound addresses, masked for everybody but their user and admins (product §2).

A personal address is a key: whoever knows it can act as its user. Whatever text leaves for a person goes
through that person's `Masks`, because the address may stand anywhere a mail client wrote it: in To, in
quoted headers, in a note.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from store.addresses import domain_of, mask
from store.scope import Viewer
from store.tables.mailboxes import mailboxes
from store.tables.people import accounts, inbound_addresses


@dataclass(frozen=True, slots=True)
class Masks:
    """Masks what one viewer may not read. `domain` is None for admins, who may read all of it."""

    domain: str | None
    own: tuple[str, ...]  # the viewer's own local parts, replaced ones too
    mailbox_domains: tuple[str, ...] = ()  # where our addresses stand behind a plus sign of a mailbox's

    def text(self, text: str) -> str:
        """`text` with the secrets of other people's addresses replaced by "…"."""
        if self.domain is None:
            return text
        for domain in (self.domain, *self.mailbox_domains):
            if len(text) > len(domain) and domain in text.lower():
                text = _except(text, self.own, domain)
        return text

    def json(self, value: Any) -> Any:
        """A JSON value with every text in it masked, keys too."""
        return value if self.domain is None else self._json(value, len(self.domain))

    def _json(self, value: Any, short: int) -> Any:
        """Texts of at most `short` characters hold no address; most are shorter, and are not even asked."""
        if isinstance(value, str):
            return value if len(value) <= short else self.text(value)
        if isinstance(value, dict):
            return {
                key if len(key) <= short else self.text(key): (
                    item if item is None or item is True or item is False else self._json(item, short)
                )
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._json(item, short) for item in value]
        return value

    def raw(self, raw: bytes) -> bytes:
        """Raw bytes, masked where an address stands in them readably; all else stays as it was."""
        if self.domain is None or not any(
            domain.encode("ascii") in raw.lower() for domain in (self.domain, *self.mailbox_domains)
        ):
            return raw
        return self.text(raw.decode("latin-1")).encode("latin-1", "replace")


def masks_for(connection: Connection, viewer: Viewer) -> Masks:
    """The masks of a viewer."""
    if viewer.is_admin:
        return Masks(None, ())
    domain: str = connection.execute(
        select(accounts.c.domain).where(accounts.c.id == viewer.account_id)
    ).scalar_one()
    own = connection.execute(
        select(inbound_addresses.c.local_part).where(
            inbound_addresses.c.account_id == viewer.account_id, inbound_addresses.c.user_id == viewer.user_id
        )
    ).scalars()
    read_here = connection.execute(
        select(mailboxes.c.address).where(
            mailboxes.c.account_id == viewer.account_id, mailboxes.c.address.is_not(None)
        )
    ).scalars()
    domains = sorted({domain_of(address) for address in read_here} - {domain, ""})
    return Masks(domain, tuple(own), tuple(domains))


def _except(text: str, kept: tuple[str, ...], domain: str) -> str:
    """Masks `text` around every occurrence of one of `kept`, however it is written."""
    if not kept:
        return mask(text, domain)
    parts = re.split(f"({'|'.join(map(re.escape, kept))})", text, flags=re.IGNORECASE)
    return "".join(part if place % 2 else mask(part, domain) for place, part in enumerate(parts))
