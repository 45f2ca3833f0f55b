"""Servers that are allowed to be so, or are so all the same: no mail is lost by it, and none holds up another."""

import re
import socket
import ssl
import threading
from pathlib import Path

import pytest

from ingest.imap import session, suspects, tokens
from ingest.imap.attempt import Attempt, opened, try_stages
from ingest.imap.faults import FAULTS, CannotRead, LoggedOut
from ingest.imap.login import REFUSALS
from ingest.imap.options import MIB, ImapOptions
from ingest.imap.suspects import Suspects
from store.mailbox_values import Credentials, Target, checked
from tests.ingest.imap.fake_server import FakeServer, HangUp, fake_server
from tests.ingest.imap.rig import LOOPBACK, Rig, mail, options
from tests.support.dovecot import Dovecot

PATIENT = ImapOptions(policy=LOOPBACK, answer=5.0)


def target(server: FakeServer, **values: object) -> Target:
    given = {"host": "127.0.0.1", "port": server.port, "tls": "none", "username": "crm@firma.example"}
    return Target(checked(given | values), Credentials(password="secret-word"))


def test_every_fault_that_is_raised_has_its_words() -> None:
    place = Path(session.__file__).parent
    source = "".join(path.read_text("utf-8") for path in place.glob("*.py"))
    pattern = r'(?:CannotRead\(\s*"\w+",|LoggedOut\(|Trouble\(\s*"\w+",|_refusal\(\w+,)\s*"(\w+)"'
    raised = (
        set(re.findall(pattern, source)) | {code for _, code, _ in REFUSALS} | set(tokens.REFUSALS.values())
    )
    assert len(raised) > 20 and raised <= set(FAULTS)


# ------------------------------------------------------------------------------------------------------------ IDLE
@pytest.mark.parametrize("answer", [b"{tag} BAD what?\r\n", b"{tag} NO not now\r\n", b"{tag} OK no need\r\n"])
def test_a_server_that_refuses_idle_is_polled(rig: Rig, answer: bytes) -> None:
    def odd(command: bytes) -> bytes | None:
        return answer if command == b"IDLE" else None

    with fake_server(capabilities="AUTH=PLAIN IDLE", odd=odd) as server:
        mailbox = rig.make(port=server.port)
        rig.begin(poll=0.5)
        rig.wait(lambda: rig.mailbox(mailbox).health.last_poll)
        server.mails[1] = mail("polled")
        rig.wait(lambda: rig.subjects() == ["polled"], 8)
        assert rig.mailbox(mailbox).health.error is None
        rig.stop()
    assert server.said.count(b"IDLE") == 1, "asked once, and never again"


def test_what_is_told_before_it_idles_is_heard(rig: Rig) -> None:
    """RFC 3501 §7: a server may tell of mail at any time, so also between IDLE and its "+"."""
    told = threading.Event()

    def odd(command: bytes) -> bytes | None:
        if command != b"IDLE" or told.is_set():
            return None
        told.set()
        server.mails[1] = mail("in between")
        return b"* 1 EXISTS\r\n+ idling\r\n"

    with fake_server(capabilities="AUTH=PLAIN IDLE", odd=odd) as server:
        mailbox = rig.make(port=server.port)
        rig.begin(poll=60.0)
        rig.wait(lambda: rig.subjects() == ["in between"], 8)
        assert rig.mailbox(mailbox).health.error is None
        rig.stop()


# ------------------------------------------------------------------------------------------------------- the bytes
def test_a_server_that_gives_only_small_pieces(rig: Rig) -> None:
    """A piece that is shorter than asked for is not the last one for that."""
    large = mail("large") + b"".join(b"%07d line of a large mail\r\n" % number for number in range(60_000))

    def odd(command: bytes) -> bytes | None:
        part = command.partition(b"BODY.PEEK[]<")[2].partition(b".")[0]
        if not part:
            return None
        piece = large[int(part) :][:300_000]
        return b"* 1 FETCH (UID 1 BODY[]<%b> {%d}\r\n%b)\r\n{tag} OK done\r\n" % (part, len(piece), piece)

    with fake_server(mails={1: large}, odd=odd) as server:
        rig.read_once(rig.make(port=server.port))
    assert rig.raws() == [large]


