"""The client's address behind reverse proxies: X-Forwarded-For counts only from proxies that are trusted.

Read from the right: each hop was written by the one after it, so the first address that isn't a trusted
proxy's is the client, whatever stands further left. X-Forwarded-Proto counts under the same condition.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Networks = Sequence[IPv4Network | IPv6Network]


def client_address(peer: str | None, forwarded_for: str, trusted: Networks) -> str | None:
    """The client's address; the peer's own where no trusted proxy stands between."""
    address = _read(peer or "")
    if address is None:
        return peer
    for hop in reversed(forwarded_for.split(",")):
        if not _is_trusted(address, trusted):
            break
        further = _read(hop)
        if further is None:
            break
        address = further
    return str(address)


def is_https(peer: str | None, scheme: str, forwarded_proto: str, trusted: Networks) -> bool:
    """Whether the client came by HTTPS, to us or to a trusted proxy."""
    address = _read(peer or "")
    if address is not None and _is_trusted(address, trusted) and forwarded_proto:
        return forwarded_proto.rpartition(",")[2].strip().lower() == "https"
    return scheme == "https"


def _is_trusted(address: IPv4Address | IPv6Address, trusted: Networks) -> bool:
    return any(address in network for network in trusted)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
