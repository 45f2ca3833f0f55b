"""The certificate of STARTTLS: the operator's files, or one made at the first start.

`Certificate.context` is asked at every handshake. It looks at the files a few times a minute and reads them again when
they changed, so a renewed certificate (certbot, cert-manager) needs no restart. Files that cannot be read then leave
the one in use where it is, with a warning; at the start they are a reason not to start.

Mail servers encrypt to whatever certificate there is (RFC 7435, RFC 3207 §4.1), so a made one is better than none: it
keeps out who only listens. It names the host and is renewed with a start; its key is readable by nobody else.
"""

import datetime as dt
import logging
import os
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import idna
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CERTIFICATE_FILE, KEY_FILE = "certificate.pem", "key.pem"
LOOK_SECONDS: Final = 20.0
VALID: Final = dt.timedelta(days=3650)
RENEW_BEFORE: Final = dt.timedelta(days=30)

log = logging.getLogger(__name__)


class NoCertificate(Exception):
    """The certificate cannot be used; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Files:
    """A certificate (PEM, with its chain) and its private key (PEM)."""

    certificate: Path
    key: Path


class Certificate:
    """The certificate in `files` as it is now. NoCertificate if it cannot be used at the start."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen = self._look()
        self._looked = time.monotonic()
        self._context = _context(files)

    def context(self) -> ssl.SSLContext:
        """The context for one more handshake."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            self._read_again()
        return self._context

    def _read_again(self) -> None:
        seen = self._look()
        if seen == self._seen:
            return
        try:
            self._context = _context(self._files)
        except NoCertificate as fault:  # half of it may be written: looked at again as long as it differs
            log.warning("%s The one in use stays.", fault)
        else:
            self._seen = seen
            log.info("the certificate in %s was read again", self._files.certificate)

    def _look(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_stamp(path) for path in (self._files.certificate, self._files.key))


def own(folder: Path, hostname: str) -> Files:
    """The certificate that we made for `hostname` in `folder`; made now if there is none that is still good."""
    files = Files(folder / CERTIFICATE_FILE, folder / KEY_FILE)
    if not _is_good(files, hostname):
        _make(files, hostname)
    return files


def ends_at(files: Files) -> dt.datetime:
    """When the certificate expires. NoCertificate if it cannot be read."""
    return _read(files.certificate).not_valid_after_utc


def _context(files: Files) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996
    try:
        context.load_cert_chain(files.certificate, files.key, password=_nobody_is_there)
    except OSError as fault:  # ssl.SSLError is one
        said = fault.strerror or type(fault).__name__
        raise NoCertificate(
            f"The certificate in {files.certificate} with the key in {files.key} cannot be used: {said}."
        ) from fault
    return context


def _nobody_is_there() -> str:
    """For a key with a passphrase: a service that asks on a terminal would wait for ever."""
    return ""


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(certificate: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError) as fault:
        raise NoCertificate(f"The certificate in {certificate} cannot be read: {fault}.") from fault


def _is_good(files: Files, hostname: str) -> bool:
    if not (files.certificate.exists() and files.key.exists()):
        return False
    try:
        found = _read(files.certificate)
        _context(files)
    except NoCertificate:
        return False
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    named = [str(name).lower() for name in names.get_values_for_type(x509.DNSName)]
    now = dt.datetime.now(dt.UTC)
    return named == [_ascii(hostname).lower()] and now + RENEW_BEFORE < found.not_valid_after_utc


def _ascii(hostname: str) -> str:
    """As a certificate names it (RFC 5280 §7.2); a name that is no host's becomes localhost."""
    try:
        return hostname if hostname.isascii() else idna.encode(hostname).decode("ascii")
    except idna.IDNAError:
        return "localhost"


def _make(files: Files, hostname: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(x509.NameOID.COMMON_NAME, _ascii(hostname)[:64])]
    )  # RFC 5280, ub-common-name
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(_ascii(hostname))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _put(files.key, secret)
    _put(files.certificate, certificate.public_bytes(serialization.Encoding.PEM))


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: several processes may make it at once."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
