"""What single settings look like: from the text in the environment or `leadgate.toml` to a checked value.

Every reader takes the text (or what TOML made of it) and returns the value, or raises ValueError with
half a sentence that follows the setting's name ("… must look like 127.0.0.1:2525").
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from typing_extensions import override

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

OFF = frozenset({"off", "none", "no", "false", "0", ""})
ON = frozenset({"on", "yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host (address or name) and a TCP or UDP port; port 0 lets the system choose a free one."""

    host: str
    port: int

    @override
    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Dns:
    """Whether DNS is asked for trust, and which server; `server` None means the system's own."""

    enabled: bool
    server: Endpoint | None = None


def endpoint(text: object, example: str) -> Endpoint | None:
    """`host:port` or `[ipv6]:port`; None for off."""
    value = str(text).strip()
    if value.lower() in OFF:
        return None
    host, colon, port = value.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = str(ipaddress.IPv6Address(host[1:-1]))
    elif ":" in host:
        raise ValueError(f"must look like {example}, an IPv6 address in brackets")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ValueError(f"must look like {example}, or be off")
    return Endpoint(host, int(port))


def networks(value: object) -> tuple[Network, ...]:
    """Addresses and networks, as a list or separated by commas or spaces."""
    items = value if isinstance(value, list | tuple) else str(value).replace(",", " ").split()
    found: list[Network] = []
    for item in items:
        try:
            found.append(ipaddress.ip_network(str(item)))
        except ValueError as error:
            raise ValueError(f"must be networks like 10.0.0.0/8, separated by commas: {error}") from None
    return tuple(found)


def dns(value: object) -> Dns:
    """on, off, or the server to ask as `address` or `address:port`."""
    text = str(value).strip().lower()
    if text in OFF:
        return Dns(enabled=False)
    if text in ON:
        return Dns(enabled=True)
    try:
        return Dns(enabled=True, server=Endpoint(str(ipaddress.ip_address(text)), 53))
    except ValueError:
        pass  # not a bare address: it must carry a port
    server = endpoint(text, "127.0.0.1:53")
    if server is None:
        raise ValueError("must be on, off, or the address of a server like 127.0.0.1:53")
    try:
        ipaddress.ip_address(server.host)
    except ValueError:
        raise ValueError("must be on, off, or the address (not the name) of a DNS server") from None
    return Dns(enabled=True, server=server)


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
    if value.strip().lower() in OFF:
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
