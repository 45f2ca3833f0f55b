"""The sample mails signed with DKIM, and a zone with what their domains publish: key, SPF and an enforced policy."""

from dataclasses import replace

from bench.sample_mails import SENDERS, sender
from bench.smtp_load import Mail
from tests.ingest.trust.signing import published, sign
from tests.ingest.trust.zone import Zone


def zone() -> Zone:
    """Whom the senders' domains let speak for them: their key; no client but one that is not ours."""
    made = Zone()
    key = published()
    for number in range(SENDERS):
        domain = sender(number).partition("@")[2]
        made.txt(f"s1._domainkey.{domain}", key)
        made.txt(domain, "v=spf1 ip4:192.0.2.1 -all")
        made.txt(f"_dmarc.{domain}", "v=DMARC1; p=reject")
    return made


def signed(mail: Mail) -> Mail:
    """The mail with its domain's signature (RSA, 2048 bits, relaxed/relaxed)."""
    return replace(mail, raw=sign(mail.raw, mail.sender.partition("@")[2]))
