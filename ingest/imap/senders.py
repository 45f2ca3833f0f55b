"""Which `Authentication-Results` stand on top of a mailbox's mails: what a connection test shows, so that somebody can
tell which name to give (`authserv_id`) and how many Received lines stand above it (`authserv_hops`).

Looked at are the headers of the newest mails. Nothing is believed because of this: the person decides.
"""

from collections import Counter
from collections.abc import Sequence

from ingest.imap.session import Session
from ingest.trust.authentication_results import Named, named
from ingest.trust.fields import split
from store.mailbox_values import Values

LOOKED_AT = 20
HEADER = "BODY.PEEK[HEADER]<0.65536>"
MOST_TOLD = 5


def heard(session: Session, values: Values) -> str:
    """In a sentence: who speaks on top of the newest mails, and whether that counts with these values."""
    newest = session.uids("ALL")[-LOOKED_AT:]
    if not newest:
        return "there is no mail yet that could tell"
    headers = [
        text
        for data in session.fetch(newest, [HEADER]).values()
        for key, text in data.items()
        if key.startswith(b"BODY[HEADER]") and isinstance(text, bytes)
    ]
    tops = [found[0] for found in map(_fields, headers) if found]
    told = _told(tops, len(headers))
    if values.authserv_id is None:
        return told
    counting = sum(
        one.authserv_id == values.authserv_id and one.above <= values.authserv_hops for one in tops
    )
    return f"{told}; that of {values.authserv_id} counts in {counting}"


def _fields(header: bytes) -> list[Named]:
    return named(split(header if header.endswith(b"\r\n\r\n") else header + b"\r\n\r\n"))


def _told(tops: Sequence[Named], mails: int) -> str:
    if not tops:
        return f"none of the {mails} newest mails says who checked its sender"
    ways = Counter((one.authserv_id or "nobody", one.above) for one in tops).most_common(MOST_TOLD)
    listed = ", ".join(f"{name} in {number} below {above} Received" for (name, above), number in ways)
    return f"of the {mails} newest mails Authentication-Results are by {listed}"
