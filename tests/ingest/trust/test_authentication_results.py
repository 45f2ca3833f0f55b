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


# Gmail as it delivers: a Received without "from", its ARC set, the line of its border, and below that, where a sender's
# own may stand too, the field itself.
GMAIL = "mx.google.com"
INSIDE = b"Received: by 2002:a05:7300:1:2:3 with SMTP id abc123csp456def;\r\n Fri, 27 Nov 2026 01:02:03 -0800 (PST)\r\n"
SEAL = b"ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=google.com; s=arc-20240605; b=x\r\n"
FINDS = b"dkim=pass header.i=@kunde.example;\r\n dmarc=pass (p=REJECT) header.from=kunde.example"
COPY = b"ARC-Authentication-Results: i=1; mx.google.com;\r\n " + FINDS + b"\r\n"
TAKEN = (
    b"Received: from evil.example (evil.example. [203.0.113.66])\r\n by mx.google.com with ESMTPS id x\r\n"
    b" for <crm@firma.example>; Fri, 27 Nov 2026\r\nReceived-SPF: pass (google.com: x) client-ip=203.0.113.66;\r\n"
)
OWN = b"Authentication-Results: mx.google.com;\r\n " + FINDS + b"\r\n"
TOP = b"Delivered-To: crm@firma.example\r\n" + INSIDE + b"X-Received: by 2002:a05 with SMTP id y\r\n" + SEAL
ELSEWHERE = TAKEN.replace(b"by mx.google.com", b"by mx.other.example")
GMAIL_SAYS = [Result("dkim", "pass", "kunde.example"), Result("dmarc", "pass", "kunde.example")]


class TestOfGmail:
    @pytest.mark.parametrize("hops", [1, 2, 5])
    @pytest.mark.parametrize(
        "header",
        [
            TOP + COPY + b"Return-Path: <x@kunde.example>\r\n" + TAKEN + OWN,
            TOP + COPY.replace(b"i=1", b"i=2") + TAKEN + OWN + TOP + COPY + TAKEN + OWN,
            TOP + COPY + TAKEN,
            LMTP + TOP + COPY + TAKEN + OWN,
        ],
        ids=["as usual", "forwarded within Gmail", "copy alone", "put into the mailbox by another"],
    )
    def test_its_copy_above_the_border_counts(self, header: bytes, hops: int) -> None:
        assert read(split(header + SENT), Voice(GMAIL, hops)) == GMAIL_SAYS

    def test_a_failure_counts_as_well(self) -> None:
        failed = (TOP + COPY + TAKEN + OWN).replace(b"pass", b"fail")
        assert {one.result for one in read(split(failed + SENT), Voice(GMAIL, 1))} == {"fail"}

    def test_not_without_being_told_that_a_line_stands_above(self) -> None:
        assert read(split(TOP + COPY + TAKEN + OWN + SENT), Voice(GMAIL, 0)) == []

    @pytest.mark.parametrize("hops", [0, 1, 2, 3, 5])
    @pytest.mark.parametrize(
        "header",
        [
            TOP + TAKEN + OWN,
            TOP + TAKEN + COPY,
            TOP + TAKEN + SEAL + COPY + TAKEN + OWN,
            TOP + TAKEN + INSIDE + SEAL + COPY + TAKEN + OWN,
            TAKEN + COPY + TAKEN + OWN,
            TAKEN + OWN + TAKEN,
            INSIDE + TAKEN + LMTP + COPY + TAKEN,
            ELSEWHERE + COPY + TAKEN + OWN,
            INSIDE + ELSEWHERE + INSIDE + COPY + TAKEN,
            TOP + COPY + ELSEWHERE + TAKEN,
            TOP + COPY.replace(GMAIL.encode(), b"mx.other.example") + TAKEN + COPY + TAKEN,
            TOP + COPY.replace(b"i=1; ", b"") + TAKEN,
            TOP + COPY.replace(b"i=1", b"i=1; i=2") + TAKEN,
            COPY + b"From: x@y\r\n",
            INSIDE + COPY,
            INSIDE.replace(b"by 2002", b"from a (b [203.0.113.66]) by 2002") + COPY + TAKEN,
            INSIDE.replace(b"with SMTP", b"(from a) with SMTP") + COPY + TAKEN,
            TOP + COPY + TAKEN.replace(b"by mx.google.com", b"by a.example by mx.google.com"),
        ],
        ids=[
            "field below the border, perhaps a sender's",
            "copy below the border",
            "with a look-alike of the border below",
            "and with a look-alike of the line inside",
            "a delivery without the line inside",
            "the field where the border is the only line",
            "a look-alike of LMTP",
            "fetched from elsewhere",
            "fetched from elsewhere, with look-alikes",
            "the next line is somebody else's",
            "another name on top",
            "no instance",
            "two instances",
            "no Received",
            "no border",
            "a line with from above",
            "a line with from in a comment above",
            "a border that names two",
        ],
    )
    def test_what_a_sender_could_have_written_never_counts(self, header: bytes, hops: int) -> None:
        assert read(split(header + SENT), Voice(GMAIL, hops)) == []

    def test_the_field_below_the_named_servers_own_line_counts_with_no_number_of_hops(self) -> None:
        assert read(split(BORDER + PASSED + BORDER + SENT), Voice(ID, 5)) == []
        filtered = BORDER.replace(
            b"from evil.example (unknown [203.0.113.66])", b"from localhost (localhost [127.0.0.1])"
        )
        assert read(split(filtered + PASSED + BORDER + SENT), Voice(ID, 1)) == COUNTS
        for written in (
            b"by mx.acme.example; now",
            b"BY MX.acme.example.(Postfix)",
            b"(TLS)by mx.acme.example",
        ):
            bare = b"Received: from evil.example (unknown [203.0.113.66]) " + written + b"\r\n"
            assert read(split(bare + PASSED + BORDER + SENT), Voice(ID, 5)) == [], written
        called = BORDER.replace(b"from evil.example", b"from [127.0.0.1]")
        assert read(split(called + PASSED + BORDER + SENT), Voice(ID, 5)) == []
