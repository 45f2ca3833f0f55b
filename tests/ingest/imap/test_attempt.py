"""The stages of a connection: each can fail, says so in a sentence, and ends the attempt there."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ingest.imap import attempt, dial
from ingest.imap.attempt import StageResult, lines, try_stages
from ingest.imap.options import ImapOptions
from store.mailbox_values import Credentials, Target, checked
from tests.ingest.imap.rig import LOOPBACK, mail, options
from tests.support.dovecot import PASSWORD, Dovecot

USER = "stages@firma.example"


def stages(dovecot: Dovecot, told: ImapOptions | None = None, **values: Any) -> list[StageResult]:
    password = values.pop("password", PASSWORD)
    given = {"host": "127.0.0.1", "port": dovecot.port, "tls": "none", "username": USER} | values
    return try_stages(Target(checked(given), Credentials(password=password)), told or options(dovecot))


def failed(results: list[StageResult]) -> tuple[str, str]:
    """The stage that failed, and its sentence; those before passed, those after were not reached."""
    place = next(number for number, each in enumerate(results) if not each.ok)
    assert all(each.ok for each in results[:place])
    assert all(each.ok is None for each in results[place + 1 :])
    return results[place].stage, results[place].detail


@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
def test_every_stage(dovecot: Dovecot, tls: str) -> None:
    port = dovecot.tls_port if tls == "tls" else dovecot.port
    results = stages(dovecot, host="localhost", tls=tls, port=port, after="move", move_to="Archive")
    assert [each.stage for each in results] == ["dns", "tcp", "tls", "login", "folder", "write", "senders"]
    assert all(each.ok for each in results), results
    assert ("TLSv1" in results[2].detail) == (tls != "none")
    assert "which is made then" in results[5].detail
    assert next(lines(results)) == {
        "stage": "dns",
        "ok": True,
        "detail": results[0].detail,
        "code": "addresses",
        "facts": {"addresses": results[0].detail},
        "said": "",
    }


def test_after_actions_are_told(dovecot: Dovecot) -> None:
    assert [stages(dovecot, after=after)[-2].detail for after in ("leave", "seen", "delete")] == [
        "mail is left as it is",
        "mail is marked as seen",
        "mail is deleted",
    ]
    there = stages(dovecot, after="move", move_to="INBOX.x")[-2].detail
    assert there == "mail is moved to INBOX.x, which is made then"


def test_a_name_that_is_not_known(dovecot: Dovecot) -> None:
    stage, sentence = failed(stages(dovecot, host="imap.firma.invalid"))
    assert stage == "dns" and sentence.startswith("imap.firma.invalid is not known")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "::1", "169.254.169.254"])
def test_an_address_that_must_not_be_reached(dovecot: Dovecot, host: str) -> None:
    stage, sentence = failed(stages(dovecot, ImapOptions(), host=host))
    assert stage == "dns" and "must not be reached" in sentence and "LEADGATE_IMAP_ALLOW" in sentence


def test_the_very_address_that_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["192.0.2.1", "127.0.0.1"], ["127.0.0.1"]])

    def resolver(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in next(answers)]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    assert dial.resolve("rebinding.example", 143, LOOPBACK) == [("127.0.0.1", 143)]


def test_nothing_answers(dovecot: Dovecot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    results = stages(dovecot, port=port)
    stage, sentence = failed(results)
    assert stage == "tcp" and f"127.0.0.1 port {port}" in sentence
    assert (results[1].code, results[1].said) == ("no_answer", "Connection refused")


def test_a_certificate_that_is_not_valid(dovecot: Dovecot) -> None:
    strict = options(dovecot, tls=ssl.create_default_context)
    for tls, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port)):
        results = stages(dovecot, strict, tls=tls, port=port)
        stage, sentence = failed(results)
        assert (results[2].code, results[2].said) == ("bad_certificate", "self-signed certificate")
        assert stage == "tls" and sentence.startswith("The certificate of 127.0.0.1 is not valid"), sentence


def test_tls_where_there_is_none(dovecot: Dovecot) -> None:
    stage, sentence = failed(stages(dovecot, tls="tls"))
    assert stage == "tls" and "does not speak TLS here" in sentence


def test_a_wrong_password_and_a_folder_that_is_not_there(dovecot: Dovecot) -> None:
    assert failed(stages(dovecot, password="wrong"))[0] == "login"
    stage, sentence = failed(stages(dovecot, folder="Nowhere"))
    assert stage == "folder" and sentence.startswith("There is no folder Nowhere; there are ")
    assert "INBOX" in sentence


# --------------------------------------------------------------------- servers that are none, or none that is good
@contextmanager
def odd_server(say: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that says what `say` says to one client; its port."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            client, _ = door.accept()
            with client:
                try:
                    say(client)
                except OSError:
                    return  # the client has had enough

        thread = threading.Thread(target=serve)
        thread.start()
        yield door.getsockname()[1]
        thread.join(20)


def trickle(client: socket.socket) -> None:
    for _ in range(200):
        client.sendall(b"*")
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("say", "part"),
    [
        (lambda client: client.sendall(b"220 smtp.example ESMTP\r\n"), "does not greet as an IMAP server"),
        (lambda client: client.sendall(b"* BYE too many\r\n"), "turns us away: * BYE too many"),
        (lambda client: None, "does not greet as an IMAP server"),
        (lambda client: client.recv(1), "kept silent for 1 s"),
    ],
)
def test_no_imap_server(dovecot: Dovecot, say: Callable[[socket.socket], None], part: str) -> None:
    with odd_server(say) as port:
        stage, sentence = failed(stages(dovecot, options(dovecot, answer=1.0), port=port))
    assert stage == "tls" and part in sentence, sentence


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    """A greeting, the answer to imaplib's CAPABILITY, then one answer after the other; {tag} is the command's."""

    def say(client: socket.socket) -> None:
        client.sendall(b"* OK ready\r\n")
        for answer in (b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n", *answers):
            tag = client.recv(4096).split(b" ")[0]
            client.sendall(answer.replace(b"{tag}", tag))

    return say


def test_a_literal_beyond_all_bounds_is_not_read(dovecot: Dovecot) -> None:
    with odd_server(answering(b"* LIST () {99999999999}\r\n")) as port:
        stage, sentence = failed(stages(dovecot, options(dovecot, answer=1.0), port=port))
    assert stage == "login" and "a literal of 99999999999 bytes" in sentence


def test_a_test_has_an_end_however_slow_the_server(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "MOST_SECONDS", 0.5)

    def say(client: socket.socket) -> None:
        client.sendall(b"* OK ready\r\n")
        trickle(client)

    begun = time.monotonic()
    with odd_server(say) as port:
        failed(stages(dovecot, options(dovecot, answer=1.0), port=port))
        assert time.monotonic() - begun < 5


def test_an_answer_that_cannot_be_read_is_the_servers_fault(dovecot: Dovecot) -> None:
    nonsense = b"* CAPABILITY IMAP4rev1\r\n* OK [UIDVALIDITY (((] \r\n)) \xff\r\nA1 OK\r\n"
    with odd_server(answering(b"+ \r\n", nonsense)) as port:
        stage, sentence = failed(stages(dovecot, options(dovecot, answer=1.0), port=port))
    assert stage == "login" and sentence


def test_who_speaks_about_senders_is_told(dovecot: Dovecot) -> None:
    """So that somebody can tell which authserv-id to give, and how many lines stand above it."""
    user = "senders@firma.example"
    assert stages(dovecot, username=user)[-1].detail == "there is no mail yet that could tell"
    received = "Received: from a by mx.firma.example with ESMTP; now"
    relayed = "Received: from mx.firma.example by store.firma.example with ESMTP; now"
    for number in range(3):
        header = f"{relayed}\r\nAuthentication-Results: mx.firma.example; none\r\n{received}\r\n".encode()
        dovecot.append(user, [header + mail(f"n{number}")])
    dovecot.append(user, [f"{received}\r\n".encode() + mail("none")])
    told = stages(dovecot, username=user)[-1]
    assert (told.stage, told.ok) == ("senders", True)
    assert told.detail == ("the 4 newest mails name as checking senders: mx.firma.example 3 × (1)")
    assert told.code == "says"
    told = stages(dovecot, username=user, authserv_id="mx.firma.example")[-1]
    assert told.detail.endswith("; mx.firma.example counts in 0")
    told = stages(dovecot, username=user, authserv_id="mx.firma.example", authserv_hops=1)[-1]
    assert told.detail.endswith("; mx.firma.example counts in 3")
    other = "silent@firma.example"
    dovecot.append(other, [mail("x")])
    assert stages(dovecot, username=other)[-1].detail == (
        "none of the 1 newest mails says who checked its sender"
    )


def test_the_folder_for_spam_is_told(dovecot: Dovecot) -> None:
    user = "spam@firma.example"
    dovecot.append(user, [mail("x")], "Spamverdacht")
    assert stages(dovecot, username=user, folder="Spamverdacht")[4].code == "holds_spam"
    dovecot.append(user, [mail("x")], "Junk")
    assert stages(dovecot, username=user, folder="Junk")[4].detail == "mails in Junk: 1"
