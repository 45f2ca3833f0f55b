"""The certificate of STARTTLS: made once, kept, renewed; read again when its files change; refused in a sentence."""

import datetime as dt
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509

from ingest.listening import certificate
from ingest.listening.certificate import Certificate, Files, NoCertificate, ends_at, own


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return own(tmp_path / "tls", "mx.acme.test")


def shown(context: ssl.SSLContext) -> x509.Certificate:
    """The certificate that a client is shown."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server = threading.Thread(target=lambda: context.wrap_socket(ours, server_side=True).close())
        server.start()
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname = False
        client.verify_mode = ssl.CERT_NONE
        with client.wrap_socket(theirs) as wrapped:
            der = wrapped.getpeercert(binary_form=True)
        server.join()
    assert der is not None
    return x509.load_der_x509_certificate(der)


def test_it_is_made_for_the_host_and_for_nobody_elses_eyes(files: Files) -> None:
    made = shown(Certificate(files).context())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["mx.acme.test"]
    assert made.not_valid_after_utc == ends_at(files)
    assert made.not_valid_before_utc < dt.datetime.now(dt.UTC)
    assert files.key.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in files.key.parent.iterdir()) == ["certificate.pem", "key.pem"]


def test_it_stays_as_long_as_it_is_good(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    first = files.certificate.read_bytes()
    own(files.key.parent, "mx.acme.test")
    assert files.certificate.read_bytes() == first
    own(files.key.parent, "mx.other.test")
    renamed = files.certificate.read_bytes()
    assert renamed != first, "the host has another name"
    files.key.write_text("half a key")
    own(files.key.parent, "mx.other.test")
    assert Certificate(files).context() is not None, "a broken one is made anew"
    monkeypatch.setattr(certificate, "RENEW_BEFORE", certificate.VALID)
    kept = files.certificate.read_bytes()
    own(files.key.parent, "mx.other.test")
    assert files.certificate.read_bytes() != kept, "it would end soon"


def test_a_host_with_an_umlaut_or_a_strange_name(tmp_path: Path) -> None:
    for number, (name, written) in enumerate(
        [("münchen.example", "xn--mnchen-3ya.example"), ("kaputt..é", "localhost")]
    ):
        made = own(tmp_path / str(number), name)
        found = shown(Certificate(made).context())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [written]


def test_a_new_file_is_read_without_a_restart(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingest.listening.certificate")
    monkeypatch.setattr(certificate, "LOOK_SECONDS", 0.0)
    used = Certificate(files)
    before = shown(used.context()).serial_number
    other = own(tmp_path / "renewed", "mx.acme.test")
    other.key.replace(files.key)
    assert shown(used.context()).serial_number == before, "key and certificate do not fit: the old one stays"
    assert "cannot be used" in caplog.text
    other.certificate.replace(files.certificate)
    after = shown(used.context()).serial_number
    assert after != before
    assert "was read again" in caplog.text
    files.certificate.unlink()
    assert shown(used.context()).serial_number == after, "gone: the one in use stays"


def test_what_cannot_be_used_is_said(files: Files, tmp_path: Path) -> None:
    with pytest.raises(NoCertificate, match=r"The certificate in .*nowhere\.pem .* cannot be used"):
        Certificate(Files(tmp_path / "nowhere.pem", files.key))
    text = tmp_path / "text.pem"
    text.write_text("no certificate")
    with pytest.raises(NoCertificate, match=r"cannot be read"):
        ends_at(Files(text, files.key))


def test_old_tls_is_not_spoken(files: Files) -> None:
    assert Certificate(files).context().minimum_version is ssl.TLSVersion.TLSv1_2
