"""Which signatures pass: every form that mail programs use, and none that proves less than it seems to."""

import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ingest.trust.canonical import body_digest
from ingest.trust.dkim import Signed, check
from ingest.trust.fields import line_ends_fixed, split
from tests.ingest.mailroom import rep_mail
from tests.ingest.trust.signing import ed25519_key, published, rsa_key, sign
from tests.ingest.trust.zone import SILENT, Zone

ACME = "acme.example"
NOW = datetime.now(UTC)


def key_zone(record: str | None = None, name: str = f"s1._domainkey.{ACME}") -> Zone:
    return Zone().txt(name, record or published())


def checked(
    raw: bytes, zone: Zone | None = None, wanted: Callable[[str], bool] = ACME.__eq__
) -> list[Signed]:
    raw = line_ends_fixed(raw)
    return check(raw, split(raw), zone or key_zone(), NOW, time.monotonic() + 5, wanted)


def result(raw: bytes, zone: Zone | None = None) -> tuple[str, str]:
    (one,) = checked(raw, zone)
    return one.result, one.why


MAIL = rep_mail(
    subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n  und mehr", text="Hallo  \r\n\r\n\tzwei  Worte \r\n\r\n\r\n"
)

# An example of RFC 8463, appendix A: signed by somebody else's program.
RFC_8463 = (
    b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
    b" d=football.example.com; i=@football.example.com;\r\n"
    b" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n"
    b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    b" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
    b"From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\n"
    b"Subject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n"
    b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
)


class TestPasses:
    @pytest.mark.parametrize("form", ["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple"])
    def test_every_canonical_form(self, form: str) -> None:
        assert result(sign(MAIL, ACME, form=form)) == ("pass", "")

    def test_an_elliptic_key(self) -> None:
        signed = sign(MAIL, ACME, key=ed25519_key())
        assert result(signed, key_zone(published(ed25519_key()))) == ("pass", "")

    def test_the_example_of_the_rfc(self) -> None:
        key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        zone = key_zone(key, "brisbane._domainkey.football.example.com")
        assert result(RFC_8463, zone) == ("pass", "")

    def test_fields_covered_oftener_than_they_stand(self) -> None:
        assert result(sign(MAIL, ACME, covers="from:from:subject:subject:to:cc:date"))[0] == "pass"

    def test_white_space_that_a_relay_changed(self) -> None:
        signed = sign(MAIL, ACME).replace(b"Hallo  \r\n", b"Hallo\r\n").replace(b"\r\n  und", b" und")
        assert result(signed) == ("pass", "")

    def test_several_records_at_the_keys_name(self) -> None:
        """A wildcard's, an old key, one that was withdrawn: in whatever order the DNS gives them."""
        texts = ["v=DMARC1; p=none", "v=spf1 -all", published(rsa_key(1024)), "v=DKIM1; p=", published()]
        for at in (0, 1, 4):
            zone = Zone().txt(f"s1._domainkey.{ACME}", texts[at], *texts[:at], *texts[at + 1 :])
            assert result(sign(MAIL, ACME), zone) == ("pass", "")

    def test_an_empty_body(self) -> None:
        for form in ("relaxed/relaxed", "simple/simple"):
            raw = MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            assert result(sign(raw, ACME, form=form)) == ("pass", "")

    def test_line_ends_of_a_unix_pipe(self) -> None:
        assert result(sign(MAIL, ACME).replace(b"\r\n", b"\n"))[0] == "pass"

    def test_an_identity_below_the_domain(self) -> None:
        assert result(sign(MAIL, ACME, i=f"@mail.{ACME}"))[0] == "pass"

    def test_an_end_that_is_yet_to_come(self) -> None:
        assert result(sign(MAIL, ACME, x=str(int((NOW + timedelta(days=1)).timestamp()))))[0] == "pass"


def _doubled(name: str, value: str, above: bool) -> bytes:
    field = f"{name}: {value}\r\n".encode()
    signed = sign(MAIL, ACME)
    return field + signed if above else signed.replace(b"\r\nTo: ", b"\r\n" + field + b"To: ", 1)


