"""`Authentication-Results` of a trusted hop, as mail servers write them."""

import time

import pytest

from ingest.trust.authentication_results import Result, read
from ingest.trust.fields import split
from ingest.trust.hops import Voice

ID = "mx.acme.example"


def results(value: str) -> list[Result]:
    raw = f"Authentication-Results: {value}\r\nReceived: from a by b\r\nFrom: x@kunde.example\r\n\r\n"
    return read(split(raw.encode()), Voice(ID))


WRITTEN = [
    (f"{ID}; none", []),
    (f"{ID}; dkim=pass header.d=kunde.example header.s=s1", [Result("dkim", "pass", "kunde.example")]),
    (f"{ID}; dkim=pass (2048-bit key) header.i=@kunde.example", [Result("dkim", "pass", "kunde.example")]),
    (f"{ID} 1;\r\n\tspf=pass smtp.mailfrom=a@Kunde.example", [Result("spf", "pass", "kunde.example")]),
    (f"{ID}; spf=softfail smtp.helo=h.example", [Result("spf", "softfail", "h.example")]),
    (
        f"{ID}; dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=kunde.example",
        [Result("dmarc", "fail", "kunde.example", enforced=False)],
    ),
    (
        f"{ID}; dmarc=fail action=none header.from=kunde.example",
        [Result("dmarc", "fail", "kunde.example", enforced=False)],
    ),
    (
        f"{ID}; dmarc=fail (p=reject dis=none) header.from=kunde.example",
        [Result("dmarc", "fail", "kunde.example")],
    ),
    (
        f'{ID.upper()}; auth=pass; dkim/1=fail reason="x; dmarc=pass" header.d=a.example; dmarc=pass',
        [Result("dkim", "fail", "a.example"), Result("dmarc", "pass", "")],
    ),
    (f"mx.other.example; dmarc=pass; {ID}; dmarc=pass", []),
    (f"(comment; {ID};) mx.other.example; dmarc=pass", []),
    ("; dmarc=pass", []),
    ("", []),
    (f"{ID}; (((((unclosed; dmarc=pass", []),
    (f"{ID}; dkim", []),
]


@pytest.mark.parametrize(("value", "wanted"), WRITTEN)
def test_forms(value: str, wanted: list[Result]) -> None:
    assert results(value) == wanted


def test_only_what_stands_above_the_hops_own_received() -> None:
    value = f"Authentication-Results: {ID}; dmarc=pass\r\n".encode()
    received = b"Received: from a by b\r\n"
    assert read(split(value + received + b"\r\n"), Voice(ID))
    assert not read(split(received + value + b"\r\n"), Voice(ID))
    assert not read(split(value + b"\r\n"), Voice(ID))


LMTP = b"Received: from mx.acme.example by imap.acme.example with LMTP id 1 for <crm@acme.example>; now\r\n"
PASSED = f"Authentication-Results: {ID}; dmarc=pass header.from=kunde.example\r\n".encode()
BORDER = b"Received: from evil.example (unknown [203.0.113.66]) by mx.acme.example with ESMTPS id 2; now\r\n"
RELAY = b"Received: from mx.acme.example by store.acme.example with ESMTP id 3; now\r\n"
SENT = b"From: x@kunde.example\r\n\r\n"
COUNTS = [Result("dmarc", "pass", "kunde.example")]


class TestOfAMailbox:
    """What a mailbox's provider says; everything at and below the Received of its border may be the sender's."""

    @pytest.mark.parametrize(
        ("header", "hops"),
        [
            (PASSED + BORDER, 0),
            (LMTP + PASSED + BORDER, 0),
            (LMTP.replace(b"LMTP", b"lmtps") + LMTP + PASSED + BORDER, 0),
            (b"Return-Path: <x@y>\r\n" + LMTP + b"X-Spam: no\r\n" + PASSED + BORDER, 0),
            (RELAY + PASSED + BORDER, 1),
            (LMTP + RELAY + RELAY + PASSED + BORDER, 2),
            (PASSED + BORDER, 1),
        ],
    )
    def test_it_counts(self, header: bytes, hops: int) -> None:
        assert read(split(header + SENT), Voice(ID.upper(), hops)) == COUNTS

    @pytest.mark.parametrize(
        ("header", "hops"),
        [
            (BORDER + PASSED, 0),
            (BORDER + PASSED + BORDER, 0),
            (LMTP + BORDER + PASSED, 0),
            (RELAY + BORDER + PASSED, 1),
            (RELAY + PASSED + BORDER, 0),
            (BORDER + LMTP + PASSED + BORDER, 0),
            (PASSED.replace(b"mx.", b"mx2.") + BORDER + PASSED, 0),
            (PASSED.replace(b"mx.", b"mx2.") + PASSED + BORDER, 0),
            (PASSED.replace(b" mx.acme.example;", b"") + BORDER, 0),
            (PASSED, 0),
            (LMTP + PASSED, 0),
            (BORDER.replace(b"evil.example", b"with LMTP") + PASSED + BORDER, 0),
            (BORDER.replace(b"evil.example", b"a by b with LMTP(") + PASSED + BORDER, 0),
            (BORDER.replace(b"evil.example", b'a by b with LMTP"') + PASSED + BORDER, 0),
            (BORDER.replace(b"evil.example", b"a by b with LMTP\\") + PASSED + BORDER, 0),
            (BORDER.replace(b"with ESMTPS", b"with ESMTPS with LMTP") + PASSED + BORDER, 0),
            (b"Received: with LMTP\r\n" + PASSED + BORDER, 0),
        ],
    )
    def test_it_is_the_senders_or_nobodys(self, header: bytes, hops: int) -> None:
        assert read(split(header + SENT), Voice(ID, hops)) == []

    def test_of_two_of_its_own_only_the_topmost(self) -> None:
        failed = PASSED.replace(b"pass", b"fail")
        assert [one.result for one in read(split(failed + PASSED + BORDER + SENT), Voice(ID, 0))] == ["fail"]
        assert [one.result for one in read(split(PASSED + failed + BORDER + SENT), Voice(ID, 0))] == ["pass"]

    def test_in_linear_time(self) -> None:
        begun = time.monotonic()
        read(
            split(b"Received: " + b"with (" * 20_000 + b"\r\n" + PASSED * 2_000 + BORDER + SENT), Voice(ID, 0)
        )
        read(split((LMTP + PASSED) * 2_000 + SENT), Voice(ID, 0))
        assert time.monotonic() - begun < 10
