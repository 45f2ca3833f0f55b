"""Secrets of inbound addresses, masked for everybody but their user and admins (product §2).

A personal address is a key: whoever knows it can act as its user. Whatever text leaves for a person goes
through that person's `Masks`, because the address may stand anywhere a mail client wrote it: in To, in
quoted headers, in a note, in a link (`anna.…%40acme.test`), before the domain of a mailbox that is read here. So the
secrets that are kept are looked for by themselves, and those that are computed (leads, bounces) by the domain behind.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import re2
from sqlalchemy import Connection, bindparam, select

from store.addresses import SECRET, domain_of, mask, secret_of
from store.scope import Viewer
from store.tables.mailboxes import mailboxes
from store.tables.people import accounts, inbound_addresses


@dataclass(frozen=True, slots=True)
class Masks:
    """Masks what one viewer may not read. `domain` is None for admins, who may read all of it."""

    domain: str | None
    own: tuple[str, ...]  # the viewer's own local parts, replaced ones too
    mailbox_domains: tuple[str, ...] = ()  # where our addresses stand behind a plus sign of a mailbox's
    secrets: frozenset[str] = frozenset()  # of other people's addresses

    def text(self, text: str) -> str:
        """`text` with the secrets of other people's addresses replaced by "…"."""
        if self.domain is None:
            return text
        for domain in (self.domain, *self.mailbox_domains):
            if len(text) > len(domain) and domain in text.lower():
                text = _except(text, self.own, domain)
        if self.secrets and len(text) >= SECRET:
            find, written = _finder(self.secrets)
            if find(text.encode("utf-8", "replace")):
                text = written.sub("…", text)
        return text

    def json(self, value: Any) -> Any:
        """A JSON value with every text in it masked, keys too."""
        if self.domain is None:
            return value
        if not self.secrets:
            return self._json(value, len(self.domain))
        texts: list[str] = []
        _gather(value, texts)
        if not _finder(self.secrets)[0]("\n".join(texts).encode("utf-8", "replace")):
            # as nearly always: asked once for all texts
            return replace(self, secrets=frozenset()).json(value)
        return self._json(value, min(len(self.domain), SECRET - 1))

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
        if self.domain is None or not self._may_stand_in(raw):
            return raw
        return self.text(raw.decode("latin-1")).encode("latin-1", "replace")

    def _may_stand_in(self, raw: bytes) -> bool:
        folded = raw.lower()
        if any(domain.encode("ascii") in folded for domain in (self.domain or "", *self.mailbox_domains)):
            return True
        return bool(self.secrets and _finder(self.secrets)[0](raw))


def masks_for(connection: Connection, viewer: Viewer) -> Masks:
    """The masks of a viewer."""
    if viewer.is_admin:
        return Masks(None, ())
    own = connection.execute(
        select(inbound_addresses.c.local_part).where(
            inbound_addresses.c.account_id == viewer.account_id, inbound_addresses.c.user_id == viewer.user_id
        )
    ).scalars()
    return masks_of(connection, [viewer.account_id], tuple(own))[viewer.account_id]


def masks_of(
    connection: Connection, account_ids: Collection[str], own: tuple[str, ...] = ()
) -> dict[str, Masks]:
    """For each account the masks of whoever may read no secret of it but `own`, local parts."""
    if not account_ids:
        return {}
    beside: dict[str, set[str]] = {account_id: set() for account_id in account_ids}
    secrets: dict[str, set[str]] = {account_id: set() for account_id in account_ids}
    for row in connection.execute(_MAILBOXES, {"accounts": list(account_ids)}):
        beside[row.account_id].add(domain_of(row.address))
    for row in connection.execute(_LOCAL_PARTS, {"accounts": list(account_ids)}):
        secret = secret_of(row.local_part)
        if secret is not None and row.local_part not in own:
            secrets[row.account_id].add(secret)
    return {
        row.id: Masks(
            row.domain, own, tuple(sorted(beside[row.id] - {row.domain, ""})), frozenset(secrets[row.id])
        )
        for row in connection.execute(_DOMAINS, {"accounts": list(account_ids)})
    }


# Statements of the way every mail takes are built once: building one costs more than running it.
_DOMAINS = select(accounts.c.id, accounts.c.domain).where(
    accounts.c.id.in_(bindparam("accounts", expanding=True))
)
_MAILBOXES = select(mailboxes.c.account_id, mailboxes.c.address).where(
    mailboxes.c.account_id.in_(bindparam("accounts", expanding=True)), mailboxes.c.address.is_not(None)
)
_LOCAL_PARTS = select(inbound_addresses.c.account_id, inbound_addresses.c.local_part).where(
    inbound_addresses.c.account_id.in_(bindparam("accounts", expanding=True)),
    inbound_addresses.c.kind.in_(("personal", "partner", "form")),
)


@lru_cache(100)
def _finder(secrets: frozenset[str]) -> tuple[Callable[[bytes], object], re.Pattern[str]]:
    """What tells in one pass whether one of `secrets` stands in some bytes, and what finds them in a text."""
    expression = "(?i)" + "|".join(sorted(secrets))
    return re2.compile(expression.encode()).search, re.compile(expression)


def _gather(value: Any, texts: list[str]) -> None:
    """Collects every text in a JSON value that is long enough to hold a secret."""
    if isinstance(value, str):
        if len(value) >= SECRET:
            texts.append(value)
    elif isinstance(value, dict):
        texts.extend(key for key in value if len(key) >= SECRET)
        for item in value.values():
            _gather(item, texts)
    elif isinstance(value, list | tuple):
        for item in value:
            _gather(item, texts)


def _except(text: str, kept: tuple[str, ...], domain: str) -> str:
    """Masks `text` around every occurrence of one of `kept`, however it is written."""
    if not kept:
        return mask(text, domain)
    parts = re.split(f"({'|'.join(map(re.escape, kept))})", text, flags=re.IGNORECASE)
    return "".join(part if place % 2 else mask(part, domain) for place, part in enumerate(parts))
