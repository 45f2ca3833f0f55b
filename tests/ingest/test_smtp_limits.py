"""How much, how many and how slow: every limit of the listener from outside, and its figures."""

import threading
import time

import pytest

from ingest.listening.gate import Gate, Refusal
from ingest.listening.limits import MEBIBYTE, ListenerOptions, Patience
from tests.ingest.post_room import Room, Wire, room, wait_until

# -- sizes


def test_a_declared_size_over_the_limit_is_refused_at_once() -> None:
    with room(max_message_bytes=1000) as post, post.wire() as wire:
        wire.say("EHLO c")
        assert wire.say("MAIL FROM:<a@b.test> SIZE=1001") == "552 5.3.4 The message is larger than 1000 bytes"
        assert wire.say("MAIL FROM:<a@b.test> SIZE=99999999999999999999").startswith("552 ")
        assert wire.say("MAIL FROM:<a@b.test> SIZE=1000") == "250 2.1.0 Sender noted"
        assert post.refused(Refusal.MESSAGE_TOO_LARGE) == 2


def test_a_message_over_the_limit_is_refused_after_its_end() -> None:
    with room(max_message_bytes=1000) as post, post.wire() as wire:
        wire.begin()
        wire.send(b"x" * 998 + b"\r\n.\r\n")
        assert wire.read().startswith("250 ")
        wire.begin()
        wire.send(b"x" * 999 + b"\r\n.\r\n")
        assert wire.read() == "552 5.3.4 The message is larger than 1000 bytes"
        assert wire.say("NOOP") == "250 2.0.0 Done"
        assert len(post.notebook.written) == 1


def test_who_sends_on_without_end_is_parted_with() -> None:
    with room(max_message_bytes=1000) as post, post.wire() as wire:
        wire.begin()
        wire.send(b"x" * 2500)
        assert wire.read() == "552 5.3.4 The message is larger than 1000 bytes"
        assert wire.closed()


