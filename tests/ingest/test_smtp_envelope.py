"""Addresses and parameters as clients write them."""

import time

import pytest

from ingest.listening.envelope import Path, read_hello, read_parameters, read_path


@pytest.mark.parametrize(
    ("argument", "address"),
    [
        ("FROM:<anna@firma.test>", "anna@firma.test"),
        ("from:<anna@firma.test>", "anna@firma.test"),
        ("FROM: <anna@firma.test>", "anna@firma.test"),
        ("FROM:anna@firma.test", "anna@firma.test"),
        ("FROM:<>", ""),
        ("FROM:<@relay.test,@other.test:anna@firma.test>", "anna@firma.test"),
        ("FROM:<.docomo..user.@firma.test>", ".docomo..user.@firma.test"),
        ('FROM:<"anna b@c"@firma.test>', '"anna b@c"@firma.test'),
        (r'FROM:<"a\"b"@firma.test>', r'"a\"b"@firma.test'),
        ("FROM:<anna@[192.0.2.1]>", "anna@[192.0.2.1]"),
        ("FROM:<anna@[IPv6:2001:db8::1]>", "anna@[IPv6:2001:db8::1]"),
        ("FROM:<jörg@bücher.test>", "jörg@bücher.test"),
        ("FROM:<SRS0=HHH=TT=orig.test=anna@firma.test>", "SRS0=HHH=TT=orig.test=anna@firma.test"),
        ("FROM:<postmaster>", "postmaster"),
        ("FROM:<a+b/c=d!e%f@firma.test>", "a+b/c=d!e%f@firma.test"),
    ],
)
def test_paths(argument: str, address: str) -> None:
    assert read_path(argument, "FROM:") == Path(address, "")


@pytest.mark.parametrize(
    "argument",
    [
        "",
        "FROM",
        "TO:<a@b.test>",
        "FROM:",
        "FROM:anna",
        "FROM:<anna@firma.test",
        "FROM:anna@firma.test>",
        "FROM:<anna b@firma.test>",
        "FROM:<a@b@c.test>",
        "FROM:<a@b.test>x",
        "FROM:<a\x00b@c.test>",
        "FROM:<a\rb@c.test>",
        "FROM:<a@b.test\x7f>",
        "FROM:<\udcff@b.test>",
        "FROM:<" + "a" * 512 + "@b.test>",
        'FROM:<"a@b.test>',
        "FROM:<@b.test>",
    ],
)
def test_no_paths(argument: str) -> None:
    assert read_path(argument, "FROM:") is None


def test_parameters() -> None:
    path = read_path("FROM:<a@b.test> SIZE=100 body=8bitmime  SMTPUTF8", "FROM:")
    assert path is not None
    assert read_parameters(path.rest) == {"SIZE": "100", "BODY": "8bitmime", "SMTPUTF8": None}
    assert read_parameters("") == {}
    for wrong in (" SIZE=", " =5", " SIZE=1 SIZE=2", " ä", " A=b=c", " -a"):
        assert read_parameters(wrong) is None


def test_hello() -> None:
    assert read_hello("client.test") == "client.test"
    assert read_hello("[192.0.2.1]") == "[192.0.2.1]"
    for wrong in ("", "a\x00b", "\udcff", "a" * 256):
        assert read_hello(wrong) is None


@pytest.mark.parametrize(
    "crafted", ['"' * 4096, "<" + '"\\' * 2048, "<@" + "a,@" * 1300, "a." * 2048, "<" * 4096]
)
def test_crafted_arguments_cost_nothing(crafted: str) -> None:
    began = time.perf_counter()
    for _ in range(20):
        assert read_path("FROM:" + crafted, "FROM:") is None
    assert time.perf_counter() - began < 0.5
