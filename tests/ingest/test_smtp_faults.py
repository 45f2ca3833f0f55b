"""SMTP from outside: faults of our own are a 451 without details, and the answer waits for the commit."""

import socket
import struct
import threading

import pytest

from tests.ingest.post_room import MAIL, NOT_STORED, PATIENCE, room, wait_until


@pytest.mark.parametrize("when", ["submit", "commit"])
@pytest.mark.parametrize("fault", [NOT_STORED, RuntimeError("secret detail"), MemoryError()])
def test_what_is_not_stored_is_answered_451_without_details(
    when: str, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with room() as post, post.wire() as wire:
        if when == "submit":
            post.notebook.refuses = fault
        else:
            post.notebook.broken = fault
        wire.begin()
        wire.send(MAIL + b".\r\n")
        answer = wire.read()
        assert answer.startswith("451 4.3.0 ")
        assert "secret" not in answer
        post.notebook.refuses = post.notebook.broken = None
        wire.begin()
        wire.send(MAIL + b".\r\n")
        assert wire.read().startswith("250 2.6.0 ")
        assert post.listener.health().bytes_in_flight == 0


def test_the_answer_waits_for_the_commit() -> None:
    with room() as post, post.wire() as wire:
        post.notebook.hold = threading.Event()
        wire.begin()
        wire.send(MAIL + b".\r\n")
        wait_until(lambda: post.notebook.submitted)
        wire.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        post.notebook.hold.set()
        wire.socket.settimeout(PATIENCE)
        assert wire.socket.recv(100) == b"250 2.6.0 stored as acme-1\r\n"


def test_a_commit_that_takes_too_long_is_a_later() -> None:
    with room(commit_seconds=0.2) as post, post.wire() as wire:
        post.notebook.hold = threading.Event()
        wire.begin()
        wire.send(MAIL + b".\r\n")
        assert wire.read() == "451 4.3.0 The message could not be stored; try again later"
        post.notebook.hold.set()
        assert wire.say("NOOP") == "250 2.0.0 Done"
        post.waits_for(1)


@pytest.mark.parametrize("abruptly", [False, True])
def test_a_client_gone_before_the_answer_leaves_a_stored_message(abruptly: bool) -> None:
    with room() as post:
        post.notebook.hold = threading.Event()
        with post.wire() as wire:
            wire.begin()
            wire.send(MAIL + b".\r\n")
            wait_until(lambda: post.notebook.submitted)
            if abruptly:  # a reset instead of a goodbye
                wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        post.notebook.hold.set()
        assert post.waits_for(1)[0].raw == MAIL
        wait_until(lambda: post.listener.health().sessions == 0)
        wait_until(lambda: post.listener.health().accepted_total == 1)
