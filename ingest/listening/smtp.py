"""SMTP's commands: RFC 5321 with SIZE, 8BITMIME, SMTPUTF8, PIPELINING, ENHANCEDSTATUSCODES and STARTTLS.

The promise: 250 after a message is said only once `Acceptor.submit`'s future is done, so after the commit. If
the client has gone by then, the message is stored and nobody is told; the sender tries again, and acceptance
knows the bytes. Until then every fault, ours or the database's, is answered 451: the sender keeps the message.

Commands are the methods `on_…`, by name in `SmtpSession.command_table`; aiosmtpd's own are not reachable.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import ClassVar, Final, Protocol

from ingest.accept import Accepted, Connection, Incoming, NotStored
from ingest.listening import replies
from ingest.listening.conversation import Conversation
from ingest.listening.data import DataReader, Fate
from ingest.listening.envelope import Transaction, read_hello, read_parameters, read_path
from ingest.listening.floor import Floor
from ingest.listening.gate import Refusal, Room
from ingest.listening.known_recipients import Directory
from ingest.listening.pace import Step

# Words of HTTP: a browser that was led here must not have its form fields run as commands.
_HTTP: Final = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "HOST:"})
_NOT_OFFERED: Final = frozenset({"AUTH", "BDAT", "EXPN", "ETRN", "TURN", "SEND", "SOML", "SAML"})

_REFUSED: Final = {
    Fate.TOO_LARGE: (Refusal.MESSAGE_TOO_LARGE, replies.MESSAGE_TOO_LARGE),
    Fate.LINE_TOO_LONG: (Refusal.LINE_TOO_LONG, replies.LINE_TOO_LONG),
    Fate.NO_ROOM: (Refusal.NO_ROOM, replies.NO_ROOM),
}


class Submits(Protocol):
    """Where messages go: `ingest.accept.Acceptor`, and in tests a notebook."""

    def submit(self, incoming: Incoming) -> "Future[Accepted]":
        """As `Acceptor.submit`."""
        ...


class SmtpSession(Conversation):
    """One client's SMTP connection."""

    door: ClassVar[str] = "smtp"
    protocol: ClassVar[str] = "ESMTP"
    hello: ClassVar[str] = "EHLO"
    limits_guesses: ClassVar[bool] = True

    def __init__(self, floor: Floor, directory: Directory, acceptor: Submits) -> None:
        super().__init__(floor)
        self._directory = directory
        self._acceptor = acceptor
        self._helo: str | None = None
        self._mail = Transaction()
        self._commands = self.command_table()

    def command_table(self) -> Mapping[str, Callable[[str], Awaitable[None]]]:
        """Every command there is."""
        return {
            "EHLO": self.on_ehlo,
            "HELO": self.on_helo,
            "STARTTLS": self.on_starttls,
            "MAIL": self.on_mail,
            "RCPT": self.on_rcpt,
            "DATA": self.on_data,
            "RSET": self.on_rset,
            "NOOP": self.on_noop,
            "VRFY": self.on_vrfy,
            "HELP": self.on_help,
            "QUIT": self.on_quit,
        }

    async def obey(self, word: str, argument: str) -> None:
        """Run one command."""
        command = self._commands.get(word)
        if command is not None:
            await command(argument)
        elif word in _HTTP:
            self.turn_away(Refusal.TOO_MUCH_JUNK)
        else:
            await self.push(replies.NOT_OFFERED if word in _NOT_OFFERED else replies.UNKNOWN_COMMAND)

    def _met(self, hostname: str) -> bool:
        """A client says who it is; whatever came before counts no more."""
        self._helo, self._mail = read_hello(hostname), Transaction()
        if self._helo is not None:
            self.pace.get_on(Step.HELLO, self.loop.time())
        return self._helo is not None

    async def on_ehlo(self, hostname: str) -> None:
        """RFC 5321 §4.1.1.1."""
        if not self._met(hostname):
            await self.push(replies.HELLO_SYNTAX.format(hello=self.hello))
            return
        size = f"SIZE {self.options.max_message_bytes}"
        lines = [self.hostname, size, "8BITMIME", "SMTPUTF8", "PIPELINING"]
        if self.options.tls is not None and not self.secured:
            lines.append("STARTTLS")
        await self.push("".join(f"250-{line}\r\n" for line in lines) + "250 ENHANCEDSTATUSCODES")

    async def on_helo(self, hostname: str) -> None:
        """RFC 5321 §4.1.1.1, the older way."""
        met = self._met(hostname)
        await self.push(f"250 {self.hostname}" if met else replies.HELLO_SYNTAX.format(hello="HELO"))

    async def on_starttls(self, arg: str) -> None:
        """RFC 3207; what was said before counts no more (§4.2)."""
        if arg:
            await self.push(replies.NO_ARGUMENT)
        elif self.secured:
            await self.push(replies.ALREADY_TLS)
        elif self.options.tls is None:
            await self.push(replies.TLS_UNAVAILABLE)
        else:
            self._helo = None
            self._mail = Transaction()
            await self.start_tls()

    async def on_mail(self, arg: str) -> None:
        """RFC 5321 §4.1.1.2."""
        if self._helo is None:
            await self.push(replies.SAY_HELLO_FIRST.format(hello=self.hello))
        elif self._mail.sender is not None:
            await self.push(replies.NESTED_MAIL)
        elif not self.gate.may_send(self.client):
            self.gate.refuse(Refusal.MESSAGE_RATE_OF_CLIENT)
            await self.push(replies.TOO_MUCH_MAIL)
        else:
            await self.push(self._begin(arg))

    def _begin(self, arg: str) -> str:
        path = read_path(arg, "FROM:")
        if path is None:
            return replies.BAD_SENDER if ":" in arg else replies.MAIL_SYNTAX
        mail = Transaction(sender=path.address)
        parameters = read_parameters(path.rest)
        if parameters is None:
            return replies.BAD_PARAMETER
        for keyword, value in parameters.items():
            # RFC 1870, RFC 6152, RFC 6531
            match keyword, value and value.upper():
                case "SIZE", str(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 20:
                    if int(digits) > self.options.max_message_bytes:
                        return self._refuse(Fate.TOO_LARGE)
                case "BODY", ("7BIT" | "8BITMIME") as body:
                    mail.body_8bit = body == "8BITMIME"
                case "SMTPUTF8", None:
                    mail.smtputf8 = True
                case (("SIZE" | "BODY" | "SMTPUTF8"), _):
                    return replies.BAD_PARAMETER
                case _:
                    return replies.UNKNOWN_PARAMETER
        self._mail = mail
        self.pace.get_on(Step.SENDER, self.loop.time())
        return replies.SENDER_NOTED

    async def on_rcpt(self, arg: str) -> None:
        """RFC 5321 §4.1.1.3."""
        mail = self._mail
        path = read_path(arg, "TO:")
        if mail.sender is None:
            await self.push(replies.MAIL_FIRST)
        elif path is None or not path.address:
            await self.push(replies.BAD_RECIPIENT if ":" in arg else replies.RCPT_SYNTAX)
        elif path.rest.strip():
            await self.push(replies.UNKNOWN_PARAMETER)
        elif len(mail.recipients) >= self.options.max_recipients:
            self.gate.refuse(Refusal.RECIPIENTS)
            await self.push(replies.TOO_MANY_RECIPIENTS)
        elif not (self.client.local or self._may_guess()):
            self.turn_away(Refusal.UNKNOWN_RECIPIENTS_OF_CLIENT)
        else:
            await self.push(await self._add_recipient(mail, path.address))

    def _may_guess(self) -> bool:
        return not self.limits_guesses or self.gate.guesses_left(self.client)

    async def _add_recipient(self, mail: Transaction, address: str) -> str:
        self.our_turn = True
        try:
            recipient = await self._directory.resolve(address, self.options.lookup_seconds)
        except (NotStored, TimeoutError):
            mail.postponed = True
            return replies.CANNOT_LOOK_UP
        except Exception:
            mail.postponed = True
            raise
        finally:
            self.our_turn = False
        if recipient is None:
            mail.refused = True
            if not self._may_guess():
                self.turn_away(Refusal.UNKNOWN_RECIPIENTS_OF_CLIENT)
            self.gate.note_unknown(self.client)
            return replies.UNKNOWN_RECIPIENT
        mail.recipients.append(recipient)
        self.pace.get_on(Step.RECIPIENT, self.loop.time())
        return replies.RECIPIENT_TAKEN

    async def on_data(self, arg: str) -> None:
        """RFC 5321 §4.1.1.4."""
        mail = self._mail
        if arg:
            await self.push(replies.NO_ARGUMENT)
        elif not mail.recipients:
            await self.push(self._why_no_data(mail))
        else:
            self._mail = Transaction()
            with self.gate.room(self.client) as room:
                message = await self.read_message(room)
                verdict = await self._decide(mail, message, room) if message is not None else None
            if verdict is not None:
                for reply in self.answers(mail, verdict):
                    await self.push(reply)

    def _why_no_data(self, mail: Transaction) -> str:
        # A pipelining client reads this after its RCPTs' replies: a "later" must not become a "no".
        if mail.postponed:
            return replies.CANNOT_LOOK_UP
        if mail.refused:
            return replies.NO_RECIPIENTS
        return replies.MAIL_FIRST if mail.sender is None else replies.RECIPIENT_FIRST

    async def _decide(self, mail: Transaction, message: DataReader, room: Room) -> Accepted | str:
        """Store the message, or say why not."""
        self.our_turn = True
        try:
            raw = message.finish()
            if message.fate is not Fate.KEPT:
                return self._refuse(message.fate)
            return await self._store(mail, raw, room)
        except (NotStored, TimeoutError):
            self.gate.refuse(Refusal.NOT_STORED)
            return replies.NOT_STORED
        except Exception as error:  # noqa: BLE001 - it is logged there; here LMTP's recipients get their answers
            return await self.handle_exception(error)
        finally:
            self.our_turn = False

    def _refuse(self, fate: Fate) -> str:
        why, reply = _REFUSED[fate]
        self.gate.refuse(why)
        return reply.format(message=self.options.max_message_bytes, line=self.options.max_line_bytes)

    async def _store(self, mail: Transaction, raw: bytes, room: Room) -> Accepted:
        connection = Connection(
            door=self.door,
            client_ip=self.client.ip,
            helo=self._helo,
            mail_from=mail.sender or "",
            tls=self.secured,
            auth_user=None,
            smtputf8=mail.smtputf8,
            body_8bit=mail.body_8bit,
            trusted_hop=self.client.trusted,
        )
        recipients = tuple(dict.fromkeys(mail.recipients))
        committed = asyncio.wrap_future(
            self._acceptor.submit(Incoming(raw, recipients, connection, datetime.now(UTC))), loop=self.loop
        )
        # The bytes are held until it is done, however long we wait; the commit is not ours to cancel.
        room.lend(committed)
        async with asyncio.timeout(self.options.commit_seconds):
            accepted = await asyncio.shield(committed)
        self.gate.note_delivery(self.client)
        self.message_done()
        return accepted

    def answers(self, _: Transaction, verdict: Accepted | str) -> Iterable[str]:
        """The replies that the client is owed after a message: in SMTP one."""
        if isinstance(verdict, str):
            return (verdict,)
        return (replies.STORED.format(message_id=verdict.message_ids[0]),)

    async def on_rset(self, _: str) -> None:
        """RFC 5321 §4.1.1.5."""
        self._mail = Transaction()
        await self.push(replies.DONE)

    async def on_noop(self, _: str) -> None:
        """RFC 5321 §4.1.1.9."""
        await self.push(replies.DONE)

    async def on_vrfy(self, _: str) -> None:
        """RFC 5321 §3.5.3: nothing is said of who exists."""
        await self.push(replies.CANNOT_VERIFY)

    async def on_help(self, _: str) -> None:
        """RFC 5321 §4.1.1.8."""
        await self.push(replies.HELP)

    async def on_quit(self, _: str) -> None:
        """RFC 5321 §4.1.1.10."""
        self.part(replies.GOODBYE)
