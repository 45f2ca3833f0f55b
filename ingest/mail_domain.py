"""Whether the DNS says of an account's mail domain what mail needs: MX, address, SPF, DKIM, DMARC.

CHECKS is the table: a record's name and type, what it should say, and how what is there is judged. All questions are
asked at once and together have SECONDS: a page waits for them. What nobody answered in time is `unanswered`, and no
record is called missing for it.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ingest.trust import dmarc
from ingest.trust.resolver import Dns, RecordType, Unanswered, is_name

SECONDS = 4.5
FOUND, DIFFERS, MISSING, UNANSWERED, OFF = "found", "differs", "missing", "unanswered", "off"
LONGEST_SHOWN = 500
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: the account's mail domain, our host name, the smarthost's DKIM selector if known."""

    domain: str
    hostname: str
    selector: str = ""

    def fill(self, text: str) -> str:
        """`text` with what it names put in."""
        return text.format(domain=self.domain, hostname=self.hostname, selector=self.selector)


def _any(text: str) -> bool:
    del text
    return True


def _is_spf(text: str) -> bool:
    return text.lower().split(" ")[0] == "v=spf1"


def _is_dkim(text: str) -> bool:
    return any(name.strip() == "p" for name, _, _ in _tags(text))


def _has_key(text: str) -> bool:
    """A key that is not withdrawn: `p=` with something behind it (RFC 6376 §3.6.1)."""
    return any(name.strip() == "p" and value.strip() for name, _, value in _tags(text))


def _is_dmarc(text: str) -> bool:
    return text.replace(" ", "").lower().startswith("v=dmarc1")


def _has_policy(text: str) -> bool:
    return any(
        name.strip() == "p" and value.strip().lower() in dmarc.POLICIES for name, _, value in _tags(text)
    )


def _tags(text: str) -> list[tuple[str, str, str]]:
    return [tag.partition("=") for tag in text.split(";")]


@dataclass(frozen=True, slots=True)
class Check:
    """One record. `wanted`: what it should say, as zone files have it; "" where only others can know that.

    Of what stands at the name, `counts` tells the records of this kind. They are good if one is `equal` to what that
    says, or without it if `good` says so of each; `alone`: and if there is no second.
    """

    kind: str
    type: RecordType
    name: str
    wanted: str = ""
    counts: Callable[[str], bool] = _any
    good: Callable[[str], bool] = _any
    equal: str = ""
    alone: bool = False

    def state(self, asked: Question, found: Sequence[str]) -> str:
        """How what was found is judged."""
        records = [text for text in found if self.counts(text)]
        if not records:
            return MISSING
        fits = asked.fill(self.equal) in records if self.equal else all(map(self.good, records))
        return FOUND if fits and not (self.alone and len(records) > 1) else DIFFERS


CHECKS = (
    Check("mx", "MX", "{domain}", "10 {hostname}.", equal="{hostname}"),
    Check("address", "A", "{hostname}"),
    # with two, whoever checks gives up (RFC 7208 §4.5, RFC 7489 §6.6.3)
    Check("spf", "TXT", "{domain}", "v=spf1 mx -all", _is_spf, alone=True),
    Check("dkim", "TXT", "{selector}._domainkey.{domain}", "", _is_dkim, _has_key),
    Check("dmarc", "TXT", "_dmarc.{domain}", "v=DMARC1; p=quarantine", _is_dmarc, _has_policy, alone=True),
)


def check(asked: Question, dns: Dns | None, seconds: float = SECONDS) -> list[dict[str, Any]]:
    """Every record: {kind, type, name, wanted, state, found}. `dns` None: nobody is asked, and each is `off`.

    What has no name that can be asked for is left out: DKIM without a selector, a machine without a public name.
    """
    checks = [one for one in CHECKS if is_name(asked.fill(one.name))]
    deadline = time.monotonic() + seconds
    with ThreadPoolExecutor(len(CHECKS), "dns") as pool:
        judged = pool.map(lambda one: _judged(one, asked, dns, deadline), checks)
        return [
            {
                "kind": one.kind,
                "type": one.type,
                "name": asked.fill(one.name),
                "wanted": asked.fill(one.wanted),
                "state": state,
                "found": [text[:LONGEST_SHOWN] for text in found[:MOST_SHOWN]],
            }
            for one, (state, found) in zip(checks, judged, strict=True)
        ]


def _judged(one: Check, asked: Question, dns: Dns | None, deadline: float) -> tuple[str, Sequence[str]]:
    if dns is None:
        return OFF, ()
    name = asked.fill(one.name)
    try:
        found = dns.ask(name, one.type, deadline)
        if one.kind == "dmarc" and not found:
            return _above(asked, dns, deadline)
        if one.type == "A" and not found:
            found = dns.ask(name, "AAAA", deadline)
    except Unanswered:
        return UNANSWERED, ()
    return one.state(asked, found), [text for text in found if one.counts(text)]


def _above(asked: Question, dns: Dns, deadline: float) -> tuple[str, Sequence[str]]:
    """A policy that the organisation's own domain publishes holds for names below it (RFC 7489 §6.6.3)."""
    policy = dmarc.policy_of(asked.domain, dns, deadline)
    if policy is None:
        return MISSING, ()
    return FOUND, tuple(dns.ask(f"_dmarc.{policy.published_by}", "TXT", deadline))
