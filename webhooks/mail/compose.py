"""A mail as the bytes of a message (RFC 5322), all of them ASCII but for a recipient who is not. Pure.

Header fields are written here one by one: whatever text comes in, nothing of it can begin another field or change the
list of recipients (line breaks and control characters become blanks, names are quoted or encoded words of their own).
The body is stdlib's: text/plain, beside it text/html where there is one.

`Auto-Submitted: auto-generated` (RFC 3834 §5) and Exchange's `X-Auto-Response-Suppress` ask machines not to answer. A
mail that answers what somebody did says `auto-replied`, with the older `Precedence` and `X-Loop` that vacation programs
look for. A recipient whose local part is not ASCII stands in `To` as UTF-8 (RFC 6532), which only a server that offers
SMTPUTF8 is given. The Message-ID follows from the row, so that a mail that is sent twice is known to be one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.charset import QP, Charset
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

UTF8 = Charset("utf-8")
UTF8.header_encoding = QP
LONGEST_NAME = 60
LONGEST_SUBJECT = 250
_POLICY = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is made of. Addresses are dot-atoms with an ASCII domain (`store.smarthosts.sendable`), all but
    `to` ASCII throughout. `answers`: it answers what its recipient did."""

    mail_id: str
    domain: str  # the account's
    to: str
    to_name: str
    from_address: str
    from_name: str
    subject: str
    text: str = field(repr=False)
    html: str | None = field(repr=False)
    created_at: datetime
    reply_to: str | None = None
    answers: bool = False


def message_id(mail_id: str, domain: str) -> str:
    """The Message-ID of a mail, on every attempt the same."""
    return f"<{mail_id}@{domain}>"


def compose(letter: Letter) -> bytes:
    """The message, with CRLF line ends, ready for DATA."""
    fields = [
        ("From", _mailbox(letter.from_name, letter.from_address)),
        ("To", _mailbox(letter.to_name, letter.to)),
        ("Subject", _text("Subject", letter.subject)),
        ("Date", format_datetime(letter.created_at)),
        ("Message-ID", message_id(letter.mail_id, letter.domain)),
        *([("Reply-To", letter.reply_to)] if letter.reply_to else []),
        ("Auto-Submitted", "auto-replied" if letter.answers else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        *([("Precedence", "bulk"), ("X-Loop", letter.from_address)] if letter.answers else []),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return head.encode("ascii" if letter.to.isascii() else "utf-8") + _body(letter)


def _body(letter: Letter) -> bytes:
    message = EmailMessage(policy=_POLICY)
    message.set_content(_lines(letter.text))
    if letter.html is not None:
        message.add_alternative(_lines(letter.html), subtype="html")
        message.set_boundary(f"=_{letter.mail_id}")
    return message.as_bytes()


def _lines(text: str) -> str:
    """`text` with plain line ends and an end to its last line, without NUL and halves of characters."""
    lines = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return (lines + "\n").encode("utf-8", "replace").decode("utf-8")


def _clean(text: str, most: int) -> str:
    """One line without control characters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * most])
    return " ".join(printable.encode("utf-8", "replace").decode("utf-8").split())[:most]


def _text(name: str, value: str) -> str:
    """An unstructured field's value: folded, in encoded words (RFC 2047) where it is not ASCII."""
    clean = _clean(value, LONGEST_SUBJECT)
    charset = None if clean.isascii() and "=?" not in clean else UTF8
    return Header(clean, charset, header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _mailbox(name: str, address: str) -> str:
    """`Name <address>`: the name quoted, or as encoded words that hold nothing but letters and digits."""
    clean = _clean(name, LONGEST_NAME)
    if not clean or clean == address:
        return address
    if clean.isascii() and "=?" not in clean:
        return formataddr((clean, address))
    words = Header(clean, UTF8, maxlinelen=70).encode(linesep="\r\n")
    return f"{words}\r\n <{address}>"
