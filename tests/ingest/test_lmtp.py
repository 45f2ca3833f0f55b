"""LMTP from outside: one reply for each recipient that was accepted."""

import smtplib

import pytest

from tests.ingest.post_room import NOT_STORED, room


def test_one_reply_per_accepted_recipient() -> None:
    with room() as post, post.wire(lmtp=True) as wire:
        assert wire.say("LHLO relay.test") == "250 ENHANCEDSTATUSCODES"
        wire.say("MAIL FROM:<a@b.test>")
        codes = [
            wire.say(f"RCPT TO:<{recipient}>")[:3]
            for recipient in ("leads@acme.test", "nobody@acme.test", "leads@globex.test", "bcc@acme.test")
        ]
        assert codes == ["250", "550", "250", "250"]
        assert wire.say("DATA").startswith("354 ")
        wire.send(b"x\r\n.\r\nNOOP\r\n")
        assert [wire.read() for _ in range(4)] == [
            "250 2.6.0 stored as acme-1",
            "250 2.6.0 stored as globex-1",
            "250 2.6.0 stored as acme-1",
            "250 2.0.0 Done",
        ]
    [incoming] = post.notebook.written
    assert incoming.connection.door == "lmtp"
    assert len(incoming.recipients) == 3


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (NOT_STORED, "451 4.3.0 The message could not be stored; try again later"),
        (RuntimeError("secret"), "451 4.3.0 Something went wrong on our side; try again later"),
    ],
)
@pytest.mark.parametrize("when", ["submit", "commit"])
def test_what_is_not_stored_is_said_for_each_recipient(
    fault: Exception, answer: str, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    with room() as post, post.wire(lmtp=True) as wire:
        if when == "submit":
            post.notebook.refuses = fault
        else:
            post.notebook.broken = fault
        wire.begin("a@acme.test", "b@acme.test", "c@globex.test", hello="LHLO")
        wire.send(b"x\r\n.\r\nNOOP\r\n")
        assert [wire.read() for _ in range(4)] == [answer, answer, answer, "250 2.0.0 Done"]


def test_a_refused_message_is_refused_for_each_recipient() -> None:
    with room(max_message_bytes=100) as post, post.wire(lmtp=True) as wire:
        wire.begin("a@acme.test", "b@acme.test", hello="LHLO")
        wire.send(b"x" * 101 + b"\r\n.\r\n")
        assert [wire.read()[:9] for _ in range(2)] == ["552 5.3.4"] * 2
        assert post.notebook.written == []


def test_the_same_recipient_twice_is_answered_twice() -> None:
    with room() as post, post.wire(lmtp=True) as wire:
        wire.begin("a@acme.test", "a@acme.test", hello="LHLO")
        wire.send(b"x\r\n.\r\n")
        assert [wire.read() for _ in range(2)] == ["250 2.6.0 stored as acme-1"] * 2
        assert len(post.notebook.written[0].recipients) == 1


def test_lhlo_only_and_no_limit_on_unknown_recipients() -> None:
    with room(unknown_recipients_per_hour=2) as post, post.wire(lmtp=True) as wire:
        assert wire.say("EHLO c") == wire.say("HELO c") == "500 5.5.1 Command not recognised"
        assert wire.say("MAIL FROM:<a@b.test>") == "503 5.5.1 Say LHLO first"
        wire.say("LHLO c", "MAIL FROM:<a@b.test>")
        for _ in range(30):
            assert wire.say("RCPT TO:<nobody@acme.test>").startswith("550 5.1.1 ")
        assert wire.say("RCPT TO:<leads@acme.test>").startswith("250 ")
        assert post.listener.health().sessions == 1


def test_smtplib_speaks_lmtp() -> None:
    with room() as post:
        client = smtplib.LMTP("127.0.0.1", post.lmtp_port)
        assert client.sendmail("", ["leads@acme.test"], b"Subject: x\r\n\r\n.\r\n") == {}
        client.quit()
        assert post.notebook.raws == [b"Subject: x\r\n\r\n.\r\n"]
        assert post.notebook.written[0].connection.mail_from == ""
