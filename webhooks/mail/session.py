"""One connection to a mail server: its stages in their order, and mails over it, by smtplib.

The socket is connected to an address that was checked (`webhooks.dial`), the certificate to the server's name. STARTTLS
that was asked for and is not offered ends the connection: a password is never sent in the clear instead. Every answer
has its time, and a server that trickles is cut off by a timer. Nothing of a password is ever in a fault.
"""

import base64
import re
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_network

from store.smarthosts import Smarthost
from webhooks import dial
from webhooks.destination import Policy
from webhooks.exceptions import CannotReach
from webhooks.mail.faults import CannotSend, refusal
from webhooks.mail.options import MailOptions

ANYWHERE = Policy((ip_network("0.0.0.0/0"), ip_network("::/0")))
"""For the server that the operator named."""
ALLOW_SETTING = "LEADGATE_SMARTHOST_ALLOW"
NO_SMTPUTF8 = "The server takes no addresses with letters beyond ASCII before the @ (it offers no SMTPUTF8)."
LONGEST_TEXT = 500
_LINE_START = re.compile(rb"(?m)^\.")


class Session:
    """A connection on its way. Its stages are called in their order (`STAGES`), then `send` as often as wanted."""

    def __init__(self, smarthost: Smarthost, options: MailOptions, policy: Policy) -> None:
        self.smarthost, self.options, self._policy = smarthost, options, policy
        self._places: Sequence[dial.Place] = ()
        self._socket: socket.socket | None = None
        self._smtp = smtplib.SMTP(local_hostname=options.hostname, timeout=options.answer)
        self._late = False

    # ------------------------------------------------------------------------------------------------ the stages
    def resolve(self) -> str:
        """dns"""
        self._places = dial.resolve(self.smarthost.host, self.smarthost.port, self._policy, ALLOW_SETTING)
        return ", ".join(address for address, _ in self._places)

    def connect(self) -> str:
        """tcp"""
        self._socket = dial.connect(self._places, self.options.connect)
        address, port = self._socket.getpeername()[:2]
        return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"

    def encrypt(self) -> str:
        """tls, with greeting and EHLO"""
        assert self._socket is not None
        with self._spoken("tls", self.options.greeting):
            if self.smarthost.tls == "tls":
                self._wrap()
            self._socket.settimeout(self.options.answer)
            self._smtp.sock = self._socket
            self._expect("tls", self._smtp.getreply())
            self._greet()
            if self.smarthost.tls == "starttls":
                self._start_tls()
        version = getattr(self._socket, "version", lambda: None)()
        return version or ""

    def log_in(self) -> str:
        """login: PLAIN (RFC 4616), else LOGIN"""
        username, password = self.smarthost.username, self.smarthost.password or ""
        if username is None:
            return ""
        offered = self._smtp.esmtp_features.get("auth", "").upper().split()
        ways = [way for way in ("PLAIN", "LOGIN") if way in offered]
        if not ways:
            raise CannotSend("login", "no_login", "The server offers no login with user name and password.")
        with self._spoken("login", self.options.greeting):
            if ways[0] == "PLAIN":
                answer = self._smtp.docmd("AUTH", "PLAIN " + _base64(f"\0{username}\0{password}"))
            else:
                answer = self._smtp.docmd("AUTH", "LOGIN")
                for said in (username, password):
                    if answer[0] == 334:
                        answer = self._smtp.docmd(_base64(said))
            self._expect("login", answer)
        return username

    def offer(self, sender: str) -> str:
        """sender: whether the server takes mail from it. Nothing is sent."""
        with self._spoken("sender", self.options.answer):
            self._expect("sender", self._smtp.docmd(f"MAIL FROM:<{sender}>"))
            self._smtp.rset()
        return sender

    # --------------------------------------------------------------------------------------------------- the mails
    def send(self, sender: str, recipient: str, message: bytes) -> str:
        """Hands one mail over; what the server said. CannotSend; after one that is not `dead` the next may follow.

        A recipient whose local part is not ASCII needs SMTPUTF8 (RFC 6531): without it nothing was said to the server.
        """
        asked = ""
        if not recipient.isascii():
            if not self._smtp.has_extn("smtputf8"):
                raise CannotSend("recipient", "no_smtputf8", NO_SMTPUTF8, final=True)
            asked = " BODY=8BITMIME SMTPUTF8" if self._smtp.has_extn("8bitmime") else " SMTPUTF8"
        self._smtp.command_encoding = "utf-8" if asked else "ascii"
        with self._spoken("sender", self.options.message):
            self._expect("sender", self._smtp.docmd(f"MAIL FROM:<{sender}>{asked}"))
        with self._spoken("recipient", self.options.message):
            self._expect("recipient", self._smtp.docmd(f"RCPT TO:<{recipient}>"))
        with self._spoken("data", self.options.message):
            reply = self._smtp.docmd("DATA")
            if reply[0] != 354:
                self._expect("data", (reply[0] if reply[0] >= 400 else 554, reply[1]))
            self._smtp.send(_LINE_START.sub(b"..", message) + b".\r\n")
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self.options.message)
            told = self._expect("data", self._smtp.getreply())
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self.options.answer)
        return told

    def start_over(self) -> bool:
        """After a refusal: whether the server is ready for another mail."""
        try:
            with self._spoken("sender", self.options.answer):
                self._expect("sender", self._smtp.rset())
        except CannotSend:
            return False
        return True

    def close(self) -> None:
        """Says goodbye where that is quick, and ends the connection."""
        if self._smtp.sock is not None:
            with suppress(OSError, ValueError):
                self._smtp.sock.settimeout(2.0)
                self._smtp.docmd("QUIT")
        self._smtp.close()
        if self._socket is not None:
            self._socket.close()

    def abort(self) -> None:
        """Breaks the connection, from any thread."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    # -------------------------------------------------------------------------------------------------- how it talks
    def _greet(self) -> None:
        code, text = self._smtp.ehlo()
        if not 200 <= code < 300:
            code, text = self._smtp.helo()
        self._expect("tls", (code, text))

    def _start_tls(self) -> None:
        if not self._smtp.has_extn("starttls"):
            raise CannotSend("tls", "no_starttls", "The server offers no STARTTLS on this port.")
        self._expect("tls", self._smtp.docmd("STARTTLS"))
        self._wrap()
        # what the server said before is forgotten, and what it may have sent on is thrown away (RFC 3207 §4.2)
        self._smtp.sock, self._smtp.file = self._socket, None
        self._smtp.esmtp_features, self._smtp.does_esmtp = {}, False
        self._smtp.ehlo_resp = self._smtp.helo_resp = None
        self._greet()

    def _wrap(self) -> None:
        assert self._socket is not None
        self._socket = dial.encrypt(self._socket, self.smarthost.host, self.options.tls())

    def _expect(self, stage: str, answer: tuple[int, bytes]) -> str:
        code, text = answer
        told = " ".join(text.decode("utf-8", "replace").split())[:LONGEST_TEXT]
        told = "".join(letter if letter.isprintable() else "?" for letter in told)
        if code == -1:
            raise CannotSend(stage, "cut", "The server's answer was not that of a mail server.", dead=True)
        if not 200 <= code < 300:
            raise refusal(stage, code, told)
        return f"{code} {told}"

    @contextmanager
    def _spoken(self, stage: str, seconds: float) -> Iterator[None]:
        """A connection that breaks in a stage, or takes longer than `seconds`, is that stage's fault."""
        end = threading.Timer(seconds, self._too_late)
        end.daemon = True
        end.start()
        try:
            yield
        except CannotReach as fault:
            if self._late:
                raise self._slow(stage) from fault
            raise
        except (OSError, ValueError, AssertionError) as fault:
            timed_out = isinstance(fault.__context__, TimeoutError) or isinstance(fault, TimeoutError)
            if self._late or timed_out:
                raise self._slow(stage) from fault
            raise CannotSend(stage, "cut", "The server hung up.", dead=True) from fault
        finally:
            end.cancel()

    def _too_late(self) -> None:
        self._late = True
        self.abort()

    def _slow(self, stage: str) -> CannotSend:
        return CannotSend(stage, "too_slow", "The server did not answer in time.", dead=True)


STAGES: tuple[tuple[str, Callable[[Session], str]], ...] = (
    ("dns", Session.resolve),
    ("tcp", Session.connect),
    ("tls", Session.encrypt),
    ("login", Session.log_in),
)


def opened(smarthost: Smarthost, options: MailOptions, policy: Policy) -> Session:
    """A session, ready to send. CannotReach with the stage that failed; then nothing is left open."""
    session = Session(smarthost, options, policy)
    try:
        for _, take in STAGES:
            take(session)
    except BaseException:
        session.close()
        raise
    return session


def policy_for(smarthost: Smarthost, options: MailOptions) -> Policy:
    """Where this server may be: the operator's own anywhere, an account's where the deployment allows."""
    return ANYWHERE if smarthost is options.deployment else options.policy


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
