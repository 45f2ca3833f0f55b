"""Start, stop, TLS, fairness: the listener as a whole."""

import datetime as dt
import os
import signal
import smtplib
import socket
import ssl
import statistics
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ingest.accept import NotStored
from ingest.listening.limits import ListenerOptions
from ingest.listening.listener import CannotListen, Listener
from tests.ingest.post_room import Addresses, Notebook, Room, Wire, room, wait_until

# -- start


def test_a_taken_port_is_refused_in_a_sentence() -> None:
    with room() as post:
        options = ListenerOptions("mx", smtp=(("127.0.0.1", 0), ("127.0.0.1", post.smtp_port)))
        listener = Listener(options, Addresses(), Notebook())
        with pytest.raises(CannotListen) as refused:
            listener.open()
        assert str(refused.value) == (
            f"Cannot listen for SMTP on 127.0.0.1:{post.smtp_port}: another program listens there already."
        )
        assert listener.bound == ()


def test_an_address_of_another_machine_is_refused_in_a_sentence() -> None:
    with pytest.raises(
        CannotListen, match=r"Cannot listen for LMTP on 192\.0\.2\.1:0: this machine has no such"
    ):
        Listener(ListenerOptions("mx", lmtp=(("192.0.2.1", 0),)), Addresses(), Notebook()).run()


def test_a_name_that_is_none_is_refused_in_a_sentence() -> None:
    with pytest.raises(CannotListen, match=r"Cannot listen for SMTP on no\.such\.invalid:0: "):
        Listener(ListenerOptions("mx", smtp=(("no.such.invalid", 0),)), Addresses(), Notebook()).open()


def test_clients_that_come_before_run_are_served() -> None:
    listener = Listener(ListenerOptions("mx", smtp=(("localhost", 0),)), Addresses(), Notebook())
    port = next(bound.port for bound in listener.open() if bound.host == "127.0.0.1")
    with socket.create_connection(("127.0.0.1", port), 5) as early:
        thread = threading.Thread(target=listener.run)
        thread.start()
        assert early.recv(100) == b"220 mx ESMTP leadgate\r\n"
        listener.stop()
        thread.join(5)
    assert listener.bound == ()


def test_the_port_is_free_again_at_once() -> None:
    with room(lmtp=()) as post:
        port = post.smtp_port
        with post.wire() as wire:
            wire.begin()
            wire.send(b"x\r\n.\r\n")
            assert wire.read().startswith("250 ")
    with room(smtp=(("127.0.0.1", port),), lmtp=()) as post:
        post.wire().close()


# -- stop


def test_stop_before_run_and_twice() -> None:
    listener = Listener(ListenerOptions("mx", smtp=(("127.0.0.1", 0),)), Addresses(), Notebook())
    listener.stop()
    listener.stop()
    listener.run()
    listener.stop()


def test_stop_from_a_signal_handler() -> None:
    listener = Listener(ListenerOptions("mx", smtp=(("127.0.0.1", 0),)), Addresses(), Notebook())
    before = signal.signal(signal.SIGUSR1, lambda *_: listener.stop())
    try:
        threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGUSR1]).start()
        listener.run()
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_stopping_in_good_order() -> None:
    post = Room()
    idle, halfway, receiving, committing = (post.wire() for _ in range(4))
    post.notebook.hold = threading.Event()
    committing.begin()
    committing.send(b"committing\r\n.\r\n")
    wait_until(lambda: post.notebook.submitted)
    halfway.say("EHLO c", "MAIL FROM:<a@b.test>")
    receiving.begin()
    receiving.send(b"receiv")
    post.listener.stop()
    goodbye = "421 4.3.2 Service is shutting down; try again in a minute"
    assert idle.read() == halfway.read() == goodbye
    with pytest.raises(ConnectionRefusedError):
        Wire(post.smtp_port)
    receiving.send(b"ing\r\n.\r\nQUIT\r\n")
    post.notebook.hold.set()
    for wire in (receiving, committing):
        assert wire.read().startswith("250 2.6.0 ")
        assert wire.read() == goodbye
    post.close()
    assert sorted(post.notebook.raws) == [b"committing\r\n", b"receiving\r\n"]
    for wire in (idle, halfway, receiving, committing):
        wire.close()


def test_stopping_does_not_wait_for_ever() -> None:
    post = Room(stop_seconds=0.3)
    post.notebook.hold = threading.Event()
    with post.wire() as receiving, post.wire() as committing:
        receiving.begin()
        receiving.send(b"never end")
        committing.begin()
        committing.send(b"x\r\n.\r\n")
        wait_until(lambda: post.notebook.submitted)
        began = time.monotonic()
        post.close()
        assert time.monotonic() - began < 3
        for wire in (receiving, committing):
            assert wire.read()[:3] in ("421", "")
    post.notebook.hold.set()


# -- STARTTLS


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx.acme.test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


