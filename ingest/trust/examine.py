"""Finding out about one mail: its header, what a trusted hop says, signatures, SPF, DMARC. In any thread, outside any
transaction.

The DNS is asked for what may change the verdict: nothing where From names nobody or a trusted hop has judged. The
signatures are all checked, for the receipt.
"""

import time
from collections.abc import Sequence
from datetime import datetime

from ingest.letter import Arrival, Letter
from ingest.trust import authentication_results, dkim, dmarc, spf
from ingest.trust.authentication_results import Result
from ingest.trust.evidence import Client, Evidence, SpfResult, client_of
from ingest.trust.fields import Head, line_ends_fixed, split
from ingest.trust.hops import Hop, voices
from ingest.trust.resolver import Dns, Unanswered
from parsers import addresses
from store.addresses import domain_of, normal, normal_domain
from store.forwarders import by_domain

MOST_CLIENTS = 3
"""Arrivals whose clients are asked about."""
LONGEST_FROM = 16 * 1024


def examine(letter: Letter, dns: Dns | None, hops: Sequence[Hop], seconds: float) -> Evidence:
    """The evidence about a mail with bytes, by the arrivals that nobody judged yet.

    `dns` None: it is switched off, only a trusted hop's word counts."""
    assert letter.raw is not None
    raw = line_ends_fixed(letter.raw)
    head = split(raw)
    author = _author(head)
    domain = domain_of(author)
    if not author or not domain:
        return Evidence("", "")
    results = _trusted_results(letter, head, hops)
    found = Evidence(normal(author), domain, head.ambiguous, results)
    if dns is None or any(one.method == "dmarc" for one in results):
        return found
    forwarders = letter.directory.account.forwarders
    until = time.monotonic() + seconds
    return _ask(found, letter.unjudged, forwarders, raw, head, dns, letter.received_at, until)


def _ask(
    found: Evidence,
    arrivals: Sequence[Arrival],
    forwarders: Sequence[str],
    raw: bytes,
    head: Head,
    dns: Dns,
    moment: datetime,
    deadline: float,
) -> Evidence:
    signatures = dkim.check(raw, head, dns, moment, deadline, found.fits_dkim)
    policy, unanswered = None, False
    try:
        policy = dmarc.policy_of(found.domain, dns, deadline)
    except Unanswered:
        unanswered = True
    return Evidence(
        found.author,
        found.domain,
        found.ambiguous,
        found.results,
        signatures=signatures,
        spf=_spf(arrivals, found, forwarders, dns, deadline),
        policy=policy,
        policy_unanswered=unanswered,
    )


def _spf(
    arrivals: Sequence[Arrival], found: Evidence, forwarders: Sequence[str], dns: Dns, deadline: float
) -> tuple[SpfResult, ...] | None:
    """SPF of the clients that came from outside; None when all came by ways on which the client is not the sender's.
    What can neither fit From nor be a forwarder that is listed is not asked for."""
    clients = dict.fromkeys(client for arrival in arrivals if (client := client_of(arrival)) is not None)
    if not clients:
        return None
    asked = list(clients)[:MOST_CLIENTS]
    return tuple(_of_client(client, found, forwarders, dns, deadline) for client in asked)


def _of_client(
    client: Client, found: Evidence, forwarders: Sequence[str], dns: Dns, deadline: float
) -> SpfResult:
    ip, mail_from, helo = client
    domain = domain_of(mail_from) if "@" in mail_from else normal_domain(helo)
    if not found.fits_spf(domain) and not by_domain(forwarders, domain):
        return SpfResult(domain, "not asked: it cannot fit From", client)
    return SpfResult(domain, spf.check(ip, domain, mail_from, helo, dns, deadline), client)


def _author(head: Head) -> str:
    """The one address of the one From field, "" otherwise."""
    values = head.values(b"from")
    if len(values) != 1 or len(values[0]) > LONGEST_FROM:
        return ""
    written = addresses.read(" ".join(values[0].decode("utf-8", "replace").split()))
    found = [one.address for one in written if one.address]
    return found[0] if len(found) == 1 else ""


def _trusted_results(letter: Letter, head: Head, hops: Sequence[Hop]) -> tuple[Result, ...]:
    """What those say who may speak about the mail."""
    heard = dict.fromkeys(voice for arrival in letter.unjudged for voice in voices(letter, arrival, hops))
    return tuple(result for voice in heard for result in authentication_results.read(head, voice))
