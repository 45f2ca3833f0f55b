"""SMTP from outside: what a client says and what it hears."""

import shutil
import smtplib
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator

import pytest

from ingest.gate import Refusal
from tests.ingest.post_room import NOT_STORED, Room, room, wait_until
from tests.ingest.test_smtp_data import CHUNKINGS, INJECTED, NO_ENDS, unstuffed

MAIL = b"From: kunde@example.test\r\nSubject: Anfrage\r\n\r\nGuten Tag\r\n"


@pytest.fixture(scope="module")
def shared() -> Iterator[Room]:
    with room(errors_per_session=20) as opened:
        yield opened


@pytest.fixture
def post(shared: Room) -> Room:
    shared.notebook.written.clear()
    shared.addresses.asked.clear()
    return shared


# -- the way of a message


def test_a_message_is_stored_then_answered(post: Room) -> None:
    with post.wire() as wire:
        wire.begin("leads@acme.test")
        wire.send(MAIL + b".\r\n")
        assert wire.read() == "250 2.6.0 stored as acme-1"
        assert wire.say("QUIT") == "221 2.0.0 Goodbye"
        assert wire.closed()
    [incoming] = post.notebook.written
    assert incoming.raw == MAIL
    assert [recipient.address for recipient in incoming.recipients] == ["leads@acme.test"]
    connection = incoming.connection
    assert (connection.door, connection.client_ip, connection.helo) == ("smtp", "127.0.0.1", "client.test")
    assert (connection.mail_from, connection.tls, connection.auth_user) == ("anna@firma.test", False, None)
    assert not (connection.smtputf8 or connection.body_8bit or connection.trusted_hop)
    assert incoming.received_at.utcoffset() is not None


def test_ehlo_says_what_is_offered(post: Room) -> None:
    with smtplib.SMTP("127.0.0.1", post.smtp_port) as client:
        client.ehlo("client.test")
        assert client.esmtp_features == {
            "size": str(35 * 2**20),
            "8bitmime": "",
            "smtputf8": "",
            "pipelining": "",
            "enhancedstatuscodes": "",
        }


def test_the_greeting_shows_no_version(post: Room) -> None:
    with socket.create_connection(("127.0.0.1", post.smtp_port), 5) as raw:
        assert raw.recv(100) == b"220 mx.acme.test ESMTP leadgate\r\n"


def test_several_messages_in_one_connection(post: Room) -> None:
    with smtplib.SMTP("127.0.0.1", post.smtp_port) as client:
        for number in range(5):
            client.sendmail("a@b.test", ["leads@acme.test"], b"Subject: %d\r\n\r\n.\r\n" % number)
    assert post.notebook.raws == [b"Subject: %d\r\n\r\n.\r\n" % number for number in range(5)]


def test_null_sender_parameters_and_utf8(post: Room) -> None:
    with post.wire() as wire:
        wire.say("EHLO client.test")
        assert wire.say("MAIL FROM:<> SIZE=20 BODY=8BITMIME SMTPUTF8") == "250 2.1.0 Sender noted"
        assert wire.say("RCPT TO:<jörg@acme.test>") == "250 2.1.5 Recipient accepted"
        wire.say("DATA")
        wire.send("ä\r\n.\r\n".encode())
        assert wire.read().startswith("250 2.6.0 ")
    [incoming] = post.notebook.written
    assert incoming.connection.mail_from == ""
    assert incoming.connection.smtputf8
    assert incoming.connection.body_8bit
    assert incoming.recipients[0].address == "jörg@acme.test"


def test_two_accounts_in_one_transaction(post: Room) -> None:
    with post.wire() as wire:
        wire.begin("leads@acme.test", "leads@globex.test", "leads@acme.test")
        wire.send(b"x\r\n.\r\n")
        assert wire.read() == "250 2.6.0 stored as acme-1"
    [incoming] = post.notebook.written
    assert [recipient.account_id for recipient in incoming.recipients] == ["acme", "globex"]


