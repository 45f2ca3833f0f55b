"""Whether the rows of a mail count: whether it exists to bring them, or they only hang on what a person wrote.

ADF always counts: nobody attaches it by chance. Data that is most of the text counts, and so does any data a machine
sent. What is attached counts where nobody wrote anything beside it, or no more than that here are the new leads. In
a mail a person wrote, data is an offer: a list of colleagues, an export that was asked for, the card of a signature.
An answer never exists for what is attached to it.
"""

from __future__ import annotations

import re
from functools import cache

from parsers.locale_leads import ANNOUNCED, MACHINES
from parsers.message import Message

MACHINE = ("auto-generated", "bulk", "list")
SHORT = 160
"""Characters: a text beside an attachment that is no longer is a cover note where it announces leads."""
MOSTLY = 0.6
"""Of the text: data that is less of it stands in a letter."""


def counts(message: Message, kind: str, share: float | None) -> bool:
    """Whether rows of a format count that are this share of the text; None where they are attached."""
    if kind == "adf":
        return True
    if share is not None and share >= MOSTLY:
        return True
    if message.in_reply_to or message.references or (message.forwarded and share is None):
        return False
    if message.automatic in MACHINE or _from_a_machine(message):
        return True
    said = " ".join(message.reply.split())
    announced = _announced().search(f"{message.subject or ''} {said[:SHORT]}") is not None
    return (not said and share is None) or (announced and (len(said) <= SHORT or share is not None))


def _from_a_machine(message: Message) -> bool:
    address = message.sender.address if message.sender else None
    return address is not None and _machines().search(address.partition("@")[0]) is not None


@cache
def _machines() -> re.Pattern[str]:
    return re.compile(MACHINES, re.IGNORECASE)


@cache
def _announced() -> re.Pattern[str]:
    return re.compile(ANNOUNCED, re.IGNORECASE)
