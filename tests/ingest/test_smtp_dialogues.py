"""SMTP from outside: command by command, well-formed and not, and the end of data over the wire."""

import socket

import pytest

from tests.ingest.post_room import Room
from tests.ingest.test_smtp_data import CHUNKINGS, INJECTED, NO_ENDS, unstuffed


@pytest.mark.parametrize("chunking", CHUNKINGS)
@pytest.mark.parametrize("no_end", NO_ENDS)
def test_nothing_is_smuggled(post: Room, no_end: bytes, chunking: str) -> None:
    data = b"Subject: one\r\n\r\none" + no_end + INJECTED
    with post.wire() as wire:
        wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.begin()
        for chunk in CHUNKINGS[chunking](data + b".\r\n"):
            wire.send(chunk)
        assert wire.read().startswith("250 2.6.0 ")
        assert wire.say("QUIT").startswith("221 ")
    assert post.notebook.raws == [unstuffed(data)]


def test_lines_up_to_a_mebibyte(post: Room) -> None:
    line = b"x" * 2**20 + b"\r\n"
    with post.wire() as wire:
        wire.begin()
        wire.send(line + line + b".\r\n")
        assert wire.read().startswith("250 2.6.0 ")
        wire.begin()
        wire.send(b"x" + line + b".\r\n")
        assert wire.read() == "554 5.6.0 The message has a line longer than 1048576 bytes"
    assert post.notebook.raws == [line + line]


@pytest.mark.parametrize(
    ("commands", "answer"),
    [
        (["MAIL FROM:<a@b.test>"], "503 5.5.1 Say EHLO first"),
        (["EHLO"], "501 5.5.4 Syntax: EHLO hostname"),
        (["HELO"], "501 5.5.4 Syntax: HELO hostname"),
        (["HELO c"], "250 mx.acme.test"),
        (["EHLO c", "RCPT TO:<leads@acme.test>"], "503 5.5.1 Say MAIL first"),
        (["EHLO c", "DATA"], "503 5.5.1 Say MAIL first"),
        (["EHLO c", "MAIL FROM:<a@b.test>", "DATA"], "503 5.5.1 Say RCPT first"),
        (
            ["EHLO c", "MAIL FROM:<a@b.test>", "MAIL FROM:<a@b.test>"],
            "503 5.5.1 A transaction is already open",
        ),
        (["EHLO c", "MAIL FROM:<>", "MAIL FROM:<>"], "503 5.5.1 A transaction is already open"),
        (["EHLO c", "MAIL FROM:<a@b.test>", "RSET", "MAIL FROM:<c@b.test>"], "250 2.1.0 Sender noted"),
        (["EHLO c", "MAIL"], "501 5.5.4 Syntax: MAIL FROM:<address> [parameters]"),
        (["EHLO c", "MAIL FROM:<a b@c.test>"], "553 5.1.7 That is no sender address"),
        (["EHLO c", "MAIL FROM:<a@b.test> SIZE=x"], "501 5.5.4 A parameter has a wrong value"),
        (["EHLO c", "MAIL FROM:<a@b.test> BODY=BINARYMIME"], "501 5.5.4 A parameter has a wrong value"),
        (["EHLO c", "MAIL FROM:<a@b.test> AUTH=<>"], "555 5.5.4 A parameter is not recognised"),
        (["EHLO c", "MAIL FROM:<a@b.test> RET=FULL"], "555 5.5.4 A parameter is not recognised"),
        (["EHLO c", "MAIL FROM:<a@b.test>", "RCPT TO:<>"], "553 5.1.3 That is no recipient address"),
        (["EHLO c", "MAIL FROM:<a@b.test>", "RCPT leads"], "501 5.5.4 Syntax: RCPT TO:<address>"),
        (
            ["EHLO c", "MAIL FROM:<a@b.test>", "RCPT TO:<leads@acme.test> NOTIFY=NEVER"],
            "555 5.5.4 A parameter is not recognised",
        ),
        (["AUTH PLAIN AGEAYg=="], "502 5.5.1 Command not offered here"),
        (["STARTTLS"], "454 4.7.0 TLS is not available"),
        (["LHLO c"], "500 5.5.1 Command not recognised"),
        (["XYZZY"], "500 5.5.1 Command not recognised"),
        ([""], "500 5.5.1 Command not recognised"),
        (["NOOP anything"], "250 2.0.0 Done"),
        (["HELP"], "214 2.0.0 RFC 5321: EHLO MAIL RCPT DATA RSET NOOP STARTTLS QUIT"),
        (["x" * 5000], "500 5.5.2 Command line too long"),
        (["GET / HTTP/1.1"], "421 4.7.0 Too many errors; closing the connection"),
    ],
)
def test_dialogues(post: Room, commands: list[str], answer: str) -> None:
    with post.wire() as wire:
        assert wire.say(*commands) == answer
    assert post.notebook.written == []


def test_bytes_that_are_no_text(post: Room) -> None:
    with post.wire() as wire:
        wire.say("EHLO c")
        for junk in (b"\xff\xfe\x00\r\n", b"MAIL FROM:<\xff@b.test>\r\n", b"MAIL FROM:<a\x00@b.test>\r\n"):
            wire.send(junk)
            assert wire.read()[:1] == "5"
        assert wire.say("NOOP") == "250 2.0.0 Done"


def test_a_bare_line_feed_ends_a_command(post: Room) -> None:
    with post.wire() as wire:
        wire.send(b"EHLO c\nNOOP\n")
        assert [wire.read()[:3], wire.read()[:3]] == ["250", "250"]
