"""Whose word about a sender counts: the operator's own mail servers, and the providers of mailboxes that are named.

Both sign their findings with a name, the authserv-id (`authentication_results`).
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.letter import Arrival, Letter

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Hop:
    """Where such servers are; `authserv_id` None: their `Authentication-Results` do not count."""

    network: Network
    authserv_id: str | None = None


def names_of(hops: Sequence[Hop], client_ip: str | None) -> list[str]:
    """The authserv-ids that the client at `client_ip` may speak by."""
    try:
        address = ipaddress.ip_address(client_ip or "")
    except ValueError:
        return []
    return [hop.authserv_id for hop in hops if hop.authserv_id and address in hop.network]


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who may speak about a mail. `above`: of a mailbox's provider, how many Received lines of its own may
    stand above its word; None for a hop that handed the mail over itself."""

    authserv_id: str
    above: int | None = None


def voices(letter: Letter, arrival: Arrival, hops: Sequence[Hop]) -> list[Voice]:
    """Who may speak about what came by this arrival."""
    if arrival.door == "imap":
        named = letter.directory.authserv.get(arrival.source_key.removeprefix("mailbox:"))
        return [Voice(*named)] if named else []
    return [Voice(name) for name in names_of(hops, arrival.client_ip)] if arrival.trusted_hop else []
