"""A connection against a real server: encryption, login, answers, and servers that misbehave."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store.smarthosts import Smarthost
from tests.webhooks.mail.room import KEY, LOOPBACK
from tests.webhooks.mail.server import USER, MailServer, running
from webhooks.destination import Policy
from webhooks.exceptions import CannotReach
from webhooks.mail.attempt import try_stages
from webhooks.mail.faults import FIXES, CannotSend
from webhooks.mail.options import MailOptions
from webhooks.mail.session import Session, opened, policy_for

SENDER, TO = "bounce-x@acme.test", "somebody@elsewhere.example"
RAW = b"Subject: Hello\r\n\r\nOne\r\n.\r\n..two\r\n.three\r\n"


def options(server: MailServer | None = None, **changes: Any) -> MailOptions:
    given: dict[str, Any] = {"address_key": KEY, "policy": LOOPBACK, "answer": 10.0}
    return MailOptions(**given | ({"tls": server.trusted} if server else {}) | changes)


def session(server: MailServer, smarthost: Smarthost | None = None, **changes: Any) -> Session:
    return opened(smarthost or server.smarthost(), options(server, **changes), LOOPBACK)


@contextmanager
def raw_server(script: Any) -> Iterator[Smarthost]:
    """A server whose every connection is handed to `script`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            with connected:
                try:
                    script(connected)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Smarthost("127.0.0.1", listening.getsockname()[1], "none")
        listening.close()
    thread.join(5)


@pytest.mark.parametrize(
    ("tls", "login", "only"),
    [
        ("none", False, ""),
        ("none", True, ""),
        ("starttls", False, ""),
        ("starttls", True, "PLAIN"),
        ("starttls", True, "LOGIN"),
        ("tls", False, ""),
    ],
)
def test_a_mail_arrives_as_it_was_written(tmp_path: Path, tls: str, login: bool, only: str) -> None:
    with running(tmp_path, tls=tls, login=login, only=only) as server:
        one = session(server)
        assert one.send(SENDER, TO, RAW) == "250 taken"
        one.close()
        (taken,) = server.taken
    assert (taken.mail_from, taken.rcpt_to, taken.raw) == (SENDER, (TO,), RAW)
    assert taken.tls == (tls != "none") and taken.login == (USER if login else None)


def test_several_mails_go_over_one_connection_whatever_one_of_them_meets(server: MailServer) -> None:
    server.behaviour.rcpt = {
        "full@elsewhere.example": "452 4.2.2 full",
        "gone@elsewhere.example": "550 no such",
    }
    one = session(server)
    for to, ends, reply in (("full@elsewhere.example", False, 452), ("gone@elsewhere.example", True, 550)):
        with pytest.raises(CannotSend) as caught:
            one.send(SENDER, to, RAW)
        fault = caught.value
        assert (fault.stage, fault.ends, fault.reply, fault.dead) == ("recipient", ends, reply, False)
        assert one.start_over()
    one.send(SENDER, TO, RAW)
    one.close()
    assert len(server.taken) == 1 and server.sessions == 1


@pytest.mark.parametrize(
    ("answer", "ends", "code"),
    [("451 4.3.0 later", False, "busy"), ("554 5.7.1 spam", True, "mail_refused")],
)
def test_the_answer_to_the_text_counts(server: MailServer, answer: str, ends: bool, code: str) -> None:
    server.behaviour.data = answer
    one = session(server)
    with pytest.raises(CannotSend) as caught:
        one.send(SENDER, TO, RAW)
    one.close()
    assert (caught.value.stage, caught.value.ends, caught.value.code) == ("data", ends, code)
    assert answer[4:] in caught.value.sentence


def test_a_demand_for_a_login_ends_no_mail(server: MailServer) -> None:
    server.behaviour.mail = "530 5.7.0 Authentication required"
    one = session(server)
    with pytest.raises(CannotSend) as caught:
        one.send(SENDER, TO, RAW)
    one.close()
    assert (caught.value.code, caught.value.ends) == ("login_needed", False)


