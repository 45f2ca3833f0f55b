"""A Dovecot of the tests' own: a real IMAP server on loopback, in a directory that goes away with it.

It runs "rootless" (one user for everything; `nobody` where we are root), with Maildir, any user name that has a
password, XOAUTH2 asked of `token_info`. It ends with the process that started it.
"""

import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support import processes
from tests.support.deployment import free_port

PASSWORD = "correct-horse-ümlaut"
_PLACES = ("/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot")


def find_dovecot() -> Path | None:
    """The program; None where it is not installed."""
    found = shutil.which("dovecot")
    return next((Path(place) for place in (found, *_PLACES) if place and Path(place).exists()), None)


class Dovecot:
    """A running server."""

    def __init__(self, *, token_info: str = "") -> None:
        """`token_info`: URL that is asked about access tokens, the token being appended."""
        program = find_dovecot()
        assert program is not None, "asked before: find_dovecot()"
        self._program = program
        self.place = Path(tempfile.mkdtemp(prefix="leadgate-dovecot-"))
        self.port, self.tls_port = free_port(), free_port()
        self._user, self._name = (0, 0), pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._user, self._name = (nobody.pw_uid, nobody.pw_gid), "nobody"
        self.certificate = self.place / "cert.pem"
        make_certificate(self.place / "key.pem", self.certificate)
        self._config = self.place / "dovecot.conf"
        self._config.write_text(self._settings(token_info))
        for path in (self.place, *self.place.iterdir()):
            os.chown(path, self._user[0] or -1, self._user[1] or -1)
        self.place.chmod(0o755)
        self._log = (self.place / "output").open("wb")
        self._process = self._start()

    def mail_folder(self, user: str) -> Path:
        """The Maildir of a user's INBOX."""
        return self.place / "mail" / user

    def client(self, user: str) -> imaplib.IMAP4:
        """Another client, logged in; close it by `logout`."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
        return client

    def append(
        self,
        user: str,
        raws: Sequence[bytes],
        folder: str = "INBOX",
        *,
        flags: str = "",
        when: datetime | None = None,
    ) -> None:
        """Puts mails into a folder, as another client would."""
        with self._working(user) as client:
            if folder != "INBOX":
                client.create(folder)
            for raw in raws:
                date = imaplib.Time2Internaldate(when) if when is not None else None
                answer = client.append(folder, flags, date, raw)
                assert answer[0] == "OK", answer

    def raws(self, user: str, folder: str = "INBOX") -> dict[int, bytes]:
        """The mails of a folder as they are now: UID → bytes."""
        found = {}
        with self._working(user) as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return {}
            _, (uids,) = client.uid("SEARCH", "ALL")
            for uid in (uids or b"").split():
                _, data = client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
                if data[0] is not None:  # else it was expunged since
                    found[int(uid)] = data[0][1]
        return found

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, set[str]]:
        """The flags of each mail of a folder."""
        found = {}
        with self._working(user) as client:
            client.select(folder, readonly=True)
            _, lines = client.uid("FETCH", "1:*", "(FLAGS)")
            for line in lines:
                if line is not None:
                    text = line.decode()
                    uid = int(text.partition("UID ")[2].partition(" ")[0].rstrip(")"))
                    found[uid] = set(text.partition("FLAGS (")[2].partition(")")[0].split())
        return found

    def new_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """All mails get new UIDs under a new UIDVALIDITY, as after a restored backup of the mail server."""
        place = self.mail_folder(user) / ("" if folder == "INBOX" else f".{folder}")
        for pattern in (
            "dovecot-uidlist*",
            "dovecot.index*",
        ):  # dovecot-uidvalidity stays: the next one is higher
            for path in place.glob(pattern):
                path.unlink(missing_ok=True)

    def expunge(self, user: str, subject: str) -> None:
        """Another client removes its mails whose subject has that word, and only those."""
        with self._working(user) as client:
            client.select("INBOX")
            _, (uids,) = client.uid("SEARCH", "SUBJECT", subject)
            if uids:
                numbers = uids.decode().replace(" ", ",")
                client.uid("STORE", numbers, "+FLAGS.SILENT", "(\\Deleted)")
                client.uid("EXPUNGE", numbers)

    def nobody_is_connected(self) -> bool:
        """Whether no client is logged in (Linux): its process has ended."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return not any(_name_of(pid) == "imap" for pid in children)

    def close(self) -> None:
        """Ends it and removes its data."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
        shutil.rmtree(self.place, ignore_errors=True)

    @contextmanager
    def _working(self, user: str) -> Iterator[imaplib.IMAP4]:
        client = self.client(user)
        try:
            yield client
        finally:
            client.logout()

    def _start(self) -> "subprocess.Popen[bytes]":
        process = processes.start(
            [self._program, "-F", "-c", self._config],
            at_our_death=signal.SIGTERM,
            environment={"PATH": os.defpath},
            user=self._user,
            output=self._log,
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                log = self.place / "log"
                said = (self.place / "output").read_text() + (log.read_text() if log.exists() else "")
                assert process.poll() is None and time.monotonic() < deadline, said
                time.sleep(0.05)
            else:
                return process

    def _settings(self, token_info: str) -> str:
        place, name = self.place, self._name
        group = _group_of(name)
        oauth = ""
        if token_info:
            (place / "oauth.conf").write_text(f"tokeninfo_url = {token_info}\nusername_attribute = email\n")
            oauth = (
                "passdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n"
                f"  args = {place}/oauth.conf\n}}\n"
            )
        return f"""
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {name}
default_internal_group = {group}
default_login_user = {name}
default_client_limit = 1000
default_process_limit = 200
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{place}/mail/%u
mail_fsync = never
maildir_very_dirty_syncs = no
disable_plaintext_auth = no
auth_mechanisms = plain login{" xoauth2 oauthbearer" if token_info else ""}
auth_failure_delay = 0
auth_cache_size = 0
ssl = yes
ssl_cert = <{self.certificate}
ssl_key = <{place}/key.pem
{oauth}passdb {{
  driver = static
  mechanisms = plain login
  args = password={{PLAIN}}{PASSWORD}
}}
userdb {{
  driver = static
  args = uid={name} gid={group} home={place}/home/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Spamverdacht {{
    special_use = \\Junk
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service auth {{
  extra_groups =
}}
mail_max_userip_connections = 200
"""


def _name_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _group_of(name: str) -> str:
    import grp

    return grp.getgrgid(pwd.getpwnam(name).pw_gid).gr_name


def make_certificate(key_file: Path, certificate_file: Path) -> None:
    """A certificate for localhost and 127.0.0.1, signed by itself."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    alternatives = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
