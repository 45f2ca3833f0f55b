"""What goes wrong with a mail server: stable codes, and what helps against each.

Stages: dns tcp tls login sender recipient data. A fault of the first four is the connection's: it says nothing about
the mail, which is tried again. So does an answer of 4xx, or one that asks for a login. Any other 5xx in answer to
sender, recipient or data ends the mail (RFC 5321 §4.2.1).
"""

from collections.abc import Mapping

from webhooks.exceptions import CannotReach

CONNECTION_STAGES = ("dns", "tcp", "tls", "login")
SERVER_STAGES = (*CONNECTION_STAGES, "sender")
"""Where a refusal concerns every mail alike."""
ASKS_FOR_LOGIN = frozenset({530, 534, 535, 538})
"""Answers about who we are (RFC 4954 §6), at whatever stage: they end no mail."""
CLOSING = 421

FIXES: Mapping[str, str] = {
    "unknown_host": "Check how the server's name is spelled.",
    "not_allowed": "Name a public mail server, or let the operator allow this network.",
    "no_answer": "Check host and port: 587 goes with STARTTLS, 465 with TLS; many networks block port 25.",
    "bad_certificate": "Use the name that stands in the server's certificate as host.",
    "no_tls": "Choose STARTTLS with port 587, or TLS with port 465.",
    "not_encrypted": "Not encrypted: what is sent, the password too, can be read on the way.",
    "no_starttls": "Choose TLS with port 465, or the port on which the server offers STARTTLS.",
    "greeting_refused": "The server takes no mail from this machine: ask who runs it, or use another one.",
    "no_login": "Leave user name and password empty, or choose an encryption: many servers log in only then.",
    "password_refused": "The server refused the password: create an app password, or check user name and password.",
    "login_needed": "Give user name and password of a mailbox on this server.",
    "sender_refused": "Use an address of that mailbox as From, and choose From for bounces.",
    "recipient_refused": "Check the recipient's address.",
    "no_smtputf8": "Use a mail server that offers SMTPUTF8, or another address of the recipient's.",
    "mail_refused": "Ask who runs the server why it refuses the mail.",
    "too_slow": "The server took too long; try again later.",
    "cut": "The server hung up; try again later.",
    "busy": "The server takes nothing for now; leadgate tries again by itself.",
    "no_smarthost": "Set a mail server.",
    "expired": "What the mail says has ended; it was not sent.",
    "sealed_otherwise": "It was kept with another key than today's; give the password again.",
    "our_fault": "See the log of leadgate.",
}


class CannotSend(CannotReach):
    """The server does not take it. `reply`: its code; `dead`: nothing more can be said to it; `final`: the
    mail is not to be tried again, whatever the server said."""

    def __init__(
        self,
        stage: str,
        code: str,
        sentence: str,
        *,
        reply: int | None = None,
        dead: bool = False,
        final: bool = False,
    ) -> None:
        super().__init__(stage, code, sentence)
        self.reply = reply
        self.dead = dead or stage in CONNECTION_STAGES
        self._final = final

    @property
    def ends(self) -> bool:
        """Whether the mail is not tried again."""
        return self._final or (
            self.stage not in CONNECTION_STAGES
            and self.reply is not None
            and 500 <= self.reply < 600
            and self.reply not in ASKS_FOR_LOGIN
        )

    @property
    def blames_server(self) -> bool:
        """Whether no mail could be sent so."""
        return self.dead or self.stage in SERVER_STAGES


def refusal(stage: str, reply: int, text: str) -> CannotSend:
    """The server's answer to a command of `stage`, as a fault."""
    if reply == CLOSING:
        code = "busy"
    elif reply in ASKS_FOR_LOGIN:
        code = "password_refused" if stage == "login" else "login_needed"
    elif 400 <= reply < 500:
        code = "busy"
    else:
        code = {
            "tls": "greeting_refused",
            "login": "password_refused",
            "sender": "sender_refused",
            "recipient": "recipient_refused",
        }.get(stage, "mail_refused")
    told = f"{reply} {text}".strip()
    return CannotSend(stage, code, told, reply=reply, dead=reply == CLOSING)
