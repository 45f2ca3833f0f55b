"""SMTP from outside: which recipients are taken, what is told about them, and no relay."""

import threading

import pytest

from ingest.listening.gate import Refusal
from tests.ingest.post_room import NOT_STORED, Room, room


def test_unknown_recipients_are_refused_at_rcpt() -> None:
    with room() as post, post.wire() as wire:
        wire.say("EHLO c", "MAIL FROM:<a@b.test>")
        for unknown in ("nobody@acme.test", "leads@elsewhere.test", "leads"):
            assert wire.say(f"RCPT TO:<{unknown}>") == "550 5.1.1 No such recipient here"
        assert wire.say("DATA") == "554 5.5.1 No valid recipients"
        assert wire.say("RCPT TO:<Postmaster>") == "250 2.1.5 Recipient accepted"
        assert post.refused(Refusal.UNKNOWN_RECIPIENT) == 3


def test_who_exists_is_remembered_and_who_does_not_is_not() -> None:
    with room() as post, post.wire() as wire:
        wire.say("EHLO c", "MAIL FROM:<a@b.test>")
        for _ in range(3):
            wire.say("RCPT TO:<leads@acme.test>")
            wire.say("RCPT TO:<nobody@acme.test>")
        assert post.addresses.asked == ["leads@acme.test"] + ["nobody@acme.test"] * 3


def test_nobody_learns_who_exists_from_vrfy_or_expn(post: Room) -> None:
    with post.wire() as wire:
        known, unknown = wire.say("VRFY leads@acme.test"), wire.say("VRFY nobody@acme.test")
        assert known == unknown
        assert known.startswith("252 ")
        assert wire.say("EXPN leads").startswith("502 ")
    assert post.addresses.asked == []


@pytest.mark.parametrize("fault", [NOT_STORED, RuntimeError("secret detail")])
def test_an_address_book_that_fails_is_a_later_never_a_no(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with room() as post, post.wire() as wire:
        post.addresses.broken = fault
        wire.say("EHLO c", "MAIL FROM:<a@b.test>")
        answer = wire.say("RCPT TO:<leads@acme.test>")
        assert answer.startswith("451 4.3.0 ")
        assert "secret" not in answer
        assert wire.say("DATA").startswith("451 4.3.0 ")
        post.addresses.broken = None
        assert wire.say("RCPT TO:<leads@acme.test>").startswith("250 ")


def test_a_look_up_that_takes_too_long_is_a_later() -> None:
    with room(lookup_seconds=0.1) as post, post.wire() as wire:
        post.addresses.hold = threading.Event()
        wire.say("EHLO c", "MAIL FROM:<a@b.test>")
        assert wire.say("RCPT TO:<leads@acme.test>").startswith("451 4.3.0 ")
        post.addresses.hold.set()


def test_no_relay(post: Room) -> None:
    with room(unknown_recipients_per_hour=100) as closed, closed.wire() as wire:
        wire.say("EHLO c")
        for sender in ("a@elsewhere.test", "leads@acme.test", ""):
            wire.say("RSET", f"MAIL FROM:<{sender}>")
            for target in (
                "victim@elsewhere.test",
                "victim%elsewhere.test@acme.invalid",
                "@acme.test:victim@elsewhere.test",
                '"victim@elsewhere.test"@nowhere.test',
                "elsewhere.test!victim",
                "victim@[127.0.0.1]",
            ):
                assert wire.say(f"RCPT TO:<{target}>") == "550 5.1.1 No such recipient here"
