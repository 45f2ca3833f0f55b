"""Whether a mail came through a forwarder that the account's admin listed (`store.forwarders`).

Asked of mails whose check failed. The facts are stored: the client of each arrival, and for which domains SPF passed,
asked by ourselves at the border or by a mail server that is believed. A hop of the operator's own is no forwarder.
"""

from collections.abc import Iterator

from ingest.letter import Letter
from ingest.trust.evidence import client_of
from ingest.trust.judgement import Judgement
from store.forwarders import by_address, by_domain

FORWARDED_TO = ("leads",)
"""Kinds of address at which such a mail is read all the same."""


def forwarder_of(letter: Letter, judged: Judgement) -> str | None:
    """The entry of the list by which the mail came; None also where that does not matter."""
    listed = letter.directory.account.forwarders
    if letter.kind not in FORWARDED_TO or not listed:
        return None
    clients = (client for arrival in letter.arrivals if (client := client_of(arrival)) is not None)
    by_client = (by_address(listed, client[0]) for client in clients)
    by_spf = (by_domain(listed, domain) for domain in _passed(judged))
    return next((entry for entries in (by_client, by_spf) for entry in entries if entry), None)


def _passed(judged: Judgement) -> Iterator[str]:
    """The domains of envelopes that SPF passed for."""
    for one in judged.evidence.get("spf") or ():
        if one["result"] == "pass":
            yield one["domain"]
    for one in judged.evidence.get("authentication_results") or ():
        if one["method"] == "spf" and one["result"] == "pass":
            yield one["domain"]
