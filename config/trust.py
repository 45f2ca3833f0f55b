"""The judge of senders' domains, as the settings want it."""

from typing import TYPE_CHECKING

from config.settings import Settings

if TYPE_CHECKING:
    from ingest.trust.judging import Judge


def judge(settings: Settings) -> "Judge":
    """Asks the DNS that `LEADGATE_DNS` names, and believes the hops of `LEADGATE_TRUSTED_HOPS`."""
    from ingest.trust.hops import Hop
    from ingest.trust.judging import Judge, TrustOptions
    from ingest.trust.resolver import CachingDns, network

    dns, server = None, settings.dns.server
    if settings.dns.enabled:
        dns = CachingDns(network((server.host, server.port) if server else None))
    hops = tuple(Hop(hop.network, hop.authserv_id) for hop in settings.trusted_hops)
    return Judge(TrustOptions(dns=dns, hops=hops))
