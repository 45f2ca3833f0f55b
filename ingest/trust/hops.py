"""The operator's own mail servers that hand mail over, and the names they sign their findings with."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

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
