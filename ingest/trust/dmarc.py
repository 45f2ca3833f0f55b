"""DMARC (RFC 7489): which policy a domain publishes for mail that uses its name, and when a name fits From.

The organisational domain is found with the public suffix list that the package `publicsuffixlist` brings along; the
network is not asked for it. authheaders, which could do this, drops hyphens from domains and reads that list from disk
for every question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ingest.trust.resolver import LONGEST_NAME, Dns

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain wants done with mail that proves nothing, and how exactly a name has to fit."""

    published_by: str
    wanted: str  # none quarantine reject
    strict_dkim: bool = False
    strict_spf: bool = False

    @property
    def enforced(self) -> bool:
        """Whether mail without a pass fails."""
        return self.wanted != "none"


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def organisation(domain: str) -> str | None:
    """The domain that somebody registered; None for a public suffix itself, or what is no domain."""
    if not domain or len(domain) > LONGEST_NAME:
        return None
    found: str | None = _suffixes().privatesuffix(domain)
    return found


def fits(domain: str, author: str, *, strict: bool = False) -> bool:
    """Whether `domain` may speak for the domain `author` in From (§3.1.1): the same, or of the same organisation."""
    if not domain or domain == author:
        return bool(domain)
    return not strict and (own := organisation(author)) is not None and own == organisation(domain)


def policy_of(domain: str, dns: Dns, deadline: float) -> Policy | None:
    """The policy for mail from `domain` (§6.6.3), None where none is published. Raises Unanswered."""
    record = _record(domain, dns, deadline)
    if record is not None:
        return _policy(domain, record, record.get("p"))
    above = organisation(domain)
    if above is None or above == domain:
        return None
    record = _record(above, dns, deadline)
    return None if record is None else _policy(above, record, record.get("sp", record.get("p")))


def _record(domain: str, dns: Dns, deadline: float) -> Mapping[str, str] | None:
    found = [
        tags for text in dns.ask(f"_dmarc.{domain}", "TXT", deadline) if (tags := _tags(text)) is not None
    ]
    return found[0] if len(found) == 1 else None


def _tags(text: str) -> Mapping[str, str] | None:
    """The tags of a DMARC record, None for another text. Of a tag given twice the first counts."""
    first, *rest = text.split(";")
    name, equals, value = first.partition("=")
    if (name.strip().lower(), equals, value.strip()) != ("v", "=", "DMARC1"):
        return None
    tags: dict[str, str] = {}
    for item in rest:
        name, equals, value = item.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip().lower())
    return tags


def _policy(domain: str, tags: Mapping[str, str], wanted: str | None) -> Policy | None:
    if wanted not in POLICIES:
        if "rua" not in tags:
            return None
        wanted = "none"
    if tags.get("pct") == "0" or tags.get("t") == "y":  # "look, but do nothing": a policy on trial
        wanted = "none"
    return Policy(domain, wanted, tags.get("adkim") == "s", tags.get("aspf") == "s")
