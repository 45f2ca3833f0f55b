"""Which domain fits From, and which policy is published for it."""

import time

import pytest

from ingest.trust.dmarc import Policy, fits, organisation, policy_of
from tests.ingest.trust.zone import Zone

FITS = [
    ("acme.example", "acme.example", True),
    ("mail.acme.example", "acme.example", True),
    ("acme.example", "sub.acme.example", True),
    ("a.acme.example", "b.acme.example", True),
    ("evil.example", "acme.example", False),
    ("acme.example.evil.example", "acme.example", False),
    ("xacme.example", "acme.example", False),
    ("my-firm.example", "mail.my-firm.example", True),
    ("a.co.uk", "b.co.uk", False),
    ("co.uk", "b.co.uk", False),
    ("uk", "co.uk", False),
    ("a.github.io", "b.github.io", False),
    ("", "acme.example", False),
]


@pytest.mark.parametrize(("domain", "author", "wanted"), FITS)
def test_what_fits(domain: str, author: str, wanted: bool) -> None:
    assert fits(domain, author) is wanted
    assert fits(domain, author, strict=True) is (wanted and domain == author)


@pytest.mark.parametrize(
    ("domain", "wanted"),
    [("a.b.acme.co.uk", "acme.co.uk"), ("co.uk", None), ("x" * 300 + ".example", None), ("", None)],
)
def test_organisation(domain: str, wanted: str | None) -> None:
    assert organisation(domain) == wanted


NONE = Policy("acme.example", "none")
POLICIES = [
    (("v=DMARC1; p=reject",), Policy("acme.example", "reject")),
    (("V=DMARC1;P=Quarantine; adkim=S; aspf=s;",), Policy("acme.example", "quarantine", True, True)),
    (("other", "v=DMARC1; p=none"), NONE),
    (("v=DMARC1; p=reject; pct=0",), NONE),
    (("v=DMARC1; p=reject; t=y",), NONE),
    (("v=DMARC1; rua=mailto:a@acme.example",), NONE),
    (("v=DMARC1; p=maybe",), None),
    (("v=DMARC1; p=reject", "v=DMARC1; p=none"), None),
    (("v=DMARC2; p=reject",), None),
    ((" p=reject; v=DMARC1",), None),
    (("v=dmarc1; p=reject",), None),
    ((), None),
]


@pytest.mark.parametrize(("records", "wanted"), POLICIES)
def test_policies(records: tuple[str, ...], wanted: Policy | None) -> None:
    zone = Zone().txt("_dmarc.acme.example", *records)
    assert policy_of("acme.example", zone, time.monotonic() + 5) == wanted


def test_a_subdomain_has_the_policy_of_its_organisation() -> None:
    zone = Zone().txt("_dmarc.acme.example", "v=DMARC1; p=reject; sp=none")
    assert policy_of("a.b.acme.example", zone, time.monotonic() + 5) == NONE
    zone.txt("_dmarc.acme.example", "v=DMARC1; p=reject")
    assert policy_of("a.b.acme.example", zone, time.monotonic() + 5) == Policy("acme.example", "reject")
    zone.txt("_dmarc.a.b.acme.example", "v=DMARC1; p=none")
    assert policy_of("a.b.acme.example", zone, time.monotonic() + 5) == Policy("a.b.acme.example", "none")
