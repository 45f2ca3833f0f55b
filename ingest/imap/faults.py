"""What reading a mailbox raises.

CannotRead           it cannot go on; the stage and a sentence for the person who keeps the mailbox
└── LoggedOut        the server refused who we are: trying again soon may lock the account
Refused              the server said NO or BAD to one command; the connection is whole
"""

from store.mailbox_leases import Trouble


class CannotRead(Exception):
    """It cannot go on: `stage` is one of dns tcp tls login folder read write store; `sentence` for people."""

    def __init__(self, stage: str, sentence: str) -> None:
        super().__init__(sentence)
        self.stage = stage
        self.sentence = sentence

    @property
    def trouble(self) -> Trouble:
        return Trouble(self.stage, self.sentence)


class LoggedOut(CannotRead):
    """The server refused who we are."""

    def __init__(self, sentence: str) -> None:
        super().__init__("login", sentence)


class Refused(Exception):
    """The server said NO or BAD to one command; the text is what it said."""
