"""Who may send for a domain: every mechanism, the limits, and what is wrong with records."""

import time

import pytest

from ingest.trust.spf import check
from tests.ingest.trust.zone import SILENT, Zone

IP = "192.0.2.10"


def zone(record: str) -> Zone:
    """acme.example with that record, among neighbours."""
    return (
        Zone()
        .txt("acme.example", "other text", record)
        .a("acme.example", "192.0.2.10")
        .a("mail.acme.example", "192.0.2.77", IP)
        .mx("acme.example", "mail.acme.example")
        .mx("many.example", *[f"m{number}.example" for number in range(11)])
        .txt("yes.example", "v=spf1 ip4:192.0.2.0/24 -all")
        .txt("no.example", "v=spf1 -all")
        .txt("deep.example", "v=spf1 include:deep.example")
        .txt("wrong.example", "v=spf1 ipx:1")
        .a("anna.acme.example._spf.acme.example", "127.0.0.2")
        .a("10.2.0.192.in-addr.acme.example", "127.0.0.2")
    )


TABLE = [
    ("v=spf1 +all", "pass"),
    ("v=spf1 -all", "fail"),
    ("v=spf1 ~all", "softfail"),
    ("v=spf1 ?all", "neutral"),
    ("v=spf1", "neutral"),
    ("V=SPF1 IP4:192.0.2.10 -ALL", "pass"),
    ("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
    ("v=spf1 ip4:192.0.2.11 -all", "fail"),
    ("v=spf1 ip4:192.0.2.0/255.255.255.0 -all", "permerror"),
    ("v=spf1 ip4:192.0.2.0/024 -all", "permerror"),
    ("v=spf1 ip4:192.0.2.10/ -all", "permerror"),
    ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
    ("v=spf1 -ip4:192.0.2.10 +all", "fail"),
    ("v=spf1 a -all", "pass"),
    ("v=spf1 a:mail.acme.example -all", "pass"),
    ("v=spf1 a:mail.acme.example/24 -all", "pass"),
    ("v=spf1 a/24//64 -all", "pass"),
    ("v=spf1 a:nobody.example -all", "fail"),
    ("v=spf1 mx -all", "pass"),
    ("v=spf1 mx:nobody.example -all", "fail"),
    ("v=spf1 include:yes.example -all", "pass"),
    ("v=spf1 include:no.example ~all", "softfail"),
    ("v=spf1 redirect=yes.example", "pass"),
    ("v=spf1 redirect=no.example", "fail"),
    ("v=spf1 -all redirect=yes.example", "fail"),
    ("v=spf1 exists:%{l}.%{o}._spf.%{d} -all", "pass"),
    ("v=spf1 exists:%{ir}.%{v}.%{d2} -all", "pass"),
    ("v=spf1 exists:%{h}.nobody.example -all", "fail"),
    ("v=spf1 ptr -all", "fail"),
    ("v=spf1 unknown=modifier exp=why.example a -all", "pass"),
    ("v=spf1 include:deep.example -all", "permerror"),
    ("v=spf1 include:nobody.example -all", "permerror"),
    ("v=spf1 include:wrong.example -all", "permerror"),
    ("v=spf1 redirect=nobody.example", "permerror"),
    ("v=spf1 a:x1.example a:x2.example a:x3.example -all", "permerror"),
    ("v=spf1 mx:many.example -all", "permerror"),
    ("v=spf1 ip4:192.0.2.300 -all", "permerror"),
    ("v=spf1 ip4:2001:db8::1 -all", "permerror"),
    ("v=spf1 a/33 -all", "permerror"),
    ("v=spf1 include: -all", "permerror"),
    ("v=spf1 nonsense -all", "permerror"),
    ("v=spf1 exists:%{z} -all", "permerror"),
    ("v=spf1 a:%x -all", "permerror"),
    ("v=spf1 redirect=a.example redirect=b.example", "permerror"),
    ("v=spf1 " + "ip4:192.0.2.1 " * 9 + "a -all", "pass"),
    (f"v=spf1 include:{SILENT} -all", "temperror"),
    ("v=spf10 +all", "none"),
    ("nothing", "none"),
]


@pytest.mark.parametrize(("record", "wanted"), TABLE)
def test_table(record: str, wanted: str) -> None:
    found = check(IP, "acme.example", "anna@acme.example", "helo.example", zone(record), time.monotonic() + 5)
    assert found == wanted


def test_ten_lookups_at_most() -> None:
    records = zone("v=spf1 " + "mx " * 10 + "a ?all")
    records.a("mail.acme.example", "198.51.100.1")
    assert check(IP, "acme.example", "x@acme.example", "h", records, time.monotonic() + 5) == "permerror"


def test_two_records_are_an_error() -> None:
    records = Zone().txt("acme.example", "v=spf1 +all", "v=spf1 -all")
    assert check(IP, "acme.example", "x@acme.example", "h", records, time.monotonic() + 5) == "permerror"


def test_a_name_of_the_client() -> None:
    records = zone("v=spf1 ptr -all")
    records.records["10.2.0.192.in-addr.arpa", "PTR"] = ("evil.example", "mail.acme.example")
    assert check(IP, "acme.example", "x@acme.example", "h", records, time.monotonic() + 5) == "pass"


@pytest.mark.parametrize("client", ["2001:db8::5", "2001:db8:0:0::5"])
def test_ipv6(client: str) -> None:
    records = zone("v=spf1 ip6:2001:db8::/32 -all")
    assert check(client, "acme.example", "x@acme.example", "h", records, time.monotonic() + 5) == "pass"


def test_ipv4_within_ipv6() -> None:
    records = zone("v=spf1 ip4:192.0.2.10 -all")
    found = check("::ffff:192.0.2.10", "acme.example", "x@acme.example", "h", records, time.monotonic() + 5)
    assert found == "pass"


@pytest.mark.parametrize("domain", ["", "localhost", "a..b", "x" * 300, "a b.example"])
def test_what_is_no_domain(domain: str) -> None:
    assert check(IP, domain, f"x@{domain}", "h", Zone(), time.monotonic() + 5) == "none"


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 " + "ip4:1.2.3.4 " * 600,
        "v=spf1 exists:" + "%{s}" * 1500,
        "v=spf1 a:" + "x." * 3000 + "example",
    ],
    ids=["terms", "macros", "labels"],
)
def test_crafted_records_take_linear_time(record: str) -> None:
    begun = time.process_time()
    check(IP, "acme.example", "l" * 60 + "@acme.example", "h", zone(record), time.monotonic() + 5)
    assert time.process_time() - begun < 1
