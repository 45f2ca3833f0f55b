"""What the stages of a connection find where all is well: codes and facts, in words only for those who read.

FINDINGS has the English sentences; the pages have the same ones translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FINDINGS: Mapping[str, str] = {
    "addresses": "%(addresses)s",
    "answers": "%(address)s port %(port)s answers",
    "encrypted": "%(version)s",
    "not_encrypted": "not encrypted: the password can be read on the way",
    "logged_in": "as %(username)s",
    "holds": "mails in %(folder)s: %(mails)s",
    "holds_spam": "mails in %(folder)s, the folder for spam: %(mails)s",
    "left": "mail is left as it is",
    "seen": "mail is marked as seen",
    "deleted": "mail is deleted",
    "moved": "mail is moved to %(folder)s",
    "moved_and_made": "mail is moved to %(folder)s, which is made then",
    "no_mail": "there is no mail yet that could tell",
    "nobody_says": "none of the %(mails)s newest mails says who checked its sender",
    "says": "the %(mails)s newest mails name as checking senders: %(ways)s",
    "says_and_counts": "the %(mails)s newest mails name as checking senders: %(ways)s; %(name)s counts in %(counting)s",
}
"""Code → sentence. `ways`: each name, how many mails, and below how many Received lines: "mx.example.com 20 × (1)"."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a stage found: `code` of FINDINGS, and its facts."""

    code: str
    facts: Mapping[str, Any]

    def __init__(self, code: str, **facts: Any) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "facts", facts)

    @property
    def sentence(self) -> str:
        return FINDINGS[self.code] % self.facts
