"""Macros in SPF records (RFC 7208 §7): `%{i}`, `%{d2}`, `%{l1r-}` and the like."""

import ipaddress
import re
from dataclasses import dataclass

LONGEST = 2000
"""Characters of an expansion; a name has 253."""
_MACRO = re.compile(r"%(?:\{([A-Za-z])(\d{0,3})([rR]?)([.\-+,/_=]*)\}|([%_-]))")
_PLAIN = {"%": "%", "_": " ", "-": "%20"}


class Unreadable(Exception):
    """It is no macro string."""


@dataclass(frozen=True, slots=True)
class Macros:
    """What the letters stand for: the client, the sender's local part and domain, HELO."""

    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    local: str
    sender_domain: str
    helo: str

    def expand(self, text: str, domain: str) -> str:
        """`text` with its macros replaced; `domain` is the one whose record it stands in. Raises Unreadable."""
        written: list[str] = []
        at = length = 0
        while at < len(text):
            sign = text.find("%", at)
            plain = text[at:] if sign < 0 else text[at:sign]
            written.append(plain)
            at += len(plain)
            if sign >= 0:
                found = _MACRO.match(text, sign)
                if found is None:
                    raise Unreadable
                written.append(_PLAIN[found[5]] if found[5] else self._value(found, domain))
                at = found.end()
            length += len(plain) + len(written[-1])
            if length > LONGEST:
                raise Unreadable
        return "".join(written)

    def _value(self, found: "re.Match[str]", domain: str) -> str:
        value = self._of(found[1].lower(), domain)
        parts = re.split(f"[{re.escape(found[4] or '.')}]", value)
        if found[3]:
            parts.reverse()
        if found[2]:
            if int(found[2]) == 0:
                raise Unreadable
            parts = parts[-int(found[2]) :]
        return ".".join(parts)

    def _of(self, letter: str, domain: str) -> str:
        match letter:
            case "s":
                return f"{self.local}@{self.sender_domain}"
            case "l":
                return self.local
            case "o":
                return self.sender_domain
            case "d":
                return domain
            case "i":
                if self.address.version == 4:
                    return str(self.address)
                return ".".join(self.address.exploded.replace(":", ""))
            case "v":
                return "in-addr" if self.address.version == 4 else "ip6"
            case "h":
                return self.helo
            case "p":  # §7.3: not to be used; what the RFC has it say where nothing is known
                return "unknown"
        raise Unreadable