# What was done to a mail that was signed well -> the words that say why it does not pass.
REFUSED = {
    "body changed": (sign(MAIL, ACME).replace(b"zwei", b"drei"), "the body was changed"),
    "text behind it": (sign(MAIL, ACME) + b"#won\r\n", "the body was changed"),
    "subject changed": (sign(MAIL, ACME).replace(b"mehr", b"meer"), "a covered field was changed"),
    "from changed": (sign(MAIL, ACME).replace(b"From: Anna", b"From: Paul"), "a covered field was changed"),
    "body in part, all of it": (sign(MAIL, ACME, length=999), "part of the body only (l=)"),
    "body in part": (sign(MAIL, ACME, length=5) + b"#won\r\n", "part of the body only (l=)"),
    "body not at all": (sign(MAIL, ACME, length=0), "part of the body only (l=)"),
    "from not covered": (sign(MAIL, ACME, covers="to:subject:date"), "does not cover From"),
    "subject not covered": (sign(MAIL, ACME, covers="from:to:date"), "does not cover Subject"),
    "second from above": (_doubled("From", "x@evil.example", True), "From stands twice"),
    "second from below": (_doubled("From", "x@evil.example", False), "From stands twice"),
    "second subject": (_doubled("Subject", "// !won", True), "Subject stands twice"),
    "second to": (_doubled("To", "bcc@acme.test", True), "To stands twice"),
    "second date": (_doubled("Date", "Mon, 23 Nov 2026 08:00:00 +0000", True), "Date stands twice"),
    "expired": (sign(MAIL, ACME, x="1600000000"), "had expired"),
    "end unreadable": (sign(MAIL, ACME, x="soon"), "its end cannot be read"),
    "end before it was made": (sign(MAIL, ACME, t="4102444800", x="4102444000"), "ends before it was made"),
    "sha-1": (sign(MAIL, ACME, a="rsa-sha1"), "not safe"),
    "version": (sign(MAIL, ACME, v="2"), "another version"),
    "identity elsewhere": (sign(MAIL, ACME, i="@evil.example"), "another domain"),
    "form unknown": (sign(MAIL, ACME, c="loose/relaxed"), "form is not known"),
    "key elsewhere": (sign(MAIL, ACME, q="http"), "nobody can ask"),
    "tag twice": (sign(MAIL, ACME).replace(b" d=", b" d=evil.example; d=", 1), "cannot be read"),
    "no hash": (sign(MAIL, ACME, bh=""), "it has no bh="),
    "damaged": (sign(MAIL, ACME, bh="***"), "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_pass(name: str) -> None:
    raw, why = REFUSED[name]
    found, said = result(raw)
    assert found == "fail" and why in said, said


KEYS = {
    "none": (None, "not published"),
    "withdrawn": ("v=DKIM1; p=", "withdrawn"),
    "in test mode": (published(t="y"), "test mode"),
    "of another": (published(rsa_key(2049)), "another key made it"),
    "of another kind": (published(k="ed25519"), "another kind"),
    "not for mail": (published(s="tlsrpt"), "not for mail"),
    "for sha-1": (published(h="sha1"), "not for SHA-256"),
    "of another version": (published(v="DKIM2"), "another version"),
    "no key": (published(p="aGFsbG8="), "cannot be read"),
}


@pytest.mark.parametrize("name", KEYS)
def test_keys_that_prove_nothing(name: str) -> None:
    record, why = KEYS[name]
    found, said = result(sign(MAIL, ACME), Zone() if record is None else key_zone(record))
    assert found == "fail" and why in said, said


@pytest.mark.parametrize("bits", [1000, 9000])
def test_keys_too_small_or_too_large(bits: int) -> None:
    der = _der(0x30, _der(2, ((1 << bits) - 1).to_bytes(bits // 8 + 1, "big")) + _der(2, b"\x01\x00\x01"))
    record = f"v=DKIM1; p={base64.b64encode(der).decode()}"
    assert "too small or too large" in result(sign(MAIL, ACME), key_zone(record))[1]


def _der(tag: int, content: bytes) -> bytes:
    """One value of ASN.1's distinguished encoding."""
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, *([len(content)] if len(content) < 128 else [0x80 + len(length), *length])]) + content


def test_the_bare_form_of_a_key() -> None:
    numbers = rsa_key().public_key().public_numbers()
    der = _der(0x30, _der(2, b"\0" + numbers.n.to_bytes(256, "big")) + _der(2, b"\x01\x00\x01"))
    record = f"v=DKIM1; p={base64.b64encode(der).decode()}"
    assert result(sign(MAIL, ACME), key_zone(record)) == ("pass", "")


AMBIGUOUS = {
    "line ends of two kinds": b"X-A: 1\nFrom: x@evil.example\r\n",
    "a NUL": b"X-A: \0\r\n",
    "a line that is no field": b"garbage\r\n",
    "a continued line at first": b" x\r\n",
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_headers_that_may_be_read_in_two_ways(name: str) -> None:
    assert split(sign(MAIL, ACME)).ambiguous is None
    assert split(AMBIGUOUS[name] + sign(MAIL, ACME)).ambiguous


def test_a_key_not_for_subdomains() -> None:
    assert "not for subdomains" in result(sign(MAIL, ACME, i=f"@mail.{ACME}"), key_zone(published(t="s")))[1]


def test_five_are_checked_and_those_first_that_count() -> None:
    raw = sign(MAIL, ACME)
    for number in range(7):
        raw = sign(raw, f"list{number}.example")
    found = checked(raw)
    assert found[0].domain == ACME and len(found) == 5
    assert [one.result for one in found] == ["pass", *["fail"] * 4]


def test_a_key_that_nobody_answers_for() -> None:
    assert [one.result for one in checked(sign(MAIL, SILENT))] == ["temporary"]


@pytest.mark.parametrize(
    "body",
    [b" " * 60_000, b"\r\n" * 2_000_000, b"\t x" * 1_000_000, b"\n" + b"\r\n" * 500_000, b"x" * 3_000_000],
    ids=["blanks", "empty lines", "gaps", "line feeds", "one line"],
)
def test_crafted_bodies_take_linear_time(body: bytes) -> None:
    begun = time.process_time()
    body_digest(body, 0, relaxed=True)
    assert time.process_time() - begun < 2


def test_crafted_fields_take_linear_time() -> None:
    raw = b"DKIM-Signature: " + b"; b" * 200_000 + b"\r\nX: " + b" " * 300_000 + b"\r\n" + sign(MAIL, ACME)
    begun = time.process_time()
    assert {one.result for one in checked(raw)} == {"fail", "pass"}
    assert time.process_time() - begun < 2
