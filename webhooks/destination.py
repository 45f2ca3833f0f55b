"""Which addresses and URLs a delivery may reach (product §8, quality §4). Pure.

The table names what is *refused*, after the IANA special-purpose registries (RFC 6890 and its successors),
because `ipaddress.is_global` calls NAT64, 6to4, multicast, `::127.0.0.1` and `fec0::1` global. Of IPv6 only
2000::/3 is left, less its special parts. An address that carries an IPv4 address inside is judged by that one
as well: `::ffff:127.0.0.1` is loopback whatever it looks like. What the deployment allow-lists is allowed.

A URL is checked when an endpoint is made, so that its maker sees the reason, and again before each attempt;
the addresses a name resolves to are checked by `webhooks.sender` at every connect, because a name may answer
differently each time. Hosts in odd numeric forms (`0x7f.1`, `2130706433`, `127.1`) are refused as such: C
libraries read them as addresses, and no honest endpoint is written that way (WHATWG URL, "ends in a number").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from string import ascii_letters, digits
from typing import Self
from urllib.parse import quote, urlsplit

import idna

from webhooks.exceptions import BadNetwork

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

REFUSED_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a provider's internal network"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud platform's internal service"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "reserved for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "reserved for benchmarks"),
        ("198.51.100.0/24", "reserved for documentation"),
        ("203.0.113.0/24", "reserved for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
REFUSED_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), what)
    for network, what in (
        # the first that contains the address names it; the last three are all that is not 2000::/3
        ("::/128", "this host"),
        ("::1/128", "loopback"),
        ("::/96", "an IPv4 address in disguise"),
        ("::ffff:0:0:0/96", "an IPv4 address in disguise"),
        ("64:ff9b:1::/48", "a local IPv4 translator"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "multicast"),
        ("2001::/32", "a Teredo tunnel"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "reserved for documentation"),
        ("2002::/16", "a 6to4 tunnel"),
        ("3fff::/20", "reserved for documentation"),
        ("::/3", "not a public address"),
        ("4000::/2", "not a public address"),
        ("8000::/1", "not a public address"),
    )
)
NAT64 = IPv6Network("64:ff9b::/96")
ISATAP_IDENTIFIERS = frozenset({0x0000_5EFE, 0x0200_5EFE})
"""The upper half of an interface identifier that carries an IPv4 address in its lower half (RFC 5214 §6.1)."""

SCHEMES = {"http": 80, "https": 443}
REFUSED_PORTS = frozenset(
    int(port)
    for port in """
    1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111
    113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540
    548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061
    6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080 11211
    """.split()
)
"""What browsers refuse, too (WHATWG Fetch, "bad port"): services that might understand a POST by mistake."""

LONGEST_URL = 2_048
LONGEST_HOST = 253
LONGEST_LABEL = 63
_HOST_CHARACTERS = frozenset(ascii_letters + digits + "-_")
_HEX = frozenset("0123456789abcdef")
_URL_SAFE = "!$%&'()*+,-./:;=?@_~[]|^`{}\"<>"


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be reached; `reason` is a plain sentence for the person who named it.

    `address`: because of the address, not of how the URL is written.
    """

    reason: str
    address: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL that may be called, taken apart. `url` is the form to call; `host` is ASCII, without brackets.

    `literal` is the host as an address, already checked, or None for a name, whose addresses are not checked.
    """

    url: str
    scheme: str
    host: str
    port: int
    literal: Address | None

    @property
    def endpoint(self) -> tuple[str, str, int]:
        """What counts as one endpoint where connections are limited."""
        return self.scheme, self.host, self.port


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be reached: public addresses, and the `allowed` networks of the deployment."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def allowing(cls, networks: Iterable[str]) -> Self:
        """From texts like `127.0.0.1/32`; raises BadNetwork."""
        found = []
        for text in networks:
            try:
                found.append(ip_network(text))
            except ValueError:
                raise BadNetwork(f"{text!r} is not a network like 10.0.0.0/8") from None
        return cls(tuple(found))

    def check(self, address: str | Address) -> Refused | None:
        """Why this address may not be reached, or None if it may."""
        try:
            ip = ip_address(address) if isinstance(address, str) else address
        except ValueError:
            return Refused(f"{str(address)[:60]!r} is not an IP address", address=True)
        if isinstance(ip, IPv6Address) and ip.scope_id is not None:
            return Refused(f"{ip} belongs to one network interface", address=True)
        if self._allows(ip):
            return None
        if isinstance(ip, IPv4Address):
            return _refused_v4(ip)
        if ip.ipv4_mapped is not None:
            return self.check(ip.ipv4_mapped)
        return _refused_v6(ip)

    def check_url(self, url: str) -> Destination | Refused:
        """The URL taken apart, or why it may not be called. A literal address in it is checked at once."""
        if len(url) > LONGEST_URL:
            return Refused(f"The URL is longer than {LONGEST_URL} characters")
        if any(
            char <= " " or char == "\\" or "\x7f" <= char <= "\xa0" or _is_surrogate(char) for char in url
        ):
            return Refused("The URL contains a blank, a backslash or a control character")
        try:
            parts = urlsplit(url)
        except ValueError:
            return Refused("The URL cannot be read")
        if parts.scheme not in SCHEMES:
            return Refused("The URL must begin with https:// or http://")
        if "@" in parts.netloc:
            return Refused("The URL must not contain a user name or password")
        found = _host_and_port(parts.netloc, SCHEMES[parts.scheme])
        if isinstance(found, Refused):
            return found
        host, port = found
        if port in REFUSED_PORTS:
            return Refused(f"Port {port} belongs to another kind of service")
        literal = _literal(host)
        if literal is not None:
            refused = self.check(literal)
            if refused is not None:
                return refused
        shown_host = f"[{host}]" if isinstance(literal, IPv6Address) else host
        shown_port = "" if port == SCHEMES[parts.scheme] else f":{port}"
        path = quote(parts.path or "/", safe=_URL_SAFE)
        query = f"?{quote(parts.query, safe=_URL_SAFE)}" if parts.query else ""
        return Destination(
            url=f"{parts.scheme}://{shown_host}{shown_port}{path}{query}",
            scheme=parts.scheme,
            host=host,
            port=port,
            literal=literal,
        )

    def _allows(self, ip: Address) -> bool:
        return any(ip.version == network.version and ip in network for network in self.allowed)


def _refused_v4(ip: IPv4Address) -> Refused | None:
    for network, what in REFUSED_V4:
        if ip in network:
            return Refused(f"{ip} is {what}", address=True)
    return None


def _refused_v6(ip: IPv6Address) -> Refused | None:
    if ip in NAT64:
        return _carried(ip)
    for network, what in REFUSED_V6:
        if ip in network:
            return Refused(f"{ip} is {what}", address=True)
    if (int(ip) >> 32) & 0xFFFF_FFFF in ISATAP_IDENTIFIERS:
        return _carried(ip)
    return None


def _carried(ip: IPv6Address) -> Refused | None:
    """The verdict on the IPv4 address in the last 32 bits; the allow-list does not reach through translators."""
    inner = _refused_v4(IPv4Address(int(ip) & 0xFFFF_FFFF))
    return None if inner is None else Refused(f"{ip} leads to {inner.reason}", address=True)


def _host_and_port(netloc: str, default: int) -> tuple[str, int] | Refused:
    if netloc.startswith("["):
        inner, bracket, rest = netloc[1:].partition("]")
        try:
            host = str(IPv6Address(inner)) if bracket and "%" not in inner else ""
        except ValueError:
            host = ""
        if not host or (rest and not rest.startswith(":")):
            return Refused("The URL's host is not an IPv6 address in brackets")
        port = rest.removeprefix(":") if rest else None
    else:
        name, colon, after = netloc.partition(":")
        named = _host_name(name)
        if isinstance(named, Refused):
            return named
        host, port = named, after if colon else None
    if port is None:
        return host, default
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65_536):
        return Refused("The URL's port must be a number from 1 to 65535")
    return host, int(port)


def _host_name(name: str) -> str | Refused:
    """The host in lower-case ASCII without a trailing dot: an IPv4 address or a name."""
    if not name:
        return Refused("The URL has no host")
    if len(name) > LONGEST_HOST + 1:
        return Refused("The URL's host is too long")
    host = name.lower()
    if not name.isascii():
        try:
            host = idna.encode(name, uts46=True).decode("ascii")
        except UnicodeError:
            return Refused("The URL's host is not a valid international name")
    host = host.removesuffix(".")
    labels = host.split(".")
    if not all(0 < len(label) <= LONGEST_LABEL and _HOST_CHARACTERS.issuperset(label) for label in labels):
        return Refused("The URL's host is not a valid name")
    if _is_number(labels[-1]) and _literal(host) is None:
        return Refused("The URL's host is a number that is not written as an IPv4 address of four parts")
    return host


def _is_number(label: str) -> bool:
    return label.isdigit() or (label.startswith("0x") and _HEX.issuperset(label[2:]))


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_surrogate(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"
