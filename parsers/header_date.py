"""The Date field: as programs write it today, and as they once did (RFC 5322, section 3.3; RFC 850; asctime).

A plain date is read as mail-parser reads it, without asking it. What is none of both `mime` asks mail-parser for, and
then `dates`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

PLAIN = re.compile(
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ((?:19|20)\d\d)"
    rb" ([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))? ([+-])([01]\d|2[0-3])([0-5]\d)(?: \([A-Z]{1,5}\))?"
)
_MONTHS = {
    month: number
    for number, month in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}


def plain(value: bytes) -> datetime | None:
    """The moment of a date as programs write it today, in its own offset; None for any other text or no real day."""
    found = PLAIN.fullmatch(value)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(-offset if sign == b"-" else offset)
    try:
        return datetime(
            int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second or 0), tzinfo=zone
        )
    except ValueError:
        return None


def obsolete(value: str) -> datetime | None:
    """The moment of a date as it was written once, as the standard library reads it; None where it cannot."""
    try:
        return parsedate_to_datetime(value[:100])
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
