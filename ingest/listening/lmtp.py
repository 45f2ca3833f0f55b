"""One LMTP session (RFC 2033): SMTP for a hand-over from Postfix or Exim on the operator's own ground.

The differences are these: LHLO instead of EHLO and HELO; after the message one reply for each recipient that was
accepted, in their order (§4.2), so that the client delivers again only to whom it must; and no limit on unknown
recipients, because the client is a mail server that speaks for everybody and has such a limit of its own.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import ClassVar

from ingest.accept import Accepted
from ingest.listening import replies
from ingest.listening.envelope import Transaction
from ingest.listening.smtp import SmtpSession


class LmtpSession(SmtpSession):
    """One client's LMTP connection."""

    door: ClassVar[str] = "lmtp"
    protocol: ClassVar[str] = "LMTP"
    hello: ClassVar[str] = "LHLO"
    limits_guesses: ClassVar[bool] = False

    def command_table(self) -> Mapping[str, Callable[[str], Awaitable[None]]]:
        commands = dict(super().command_table())
        commands["LHLO"] = commands.pop("EHLO")
        del commands["HELO"]
        return commands

    def answers(self, mail: Transaction, verdict: Accepted | str) -> Iterable[str]:
        """One reply for each recipient; what was stored names the message of the recipient's account."""
        if isinstance(verdict, str):
            return (verdict for _ in mail.recipients)
        accounts = dict.fromkeys(recipient.account_id for recipient in mail.recipients)
        message_of = dict(zip(accounts, verdict.message_ids, strict=True))
        return (
            replies.STORED.format(message_id=message_of[recipient.account_id])
            for recipient in mail.recipients
        )
