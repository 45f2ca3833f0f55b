"""A batch judged side by side: nobody waits for a slow name server but the mail it is about."""

import threading
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from ingest.letter import Arrival, Letter
from ingest.trust.evidence import judge as verdict
from ingest.trust.examine import examine
from ingest.trust.hops import Hop
from ingest.trust.judgement import Judgement
from ingest.trust.judging import PAUSE, PAUSE_UNANSWERED, Judge, TrustOptions
from ingest.trust.resolver import Dns, RecordType, Unanswered
from store.accounts import Account
from store.directory import Directory
from tests.ingest.mailroom import write
from tests.ingest.trust.conftest import HOP, make_zone
from tests.ingest.trust.signing import sign
from tests.ingest.trust.zone import SILENT, Zone

ACCOUNT = Account("a", "a", "a.test", "solo", False, "all", "create", True, (), (), "en", "UTC")
DIRECTORY = Directory(ACCOUNT, {}, {}, {}, {})


class Slow(Zone):
    """Answers after a while, or when it is let."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.let = threading.Event()

    def ask(self, name: str, kind: RecordType, deadline: float) -> Sequence[str]:
        self.let.wait(self.seconds)
        return super().ask(name, kind, deadline)


def letter(raw: bytes, number: int = 0, *, trusted: bool = False, judged: Judgement | None = None) -> Letter:
    arrival = Arrival(
        "smtp", "leads", None, "leads@a.test", None, "x@kunde.example", None, HOP, "h.example", trusted
    )
    now = datetime.now(UTC)
    return Letter(("a", str(number)), now, (arrival,), 1, None, None, False, None, raw, DIRECTORY, judged)


@contextmanager
def judge(dns: Dns | None, **more: object) -> Iterator[Judge]:
    made = Judge(TrustOptions(dns=dns, **more))  # type: ignore[arg-type]  # options by name, as a test gives them
    yield made
    made.close()


def of(number: int) -> bytes:
    return write(sender=f"x@d{number}.example", message_id=f"<{number}@x>")


def test_a_batch_takes_no_longer_than_a_mail() -> None:
    with judge(Slow(0.2), patience=20) as judging:
        begun = time.monotonic()
        judged = judging.judge([letter(of(number), number) for number in range(50)])
        side_by_side = time.monotonic() - begun
    assert len(judged.letters) == 50 and not judged.later
    assert side_by_side < 50 * 0.2 * 3 / 4, "one after the other is 50 times three questions of 0.2 s"


def test_what_is_slow_is_put_off_and_taken_when_it_is_there() -> None:
    zone = Slow(30)
    slow = letter(of(1), 1)
    with judge(zone, patience=0.05) as judging:
        assert judging.judge([slow]).later == [(slow, PAUSE)]
        zone.let.set()
        judged: list[Letter] = []
        for _ in range(200):
            judged = judged or judging.judge([slow]).letters
            time.sleep(0 if judged else 0.05)
        asked = len(zone.asked)
    assert judged[0].judgement is not None and judged[0].judgement.trust == "unknown"
    assert asked == len(set(zone.asked)), "nothing was asked a second time"


def test_too_many_on_their_way_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.trust.judging.MOST_ON_THE_WAY", 3)
    zone = Slow(30)
    with judge(zone, patience=0.05) as judging:
        judged = judging.judge([letter(of(number), number) for number in range(5)])
        assert [pause for _, pause in judged.later] == [PAUSE] * 5
        zone.let.set()
        time.sleep(0.1)
    assert len({name for name, _ in zone.asked if name.startswith("_dmarc")}) <= 3


def test_what_nobody_answers_stays_for_longer() -> None:
    unanswered = letter(write(sender=f"x@{SILENT}"))
    with judge(Zone(), patience=20) as judging:
        assert judging.judge([unanswered]).later == [(unanswered, PAUSE_UNANSWERED)]
    with judge(Zone(), patience=20, give_up=0) as judging:
        (given_up,) = judging.judge([unanswered]).letters
    assert given_up.judgement is not None and given_up.judgement.by == "unanswered"


def test_where_there_is_no_dns_nobody_waits_for_it() -> None:
    zone = Zone()
    zone.answers, zone.unreachable = False, True
    with judge(zone, patience=20) as judging:
        (found,) = judging.judge([letter(of(1))]).letters
    assert found.judgement is not None and (found.judgement.trust, found.judgement.by) == (
        "unknown",
        "unanswered",
    )


def test_what_was_judged_is_left() -> None:
    zone = make_zone()
    known = letter(of(1), judged=Judgement("verified", "dkim", "it was"))
    with judge(zone) as judging:
        assert judging.judge([known]).letters == [known]
        assert judging.judge_now(known) is known
    assert zone.asked == []


def test_with_the_dns_off_there_are_no_threads() -> None:
    before = threading.active_count()
    with judge(None) as judging:
        mail = letter(of(1))
        assert judging.judge([mail]).letters == [mail]
        assert threading.active_count() == before


def test_with_the_dns_off_a_trusted_hop_still_counts() -> None:
    raw = write(sender="x@kunde.example")
    results = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=kunde.example\r\n"
    hops = (Hop(ip_network(HOP), "mx.acme.example"),)
    with judge(None, hops=hops, patience=20) as judging:
        found = judging.judge(
            [letter(results + raw, 1, trusted=True), letter(raw, 2, trusted=True), letter(results + raw, 3)]
        )
    by_number = {one.key[1]: one.judgement for one in found.letters}
    assert [one and one.by for one in map(by_number.get, "12")] == ["results", "not_checked"]
    assert by_number["3"] is None


def test_a_fault_of_ours_proves_and_fails_nobody() -> None:
    class Broken(Zone):
        def ask(self, name: str, kind: RecordType, deadline: float) -> Sequence[str]:
            raise RuntimeError("a bug")

    with judge(Broken(), patience=20) as judging:
        (found,) = judging.judge([letter(of(1))]).letters
        now = judging.judge_now(letter(of(2)))
    for one in (found, now):
        assert one.judgement is not None and (one.judgement.trust, one.judgement.by) == ("unknown", "broken")


def test_domains_are_asked_about_once() -> None:
    from ingest.trust.resolver import CachingDns, Found

    zone, asked = make_zone(), []

    def fetch(name: str, kind: RecordType, seconds: float) -> Found:
        asked.append((name, kind))
        return Found(tuple(zone.ask(name, kind, seconds)), 300)

    mails = [letter(sign(write(message_id=f"<{n}@x>"), "kunde.example"), n) for n in range(50)]
    with judge(CachingDns(fetch), patience=20) as judging:
        judged = judging.judge(mails)
    assert {one.judgement.trust for one in judged.letters if one.judgement} == {"verified"}
    assert len(asked) == len(set(asked)) <= 4


def test_a_large_mail_takes_little_more_memory_than_it_is() -> None:
    raw = sign(write(text=("x" * 76 + "\r\n") * 100_000), "kunde.example")
    mail = letter(raw)
    tracemalloc.start()
    try:
        examine(mail, make_zone(), (), 5)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(raw) // 2


def test_the_age_of_a_mail_is_counted_from_when_it_came() -> None:
    from dataclasses import replace

    old = replace(letter(write(sender=f"x@{SILENT}")), received_at=datetime.now(UTC) - timedelta(minutes=11))
    with judge(Zone(), patience=20) as judging:
        assert len(judging.judge([old]).letters) == 1


class Dragging(Zone):
    """Below slow.example everything takes as long as it may."""

    def ask(self, name: str, kind: RecordType, deadline: float) -> Sequence[str]:
        if name.endswith(("slow.example", ".in-addr.arpa")):
            time.sleep(max(0.0, deadline - time.monotonic()))
        if time.monotonic() >= deadline:
            raise Unanswered(name)
        return super().ask(name, kind, deadline)


@pytest.mark.parametrize("spf", ["v=spf1 ip4:198.51.100.7 -all", "v=spf1 ptr ip4:198.51.100.7 -all"])
def test_a_forgers_slow_name_servers_do_not_hide_the_policy(spf: str) -> None:
    """Signatures of domains whose servers keep silent, and a client address without an answer."""
    dns = Dragging(make_zone().records).txt("kunde.example", spf)
    raw = write(sender="paula@kunde.example")
    for number in range(3):
        raw = sign(raw, f"d{number}.slow.example")
    evidence = examine(letter(raw), dns, (), 3.0)
    found = verdict(evidence)
    assert (found.trust, found.by) == ("failed", "dmarc"), found.summary
