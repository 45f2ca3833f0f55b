"""When all places are taken: who makes room, and who is spared."""

import time

from ingest.listening.gate import Refusal
from tests.ingest.post_room import Wire, room, wait_until


def test_who_sends_nothing_makes_room_for_who_comes() -> None:
    """The idlest goes; who is sending a message, or has just sent one, stays."""
    with room(max_connections=3, spared_seconds=0.3) as post:
        idle, sending, busy = post.wire(), post.wire(), post.wire()
        sending.begin()
        sending.send(b"x" * 998 + b"\r\n")
        time.sleep(0.4)
        busy.begin()
        busy.send(b"x\r\n.\r\n")
        assert busy.read().startswith("250 ")
        with post.wire() as fourth:
            assert idle.read() == "421 4.3.2 Too many connections; try again later"
            assert idle.closed()
            assert fourth.say("NOOP").startswith("250 ")
            with Wire(post.smtp_port) as fifth:
                assert fifth.read() == "421 4.3.2 Too many connections; try again later", "nobody is idle yet"
            sending.send(b".\r\n")
            assert sending.read().startswith("250 ")
        assert busy.say("NOOP").startswith("250 ")
        assert post.refused(Refusal.CROWDED_OUT) == 1
        wait_until(lambda: post.listener.health().sessions == 2)
        for wire in (idle, sending, busy):
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
