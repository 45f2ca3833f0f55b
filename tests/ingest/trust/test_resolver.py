"""The DNS: what is remembered, for how long, what is asked once, and the real way over the network."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from ingest.trust import resolver
from ingest.trust.resolver import TRY_AGAIN, CachingDns, Found, RecordType, Unanswered, Unreachable, network
from tests.ingest.trust.zone import SILENT, Zone, served


class Server:
    """What a `fetch` does in a test."""

    def __init__(self, ttl: float = 300, pause: float = 0) -> None:
        self.asked: list[str] = []
        self.ttl = ttl
        self.pause = pause
        self.fails = False

    def __call__(self, name: str, kind: RecordType, seconds: float) -> Found:
        self.asked.append(name)
        time.sleep(self.pause)
        if self.fails:
            raise Unanswered(name)
        return Found(() if name.startswith("no.") else ("answer",), self.ttl)


def soon() -> float:
    return time.monotonic() + 5


class TestMemory:
    def test_an_answer_is_asked_for_once(self) -> None:
        server = Server()
        dns = CachingDns(server)
        assert [dns.ask("A.example.", "TXT", soon()) for _ in range(3)] == [("answer",)] * 3
        assert server.asked == ["a.example"]

    def test_so_is_what_does_not_exist(self) -> None:
        server = Server()
        dns = CachingDns(server)
        assert [dns.ask("no.example", "TXT", soon()) for _ in range(3)] == [()] * 3
        assert server.asked == ["no.example"]

    def test_and_what_nobody_answered(self) -> None:
        server = Server()
        server.fails = True
        dns = CachingDns(server)
        for _ in range(3):
            with pytest.raises(Unanswered):
                dns.ask("a.example", "TXT", soon())
        assert server.asked == ["a.example"]

    def test_until_it_is_too_old(self, monkeypatch: pytest.MonkeyPatch) -> None:
        server, clock = Server(ttl=30), time.monotonic()
        dns = CachingDns(server)
        dns.ask("a.example", "TXT", clock + 5)
        monkeypatch.setattr(time, "monotonic", lambda: clock + 60)
        dns.ask("a.example", "TXT", clock + 65)
        assert len(server.asked) == 2

    def test_the_oldest_is_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(resolver, "MOST_KEPT", 2)
        server = Server()
        dns = CachingDns(server)
        for name in ("a.example", "b.example", "c.example", "a.example"):
            dns.ask(name, "TXT", soon())
        assert len(server.asked) == 4

    def test_the_same_question_on_its_way_is_asked_once(self) -> None:
        server = Server(pause=0.3)
        dns = CachingDns(server)
        answers: list[object] = []
        threads = [
            threading.Thread(target=lambda: answers.append(dns.ask("a.example", "TXT", soon())))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [("answer",)] * 8
        assert server.asked == ["a.example"]

    def test_where_nothing_answers_it_soon_gives_up_at_once(self) -> None:
        server = Server(pause=1.1)
        server.fails = True
        dns = CachingDns(server)
        for name in ("a.example", "b.example", "c.example"):
            with pytest.raises(Unanswered):
                dns.ask(name, "TXT", soon())
        assert server.asked == ["a.example"]

    def test_but_tries_one_question_now_and_then(self) -> None:
        """One domain's silence must not keep others from being asked about."""
        server = Server(pause=1.1)
        server.fails = True
        dns = CachingDns(server)
        with pytest.raises(Unanswered):
            dns.ask("a.slow.example", "TXT", soon())
        server.fails, server.pause = False, 0.0
        with pytest.raises(Unanswered):
            dns.ask("kunde.example", "TXT", soon())
        time.sleep(TRY_AGAIN)
        for name in ("b.example", "c.example"):
            dns.ask(name, "TXT", soon())
        assert server.asked == ["a.slow.example", "b.example", "c.example"]

    def test_a_machine_without_dns_is_told_from_trouble_that_passes(self) -> None:
        faults: dict[str, Unanswered] = {"a.example": Unreachable("a"), "b.example": Unanswered("b")}

        def fetch(name: str, kind: RecordType, seconds: float) -> Found:
            if name in faults:
                raise faults[name]
            return Found(("answer",), 300)

        dns, seen = CachingDns(fetch), []
        for name in (*faults, "c.example"):
            with suppress(Unanswered):
                dns.ask(name, "TXT", soon())
            seen.append(dns.unreachable)
        assert seen == [True, False, False]

    def test_nothing_is_asked_when_the_time_is_over(self) -> None:
        server = Server()
        with pytest.raises(Unanswered):
            CachingDns(server).ask("a.example", "TXT", time.monotonic())
        assert server.asked == []

    @pytest.mark.parametrize(
        "name", ["", "x", "a..b", "a b.example", "x" * 64 + ".example", "a." * 200 + "b", "ä.de"]
    )
    def test_what_is_no_name_is_not_asked_for(self, name: str) -> None:
        server = Server()
        assert CachingDns(server).ask(name, "TXT", soon()) == ()
        assert server.asked == []


@pytest.fixture
def dns() -> Iterator[CachingDns]:
    """The real way to a server on loopback."""
    zone = Zone().txt("acme.example", "v=spf1 " + "ip4:192.0.2.1 " * 30 + "-all", "zwei – 2")
    zone.a("acme.example", "192.0.2.1", "192.0.2.2").mx("acme.example", "mail.acme.example")
    zone.records["acme.example", "AAAA"] = ("2001:db8::1",)
    zone.records["1.2.0.192.in-addr.arpa", "PTR"] = ("mail.acme.example.",)
    with served(zone) as address:
        yield CachingDns(network(address))


class TestNetwork:
    def test_every_type(self, dns: CachingDns) -> None:
        long, short = sorted(dns.ask("acme.example", "TXT", soon()))
        assert long == "v=spf1 " + "ip4:192.0.2.1 " * 30 + "-all", "strings are joined"
        assert short == "zwei – 2"
        assert sorted(dns.ask("ACME.example", "A", soon())) == ["192.0.2.1", "192.0.2.2"]
        assert dns.ask("acme.example", "AAAA", soon()) == ("2001:db8::1",)
        assert dns.ask("acme.example", "MX", soon()) == ("mail.acme.example",)
        assert dns.ask("1.2.0.192.in-addr.arpa", "PTR", soon()) == ("mail.acme.example",)

    def test_what_is_not_there(self, dns: CachingDns) -> None:
        assert dns.ask("nobody.example", "TXT", soon()) == ()
        assert dns.ask("acme.example", "PTR", soon()) == ()

    def test_a_server_that_fails(self, dns: CachingDns) -> None:
        with pytest.raises(Unanswered):
            dns.ask(f"x.{SILENT}", "TXT", time.monotonic() + 2)

    def test_a_named_server_that_is_not_there_may_come(self) -> None:
        begun, dns = time.monotonic(), CachingDns(network(("127.0.0.1", 1)))
        with pytest.raises(Unanswered):
            dns.ask("acme.example", "TXT", begun + 0.5)
        assert time.monotonic() - begun < 10
        assert not dns.unreachable
