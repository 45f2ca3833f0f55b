"""Confirming a form post to its visitor, when it became a lead or history (product §2, Form details).

Spam, copies and what is ignored end before this; of what was held, a person decides and answers. Only somebody outside
is written to, and only while the visitor remembers: a post that is understood more than a day after it came, because
it was taken for spam or nothing ran, is not confirmed any more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.letter import Letter, Reading
from ingest.outside import may_ask
from ingest.prepare import line
from ingest.receiving import Office
from parsers.message import Mailbox
from store import confirmation_mail
from store.confirmation_mail import Occasion
from store.outgoing import DAY, Queued
from store.session import now

LATE = "late"
NO_ADDRESS = "no_address"


def form_of(letter: Letter) -> str | None:
    """The id of the form that was posted to; None for a mail."""
    kind, _, form_id = letter.arrivals[0].source_key.partition(":")
    return form_id if letter.by_post and kind == "form" else None


def locks_of(letter: Letter, reading: Reading) -> tuple[str, ...]:
    """The locks that confirming takes."""
    if form_of(letter) is None or reading.author is None:
        return ()
    return confirmation_mail.lock_keys(letter.key[0], reading.author.address)


def confirm(
    office: Office, letter: Letter, reading: Reading, lead_numbers: Sequence[int]
) -> Mapping[str, Any] | None:
    """Queues the confirmation; the line of the receipt's trail. None where the form sends none."""
    form_id, post = form_of(letter), office.keys.post
    if form_id is None or post is None:
        return None
    if not confirmation_mail.is_on(office.connection, office.scope, form_id):
        return None
    author = reading.author
    if author is None or not may_ask(letter.directory, Mailbox(None, author.address)):
        return line("confirm", NO_ADDRESS)
    if now(office.connection) - letter.received_at > DAY:
        return line("confirm", LATE)
    number = lead_numbers[0] if len(lead_numbers) == 1 else None
    occasion = Occasion(form_id, author.address, number)
    verdict = confirmation_mail.confirm(office.connection, office.scope, post, office.keys.content, occasion)
    if isinstance(verdict, Queued):
        office.mails = True
        return line("confirm", "queued")
    return line("confirm", verdict.reason)