@pytest.mark.parametrize("how", ["hang", "cut"])
def test_a_server_that_does_not_answer_the_text(server: MailServer, how: str) -> None:
    server.behaviour.on_data = how
    one = session(server, message=0.5)
    began = time.monotonic()
    with pytest.raises(CannotSend) as caught:
        one.send(SENDER, TO, RAW)
    one.close()
    assert time.monotonic() - began < 8
    fault = caught.value
    assert (fault.dead, fault.ends, fault.reply) == (True, False, None)
    assert fault.code == ("too_slow" if how == "hang" else "cut")


def test_a_greeting_that_trickles_has_an_end() -> None:
    def trickle(connected: socket.socket) -> None:
        for _ in range(400):
            connected.sendall(b"220-w\r\n")
            time.sleep(0.05)

    with raw_server(trickle) as smarthost, pytest.raises(CannotSend) as caught:
        opened(smarthost, options(greeting=0.5), LOOPBACK)
    assert (caught.value.stage, caught.value.code) == ("tls", "too_slow")


@pytest.mark.parametrize(
    ("greeting", "code"),
    [
        (b"554 5.7.1 go away\r\n", "greeting_refused"),
        (b"421 closing\r\n", "busy"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "cut"),
        (b"", "cut"),
        (b"220 " + b"x" * 100_000 + b"\r\n", "cut"),
    ],
)
def test_odd_greetings(greeting: bytes, code: str) -> None:
    with (
        raw_server(lambda connected: connected.sendall(greeting)) as smarthost,
        pytest.raises(CannotSend) as caught,
    ):
        opened(smarthost, options(), LOOPBACK)
    assert (caught.value.stage, caught.value.code, caught.value.ends) == ("tls", code, False)


def test_no_password_without_the_encryption_that_was_asked_for(tmp_path: Path) -> None:
    with running(tmp_path, login=True) as server:
        plain = replace(server.smarthost(), tls="starttls")
        with pytest.raises(CannotSend) as caught:
            session(server, plain)
        assert caught.value.code == "no_starttls"
        with pytest.raises(CannotReach) as reached:
            session(server, replace(plain, tls="tls"))
        assert reached.value.code == "no_tls"


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with running(tmp_path, tls="starttls") as server, pytest.raises(CannotReach) as caught:
        opened(server.smarthost(), options(), LOOPBACK)
    assert (caught.value.stage, caught.value.code) == ("tls", "bad_certificate")


def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path) -> None:
    with running(tmp_path, tls="starttls", login=True) as server, pytest.raises(CannotSend) as caught:
        session(server, server.smarthost(password="wrong-secret"))
    fault = caught.value
    assert (fault.stage, fault.code, fault.ends) == ("login", "password_refused", False)
    assert "app password" in FIXES[fault.code]
    assert "wrong-secret" not in f"{fault} {fault.sentence} {server.smarthost!r}" and "wrong" not in repr(
        Smarthost("h", 1, "tls", "u", "wrong-secret")
    )


def test_only_public_addresses_unless_the_operator_named_the_server(server: MailServer) -> None:
    own = server.smarthost()
    told = options(policy=Policy(), deployment=own)
    with pytest.raises(CannotReach) as caught:
        opened(replace(own), told, policy_for(replace(own), told))
    assert (caught.value.stage, caught.value.code) == ("dns", "not_allowed")
    assert "LEADGATE_SMARTHOST_ALLOW" in caught.value.sentence
    opened(own, told, policy_for(own, told)).close()


def test_the_stages_of_a_test(tmp_path: Path, server: MailServer) -> None:
    def tried(smarthost: Smarthost, **changes: Any) -> list[tuple[str, bool | None, str | None]]:
        found = try_stages(smarthost, options(server, **changes), SENDER)
        return [(each.stage, each.ok, each.code) for each in found]

    passed = [("dns", True, None), ("tcp", True, None), ("tls", True, "not_encrypted"), ("login", True, None)]
    assert tried(server.smarthost()) == [*passed, ("sender", True, None)]
    server.behaviour.mail = "553 5.7.1 not yours"
    assert tried(server.smarthost())[-1] == ("sender", False, "sender_refused")
    assert server.taken == []
    login = tried(server.smarthost(username="u", password="p"))
    assert login[3:] == [("login", False, "no_login"), ("sender", None, None)]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert tried(Smarthost("127.0.0.1", port, "none"))[1] == ("tcp", False, "no_answer")
    assert tried(Smarthost("does-not-exist.invalid", 25, "none"))[0] == ("dns", False, "unknown_host")
