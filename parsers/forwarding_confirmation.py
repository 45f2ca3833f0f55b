"""Gmail's question whether mail may be forwarded to an address: who is asked for it, the link and the code.

Google writes it in the language of the Gmail account, so nothing here depends on words: the sender is always the same,
the link that says yes is on a host of google.com below `/mail/vf-` (the one that says no is below `/mail/uf-`), and the
code is the one number of that length. Whoever forges such a mail can show a person nothing but a page of Google's.
"""

import re
from dataclasses import dataclass

from parsers.message import Message

SENDER = "forwarding-noreply@google.com"
LONGEST = 20_000
"""Characters of the text that are looked at; the mail has fewer than 2,000."""
_LINK = re.compile(r"https://(?:[a-z0-9-]{1,63}\.){0,3}google\.com/mail/vf-[\w%!*'+.~=&?/\[\]-]{1,1000}")
_URL = re.compile(r"https?://\S+")
_CODE = re.compile(r"(?<![\w-])\d{8,10}(?![\w-])")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`mailbox`: the Gmail address whose mail is to be forwarded; `link` and `code`: either says yes."""

    mailbox: str | None
    link: str | None
    code: str | None


def read(message: Message) -> Confirmation | None:
    """What Gmail asks; None for any other mail."""
    sender = (message.sender.address or "") if message.sender else ""
    if sender.casefold() != SENDER:
        return None
    text, subject = message.text[:LONGEST], message.subject or ""
    link = _LINK.search(text)
    words = _URL.sub(" ", text)
    code = _CODE.search(subject) or _CODE.search(words)
    if link is None and code is None:
        return None
    ours = {(box.address or "").casefold() for box in (*message.to, *message.cc)} | {SENDER}
    named = (found[0].rstrip(".") for found in _ADDRESS.finditer(f"{subject}\n{words}"))
    mailbox = next((each for each in named if each.casefold() not in ours), None)
    return Confirmation(mailbox, link[0].rstrip(".") if link else None, code[0] if code else None)
