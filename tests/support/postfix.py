"""A Postfix of the tests' own: takes mail by SMTP on loopback and hands that of one domain on by LMTP, as
docs/how-to/postfix.md says. In a directory that goes away with it. Its master has to begin as root.
"""

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.support import processes
from tests.support.deployment import free_port

_PLACES = ("/usr/sbin/postfix", "/usr/local/sbin/postfix")
_DAEMONS = ("/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix")
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def find_postfix() -> Path | None:
    """The program; None where it is not installed, or where we may not start it."""
    found = shutil.which("postfix")
    place = next((Path(each) for each in (found, *_PLACES) if each and Path(each).exists()), None)
    return place if os.geteuid() == 0 else None


class Postfix:
    """A running server, whose mail for `domain` goes to an LMTP port."""

    def __init__(
        self, domain: str, lmtp_port: int, *, handing_on: str | None = None, transport: str | None = None
    ) -> None:
        """`handing_on`: lines of main.cf that say where the domain's mail goes, in place of our own; `transport`: the
        file that they name as `hash:/etc/postfix/transport`."""
        program = find_postfix()
        assert program is not None, "asked before: find_postfix()"
        self.place = Path(tempfile.mkdtemp(prefix="leadgate-postfix-"))
        self.place.chmod(0o755)
        self.port = free_port()
        handing_on = handing_on or (
            f"relay_domains = {domain}\nrelay_transport = lmtp:inet:127.0.0.1:{lmtp_port}\n"
            "lmtp_destination_recipient_limit = 50\nsmtpd_forbid_bare_newline = yes"
        )
        daemons = next(each for each in _DAEMONS if (Path(each) / "master").exists())
        for folder in ("config", "spool", "data"):
            (self.place / folder).mkdir(mode=0o755)
        shutil.chown(self.place / "data", "postfix")
        (self.place / "config" / "main.cf").write_text(
            f"""
compatibility_level = 3.6
queue_directory = {self.place}/spool
data_directory = {self.place}/data
command_directory = {program.parent}
daemon_directory = {daemons}
maillog_file = {self.place}/log
maillog_file_prefixes = {self.place}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.firma.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
relay_recipient_maps =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_forbid_bare_newline_exclusions =
{handing_on.replace("/etc/postfix", f"{self.place}/config")}
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
disable_dns_lookups = yes
"""
        )
        (self.place / "config" / "master.cf").write_text(SERVICES.format(port=self.port))
        if transport is not None:
            (self.place / "config" / "transport").write_text(transport)
            postmap, config = str(program.parent / "postmap"), str(self.place / "config")
            subprocess.run([postmap, "-c", config, f"hash:{config}/transport"], check=True)
        self._output = (self.place / "output").open("wb")
        self._process = processes.start(
            [program, "-c", self.place / "config", "start-fg"],
            at_our_death=signal.SIGTERM,
            environment={"PATH": f"{program.parent}:{os.defpath}"},
            output=self._output,
        )
        self._wait()

    def wire(self) -> socket.socket:
        """A connection that has read the greeting."""
        wire = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        assert wire.recv(4096).startswith(b"220 ")
        return wire

    def queue_is_empty(self) -> bool:
        """Whether all that was taken has gone on."""
        return not any(
            path.is_file()
            for name in ("maildrop", "incoming", "active", "deferred")
            for path in (self.place / "spool" / name).rglob("*")
        )

    def said(self) -> str:
        """Its log."""
        log = self.place / "log"
        return (self.place / "output").read_text() + (log.read_text() if log.exists() else "")

    def close(self) -> None:
        """Ends it and removes its data."""
        master = self.place / "spool" / "pid" / "master.pid"
        if master.exists() and self._process.poll() is None:
            os.kill(int(master.read_text()), signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()
        shutil.rmtree(self.place, ignore_errors=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                smtplib.SMTP("127.0.0.1", self.port, timeout=5).close()
            except OSError:
                assert self._process.poll() is None and time.monotonic() < deadline, self.said()
                time.sleep(0.05)
            else:
                return
