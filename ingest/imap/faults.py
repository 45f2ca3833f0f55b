"""What reading a mailbox raises, with stable codes: FAULTS says of each what is wrong and what helps.

CannotRead           it cannot go on; the stage, a code, and a sentence for the person who keeps the mailbox
└── LoggedOut        the server refused who we are: trying again soon may lock the account
Refused              the server said NO or BAD to one command; the connection is whole

What a server says of itself is a quotation (`said`): in its own language, and no sentence of ours.
"""

from collections.abc import Mapping

from store.mailbox_leases import Trouble

FAULTS: Mapping[str, str] = {
    # dns, tcp, tls: those of webhooks.dial first
    "unknown_host": "The server's name is not known. Check how it is spelled.",
    "not_allowed": "This server is in a network that leadgate may not reach. LEADGATE_IMAP_ALLOW can allow it.",
    "no_answer": "Nothing answers there. Check server and port, and whether a firewall is in between.",
    "bad_certificate": "The server's certificate is not valid. Use the name that stands in it, or have it renewed.",
    "no_tls": "No encryption could be agreed on. Choose another one, or the port that goes with it.",
    "no_starttls": "The server offers no STARTTLS. Choose TLS and port 993.",
    "no_imap": "Something answers there, but not as an IMAP server does. Check port and encryption.",
    "greeting_refused": "The server turns us away for now. It is tried again by itself.",
    # login
    "password_refused": "The server refuses user name or password. Enter it again; some want an app password.",
    "app_password": "The server wants an app password. Create one in the account's security settings, and enter it.",
    "web_login": "The provider has blocked the log-in. Log in once in a browser and answer what it asks.",
    "password_expired": "The password has ended. Set a new one at the provider, and enter it here.",
    "not_encrypted": "The server takes a password only on an encrypted connection. Choose TLS or STARTTLS.",
    "only_ascii": "The server takes no letters with accents in user name and password. Choose another password.",
    "provider_refuses": "The provider has closed this account to us. Ask whoever runs the server.",
    "login_unavailable": "The server cannot let us in just now. It is tried again by itself.",
    "password_lost": "The stored password cannot be opened with today's key. Enter it again.",
    "token_refused": "The server refuses the access token. Allow access again, for this very mailbox.",
    "access_ended": "The provider has ended the access by OAuth. Allow it again, and store the new token.",
    "client_refused": "The provider refuses client id or secret; it may have ended. Store a new one.",
    "tokens_not_allowed": "The address for access tokens may not be called. Check it.",
    "no_token": "No access token could be got just now. It is tried again by itself.",
    # folder
    "no_folder": "There is no such folder. Choose one of those that there are.",
    "folder_refused": "The folder cannot be opened. Check its name and who may read it.",
    "no_uids": "This folder cannot be read: the server numbers its mails anew each time.",
    # write: mail is read all the same
    "cannot_remove": "Mail is read, but this server cannot remove single mails safely. Choose something else.",
    "read_only": "Mail is read, but this folder may only be read. Choose to leave mail as it is.",
    "outside": "Mail is read, but folders of this server begin otherwise. Correct the folder to move to.",
    "write_refused": "Mail is read, but the server refuses to mark, move or delete it. Choose something else.",
    # read, store
    "broken": "The connection broke. It is tried again by itself.",
    "silent": "The server stopped answering. It is tried again by itself.",
    "unreadable_answer": "The server's answer cannot be understood. It is tried again by itself.",
    "refused": "The server refused a command. It is tried again by itself.",
    "not_stored": "Mail could not be stored just now. It is read again by itself; see Status.",
    "our_fault": "Something went wrong on our side. It is tried again by itself; see leadgate's log.",
}
"""Code → what is wrong, and what helps. The pages have the same sentences translated."""


class CannotRead(Exception):
    """It cannot go on: `stage` is one of dns tcp tls login folder read write store; `code` one of FAULTS; `sentence`
    for people; `said` what the server said, "" for nothing."""

    def __init__(self, stage: str, code: str, sentence: str, said: str = "") -> None:
        super().__init__(sentence)
        self.stage, self.code = stage, code
        self.sentence, self.said = sentence, said

    @property
    def trouble(self) -> Trouble:
        return Trouble(self.stage, self.code, self.sentence, self.said)

    def at(self, stage: str) -> "CannotRead":
        """The same fault, as one of that stage."""
        return CannotRead(stage, self.code, self.sentence, self.said)


class LoggedOut(CannotRead):
    """The server refused who we are."""

    def __init__(self, code: str, sentence: str, said: str = "") -> None:
        super().__init__("login", code, sentence, said)


class Refused(Exception):
    """The server said NO or BAD to one command; `said` is what it said."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said
