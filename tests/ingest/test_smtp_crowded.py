"""When all places are taken: who waits, who makes room, who comes next, and who is spared."""

import time

from ingest.listening.gate import Refusal
from ingest.listening.limits import Patience
from tests.ingest.post_room import Room, Wire, room, wait_until

TOO_MANY = "421 4.3.2 Too many connections; try again later"


def test_who_sends_nothing_makes_room_for_who_comes() -> None:
    """The one that got no further for longest goes; who is sending a message, or has just sent one, stays."""
    with room(max_connections=3, spared_seconds=0.5) as post:
        idle, sending, busy = post.wire(), post.wire(), post.wire()
        sending.begin()
        sending.send(b"x" * 998 + b"\r\n")
        time.sleep(0.6)
        busy.begin()
        busy.send(b"x\r\n.\r\n")
        assert busy.read().startswith("250 ")
        with post.wire() as fourth:
            assert idle.read() == TOO_MANY
            assert idle.closed()
            assert fourth.say("NOOP").startswith("250 ")
            sending.send(b".\r\n")
            assert sending.read().startswith("250 ")
        assert busy.say("NOOP").startswith("250 ")
        assert post.refused(Refusal.CROWDED_OUT) == 1
        wait_until(lambda: post.listener.health().sessions == 2)
        for wire in (idle, sending, busy):
            wire.close()


def test_each_step_towards_a_message_is_given_time_but_only_once() -> None:
    """A far-away client is slow at every step; one that says the same again and again gets nowhere."""
    with room(max_connections=2, spared_seconds=1) as post:
        slow, talker = post.wire(), post.wire()
        crowd = [_waiting(post, "127.0.0.2") for _ in range(8)]
        for step in ("EHLO c", "MAIL FROM:<a@b.test>", "RCPT TO:<leads@acme.test>", "DATA"):
            assert slow.say(step)[:3] in {"250", "354"}
            if post.refused(Refusal.CROWDED_OUT) == 0:
                talker.say("NOOP")
            time.sleep(0.6)
        slow.send(b"x\r\n.\r\n")
        assert slow.read().startswith("250 ")
        assert talker.read() == TOO_MANY
        assert post.refused(Refusal.CROWDED_OUT) >= 2
        for wire in (slow, talker, *crowd):
            wire.close()


def test_first_come_first_served_but_who_delivered_before_goes_ahead() -> None:
    with room(max_connections=1, spared_seconds=60) as post:
        with post.wire(source="127.0.0.9") as known:
            known.begin()
            known.send(b"x\r\n.\r\n")
            assert known.read().startswith("250 ")
        wait_until(lambda: post.listener.health().sessions == 0)
        seated = post.wire()
        first, second, again = (_waiting(post, f"127.0.0.{number}") for number in (2, 3, 9))
        for leaves, comes in ((seated, again), (again, first), (first, second)):
            leaves.close()
            assert comes.read().startswith("220 ")
        second.close()


def test_nobody_loses_a_place_for_one_who_has_just_come() -> None:
    with room(max_connections=1, spared_seconds=0.05, waiting_fair_seconds=1.0) as post:
        idle = post.wire()
        time.sleep(0.3)
        begun = time.monotonic()
        with post.wire():
            assert time.monotonic() - begun > 0.9
        idle.close()


def test_a_message_that_crawls_is_no_progress_while_others_wait() -> None:
    with room(max_connections=1, spared_seconds=0.2, pace_when_full=Patience(0.5, 1024)) as post:
        crawling = post.wire()
        crawling.begin()
        crawling.send(b"x")
        with post.wire():
            assert crawling.read() == TOO_MANY
        crawling.close()


def test_who_waits_too_long_hears_421() -> None:
    with room(max_connections=1, waiting_seconds=0.5, spared_seconds=60) as post:
        seated, waiting = post.wire(), _waiting(post, "127.0.0.2")
        assert waiting.read() == TOO_MANY
        assert waiting.closed()
        assert seated.say("NOOP").startswith("250 ")
        assert post.refused(Refusal.CONNECTIONS) == 1
        seated.close()
        waiting.close()