def test_pipelining_in_one_packet(post: Room) -> None:
    with post.wire() as wire:
        wire.send(
            b"EHLO c\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<leads@acme.test>\r\nRCPT TO:<nobody@acme.test>\r\nDATA\r\n"
            b"one\r\n.\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n"
        )
        codes = [wire.read()[:3] for _ in range(10)]
    assert codes == ["250", "250", "250", "550", "354", "250", "250", "250", "354", "250"]
    assert post.notebook.raws == [b"one\r\n", b"two\r\n"]


def test_far_more_pipelined_than_is_read_at_once(post: Room) -> None:
    turns = 3000
    message = b"MAIL FROM:<a@b.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\n%d\r\n.\r\n"
    with post.wire() as wire:
        everything = b"EHLO c\r\n" + b"".join(message % turn for turn in range(turns)) + b"QUIT\r\n"
        sender = threading.Thread(target=wire.send, args=(everything,))
        sender.start()
        answers = [wire.read()[:3] for _ in range(1 + 4 * turns + 1)]
        sender.join()
    assert answers == ["250", *["250", "250", "354", "250"] * turns, "221"]
    assert post.notebook.raws == [b"%d\r\n" % turn for turn in range(turns)]


def test_a_client_that_closes_its_side_still_hears_the_answer(post: Room) -> None:
    with post.wire() as wire:
        wire.send(b"EHLO c\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\none\r\n.\r\n")
        wire.socket.shutdown(socket.SHUT_WR)
        assert [wire.read()[:3] for _ in range(6)] == ["250", "250", "250", "354", "250", ""]


def test_a_message_cut_short_is_not_stored(post: Room) -> None:
    for leave in (socket.SHUT_WR, socket.SHUT_RDWR):
        with post.wire() as wire:
            wire.begin()
            wire.send(b"half a mess")
            wire.socket.shutdown(leave)
            assert wire.read() == ""
    wait_until(lambda: post.listener.health().sessions == 0)
    assert post.notebook.written == []


# -- recipients


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
        post.addresses.slow = 0.5
        wire.say("EHLO c", "MAIL FROM:<a@b.test>")
        assert wire.say("RCPT TO:<leads@acme.test>").startswith("451 4.3.0 ")


# -- our own faults


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
        wire.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        post.notebook.hold.set()
        wire.socket.settimeout(5)
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
        assert post.listener.health().accepted_total == 1


# -- the end of data, over the wire


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


# -- how the protocol goes, and how not


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


# -- other people's clients


def test_swaks(post: Room) -> None:
    swaks = shutil.which("swaks")
    if swaks is None:
        pytest.skip("swaks is not installed")
    server = f"127.0.0.1:{post.smtp_port}"
    base = [swaks, "--server", server, "--from", "kunde@example.test", "--helo", "client.test"]
    sent = subprocess.run(
        [*base, "--to", "leads@acme.test", "--header", "Subject: Anfrage", "--body", ".\nHallo"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert sent.returncode == 0, sent.stdout
    assert "250 2.6.0 stored as acme-1" in sent.stdout
    [incoming] = post.notebook.written
    assert b"Subject: Anfrage\r\n" in incoming.raw
    assert b"\r\n.\r\nHallo\r\n" in incoming.raw
    refused = subprocess.run(
        [*base, "--to", "nobody@acme.test"], capture_output=True, text=True, timeout=30, check=False
    )
    assert refused.returncode == 24  # swaks: no recipient was accepted
    assert "550 5.1.1 " in refused.stdout


def test_smtplib_with_one_unknown_recipient(post: Room) -> None:
    with smtplib.SMTP("127.0.0.1", post.smtp_port) as client:
        refused = client.sendmail("a@b.test", ["leads@acme.test", "nobody@acme.test"], MAIL)
    assert refused == {"nobody@acme.test": (550, b"5.1.1 No such recipient here")}
    assert post.notebook.raws == [MAIL]
