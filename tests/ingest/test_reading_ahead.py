"""The process that reads mails ahead: what it answers is what would be read here; what it doesn't is read here."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import process, reading_ahead
from ingest.letter import Letter
from ingest.prepare import options_of
from ingest.process import Processor
from ingest.reading_ahead import LARGEST, ReadAhead
from parsers.understand import understand
from tests.ingest.mailroom import KEYS, Mailroom, write

SAMPLES = sorted((Path(__file__).parent.parent / "mail").rglob("*.eml"))[::40]
Begin = Callable[..., ReadAhead]


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Makes one that is up, with a parser of `failing_parsers` or the real one."""
    monkeypatch.setattr(reading_ahead, "START_PAUSE", 0.0)
    made: list[ReadAhead] = []

    def make(parser: str = "parsers.understand:understand", patience: float = 10.0) -> ReadAhead:
        named = parser if ":" in parser else f"tests.ingest.failing_parsers:{parser}"
        ahead = ReadAhead([sys.executable, "-P", "-m", "config.reader", named], patience=patience)
        made.append(ahead)
        _wait(ahead)
        return ahead

    yield make
    for ahead in made:
        ahead.close()


def _wait(ahead: ReadAhead) -> None:
    until = time.monotonic() + 30
    while not ahead._is_there():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def letters(mailroom: Mailroom) -> Callable[..., list[Letter]]:
    """Letters of an account with these bytes, as they are when claimed for the first time."""

    def of(*mails: bytes) -> list[Letter]:
        mailroom.send(write())
        (letter,) = mailroom.processor._gathered(mailroom.processor._claim()).letters
        return [
            replace(letter, key=(letter.key[0], str(number)), raw=raw) for number, raw in enumerate(mails)
        ]

    return of


def test_it_reads_what_would_be_read_here(begin: Begin, letters: Callable[..., list[Letter]]) -> None:
    ahead, asked = begin(), letters(*(path.read_bytes() for path in SAMPLES))
    ahead.begin(asked)
    expected = {letter.key: understand(letter.raw or b"", options_of(letter)) for letter in asked}
    assert len(expected) > 20
    assert ahead.take() == expected
    assert ahead.take() == {}  # said once


def test_only_small_fresh_mails_are_sent(begin: Begin, letters: Callable[..., list[Letter]]) -> None:
    fresh, large, back, gone, post = letters(*[write()] * 5)
    by_form = replace(post.arrivals[0], door="form")
    ahead = begin()
    ahead.begin(
        [
            fresh,
            replace(large, raw=write() + b"x" * LARGEST),
            replace(back, attempts=2),
            replace(gone, raw=None),
            replace(post, arrivals=(by_form,)),
        ]
    )
    assert list(ahead.take()) == [fresh.key]


def test_a_mail_that_cannot_be_read_costs_its_own_answer(
    begin: Begin, letters: Callable[..., list[Letter]]
) -> None:
    good, bad, other = letters(write(), write(headers={"X-Failing": "yes"}), write())
    ahead = begin("raising")
    ahead.begin([good, bad, other])
    assert list(ahead.take()) == [good.key, other.key]


@pytest.mark.parametrize("parser", ["killed", "hanging"])
def test_one_that_ends_or_hangs_is_started_anew(
    begin: Begin, letters: Callable[..., list[Letter]], parser: str
) -> None:
    good, bad = letters(write(), write(headers={"X-Failing": "yes"}))
    ahead = begin(parser, 0.5)
    assert ahead._process is not None
    first = ahead._process
    ahead.begin([good, bad])
    assert ahead.take() == {}
    assert first.poll() is not None
    _wait(ahead)
    ahead.begin([good])
    assert list(ahead.take()) == [good.key]


def test_one_that_is_stopped_stops_nobody_else(begin: Begin, letters: Callable[..., list[Letter]]) -> None:
    """Neither while it is asked, with more than a socket holds, nor while its answer is waited for."""
    for number in (1, 40):
        ahead = begin("raising", 0.5)
        assert ahead._process is not None
        stopped = ahead._process
        os.kill(stopped.pid, signal.SIGSTOP)
        began = time.monotonic()
        ahead.begin(letters(*[write() + b"x" * 100_000] * number))
        assert ahead.take() == {}
        assert time.monotonic() - began < 10
        assert stopped.poll() is not None


def test_one_that_cannot_be_started_is_no_fault(letters: Callable[..., list[Letter]]) -> None:
    ahead = ReadAhead(["/nowhere/at/all"])
    ahead.begin(letters(write()))
    assert ahead.take() == {}
    ahead.close()


def test_it_ends_with_whoever_started_it(begin: Begin) -> None:
    ahead = begin()
    assert ahead._process is not None
    assert ahead._line is not None
    ahead._line.close()  # as the kernel does for a worker that is killed
    assert ahead._process.wait(10) == os.EX_OK
    ahead._line = None


def test_batches_are_decided_alike_with_and_without_it(
    begin: Begin, mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches that follow each other, shared ones, and mails that end the process again and again."""
    monkeypatch.setattr(process, "BATCH", 10)
    ahead = begin("killed")
    processor = Processor(
        mailroom.database, understand, KEYS, lambda: None, lambda: None, reading_ahead=ahead
    )
    for number in range(95):
        bad = {"X-Failing": "yes"} if number % 30 == 7 else {}
        sender = f"p{number % 20}@kunde{number % 20}.example"
        mailroom.send(write(sender=sender, message_id=f"<{number}@x>", subject=f"No {number}", headers=bad))
    handled = 0
    while number := processor.process_batch():
        handled += number
        _wait(ahead)
    assert handled == 95
    assert len(mailroom.leads()) == 20
    entries = [entry for lead in mailroom.leads() for entry in mailroom.history(lead["id"])]
    emails = {entry["subject"] for entry in entries if entry["kind"] == "email"}
    assert emails == {f"No {number}" for number in range(95)}