def test_where_no_more_can_wait_who_delivered_before_may() -> None:
    with room(max_connections=1, waiting_connections=2, spared_seconds=60) as post:
        seated = post.wire(source="127.0.0.9")
        seated.begin()
        seated.send(b"x\r\n.\r\n")
        assert seated.read().startswith("250 ")
        first, second = (_waiting(post, f"127.0.0.{number}") for number in (2, 3))
        with Wire(post.smtp_port, "127.0.0.4") as third:
            assert third.read() == TOO_MANY
        known = _waiting(post, "127.0.0.9")
        assert second.read() == TOO_MANY
        seated.close()
        assert known.read().startswith("220 ")
        known.close()
        assert first.read().startswith("220 ")
        for wire in (first, second):
            wire.close()


def test_who_tires_of_waiting_gives_its_connection_back() -> None:
    with (
        room(max_connections=1, connections_per_local_client=2, spared_seconds=60) as post,
        post.wire() as seated,
    ):
        for _ in range(5):
            _waiting(post, "127.0.0.1").close()
            wait_until(lambda: _waits_alone(post))
        assert seated.say("NOOP").startswith("250 ")


def test_what_was_said_while_waiting_is_read_then() -> None:
    """A script that pipes its commands without listening; more than a little is left in the network."""
    with room(max_connections=1, spared_seconds=60) as post:
        seated = post.wire()
        with Wire(post.smtp_port) as early:
            early.send(b"EHLO c\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\n")
            early.send(b"Subject: x\r\n\r\n" + b"line\r\n" * 20_000 + b".\r\nQUIT\r\n")
            time.sleep(0.2)
            seated.close()
            replies = [early.read()[:3] for _ in range(7)]
            assert replies == ["220", "250", "250", "250", "354", "250", "221"]
        assert post.notebook.raws[0].count(b"line\r\n") == 20_000


def test_waiting_clients_are_told_when_the_listener_stops() -> None:
    with room(max_connections=1, spared_seconds=60) as post:
        seated, waiting = post.wire(), _waiting(post, "127.0.0.2")
        post.close()
        for wire in (seated, waiting):
            assert wire.read() == "421 4.3.2 Service is shutting down; try again in a minute"
            wire.close()


def test_a_place_is_free_at_once_even_if_its_client_does_not_listen() -> None:
    with room(max_connections=1, spared_seconds=0.05) as post:
        deaf = [post.wire(deaf=True)]
        for _ in range(10):
            time.sleep(0.1)
            deaf.append(post.wire(deaf=True))  # reads its greeting: it was let in
            assert post.listener.health().sessions == 1
        assert post.refused(Refusal.CROWDED_OUT) == 10
        for wire in deaf:
            wire.close()


def test_a_guesser_on_this_machine_keeps_no_mail_of_others_away() -> None:
    """Whoever relays on this machine, or runs a script here, shares one address with all others."""
    with room(unknown_recipients_per_hour=1) as post:
        with post.wire() as guesser:
            guesser.say("EHLO c", "MAIL FROM:<a@b.test>")
            assert guesser.say("RCPT TO:<nobody@acme.test>").startswith("550 5.1.1 ")
            assert guesser.say("RCPT TO:<nobody@acme.test>").startswith("421 4.7.1 ")
        with post.wire() as other:
            other.begin()
            other.send(b"x\r\n.\r\n")
            assert other.read().startswith("250 ")


def _waiting(post: Room, source: str) -> Wire:
    """A client that the listener knows to wait."""
    before = post.listener.health().connections_total
    wire = Wire(post.smtp_port, source)
    wait_until(lambda: post.listener.health().connections_total > before)
    return wire


def _waits_alone(post: Room) -> bool:
    """Whether a client that comes now is not refused, because the one before is gone."""
    with _waiting(post, "127.0.0.1") as wire:
        wire.socket.settimeout(0.05)
        try:
            return wire.read() != "421 4.7.0 Too many connections from your address; try again later"
        except TimeoutError:
            return True
