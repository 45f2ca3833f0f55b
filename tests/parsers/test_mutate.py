"""A short form of `python -m tests.parsers.mutate`: damaged mails give an answer in the contract's shape, soon."""

from __future__ import annotations

import pytest

from parsers.message import Message
from tests.parsers import mutate

SHORT = 500


def test_damaged_mails_are_answered() -> None:
    counted = mutate.run(mutate.mails(), range(SHORT))
    assert counted.messages == SHORT
    assert counted.exceptions == []
    assert counted.slow == []


def test_a_damaged_mail_can_be_made_again() -> None:
    originals = mutate.mails()
    assert mutate.mutated(originals, 7) == mutate.mutated(originals, 7)
    assert len({mutate.mutated(originals, seed) for seed in range(20)}) > 15


def test_what_goes_wrong_is_counted_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> Message:
        raise ValueError("broken")

    monkeypatch.setattr(mutate, "understand", broken)
    assert mutate.run([b"x"], range(5, 6)).exceptions == ["5: ValueError: broken"]
