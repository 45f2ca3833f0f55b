"""SPF (RFC 7208): may this client send mail for that domain?

`check` is the RFC's check_host(). Ten terms at most may ask the DNS, two questions may come to nothing (§4.6.4). An
unanswered question is `temperror`, whatever is wrong with the record `permerror`.

pyspf, which could do this, comes as source only and keeps its resolver in a module's variable.
"""

import ipaddress
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.trust.resolver import LONGEST_NAME, LONGEST_RECORD, Dns, RecordType, Unanswered, is_name
from ingest.trust.spf_macros import Macros, Unreadable

MOST_LOOKUPS = 10
MOST_VOID = 2
MOST_NAMES = 10
"""Of MX hosts and of names that an address claims."""
PTR_SECONDS = 1.0
QUALIFIERS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_TERM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9_.-]*)(?:([:=/])(.*))?\Z", re.DOTALL)
_NETWORK = re.compile(r"[0-9A-Fa-f.:]+(?:/(?:0|[1-9]\d{0,2}))?")
"""Python takes a netmask for a length, too, and one with zeros before it."""
_LENGTHS = re.compile(r"(?:/(\d{1,2}))?(?://(\d{1,3}))?\Z")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class _Permanent(Exception):
    """The record is wrong or asks for too much (§2.6.7)."""


@dataclass(slots=True)
class _Check:
    """One evaluation: its facts, and how much it has asked for."""

    address: Address
    macros: Macros
    dns: Dns
    deadline: float
    lookups: int = field(default=0)
    void: int = field(default=0)

    def count(self) -> None:
        """A term that asks the DNS."""
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _Permanent

    def ask(self, name: str, kind: RecordType, until: float | None = None) -> Sequence[str]:
        """The records; too many questions without any are an error. `until`: an earlier deadline."""
        found = self.dns.ask(name, kind, until or self.deadline) if is_name(name) else ()
        if not found:
            self.void += 1
            if self.void > MOST_VOID:
                raise _Permanent
        return found

    def addresses(self, name: str) -> Sequence[str]:
        """The addresses of a host, of the client's own kind."""
        return self.ask(name, "A" if self.address.version == 4 else "AAAA")


def check(client_ip: str, domain: str, sender: str, helo: str, dns: Dns, deadline: float) -> str:
    """pass, fail, softfail, neutral, none, temperror or permerror.

    `domain` is that of `sender` (MAIL FROM), or of HELO where MAIL FROM is empty; `deadline` a `time.monotonic()`.
    """
    try:
        address: Address = ipaddress.ip_address(client_ip.partition("%")[0])
    except ValueError:
        return "none"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    domain = domain.rstrip(".").lower()
    if not is_name(domain):
        return "none"
    local, at, _ = sender.rpartition("@")
    macros = Macros(
        address, local if at and local else "postmaster", sender.rpartition("@")[2] or domain, helo
    )
    try:
        return _host(_Check(address, macros, dns, deadline), domain)
    except (_Permanent, Unreadable):
        return "permerror"
    except Unanswered:
        return "temperror"


def _host(check: _Check, domain: str) -> str:
    records = [text for text in check.dns.ask(domain, "TXT", check.deadline) if _is_spf(text)]
    if not records:
        return "none"
    if len(records) > 1 or len(records[0]) > LONGEST_RECORD:
        raise _Permanent
    mechanisms, redirect = _read(records[0])
    for qualifier, name, argument in mechanisms:
        if MECHANISMS[name](check, domain, argument):
            return QUALIFIERS[qualifier or "+"]
    if redirect is None:
        return "neutral"
    check.count()
    result = _host(check, _target(check, domain, redirect))
    if result == "none":
        raise _Permanent
    return result


def _is_spf(text: str) -> bool:
    return text[:6].lower() == "v=spf1" and (len(text) == 6 or text[6] == " ")


def _read(record: str) -> tuple[list[tuple[str, str, str]], str | None]:
    """The mechanisms in order and the redirect; all of it is looked at before any of it is used (§4.6)."""
    mechanisms: list[tuple[str, str, str]] = []
    modifiers: dict[str, str] = {}
    for term in record[6:].split():
        found = _TERM.match(term)
        if found is None:
            raise _Permanent
        qualifier, name, mark, rest = found[1], found[2].lower(), found[3] or "", found[4] or ""
        if mark == "=":
            if qualifier or (name in modifiers and name in ("redirect", "exp")):
                raise _Permanent
            modifiers[name] = rest
        elif name not in MECHANISMS or (mark == ":" and not rest) or (mark and name == "all"):
            raise _Permanent
        else:
            mechanisms.append((qualifier, name, f"/{rest}" if mark == "/" else rest))
    has_all = any(name == "all" for _, name, _ in mechanisms)
    return mechanisms, None if has_all else modifiers.get("redirect")


