"""What follows from SPF, DKIM and DMARC together: the verdict about a mail's sender, combination by combination.

Each row has a zone of its own. firma.example is the author's domain; its mail server is at CLIENT, the mail below comes
from there or from a stranger's client. What is expected stands in product §6, RFC 7489, 7208 and 6376.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.letter import Arrival, Letter
from ingest.trust.evidence import judge
from ingest.trust.examine import examine
from store.accounts import Account
from store.directory import Directory
from tests.ingest.mailroom import write
from tests.ingest.trust.signing import ed25519_key, published, rsa_key, sign
from tests.ingest.trust.zone import Zone

ACCOUNT = Account("a", "a", "a.test", "solo", False, "all", "create", True, (), (), "en", "UTC")
DIRECTORY = Directory(ACCOUNT, {}, {}, {}, {})
CLIENT, STRANGER = "192.0.2.10", "203.0.113.66"
VERIFIED, UNKNOWN, FAILED = "verified", "unknown", "failed"
REJECT = "v=DMARC1; p=reject"
SPF = f"v=spf1 ip4:{CLIENT} -all"
KEY = "s1._domainkey."


def mail(author: str = "a@firma.example") -> bytes:
    return write(sender=author)


def signed(author: str = "a@firma.example", by: str = "firma.example", **more: Any) -> bytes:
    return sign(mail(author), by, **more)


@dataclass(frozen=True)
class Row:
    """TXT records by name, a mail, how it came, and the verdict."""

    wanted: str
    raw: bytes
    zone: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    mail_from: str = "x@evil.example"
    client: str = STRANGER
    helo: str = "h.example"


def own(wanted: str, raw: bytes, **more: Any) -> Row:
    """A mail in a zone in which firma.example rejects what proves nothing and publishes a key; `more` beside that."""
    zone = {"_dmarc.firma.example": REJECT, f"{KEY}firma.example": published(), "firma.example": SPF}
    beside: Mapping[str, str | tuple[str, ...]] = more.pop("zone", {})
    return Row(wanted, raw, zone | dict(beside), **more)


def policy(wanted: str, record: str | tuple[str, ...], author: str = "a@firma.example", **zone: str) -> Row:
    """A mail that proves nothing, where firma.example publishes that policy."""
    return Row(wanted, mail(author), {"_dmarc.firma.example": record} | zone)


def many(raw: bytes, times: int, by: str) -> bytes:
    for _ in range(times):
        raw = sign(raw, by)
    return raw


BY_FIRMA: dict[str, Any] = {"mail_from": "b@firma.example", "client": CLIENT}
ROWS = {
    # policies
    "reject": policy(FAILED, REJECT),
    "quarantine": policy(FAILED, "v=DMARC1; p=quarantine"),
    "none": policy(UNKNOWN, "v=DMARC1; p=none"),
    "no policy": Row(UNKNOWN, mail()),
    "tags in upper case": policy(FAILED, "v=DMARC1; P=REJECT"),
    "no blanks": policy(FAILED, "v=DMARC1;p=reject;"),
    "pct": policy(FAILED, "v=DMARC1; p=reject; pct=50"),
    "pct=0 is a trial": policy(UNKNOWN, "v=DMARC1; p=reject; pct=0"),
    "two policies are none": policy(UNKNOWN, (REJECT, "v=DMARC1; p=none")),
    "another text beside it": policy(FAILED, ("some=thing", REJECT)),
    "another version": policy(UNKNOWN, "v=DMARC2; p=reject"),
    "no p, but reports": policy(UNKNOWN, "v=DMARC1; rua=mailto:x@y.example"),
    "below the domain": policy(FAILED, REJECT, "a@deep.sub.firma.example"),
    "sp=none below": policy(UNKNOWN, f"{REJECT}; sp=none", "a@sub.firma.example"),
    "sp=reject below": policy(FAILED, "v=DMARC1; p=none; sp=reject", "a@sub.firma.example"),
    "sp is not for the domain itself": policy(UNKNOWN, "v=DMARC1; p=none; sp=reject"),
    "a policy of its own below": policy(
        UNKNOWN, REJECT, "a@sub.firma.example", **{"_dmarc.sub.firma.example": "v=DMARC1; p=none"}
    ),
    "the organisation below co.uk": Row(FAILED, mail("a@sub.firma.co.uk"), {"_dmarc.firma.co.uk": REJECT}),
    "a policy of co.uk is nobody's": Row(UNKNOWN, mail("a@firma.co.uk"), {"_dmarc.co.uk": REJECT}),
    # SPF and From
    "spf": own(VERIFIED, mail(), **BY_FIRMA),
    "spf without a policy": Row(VERIFIED, mail(), {"firma.example": SPF}, **BY_FIRMA),
    "spf of another client": own(FAILED, mail(), mail_from="b@firma.example"),
    "spf of the stranger's domain": own(FAILED, mail(), zone={"evil.example": "v=spf1 +all"}),
    "spf of a subdomain": own(
        VERIFIED, mail(), zone={"m.firma.example": SPF}, mail_from="b@m.firma.example", client=CLIENT
    ),
    "spf of a subdomain, strict": own(
        FAILED,
        mail(),
        zone={"m.firma.example": SPF, "_dmarc.firma.example": f"{REJECT}; aspf=s"},
        mail_from="b@m.firma.example",
        client=CLIENT,
    ),
    "null sender": own(VERIFIED, mail(), mail_from="", helo="firma.example", client=CLIENT),
    "null sender, helo of a literal": own(FAILED, mail(), mail_from="", helo=f"[{CLIENT}]", client=CLIENT),
    "helo counts for a null sender alone": own(FAILED, mail(), helo="firma.example", client=CLIENT),
    "softfail": own(FAILED, mail(), zone={"firma.example": "v=spf1 ~all"}, **BY_FIRMA),
    "neutral": own(FAILED, mail(), zone={"firma.example": "v=spf1 ?all"}, **BY_FIRMA),
    "permerror": own(FAILED, mail(), zone={"firma.example": "v=spf1 +all oops"}, **BY_FIRMA),
    "two spf records": own(
        FAILED, mail(), zone={"firma.example": ("v=spf1 +all", "v=spf1 +all")}, **BY_FIRMA
    ),
    "IPv4 in IPv6": own(VERIFIED, mail(), mail_from="b@firma.example", client=f"::ffff:{CLIENT}"),
    # DKIM and From
    "dkim": own(VERIFIED, signed()),
    "dkim without a policy": Row(VERIFIED, signed(), {f"{KEY}firma.example": published()}),
    "ed25519": own(
        VERIFIED, signed(key=ed25519_key()), zone={f"{KEY}firma.example": published(ed25519_key())}
    ),
    "dkim of a subdomain": own(
        VERIFIED, signed(by="m.firma.example"), zone={f"{KEY}m.firma.example": published()}
    ),
    "dkim of a subdomain, strict": own(
        FAILED,
        signed(by="m.firma.example"),
        zone={f"{KEY}m.firma.example": published(), "_dmarc.firma.example": f"{REJECT}; adkim=s"},
    ),
    "dkim of the domain above": own(VERIFIED, signed("a@sub.firma.example")),
    "d in upper case": own(VERIFIED, signed(d="FIRMA.example")),
    "From in upper case": own(VERIFIED, signed("A@FIRMA.EXAMPLE")),
    "dkim of a look-alike": own(
        FAILED, signed(by="firma-example.test"), zone={f"{KEY}firma-example.test": published()}
    ),
    "dkim of a longer domain": own(
        FAILED, signed(by="evilfirma.example"), zone={f"{KEY}evilfirma.example": published()}
    ),
    "dkim of the suffix": Row(UNKNOWN, signed("a@firma.co.uk", "co.uk"), {f"{KEY}co.uk": published()}),
    "dkim of a neighbour below the suffix": Row(
        UNKNOWN, signed("a@firma.co.uk", "other.co.uk"), {f"{KEY}other.co.uk": published()}
    ),
    "dkim of a neighbour of the same host": Row(
        UNKNOWN, signed("a@a.github.io", "b.github.io"), {f"{KEY}b.github.io": published()}
    ),
    "covered oftener than it stands": own(VERIFIED, signed(covers="from:from:to:subject:subject:date:cc")),
    "in simple form": own(VERIFIED, signed(form="simple/simple")),
    "made a minute ahead": own(VERIFIED, signed(t=str(int(datetime.now(UTC).timestamp()) + 60))),
    "expired": own(FAILED, signed(x="1600000000")),
    "ended before it was made": own(FAILED, signed(t="4102444800", x="4102444000")),
    "a part of the text": own(FAILED, signed(length=4)),
    "SHA-1": own(FAILED, signed(a="rsa-sha1")),
    "withdrawn key": own(FAILED, signed(), zone={f"{KEY}firma.example": "v=DKIM1; p="}),
    "key in test mode": own(FAILED, signed(), zone={f"{KEY}firma.example": published(t="y")}),
    "key for other things than mail": own(
        FAILED, signed(), zone={f"{KEY}firma.example": published(s="tlsrpt")}
    ),
    "key for the domain alone, identity below": own(
        FAILED, signed(i="@x.firma.example"), zone={f"{KEY}firma.example": published(t="s")}
    ),
    "key with g= and n=": own(VERIFIED, signed(), zone={f"{KEY}firma.example": published(g="*", n="a note")}),
    "key among a wildcard's texts": own(
        VERIFIED,
        signed(),
        zone={
            f"{KEY}firma.example": ("v=DMARC1; p=none", "v=spf1 -all", published(rsa_key(1024)), published())
        },
    ),
    # several
    "six of others below": own(VERIFIED, sign(many(mail(), 6, "evil.example"), "firma.example")),
    "eight of others above": own(VERIFIED, many(signed(), 8, "evil.example")),
    "broken by a list, signed by it": own(
        FAILED,
        sign(signed() + b"-- \r\nfooter\r\n", "lists.example"),
        zone={f"{KEY}lists.example": published()},
    ),
    "broken by a list that writes its own From": own(
        VERIFIED, signed("a.list@lists.example", "lists.example"), zone={f"{KEY}lists.example": published()}
    ),
    "broken signature, but spf": own(VERIFIED, signed() + b"footer\r\n", **BY_FIRMA),
    "signature, but spf fails": own(VERIFIED, signed(), mail_from="b@firma.example"),
    "a broken one above a good one": own(VERIFIED, sign(signed(), "firma.example", x="1600000000")),
}


def verdict(row: Row) -> str:
    zone = Zone()
    for name, found in row.zone.items():
        zone.txt(name, *([found] if isinstance(found, str) else found))
    arrival = Arrival(
        "smtp", "leads", None, "leads@a.test", None, row.mail_from, None, row.client, row.helo, False
    )
    letter = Letter(
        ("a", "1"), datetime.now(UTC), (arrival,), 1, None, None, False, None, row.raw, DIRECTORY, None
    )
    return judge(examine(letter, zone, (), 5.0)).trust


@pytest.mark.parametrize("name", ROWS)
def test_the_verdict(name: str) -> None:
    assert verdict(ROWS[name]) == ROWS[name].wanted