def _anyone() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_mail_over_starttls(tls: ssl.SSLContext) -> None:
    body = b"x" * 998 + b"\r\n"
    with room(tls=lambda: tls) as post:
        with smtplib.SMTP("127.0.0.1", post.smtp_port) as client:
            client.ehlo("before.test")
            assert client.has_extn("starttls")
            assert client.starttls(context=_anyone()) == (220, b"2.0.0 Ready to start TLS")
            assert client.docmd("MAIL FROM:<a@b.test>") == (503, b"5.5.1 Say EHLO first")
            client.ehlo("after.test")
            assert not client.has_extn("starttls")
            assert client.docmd("STARTTLS") == (503, b"5.5.1 TLS is already in use")
            client.sendmail("a@b.test", ["leads@acme.test"], body * 3000)
        [incoming] = post.notebook.written
        assert incoming.raw == body * 3000
        assert incoming.connection.tls
        assert incoming.connection.helo == "after.test"


def test_clear_text_behind_starttls_is_never_run(tls: ssl.SSLContext) -> None:
    injected = b"EHLO evil\r\nMAIL FROM:<evil@x.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\nevil\r\n.\r\n"
    with room(tls=lambda: tls) as post, post.wire() as wire:
        wire.say("EHLO c", "MAIL FROM:<evil@x.test>", "RCPT TO:<leads@acme.test>")
        wire.send(b"STARTTLS\r\n" + injected)
        assert wire.read() == "220 2.0.0 Ready to start TLS"
        with _anyone().wrap_socket(wire.socket) as secured:
            secured.sendall(b"NOOP\r\nDATA\r\n")
            secured.settimeout(5)
            answer = b""
            while answer.count(b"\n") < 2:
                answer += secured.recv(1000)
            assert answer == b"250 2.0.0 Done\r\n503 5.5.1 Say MAIL first\r\n"
            secured.settimeout(0.3)
            with pytest.raises(TimeoutError):
                secured.recv(1)
        assert post.notebook.written == []


def test_a_handshake_that_does_not_come_is_no_progress_while_others_wait(tls: ssl.SSLContext) -> None:
    with room(max_connections=1, tls=lambda: tls) as post:
        stuck = post.wire()
        assert stuck.say("EHLO c", "STARTTLS").startswith("220 ")
        with post.wire() as other:
            assert stuck.file.read() == b"", "no clear text where TLS was to begin"
            assert other.say("NOOP").startswith("250 ")
        stuck.close()


def test_a_handshake_that_fails_ends_only_that_session(tls: ssl.SSLContext) -> None:
    with room(tls=lambda: tls) as post:
        with post.wire() as wire:
            assert wire.say("STARTTLS") == "220 2.0.0 Ready to start TLS"
            wire.send(b"this is no handshake\r\n" * 10)
            wire.socket.settimeout(5)
            try:
                while wire.socket.recv(1000):
                    pass
            except ConnectionError:
                pass
        wait_until(lambda: post.listener.health().sessions == 0)
        post.wire().close()


def test_everything_works_without_uvloop_too(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    with room(tls=lambda: tls) as post, smtplib.SMTP("127.0.0.1", post.smtp_port) as client:
        client.sendmail("a@b.test", ["leads@acme.test"], b"clear\r\n")
        client.starttls(context=_anyone())
        client.sendmail("a@b.test", ["leads@acme.test"], b"secured\r\n")
        assert post.notebook.raws == [b"clear\r\n", b"secured\r\n"]


# -- many at once


def test_a_large_message_does_not_starve_the_others() -> None:
    large = b"x" * 998 + b"\r\n"
    with room() as post:

        def send_large() -> None:
            with post.wire() as wire:
                wire.begin()
                wire.socket.settimeout(60)
                wire.send(large * (34 * 1024) + b".\r\n")
                assert wire.read().startswith("250 ")

        sender = threading.Thread(target=send_large)
        sender.start()
        waits: list[float] = []
        with post.wire() as wire:
            wire.say("EHLO c")
            while sender.is_alive() or len(waits) < 20:
                began = time.monotonic()
                wire.begin()
                wire.send(b"small\r\n.\r\n")
                assert wire.read().startswith("250 ")
                waits.append(time.monotonic() - began)
        sender.join()
        assert statistics.quantiles(waits, n=20)[-1] < 2
        assert max(len(raw) for raw in post.notebook.raws) == len(large) * 34 * 1024


def test_fifty_clients_at_once() -> None:
    with room() as post:

        def send_ten(number: int) -> None:
            with smtplib.SMTP("127.0.0.1", post.smtp_port) as client:
                for turn in range(10):
                    client.sendmail("a@b.test", ["leads@acme.test"], b"%d-%d\r\n" % (number, turn))

        clients = [threading.Thread(target=send_ten, args=(number,)) for number in range(50)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert sorted(post.notebook.raws) == sorted(
            b"%d-%d\r\n" % (number, turn) for number in range(50) for turn in range(10)
        )
        health = post.listener.health()
        assert (health.connections_total, health.accepted_total) == (50, 500)
        assert not any(health.refused.values())


def test_one_session_that_fails_harms_no_other(caplog: pytest.LogCaptureFixture) -> None:
    with room() as post, post.wire() as good, post.wire() as bad:
        good.begin()
        post.notebook.refuses = NotStored("full")
        bad.begin()
        bad.send(b"x\r\n.\r\n")
        assert bad.read().startswith("451 ")
        post.notebook.refuses = None
        good.send(b"x\r\n.\r\n")
        assert good.read().startswith("250 ")
