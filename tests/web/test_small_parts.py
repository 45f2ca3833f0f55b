"""The small rooms on their own: rates, proxies."""

from ipaddress import ip_network

import pytest

from web import rates
from web.proxies import client_address, is_https
from web.rates import Rates


class Clock:
    def __init__(self) -> None:
        self.now = 600.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_counts_within_its_minute() -> None:
    clock = Clock()
    book = Rates(2, clock)
    found = [book.count("a") for _ in range(3)]
    assert [rate.exceeded for rate in found if rate] == [False, False, True]
    assert [rate.left for rate in found if rate] == [1, 0, 0]
    other = book.count("b")
    assert other is not None and not other.exceeded and other.resets == 60
    clock.now += 59.9
    looked = book.look("a")
    assert looked is not None and looked.exceeded and looked.resets == 1
    clock.now += 0.2
    looked = book.look("a")
    assert looked is not None and not looked.exceeded
    assert Rates(0).count("a") is None


def test_a_flood_of_names_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_COUNTED", 10)
    book = Rates(5, Clock())
    for number in range(1000):
        book.count(str(number))
    assert len(book._counted) <= 10


TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "1.2.3.4", "192.0.2.1"),  # nobody we trust says so
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # further left is the client's own story
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, unknown, 10.0.0.2", "10.0.0.2"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("", "1.2.3.4", ""),
        (None, "1.2.3.4", None),
    ],
)
def test_the_client_behind_proxies(peer: str | None, forwarded: str, client: str | None) -> None:
    assert client_address(peer, forwarded, TRUSTED) == client


def test_https_is_believed_from_proxies_only() -> None:
    assert is_https("10.0.0.1", "http", "https", TRUSTED)
    assert not is_https("192.0.2.1", "http", "https", TRUSTED)
    assert is_https("192.0.2.1", "https", "", TRUSTED)
    assert not is_https("10.0.0.1", "https", "http", TRUSTED)