def test_a_size_that_is_too_high_ends_with_what_there_is(rig: Rig) -> None:
    """Exchange counts otherwise; behind its end some servers say NIL, others an empty text."""
    raw = mail("less than announced")

    def odd(command: bytes) -> bytes | None:
        behind = b"BODY.PEEK[]<%d." % len(raw) in command
        return b"* 1 FETCH (UID 1 BODY[]<%d> NIL)\r\n{tag} OK done\r\n" % len(raw) if behind else None

    for folder, answers in (("NIL", odd), ("empty", lambda _: None)):
        with fake_server(mails={1: raw}, sizes={1: 3 * MIB}, odd=answers) as server:
            assert rig.read_once(rig.make(port=server.port, folder=folder)).skipped == {}
    assert rig.raws() == [raw] and len(rig.arrivals()) == 2


def test_a_mail_far_larger_than_announced_comes_all_the_same(rig: Rig) -> None:
    large = mail("large") + b"".join(b"%07d line of a large mail\r\n" % number for number in range(330_000))
    assert len(large) > 8 * MIB
    with fake_server(mails={1: mail("a"), 2: large, 3: mail("c")}, sizes={2: 100}) as server:
        rig.make(port=server.port)
        rig.begin()
        rig.wait(lambda: len(rig.raws()) == 3)
        rig.stop()
    assert large in rig.raws()


