"""SMTP from outside: the way of a message, from greeting to answer, also with other people's clients."""

import shutil
import smtplib
import socket
import subprocess
import threading

import pytest

from tests.ingest.post_room import MAIL, PATIENCE, Room, wait_until


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
    with socket.create_connection(("127.0.0.1", post.smtp_port), PATIENCE) as raw:
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


def test_swaks(post: Room) -> None:
    swaks = shutil.which("swaks")
    if swaks is None:
        pytest.skip("swaks is not installed")
    server = f"127.0.0.1:{post.smtp_port}"
    base = [swaks, "--server", server, "--from", "kunde@example.test", "--helo", "client.test"]
    sent = subprocess.run(
        [*base, "--to", "leads@acme.test", "--header", "Subject: Anfrage", "--body", ".\nHallo"],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert sent.returncode == 0, sent.stdout
    assert "250 2.6.0 stored as acme-1" in sent.stdout
    [incoming] = post.notebook.written
    assert b"Subject: Anfrage\r\n" in incoming.raw
    assert b"\r\n.\r\nHallo\r\n" in incoming.raw
    refused = subprocess.run(
        [*base, "--to", "nobody@acme.test"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert refused.returncode == 24  # swaks: no recipient was accepted
    assert "550 5.1.1 " in refused.stdout


def test_smtplib_with_one_unknown_recipient(post: Room) -> None:
    with smtplib.SMTP("127.0.0.1", post.smtp_port) as client:
        refused = client.sendmail("a@b.test", ["leads@acme.test", "nobody@acme.test"], MAIL)
    assert refused == {"nobody@acme.test": (550, b"5.1.1 No such recipient here")}
    assert post.notebook.raws == [MAIL]