def test_the_bytes_of_all_sessions_have_a_bound_and_small_messages_go_on() -> None:
    with room(bytes_in_flight=MEBIBYTE) as post:
        with post.wire() as first, post.wire() as second, post.wire() as small:
            first.begin()
            first.send(b"x" * MEBIBYTE)
            wait_until(lambda: post.listener.health().bytes_in_flight == MEBIBYTE * 3 // 4)
            second.begin()
            second.send(b"x" * MEBIBYTE + b"\r\n.\r\n")
            assert second.read() == "452 4.3.1 Too much mail at once; try again later"
            small.begin()
            small.send(b"x" * 1000 + b"\r\n.\r\n")
            assert small.read().startswith("250 ")
            first.send(b"\r\n.\r\n")
            assert first.read().startswith("250 ")
            wait_until(lambda: post.listener.health().bytes_in_flight == 0)
            second.begin()
            second.send(b"x" * MEBIBYTE + b"\r\n.\r\n")
            assert second.read().startswith("250 ")
        assert post.refused(Refusal.NO_ROOM) == 1


def test_bytes_count_until_they_are_committed_even_when_the_client_is_gone() -> None:
    with room(bytes_in_flight=MEBIBYTE, commit_seconds=0.1) as post:
        post.notebook.hold = threading.Event()
        with post.wire() as wire:
            wire.begin()
            wire.send(b"x" * MEBIBYTE + b"\r\n.\r\n")
            assert wire.read().startswith("451 ")
        assert post.listener.health().bytes_in_flight > 0
        post.notebook.hold.set()
        wait_until(lambda: post.listener.health().bytes_in_flight == 0)


# -- numbers


def test_recipients_per_transaction() -> None:
    with room(max_recipients=3) as post, post.wire() as wire:
        wire.begin("a@acme.test", "b@acme.test", "c@acme.test")
        wire.send(b"x\r\n.\r\n")
        wire.read()
        wire.say("MAIL FROM:<a@b.test>", *(f"RCPT TO:<{name}@acme.test>" for name in "abc"))
        answer = wire.say("RCPT TO:<d@acme.test>")
        assert answer == "452 4.5.3 Too many recipients; send the rest in another transaction"
        assert wire.say("DATA").startswith("354 ")
        wire.send(b"x\r\n.\r\n")
        assert wire.read().startswith("250 ")
        assert len(post.notebook.written[1].recipients) == 3


def test_junk_and_talk_end_a_session() -> None:
    with room(errors_per_session=3, commands_per_message=6) as post:
        with post.wire() as wire:
            assert [wire.say("XYZZY")[:3] for _ in range(3)] == ["500"] * 3
            assert wire.say("XYZZY") == "500 5.5.1 Command not recognised"
            assert wire.read() == "421 4.7.0 Too many errors; closing the connection"
            assert wire.closed()
        with post.wire() as wire:
            for _ in range(6):
                assert wire.say("NOOP").startswith("250 ")
            assert wire.say("NOOP") == "421 4.7.0 Too many commands without a message; closing the connection"
        with post.wire() as wire:
            for _ in range(4):  # a message gives six more
                wire.begin()
                wire.send(b"x\r\n.\r\n")
                assert wire.read().startswith("250 ")


def test_nothing_is_run_after_the_last_word() -> None:
    with room(errors_per_session=0) as post, post.wire() as wire:
        wire.send(
            b"XYZZY\r\nEHLO c\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\nx\r\n.\r\n"
        )
        wire.closed()
        wait_until(lambda: post.listener.health().sessions == 0)
        assert post.notebook.written == []
        assert post.addresses.asked == []


# -- time

HASTY = {"patience": Patience(0.5, 1000), "patience_when_crowded": Patience(0.5, 1000)}


@pytest.mark.parametrize("dribble", [b"", b"x"])
def test_a_client_that_never_ends_its_line_is_parted_with(dribble: bytes) -> None:
    with room(**HASTY) as post, post.wire() as wire:
        _dribble(post, wire, dribble)
        assert wire.read() == "421 4.4.2 Waited too long for you; closing the connection"


@pytest.mark.parametrize("dribble", [b"", b"x\r\n"])
def test_a_client_that_dribbles_its_message_is_parted_with(dribble: bytes) -> None:
    with room(**HASTY) as post, post.wire() as wire:
        wire.begin()
        _dribble(post, wire, dribble)
        assert wire.read() == "421 4.4.2 Waited too long for you; closing the connection"
        assert post.notebook.written == []


def test_a_message_may_take_longer_than_the_wait_for_a_line() -> None:
    with room(**HASTY) as post, post.wire() as wire:
        wire.begin()
        for _ in range(16):
            wire.send(b"x" * 998 + b"\r\n")
            time.sleep(0.15)
        wire.send(b".\r\n")
        assert wire.read().startswith("250 ")


def test_our_own_slowness_is_not_the_clients() -> None:
    with room(**HASTY) as post, post.wire() as wire:
        post.notebook.seconds = 2.5
        wire.begin()
        wire.send(b"x\r\n.\r\n")
        assert wire.read().startswith("250 ")


def test_a_client_that_only_talks_is_parted_with() -> None:
    with room(talk_seconds=0.5) as post, post.wire() as wire:
        answer = ""
        while not answer.startswith("421"):
            answer = wire.say("NOOP")
            time.sleep(0.1)
        assert post.refused(Refusal.TOO_MUCH_TALK) == 1


def test_a_client_that_does_not_listen_is_parted_with() -> None:
    with room(**HASTY, commands_per_message=10**9) as post, post.wire(deaf=True) as wire:
        with pytest.raises((TimeoutError, ConnectionError)):
            wire.send(b"HELP\r\n" * 1_000_000)
        wait_until(lambda: post.listener.health().sessions == 0, 20)
        assert post.refused(Refusal.TOO_SLOW) == 1


def _dribble(post: Room, wire: Wire, data: bytes) -> None:
    def slow() -> bool:
        if data and not post.refused(Refusal.TOO_SLOW):
            wire.send(data)
            time.sleep(0.1)
        return post.refused(Refusal.TOO_SLOW) == 1

    wait_until(slow)


# -- the gate by itself


def test_patience_wears_thin_when_it_gets_crowded() -> None:
    options = ListenerOptions("mx", max_connections=4)
    gate = Gate(options)
    gate.sessions = 3
    assert gate.patience() is options.patience
    gate.sessions = 4
    assert gate.patience() is options.patience_when_crowded
