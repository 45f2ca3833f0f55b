"""A mailroom that asks a zone of its own about senders."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from ingest.trust.hops import Hop
from ingest.trust.judging import TrustOptions
from store.session import Database
from tests.ingest.mailroom import Mailroom
from tests.ingest.trust.signing import published
from tests.ingest.trust.zone import Zone
from tests.support.accounts import MadeAccount

CLIENT = "192.0.2.10"
"""The mail server of acme.example."""
HOP = "10.0.0.5"
"""The operator's own mail server, which signs as mx.acme.example."""


def make_zone() -> Zone:
    """acme.example publishes everything and wants it enforced, kunde.example too; evil.example has all its own."""
    zone = Zone()
    for domain in ("acme.example", "kunde.example", "evil.example", "acme-example.test"):
        zone.txt(f"s1._domainkey.{domain}", published())
    zone.txt("acme.example", f"v=spf1 ip4:{CLIENT} -all").txt("_dmarc.acme.example", "v=DMARC1; p=reject")
    zone.txt("kunde.example", "v=spf1 ip4:198.51.100.7 -all").txt(
        "_dmarc.kunde.example", "v=DMARC1; p=quarantine"
    )
    zone.txt("evil.example", "v=spf1 +all").txt("_dmarc.evil.example", "v=DMARC1; p=none")
    return zone.txt("open.example", "v=spf1 +all").txt("_dmarc.lax.example", "v=DMARC1; p=none")


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def options(zone: Zone) -> TrustOptions:
    """Patient, because a test's machine may be busy."""
    return TrustOptions(dns=zone, hops=(Hop(ip_network(HOP), "mx.acme.example"),), patience=20)


@pytest.fixture
def room(database: Database, account: MadeAccount, zone: Zone) -> Iterator[Mailroom]:
    """The account's mail, its senders checked."""
    opened = Mailroom(database, account, trust=options(zone))
    yield opened
    opened.close()
    assert opened.contradictions() == [], "the books do not balance"
