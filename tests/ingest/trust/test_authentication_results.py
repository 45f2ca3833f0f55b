"""`Authentication-Results` of a trusted hop, as mail servers write them."""

import pytest

from ingest.trust.authentication_results import Result, read
from ingest.trust.fields import split

ID = "mx.acme.example"


def results(value: str) -> list[Result]:
    raw = f"Authentication-Results: {value}\r\nReceived: from a by b\r\nFrom: x@kunde.example\r\n\r\n"
    return read(split(raw.encode()), ID)


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
    assert read(split(value + received + b"\r\n"), ID)
    assert not read(split(received + value + b"\r\n"), ID)
    assert not read(split(value + b"\r\n"), ID)
