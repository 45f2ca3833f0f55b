"""Allowed and blocked senders of an account (product §3, Spam): addresses, and `*@domain` for everybody there.

What a blocked sender writes is spam; what an allowed one writes never is. An address says more than its domain, so it
goes before it; where both lists name the same, the sender is allowed: a letter too many in the inbox is the smaller
harm. Neither list says who wrote a mail: a check that failed stays one.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select, update

from store.addresses import domain_of, normal
from store.scope import AccountScope
from store.session import Conflict
from store.tables.people import accounts

ALLOWED, BLOCKED = "allowed", "blocked"
MOST = 5_000


def normal_sender(entry: str) -> str:
    """An entry as it is kept. ValueError for what is neither an address nor *@ and a domain."""
    local, at, domain = entry.strip().rpartition("@")
    if not at or not local or "." not in domain or len(entry.split()) != 1:
        raise ValueError("an address, or *@ and a domain")
    return normal(entry)


def listed(allowed: Collection[str], blocked: Collection[str], address: str) -> str | None:
    """ALLOWED, BLOCKED, or None for a sender that neither list names."""
    wanted = normal(address)
    for entry in (wanted, f"*@{domain_of(wanted)}"):
        if entry in allowed:
            return ALLOWED
        if entry in blocked:
            return BLOCKED
    return None


def block(connection: Connection, scope: AccountScope, addresses: Iterable[str]) -> list[str]:
    """Puts addresses on the list of blocked senders, and takes them off the other; those that were not blocked."""
    allowed, blocked = _lists(connection, scope)
    fresh = sorted({normal(address) for address in addresses} - blocked)
    if len(blocked) + len(fresh) > MOST:
        raise Conflict(f"an account blocks at most {MOST} senders")
    _write(connection, scope, allowed - set(fresh), blocked | set(fresh))
    return fresh


def unblock(connection: Connection, scope: AccountScope, addresses: Iterable[str]) -> list[str]:
    """Takes addresses off the list of blocked senders; those that stood there."""
    allowed, blocked = _lists(connection, scope)
    gone = sorted({normal(address) for address in addresses} & blocked)
    if gone:
        _write(connection, scope, allowed, blocked - set(gone))
    return gone


def _lists(connection: Connection, scope: AccountScope) -> tuple[set[str], set[str]]:
    row = connection.execute(
        select(accounts.c.allowed_senders, accounts.c.blocked_senders)
        .where(accounts.c.id == scope.account_id)
        .with_for_update(key_share=True)
    ).one()
    return set(row.allowed_senders or ()), set(row.blocked_senders or ())


def _write(connection: Connection, scope: AccountScope, allowed: set[str], blocked: set[str]) -> None:
    connection.execute(
        update(accounts)
        .where(accounts.c.id == scope.account_id)
        .values(allowed_senders=sorted(allowed), blocked_senders=sorted(blocked))
    )
