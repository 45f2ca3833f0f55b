"""Finding out about one mail: its header, what a trusted hop says, signatures, SPF, DMARC. In any thread, outside any
transaction.

The DNS is asked for what may change the verdict: nothing where From names nobody or a trusted hop has judged. The
signatures are all checked, for the receipt.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ingest.letter import Arrival, Letter
from ingest.trust import authentication_results, dkim, dmarc, spf
from ingest.trust.authentication_results import Result
from ingest.trust.author import authors_of
from ingest.trust.evidence import Client, Evidence, SpfResult, client_of, judge
from ingest.trust.fields import Head, line_ends_fixed, split
from ingest.trust.hops import Hop, voices
from ingest.trust.judgement import FAILED
from ingest.trust.resolver import Dns, Unanswered
from store.addresses import domain_of, normal_domain
from store.forwarders import by_domain

MOST_CLIENTS = 3
"""Arrivals whose clients are asked about."""
MOST_DOMAINS = 4
"""Of authors; the first is the one that is shown."""


def examine(letter: Letter, dns: Dns | None, hops: Sequence[Hop], seconds: float) -> Evidence:
    """The evidence about a mail with bytes, by the arrivals that nobody judged yet.

    `dns` None: it is switched off, only a trusted hop's word counts."""
    assert letter.raw is not None
    raw = line_ends_fixed(letter.raw)
    head = split(raw)
    domains = dict.fromkeys(map(domain_of, authors_of(letter.raw, head)))
    results = _trusted_results(letter, head, hops)
    until = time.monotonic() + seconds
    judged = [
        _of_domain(domain, letter, raw, head, results, dns, until) for domain in list(domains)[:MOST_DOMAINS]
    ]
    if len(judged) > 1:
        return _of_several(judged)
    return judged[0] if judged else Evidence("")


def _of_domain(
    domain: str,
    letter: Letter,
    raw: bytes,
    head: Head,
    results: Sequence[Result],
    dns: Dns | None,
    deadline: float,
) -> Evidence:
    """What can be found out about one domain that From names."""
    found = Evidence(domain, head.ambiguous or _no_from(head), results)
    if dns is None or any(one.method == "dmarc" and found.is_about(one) for one in results):
        return found
    forwarders = letter.directory.account.forwarders
    return _ask(found, letter.unjudged, forwarders, raw, head, dns, letter.received_at, deadline)


def _of_several(judged: Sequence[Evidence]) -> Evidence:
    """Of authors of several domains: the check of the mail fails if that of one does (RFC 7489 §6.6.1), and it proves
    nothing about any."""
    failed = next((one for one in judged if judge(one).trust == FAILED), None)
    unanswered = next((one for one in judged if one.unanswered), None)
    several = "From names authors of several domains"
    return failed or unanswered or replace(judged[0], ambiguous=several, policy=None)


def _no_from(head: Head) -> str | None:
    return None if b"from" in head.names else "it has no From"


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
    """In the order of whose name servers are asked: the author's own, for what decides whether a missing proof is a
    failure; then whatever the mail names, where a forger's slow servers may use up the time that is left."""
    policy, unanswered = None, False
    try:
        policy = dmarc.policy_of(found.domain, dns, deadline)
    except Unanswered:
        unanswered = True
    asked = _spf(arrivals, found, forwarders, dns, deadline)
    signatures = dkim.check(raw, head, dns, moment, deadline, found.fits_dkim)
    return Evidence(
        found.domain,
        found.ambiguous,
        found.results,
        signatures=signatures,
        spf=asked,
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


def _trusted_results(letter: Letter, head: Head, hops: Sequence[Hop]) -> tuple[Result, ...]:
    """What those say who may speak about the mail."""
    heard = dict.fromkeys(voice for arrival in letter.unjudged for voice in voices(letter, arrival, hops))
    return tuple(result for voice in heard for result in authentication_results.read(head, voice))