def _target(check: _Check, domain: str, written: str) -> str:
    """A domain-spec, expanded; too long ones lose labels from the left (§7.3)."""
    name = check.macros.expand(written, domain) if written else domain
    name = name.rstrip(".")
    while len(name) > LONGEST_NAME:
        _, dot, rest = name.partition(".")
        if not dot:
            raise _Permanent
        name = rest
    return name.lower()


def _split(argument: str) -> tuple[str, int, int]:
    """A domain-spec and the prefix lengths behind it, for IPv4 and IPv6."""
    at = argument.find("/") if "{" not in argument else argument.find("/", argument.rfind("}"))
    written, lengths = (argument, "") if at < 0 else (argument[:at], argument[at:])
    found = _LENGTHS.match(lengths)
    if found is None:
        raise _Permanent
    four, six = int(found[1] or 32), int(found[2] or 128)
    if four > 32 or six > 128:
        raise _Permanent
    return written, four, six


def _within(check: _Check, hosts: Iterator[str], four: int, six: int) -> bool:
    length = four if check.address.version == 4 else six
    return any(check.address in ipaddress.ip_network(f"{host}/{length}", strict=False) for host in hosts)


def _all(check: _Check, domain: str, argument: str) -> bool:
    del check, domain, argument
    return True


def _include(check: _Check, domain: str, argument: str) -> bool:
    if not argument:
        raise _Permanent
    check.count()
    result = _host(check, _target(check, domain, argument))
    if result == "none":
        raise _Permanent
    return result == "pass"


def _a(check: _Check, domain: str, argument: str) -> bool:
    check.count()
    written, four, six = _split(argument)
    return _within(check, iter(check.addresses(_target(check, domain, written))), four, six)


def _mx(check: _Check, domain: str, argument: str) -> bool:
    check.count()
    written, four, six = _split(argument)
    hosts = check.ask(_target(check, domain, written), "MX")
    if len(hosts) > MOST_NAMES:
        raise _Permanent
    found = (address for host in hosts for address in check.addresses(host))
    return _within(check, found, four, six)


def _ptr(check: _Check, domain: str, argument: str) -> bool:
    """Whether a name of the client's address, that has this address, is below the domain (§5.5: not to be used).

    The name servers asked are the client's: their silence is no match (§5.5), and costs PTR_SECONDS at most."""
    check.count()
    target = _target(check, domain, argument)
    try:
        until = min(check.deadline, time.monotonic() + PTR_SECONDS)
        names = check.ask(check.address.reverse_pointer, "PTR", until)
    except Unanswered:
        return False
    below = (name for name in names[:MOST_NAMES] if name == target or name.endswith(f".{target}"))
    return any(_has(check, name) for name in below)


def _has(check: _Check, name: str) -> bool:
    try:
        return any(ipaddress.ip_address(found) == check.address for found in check.addresses(name))
    except Unanswered:  # that name is passed over (§5.5)
        return False


def _network(version: int) -> Callable[[_Check, str, str], bool]:
    def matches(check: _Check, domain: str, argument: str) -> bool:
        del domain
        if not _NETWORK.fullmatch(argument):
            raise _Permanent
        try:
            network = ipaddress.ip_network(argument, strict=False)
        except ValueError:
            raise _Permanent from None
        if network.version != version:
            raise _Permanent
        return network.version == check.address.version and check.address in network

    return matches


def _exists(check: _Check, domain: str, argument: str) -> bool:
    if not argument:
        raise _Permanent
    check.count()
    return bool(check.ask(_target(check, domain, argument), "A"))


MECHANISMS: dict[str, Callable[[_Check, str, str], bool]] = {
    "all": _all,
    "include": _include,
    "a": _a,
    "mx": _mx,
    "ptr": _ptr,
    "ip4": _network(4),
    "ip6": _network(6),
    "exists": _exists,
}
