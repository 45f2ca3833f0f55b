"""What is in the folder: UIDs with size and date, and the bytes of mails.

Small mails come in batches, large ones one at a time and in pieces, so that no mail is in memory more than about
twice. BODY.PEEK sets no flag. RFC822.SIZE is only believed where it says that a mail is too large, small enough for a
batch, or not at its end yet: a piece may be shorter than asked for because the server gives no longer ones.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from ingest.imap.faults import Refused
from ingest.imap.options import MIB
from ingest.imap.session import Session

LISTED_AT_ONCE = 500
MOST_IN_BATCH = 50
LARGEST_BATCH = MIB
PIECE = MIB
"""Bytes of a mail asked for at once; a mail announced as larger is fetched alone."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as the server announces it. `internal_at`: when it came to the mailbox (INTERNALDATE)."""

    uid: int
    size: int
    internal_at: datetime | None


class TooLarge(Exception):
    """More bytes than may be taken, whatever the server announced."""


def listed(session: Session, uids: Sequence[int]) -> Iterator[Listed]:
    """Size and date of those of `uids` that are still there."""
    remaining = iter(uids)
    while chunk := list(islice(remaining, LISTED_AT_ONCE)):
        found = _forgiving(session, chunk, ["RFC822.SIZE", "INTERNALDATE"])
        for uid in chunk:
            data = found.get(uid)
            if data is not None and b"RFC822.SIZE" in data:
                yield Listed(uid, int(data[b"RFC822.SIZE"]), _moment(data.get(b"INTERNALDATE")))


def batches(mails: Sequence[Listed]) -> Iterator[list[Listed]]:
    """`mails` in their order, in batches of bounded number and size; a large one alone."""
    batch: list[Listed] = []
    size = 0
    for mail in mails:
        if batch and (len(batch) == MOST_IN_BATCH or size + mail.size > LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
    if batch:
        yield batch


def bodies(
    session: Session, batch: Sequence[Listed], most: int, *, in_pieces: bool = False
) -> dict[int, bytes | None]:
    """The bytes of each mail of a batch; missing where the server gives none. None: more than `most` bytes.

    `in_pieces`: of a mail alone, whatever the server says about its size.
    """
    if len(batch) == 1 and (in_pieces or batch[0].size > PIECE):
        uid = batch[0].uid
        try:
            whole = _in_pieces(session, batch[0], most)
        except TooLarge:
            return {uid: None}
        return {} if whole is None else {uid: whole}
    found = _forgiving(session, [mail.uid for mail in batch], ["BODY.PEEK[]"])
    raws = {uid: data[b"BODY[]"] for uid, data in found.items() if data.get(b"BODY[]") is not None}
    return {uid: raw if len(raw) <= most else None for uid, raw in raws.items()}


def _in_pieces(session: Session, mail: Listed, most: int) -> bytes | None:
    """A mail, piece by piece; None when it is gone. TooLarge."""
    whole = io.BytesIO()
    while True:
        at = whole.tell()
        data = _forgiving(session, [mail.uid], [f"BODY.PEEK[]<{at}.{PIECE}>"]).get(mail.uid, {})
        name = b"BODY[]<%d>" % at
        piece = data.get(name)
        if piece is None and (not at or name not in data):
            return None  # gone; behind its end some servers say NIL
        piece = piece or b""
        whole.write(piece)
        if whole.tell() > most:
            raise TooLarge
        if not piece or (len(piece) < PIECE and whole.tell() >= mail.size):
            return whole.getvalue()


def _forgiving(session: Session, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
    """UID FETCH; where the server says NO to all because of one, each is asked for alone."""
    try:
        return session.fetch(uids, items)
    except Refused:
        pass  # one of them was expunged meanwhile, or cannot be given: RFC 5530, EXPUNGEISSUED
    found: dict[int, dict[bytes, Any]] = {}
    for uid in session.uids("UID", ",".join(map(str, uids))):
        try:
            found |= session.fetch([uid], items)
        except Refused:
            continue  # missing in the answer: the caller says what that means
    return found


def _moment(internal: object) -> datetime | None:
    """INTERNALDATE in UTC; None where the server gives none that can be read."""
    if not isinstance(internal, datetime):
        return None
    return internal.replace(tzinfo=UTC) if internal.tzinfo is None else internal.astimezone(UTC)
