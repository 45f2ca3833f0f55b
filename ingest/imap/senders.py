"""Which `Authentication-Results` stand on top of a mailbox's mails: what a connection test shows, so that somebody can
tell which name to give (`authserv_id`) and how many Received lines stand above it (`authserv_hops`).

Looked at are the headers of the newest mails. Nothing is believed because of this: the person decides.
"""

from collections import Counter
from collections.abc import Sequence

from ingest.imap.findings import Found
from ingest.imap.session import Session
from ingest.trust.authentication_results import Named, believed, named
from ingest.trust.fields import split
from store.mailbox_values import Values

LOOKED_AT = 20
HEADER = "BODY.PEEK[HEADER]<0.65536>"
MOST_TOLD = 5


def heard(session: Session, values: Values) -> Found:
    """Who speaks on top of the newest mails, and whether that counts with these values."""
    newest = session.uids("ALL")[-LOOKED_AT:]
    if not newest:
        return Found("no_mail")
    headers = [
        text
        for data in session.fetch(newest, [HEADER]).values()
        for key, text in data.items()
        if key.startswith(b"BODY[HEADER]") and isinstance(text, bytes)
    ]
    mails = [_fields(header) for header in headers]
    facts = {"mails": len(mails), "ways": _ways([one for found in mails for one in found])}
    if not facts["ways"]:
        return Found("nobody_says", mails=len(mails))
    if values.authserv_id is None:
        return Found("says", **facts)
    counting = sum(believed(found, values.authserv_id, values.authserv_hops) is not None for found in mails)
    return Found("says_and_counts", **facts, name=values.authserv_id, counting=counting)


def _fields(header: bytes) -> list[Named]:
    return named(split(header if header.endswith(b"\r\n\r\n") else header + b"\r\n\r\n"))


def _ways(found: Sequence[Named]) -> str:
    """Each name with the number of its mails and of the Received lines above; ARC's copies say so."""
    ways = Counter((one.authserv_id or "–", one.above, one.arc) for one in found).most_common(MOST_TOLD)
    return ", ".join(
        f"{name}{' ARC' if arc else ''} {mails} × ({above})" for (name, above, arc), mails in ways
    )