def test_a_mail_that_breaks_every_connection_holds_up_no_other(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.imap.reader.PAUSES", (0.05,))
    healed = threading.Event()

    def odd(command: bytes) -> bytes | None:
        if b"BODY.PEEK" in command and (b" 2" in command or b",2" in command) and not healed.is_set():
            raise HangUp
        return None

    with fake_server(mails={1: mail("a"), 2: mail("poison"), 3: mail("c")}, odd=odd) as server:
        mailbox = rig.make(port=server.port)
        rig.begin(poll=0.2, reconcile=0.2)
        rig.wait(lambda: rig.subjects() == ["a", "c"])
        rig.wait(lambda: rig.mailbox(mailbox).skipped == {"unreadable": 1})
        rig.wait(lambda: rig.mailbox(mailbox).health.error is None)
        server.mails[4] = mail("d")
        rig.wait(lambda: rig.subjects() == ["a", "c", "d"])
        healed.set()
        monkeypatch.setattr(suspects, "REST", 0.0)
        rig.wait(lambda: rig.subjects() == ["a", "c", "d", "poison"])
        rig.wait(lambda: rig.mailbox(mailbox).skipped == {})
        rig.stop()


def test_suspects_are_forgotten_when_they_come_and_rest_for_a_while() -> None:
    now = [0.0]
    known = Suspects(lambda: now[0])
    one, two = ("m", 7, 1), ("m", 7, 2)
    known.broke_at([one, two])
    assert known.suspects(one) and known.suspects(two) and not known.rests(one)
    known.came([one])
    assert not known.suspects(one)
    for _ in range(suspects.STRIKES):
        assert not known.rests(two)
        known.broke_at([two])
    assert known.rests(two)
    now[0] += suspects.REST + 1
    assert not known.rests(two), "it is tried again"
    known.broke_at([two])
    assert known.rests(two)


def test_the_numbers_of_a_very_large_folder_fit_on_a_line() -> None:
    numbers = b" ".join(b"%d" % uid for uid in range(1, 250_001))

    def odd(command: bytes) -> bytes | None:
        return b"* SEARCH " + numbers + b"\r\n{tag} OK done\r\n" if command.endswith(b"ALL") else None

    with fake_server(odd=odd) as server:
        begun = opened(Attempt(target(server), PATIENT, lambda _: None))
        assert len(begun.uids("ALL")) == 250_000
        begun.close()


# --------------------------------------------------------------------------------------------------------- log-in
@pytest.mark.parametrize(
    ("answer", "code", "passes"),
    [
        (b"NO [UNAVAILABLE] Temporary authentication failure.", "login_unavailable", True),
        (b"NO [ALERT] Too many simultaneous connections. (Failure)", "login_unavailable", True),
        (b"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "password_refused", False),
        (b"NO [ALERT] Application-specific password required: https://x (Failure)", "app_password", False),
        (b"NO [WEBALERT https://x] Web login required.", "web_login", False),
        (b"NO [EXPIRED] That password isn't valid any more", "password_expired", False),
        (b"NO [PRIVACYREQUIRED] Connection offers no privacy", "not_encrypted", False),
        (b"NO [CONTACTADMIN]", "provider_refuses", False),
        ("NO Falsches Paßwort".encode(), "password_refused", False),
    ],
)
def test_a_refused_log_in_is_told_by_what_the_server_says(answer: bytes, code: str, passes: bool) -> None:
    def odd(command: bytes) -> bytes | None:
        return b"{tag} " + answer + b"\r\n" if command.startswith(b"AUTHENTICATE") else None

    with fake_server(odd=odd) as server, pytest.raises(CannotRead) as raised:
        opened(Attempt(target(server), PATIENT, lambda _: None))
    fault = raised.value
    assert (fault.stage, fault.code, isinstance(fault, LoggedOut)) == ("login", code, not passes)
    assert fault.said and fault.said in answer[3:].decode()


# ---------------------------------------------------------------------------------------------------------- STARTTLS
@pytest.mark.parametrize("answer", [None, b"{tag} NO not today\r\n", b"{tag} BAD what?\r\n"])
def test_where_starttls_is_stripped_no_password_is_sent(answer: bytes | None) -> None:
    def odd(command: bytes) -> bytes | None:
        return answer if command == b"STARTTLS" else None

    offered = "AUTH=PLAIN" if answer is None else "AUTH=PLAIN STARTTLS"
    with fake_server(capabilities=offered, odd=odd) as server:
        results = try_stages(target(server, tls="starttls"), PATIENT)
    failed = next(each for each in results if not each.ok)
    assert (failed.stage, failed.code) == ("tls", "no_starttls")
    assert not any(each.startswith((b"AUTH", b"LOGIN")) for each in server.said)


def test_what_is_slipped_in_before_tls_is_not_heard(dovecot: Dovecot) -> None:
    """A man in the middle adds answers in plain text behind the OK; the real server's are those that count."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(dovecot.certificate, dovecot.place / "key.pem")
    injected = b"A0 OK x\r\n* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n* 99 EXISTS\r\n"

    class Server(FakeServer):
        def serve(self, client: socket.socket, greeting: bytes = b"") -> None:
            client.sendall(b"* OK ready\r\n")
            while True:
                tag, _, command = client.recv(1000).rstrip().partition(b" ")
                if command == b"STARTTLS":
                    client.sendall(tag + b" OK go on\r\n" + injected)
                    with context.wrap_socket(client, server_side=True) as encrypted:
                        return super().serve(encrypted, b"")
                client.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" + tag + b" OK done\r\n")

    with fake_server(Server()) as server:
        results = try_stages(target(server, host="localhost", tls="starttls"), options(dovecot))
    assert all(each.ok for each in results), results
    assert results[4].facts["mails"] == 0


# ---------------------------------------------------------------------------------------------------------- folders
def test_where_new_folders_must_begin_otherwise_that_is_told_before(rig: Rig) -> None:
    def odd(command: bytes) -> bytes | None:
        if command == b"NAMESPACE":
            return b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n{tag} OK done\r\n'
        return None

    with fake_server(capabilities="AUTH=PLAIN MOVE NAMESPACE", odd=odd) as server:
        results = try_stages(target(server, after="move", move_to="Archive"), PATIENT)
        failed = next(each for each in results if not each.ok)
        assert (failed.stage, failed.code, failed.said) == ("write", "outside", "INBOX.Archive")
        results = try_stages(target(server, after="move", move_to="INBOX.Archive"), PATIENT)
        assert all(each.ok for each in results)
