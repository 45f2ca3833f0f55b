"""Whether a mail that somebody passes on stands in a timeline already.

A forward shows its mail's sender, subject, date and text, but seldom its Message-ID. It is the same mail when sender
and subject are equal and so is its time: to the minute where the forward tells the offset from UTC, else to the
minutes within the hour (mail programs write the reader's wall clock), and then the text must agree too. Where no time
can be read, only the whole text decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, select

from store.addresses import normal
from store.folding import fold
from store.scope import AccountScope
from store.tables.leads import history_entries

LOOKED_AT = 500
"""E-mails of the leads that are compared, the newest first."""
MINUTE = timedelta(minutes=1)
FURTHEST_ZONE = timedelta(hours=27)
"""Between the wall clocks of UTC-12 and UTC+14, and a bit."""
QUARTER = 15 * 60
SHORTEST = 20
"""Characters of a text that are enough to know it by its beginning."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A forwarded mail as its forward shows it; `written`: ISO 8601 where it could be read."""

    direction: str
    author: str | None  # normal address of somebody outside; None for a user's own mail
    subject: str  # without reply and forward prefixes
    written: str | None
    text: str


def leads_with(
    connection: Connection, scope: AccountScope, lead_ids: Iterable[str], passed: PassedOn
) -> frozenset[str]:
    """Those of the leads whose timeline has that mail."""
    rows = connection.execute(
        select(
            history_entries.c.lead_id,
            history_entries.c.at,
            history_entries.c.subject,
            history_entries.c.text,
            history_entries.c.author_address,
            history_entries.c.data,
        )
        .where(
            history_entries.c.account_id == scope.account_id,
            history_entries.c.lead_id.in_(sorted(set(lead_ids))),
            history_entries.c.kind == "email",
            history_entries.c.direction == passed.direction,
        )
        .order_by(history_entries.c.at.desc(), history_entries.c.id.desc())
        .limit(LOOKED_AT)
    )
    return frozenset(row.lead_id for row in rows if _is_same(row, passed))


def _is_same(row: Any, passed: PassedOn) -> bool:
    author = normal(row.author_address) if row.author_address else None
    if author != passed.author or fold(row.subject or "") != fold(passed.subject):
        return False
    data, at = row.data or {}, cast(datetime, row.at)
    if (
        "forwarded" in data
    ):  # it was passed on before: dated by that forward, so what each one shows is compared
        return bool(data["forwarded"].get("date") == passed.written) and _texts_agree(row.text, passed.text)
    written = None if "date_note" in data else _moment(passed.written)
    if written is None:
        return bool(passed.text.strip()) and fold(row.text) == fold(passed.text)
    if written.tzinfo is not None:
        return abs(written - at) < MINUTE
    apart = abs(written.replace(tzinfo=UTC) - at.replace(second=0, microsecond=0))
    off = apart.total_seconds() % QUARTER
    return apart <= FURTHEST_ZONE and min(off, QUARTER - off) < 60 and _texts_agree(row.text, passed.text)


def _texts_agree(entry: str, forwarded: str) -> bool:
    """An entry shows the newest text of a mail; its forward shows all of it, quotes and signature below."""
    entry, forwarded = fold(entry), fold(forwarded)
    return entry == forwarded or (len(entry) >= SHORTEST and forwarded.startswith(entry))


def _moment(written: str | None) -> datetime | None:
    """The time a forward shows; None for a day alone, and for what could not be read."""
    try:
        return datetime.fromisoformat(written) if written and len(written) > len("2026-01-01") else None
    except ValueError:
        return None
