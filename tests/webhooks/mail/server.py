"""A mail server on loopback (aiosmtpd) that takes our mail, or does not, as a test says."""

import asyncio
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from store.smarthosts import Smarthost
from tests.support.dovecot import make_certificate

USER, PASSWORD = "crm@provider.example", "correct hörse battery"


@dataclass(frozen=True)
class Taken:
    """A mail that the server took."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    raw: bytes
    tls: bool
    login: str | None

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass
class Behaviour:
    """What the server says: an answer to a command instead of 250, or what it does at DATA's end.

    `on_data` may be "hang" or "cut" (without an answer), or called with the mail before the answer.
    """

    mail: str = ""
    rcpt: dict[str, str] = field(default_factory=dict)
    data: str = ""
    on_data: str = ""
    called: Callable[[Taken], None] = lambda taken: None
    pause: float = 0.0


class MailServer:
    """The server; `taken` are its mails, `sessions` how often somebody connected."""

    def __init__(
        self,
        place: Path,
        *,
        tls: str = "none",
        login: bool = False,
        only: str = "",
        beyond_ascii: bool = False,
    ) -> None:
        """`only`: the one way to log in that it offers; `beyond_ascii`: it offers SMTPUTF8."""
        self.tls, self.login = tls, login
        self.behaviour = Behaviour()
        self.taken: list[Taken] = []
        self.sessions = 0
        self.certificate = place / "smarthost.pem"
        key = place / "smarthost.key"
        if not self.certificate.exists():
            make_certificate(key, self.certificate)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, key)
        options: dict[str, Any] = {"hostname": "smarthost.test", "ident": "ready"}
        options["enable_SMTPUTF8"] = beyond_ascii
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if login:
            excluded = [way for way in ("PLAIN", "LOGIN") if only and way != only]
            options |= {
                "authenticator": self._authenticate,
                "auth_required": True,
                "auth_require_tls": tls == "starttls",
                "auth_exclude_mechanism": excluded,
            }
        self._options, self._context = options, context if tls == "tls" else None
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def start(self, port: int = 0) -> None:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(port), self._loop).result(30)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self, port: int) -> asyncio.Server:
        return await self._loop.create_server(self._factory, "127.0.0.1", port, ssl=self._context)

    async def _end(self) -> None:
        self._server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}  # connections, and answers that hang
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _factory(self) -> SMTP:
        self.sessions += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a login without TLS is what some tests are about
            return SMTP(self, loop=self._loop, **self._options)

    def smarthost(self, **changes: Any) -> Smarthost:
        """How leadgate is told of it."""
        given: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "tls": self.tls}
        given |= {"username": USER, "password": PASSWORD} if self.login else {}
        return Smarthost(**(given | changes))

    def trusted(self) -> ssl.SSLContext:
        """TLS that trusts its certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    @staticmethod
    def _authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=data == right, handled=False, auth_data=data)

    # ------------------------------------------------------------------------------------------ aiosmtpd's handler
    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.behaviour.mail:
            return self.behaviour.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.behaviour.rcpt:
            return self.behaviour.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        told = self.behaviour
        if told.pause:
            await asyncio.sleep(told.pause)
        if told.on_data == "hang":
            await asyncio.sleep(1000)
        if told.on_data == "cut":
            assert server.transport is not None
            server.transport.close()
            return "250 never seen"
        if told.data:
            return told.data
        content = envelope.content
        assert isinstance(content, bytes)
        given: Any = session.auth_data
        login = given.login.decode() if given is not None else None
        taken = Taken(
            envelope.mail_from or "",
            tuple(envelope.rcpt_tos),
            content,
            tls=session.ssl is not None or self.tls == "tls",
            login=login,
        )
        with self._lock:
            self.taken.append(taken)
        told.called(taken)
        return "250 taken"


@contextmanager
def running(place: Path, **options: Any) -> Iterator[MailServer]:
    """A server until the end of the block."""
    server = MailServer(place, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
