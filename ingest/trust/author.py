"""Whom a mail says it is from, as the reader of mails will show it.

A check is worth something only if it is about the very address that people see and that is matched to contacts. A
second, stricter reader of From would disagree with the first about quotes, comments, groups and encoded words, and
whoever knows how could have one domain checked and another one shown. So the reader's own answer is taken, with all
its leniency: also of a header that is ambiguous (`fields`), of a second From field, of Sender where From is missing.
"""

from ingest.trust.fields import Head
from parsers import addresses, header_fields, header_mailbox, mime
from parsers.message import Mailbox
from store.addresses import domain_of

MOST_FURTHER = 2
"""From fields beside the first: that there are any suffices for the mail to prove nothing (`fields`)."""


def authors_of(raw: bytes, head: Head) -> tuple[str, ...]:
    """The addresses with a domain that From names, the shown one first. `raw` as it came, `head` its header as it is
    signed."""
    if head.ambiguous is None and len(values := head.values(b"from")) == 1:
        plain = header_mailbox.plain(values[0].strip())
        if plain is not None:
            return (plain.address or "",)
    found = (person.address for person in _lenient(raw) if person.address)
    return tuple(dict.fromkeys(address for address in found if domain_of(address)))


def _lenient(raw: bytes) -> tuple[Mailbox, ...]:
    """Everybody, by the reader that reads the whole mail later; it is shown the header alone."""
    fields, body_at = header_fields.split(raw, 0, header_fields.DEFAULT, [], top=True)
    parsed = mime.read(raw[:body_at])
    shown = parsed.mailboxes("from") or parsed.mailboxes("sender")
    further = [value for name, value in fields if name.lower() == "from"][1 : 1 + MOST_FURTHER]
    others = (addresses.read(value.decode("utf-8", "replace")) for value in further)
    return (*shown, *(person for people in others for person in people))
