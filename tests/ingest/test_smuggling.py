"""Smuggling, on real sockets: what some servers have taken for the end of a message ends none of ours, whether it comes
straight to us or through a Postfix that hands it on by LMTP (quality §4)."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.ingest.post_room import Room, room, wait_until
from tests.ingest.test_smtp_data import CHUNKINGS, INJECTED, NO_ENDS, unstuffed
from tests.support.postfix import Postfix, find_postfix

BEGIN = b"EHLO c\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\n"
SMUGGLED = b"Subject: smuggled"


def body(no_end: bytes, number: int) -> bytes:
    return b"Subject: number %d\r\n\r\none" % number + no_end + INJECTED


@pytest.mark.parametrize("lmtp", [False, True], ids=["smtp", "lmtp"])
@pytest.mark.parametrize("chunking", CHUNKINGS)
def test_straight_to_us(chunking: str, lmtp: bool) -> None:
    with room() as post:
        for number, no_end in enumerate(NO_ENDS):
            with post.wire(lmtp=lmtp) as wire:
                wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                wire.begin(hello="LHLO" if lmtp else "EHLO")
                for piece in CHUNKINGS[chunking](body(no_end, number) + b".\r\nQUIT\r\n"):
                    wire.send(piece)
                assert wire.read().startswith("250 "), "one message, one answer"
                assert wire.read().startswith("221 "), "and nothing of it was a command"
        assert post.notebook.raws == [
            unstuffed(body(no_end, number)) for number, no_end in enumerate(NO_ENDS)
        ]


@pytest.fixture(scope="module")
def behind() -> Iterator[tuple[Room, Postfix]]:
    if find_postfix() is None:
        pytest.skip("Postfix is not installed, or we are not root")
    with room() as post:
        postfix = Postfix("acme.test", post.lmtp_port)
        try:
            yield post, postfix
        finally:
            postfix.close()


@pytest.mark.parametrize("chunking", CHUNKINGS)
def test_through_postfix(behind: tuple[Room, Postfix], chunking: str) -> None:
    """What Postfix takes at all comes as one message, with the injected commands as its text."""
    post, postfix = behind
    post.notebook.written.clear()
    taken = sum(_sends(postfix, CHUNKINGS[chunking](body(no_end, n))) for n, no_end in enumerate(NO_ENDS))
    _sends(postfix, iter([b"Subject: last\r\n\r\nx\r\n"]))
    wait_until(postfix.queue_is_empty)
    wait_until(lambda: any(b"Subject: last\r\n" in raw for raw in post.notebook.raws))
    raws = post.notebook.raws
    assert len(raws) == taken + 1, postfix.said()
    for raw in raws:
        header = raw.partition(b"\r\n\r\n")[0]
        assert SMUGGLED not in header, "a message of its own was made of what stood in another"
    assert all(incoming.connection.mail_from != "evil@x.test" for incoming in post.notebook.written)
    assert taken >= 4, "variants without a bare line feed are mail to Postfix"


def test_postfix_knows_of_each_recipient(behind: tuple[Room, Postfix]) -> None:
    post, postfix = behind
    post.notebook.written.clear()
    with postfix.wire() as wire:
        wire.sendall(BEGIN.replace(b"DATA", b"RCPT TO:<nobody@acme.test>\r\nDATA"))
        _wait_for(wire, b"354 ")
        wire.sendall(b"Subject: two\r\n\r\nx\r\n.\r\nQUIT\r\n")
        _wait_for(wire, b"221 ")
    wait_until(lambda: "nobody@acme.test" in postfix.said() and "5.1.1" in postfix.said())
    wait_until(lambda: len(post.notebook.written) == 1)
    assert [r.address for r in post.notebook.written[0].recipients] == ["leads@acme.test"]


def _sends(postfix: Postfix, chunks: Iterator[bytes]) -> bool:
    """Whether Postfix took the message; it may well hang up on one with bare line feeds."""
    with postfix.wire() as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(BEGIN)
        _wait_for(wire, b"354 ")
        answer = b""
        try:
            for piece in chunks:
                wire.sendall(piece)
            wire.sendall(b".\r\n")
            answer = wire.recv(4096)
            wire.sendall(b"QUIT\r\n")
            while more := wire.recv(4096):
                answer += more
        except ConnectionError:
            pass
    assert answer.count(b"\r\n250 ") + answer.startswith(b"250 ") <= 1, answer
    return answer.startswith(b"250 ")


def _wait_for(wire: socket.socket, reply: bytes) -> None:
    heard, deadline = b"", time.monotonic() + 20
    while reply not in heard:
        assert time.monotonic() < deadline, heard
        heard += wire.recv(4096)
