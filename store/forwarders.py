"""Forwarders that an admin lists: mail servers that pass other people's mail on to leads@, and break its proof.

SPF fails behind a forwarder, and a DKIM signature that it changed too, so the check of the sender may fail although
nobody forged anything. What can be proven about a forwarder is the address that handed the mail over, or a domain that
SPF of the envelope sender passed for: forwarders that rewrite it (SRS) own it. A name in HELO or in a header proves
nothing, so neither is looked at.
"""

import ipaddress
from collections.abc import Iterable

from store.addresses import normal_domain

MOST = 100
_LARGEST = {4: 8, 6: 16}
"""The shortest prefix of a network that may be listed."""


def normal_forwarder(entry: str) -> str:
    """An address, a network or a domain as it is kept. ValueError for anything else."""
    text = entry.strip()
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        domain = normal_domain(text)
        labels = domain.split(".")
        known = all(label and label.replace("-", "").isalnum() and label.isascii() for label in labels)
        if len(labels) < 2 or not known or labels[-1].isdecimal() or len(domain) > 253:
            raise ValueError("neither an address, a network nor a domain") from None
        return domain
    if network.prefixlen < _LARGEST[network.version]:
        raise ValueError("a network that large is half the world")
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def by_address(listed: Iterable[str], client_ip: str | None) -> str | None:
    """The entry that the client's address is in."""
    try:
        address = ipaddress.ip_address(client_ip or "")
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    for entry in listed:
        try:
            network = ipaddress.ip_network(entry)
        except ValueError:
            continue  # a domain
        if address in network:
            return entry
    return None


def by_domain(listed: Iterable[str], domain: str) -> str | None:
    """The entry that is the domain, or that the domain is below."""
    return next((entry for entry in listed if domain == entry or domain.endswith(f".{entry}")), None)
