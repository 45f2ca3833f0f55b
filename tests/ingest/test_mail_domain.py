"""What the DNS says of a mail domain: found, differs, missing, unanswered; from a zone, and by a real name server."""

import socket
import time
from typing import Any

import pytest

from ingest.mail_domain import Question, check
from ingest.trust.resolver import CachingDns, network
from tests.ingest.trust.zone import SILENT, Zone, served

ASKED = Question("in.acme.example", "mx.acme.example", "s1")


def good() -> Zone:
    zone = Zone().mx("in.acme.example", "mx.acme.example").a("mx.acme.example", "192.0.2.1")
    zone.txt("in.acme.example", "site-verification=1", "v=spf1 mx -all")
    zone.txt("s1._domainkey.in.acme.example", "v=DKIM1; k=rsa; p=MIGf")
    return zone.txt("_dmarc.in.acme.example", "v=DMARC1; p=reject")


def states(zone: Any, asked: Question = ASKED) -> dict[str, str]:
    return {one["kind"]: one["state"] for one in check(asked, zone, 5.0)}


def test_everything_is_there() -> None:
    assert set(states(good()).values()) == {"found"}
    told = {one["kind"]: one for one in check(ASKED, good())}
    assert list(told) == ["mx", "address", "spf", "dkim", "dmarc"]
    assert told["mx"]["wanted"] == "10 mx.acme.example." and told["mx"]["found"] == ["mx.acme.example"]
    assert told["spf"]["found"] == ["v=spf1 mx -all"], "other texts at the name are nobody's business"


@pytest.mark.parametrize(
    ("kind", "name", "of", "records", "state"),
    [
        ("mx", "in.acme.example", "MX", ("other.example",), "differs"),
        ("mx", "in.acme.example", "MX", ("other.example", "mx.acme.example"), "found"),
        ("mx", "in.acme.example", "MX", (), "missing"),
        ("address", "mx.acme.example", "A", (), "missing"),
        ("spf", "in.acme.example", "TXT", ("v=spf1 mx", "v=spf1 -all"), "differs"),
        ("spf", "in.acme.example", "TXT", ("site-verification=1", "v=spf10"), "missing"),
        ("dkim", "s1._domainkey.in.acme.example", "TXT", ("v=DKIM1; p=",), "differs"),
        ("dkim", "s1._domainkey.in.acme.example", "TXT", (), "missing"),
        ("dmarc", "_dmarc.in.acme.example", "TXT", ("v=DMARC1; p=reject", "v=DMARC1; p=none"), "differs"),
        ("dmarc", "_dmarc.in.acme.example", "TXT", ("v=DMARC1; p=maybe",), "differs"),
        ("dmarc", "_dmarc.in.acme.example", "TXT", (), "missing"),
    ],
)
def test_what_is_not_as_it_should_be(
    kind: str, name: str, of: str, records: tuple[str, ...], state: str
) -> None:
    zone = good()
    zone.records[name, of] = records
    assert states(zone) == {one: state if one == kind else "found" for one in states(good())}


def test_an_address_by_ipv6_and_a_policy_of_the_organisation() -> None:
    zone = good().txt("_dmarc.acme.example", "v=DMARC1; p=reject")
    del zone.records["mx.acme.example", "A"], zone.records["_dmarc.in.acme.example", "TXT"]
    zone.records["mx.acme.example", "AAAA"] = ("2001:db8::1",)
    assert set(states(zone).values()) == {"found"}


def test_without_dns_nothing_is_asked_and_nothing_called_missing() -> None:
    assert set(states(None).values()) == {"off"}


def test_what_has_no_public_name_is_left_out() -> None:
    assert set(states(good(), Question("in.acme.example", "box"))) == {"mx", "spf", "dmarc"}


def test_a_name_server_on_loopback_is_asked() -> None:
    with served(good()) as server:
        assert set(states(CachingDns(network(server))).values()) == {"found"}
    with served(good().txt(f"x.{SILENT}", "unanswered")) as server:
        silent = states(CachingDns(network(server)), Question(f"in.{SILENT}", "mx.acme.example"))
    assert silent == {"mx": "unanswered", "address": "found", "spf": "unanswered", "dmarc": "unanswered"}


def test_a_name_server_that_says_nothing_keeps_nobody_longer_than_five_seconds() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        begun = time.monotonic()
        told = check(ASKED, CachingDns(network(mute.getsockname())))
        assert time.monotonic() - begun < 5.0
    assert {one["state"] for one in told} == {"unanswered"}
