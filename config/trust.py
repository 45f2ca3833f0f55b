"""Who asks the DNS, as the settings want it: the judge of senders' domains, and the check of a mail domain."""

from typing import TYPE_CHECKING, Any

from config.settings import Settings

if TYPE_CHECKING:
    from ingest.trust.judging import Judge


def check_mail_domain(settings: Settings, domain: str, selector: str) -> list[dict[str, Any]]:
    """What the DNS that `LEADGATE_DNS` names says of a mail domain, asked now: no answer of before is believed."""
    from ingest.mail_domain import Question, check
    from ingest.trust.resolver import CachingDns, network

    server = settings.dns.server
    dns = (
        CachingDns(network((server.host, server.port) if server else None)) if settings.dns.enabled else None
    )
    return check(Question(domain, settings.hostname.rstrip(".").lower(), selector), dns)


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
