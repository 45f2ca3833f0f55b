"""What single settings look like: from the text in the environment or `leadgate.toml` to a checked value.

Every reader takes the text and returns the value, or raises ValueError with half a sentence that follows
the setting's name ("… must look like 127.0.0.1:2525").
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

OFF = frozenset({"off", "none", "no", "false", "0", ""})
ON = frozenset({"on", "yes", "true", "1"})
UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its field in Settings, its reader, its default as text (None: see `settings.load`), its meaning."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host (address or name) and a TCP or UDP port; port 0 lets the system choose a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Dns:
    """Whether DNS is asked for trust, and which server; `server` None means the system's own."""

    enabled: bool
    server: Endpoint | None = None


def endpoint(text: str) -> Endpoint | None:
    """`host:port` or `[ipv6]:port`; None for off."""
    if text.lower() in OFF:
        return None
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = str(ipaddress.IPv6Address(host[1:-1]))
    elif ":" in host:
        raise ValueError("must look like [::1]:2525, an IPv6 address in brackets")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ValueError("must look like 127.0.0.1:2525, or be off")
    return Endpoint(host, int(port))


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by commas or spaces."""
    try:
        return tuple(ipaddress.ip_network(item) for item in text.replace(",", " ").split())
    except ValueError as error:
        raise ValueError(f"must be networks like 10.0.0.0/8, separated by commas: {error}") from None


@dataclass(frozen=True, slots=True)
class TrustedHop:
    """A mail server of the operator's own, and the authserv-id of its `Authentication-Results` (None: not believed)."""

    network: Network
    authserv_id: str | None = None


def trusted_hops(text: str) -> tuple[TrustedHop, ...]:
    """Addresses and networks, each alone or as `network=authserv-id`, separated by commas or spaces."""
    found = []
    for item in text.replace(",", " ").split():
        written, equals, name = item.partition("=")
        try:
            network = ipaddress.ip_network(written)
        except ValueError as error:
            wanted = "must be mail servers like 10.0.0.5=mx.example.com, separated by commas"
            raise ValueError(f"{wanted}: {error}") from None
        if equals and not name:
            raise ValueError(f"must name an authserv-id behind {item}")
        found.append(TrustedHop(network, name or None))
    return tuple(found)


def dns(text: str) -> Dns:
    """on, off, or the server to ask as `address` or `address:port`."""
    if text.lower() in OFF | ON:
        return Dns(enabled=text.lower() in ON)
    try:
        return Dns(enabled=True, server=Endpoint(str(ipaddress.ip_address(text)), 53))
    except ValueError:
        server = endpoint(text)  # no bare address: it must carry a port
    try:
        ipaddress.ip_address(server.host if server is not None else "")
    except ValueError:
        raise ValueError("must be on, off, or the address (not the name) of a DNS server") from None
    return Dns(enabled=True, server=server)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes our mail. `tls`: none, starttls or tls."""

    host: str
    port: int
    tls: str


MAIL_SCHEMES = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("none", 25)}


def mail_server(text: str) -> MailServer | None:
    """`smtp://host:587` (STARTTLS), `smtps://host:465` (TLS) or `smtp+plain://host:25`; None for off."""
    if text.lower() in OFF:
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in MAIL_SCHEMES or not host or parts.path not in ("", "/") or parts.query:
        raise ValueError(
            "must look like smtp://mail.example.com:587 or smtps://mail.example.com:465, or be off"
        )
    if "@" in parts.netloc:
        raise ValueError(
            "must not hold a login: LEADGATE_SMARTHOST_USER and LEADGATE_SMARTHOST_PASSWORD take it"
        )
    tls, usual = MAIL_SCHEMES[parts.scheme]
    return MailServer(host, port or usual, tls)


def sender(text: str) -> tuple[str, str]:
    """(name, address) of `Name <address>` or `address`."""
    name, address = parseaddr(text)
    if not address.isascii() or address.count("@") != 1 or " " in address or not all(address.split("@")):
        raise ValueError("must look like Acme Sales <crm@acme.example>")
    return name, address


def path(text: str) -> Path:
    """A path, absolute from here on: a part may be started elsewhere."""
    return Path(text).expanduser().absolute()


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers within these bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def size(text: str) -> int:
    """A number of bytes: `36700160`, `35840KiB`, `35MiB`; 64 KiB to 1 GiB."""
    number = text.rstrip("BKMGibkmg ")
    unit = text[len(number) :].strip().upper().removesuffix("B").removesuffix("I")
    if not (number.isascii() and number.isdigit()) or unit not in UNITS:
        raise ValueError("must be a size like 35MiB")
    if not 64 * 1024 <= int(number) * UNITS[unit] <= 1024**3:
        raise ValueError("must be from 64KiB to 1GiB")
    return int(number) * UNITS[unit]


def host_name(text: str) -> str:
    """A host name."""
    if not all(c.isascii() and (c.isalnum() or c in ".-") for c in text):
        raise ValueError("must be a host name like mx.example.com")
    return text


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of these words."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text.lower()

    return read


def readers(text: str) -> str:
    """Who may read figures: local, public, off, or a token."""
    if text in {"local", "public", "off"}:
        return text
    if len(text) < SHORTEST_TOKEN or not text.isascii() or any(c.isspace() for c in text):
        raise ValueError(
            f"must be local, public, off, or a token of at least {SHORTEST_TOKEN} characters without spaces"
        )
    return text


def database_url(value: str) -> str:
    """A URL of SQLite (a file) or PostgreSQL, `postgres://` spelled out."""
    scheme = urlsplit(value).scheme.partition("+")[0]
    if scheme in {"postgres", "postgresql"}:
        return "postgresql" + value[value.index("://") :] if "://" in value else _refuse_database()
    if scheme == "sqlite":
        if sqlite_path(value) in {"", ":memory:"}:
            raise ValueError("must name a file: a database in memory is gone with its process")
        return value
    return _refuse_database()


def sqlite_path(url: str) -> str:
    """The file of an SQLite URL: `sqlite:///relative` or `sqlite:////absolute`."""
    return url.partition("://")[2].partition("?")[0].removeprefix("/")


def redis_url(value: str) -> str:
    """`none`, or a URL of Redis or Valkey."""
    if value.lower() in OFF:
        return "none"
    scheme = urlsplit(value).scheme
    if scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("must begin with redis://, rediss:// or unix://, or be none")
    return value


def public_url(value: str) -> str:
    """An http or https URL without query, its trailing slash taken off."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be the address people open, like https://crm.example.com")
    return value.rstrip("/")


def _refuse_database() -> str:
    raise ValueError("must begin with sqlite:/// or postgresql://")
