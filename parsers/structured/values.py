"""Numbers, amounts and dates of structured leads: normalised where they are certain, else left as written.

`1.234,56` and `1,234.56` are both 1234.56; `1.234` alone may be either, so it stays. `31.12.2026` and `12/31/2026`
are both 2026-12-31; `03/04/2026` may be March or April, so it stays, unless another value of the same column shows
which of the two comes first. A value that stays though its kind is known has a problem; a value that is no number
or date at all ("as soon as possible") simply stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from parsers import dates
from parsers.problems import Code

KINDS: dict[str, str] = {
    "date": "date", "requested_at": "date", "birth_date": "birth", "earliest_date": "date", "latest_date": "date",
    "amount": "money", "budget": "money", "vehicle_price": "money", "quantity": "number",
    "vehicle_odometer": "number", "living_area": "number", "rooms": "number",
}  # fmt: skip
"""The keys whose values have a kind; all others are text."""

LONGEST = 60

CURRENCIES: dict[str, str] = {
    "€": "EUR", "£": "GBP", "zł": "PLN", "₺": "TRY", "₹": "INR", "₽": "RUB", "₴": "UAH", "R$": "BRL", "US$": "USD",
    "Kč": "CZK", "Ft": "HUF", "Fr.": "CHF", "SFr.": "CHF", "Euro": "EUR",
}  # fmt: skip
"""Signs that name one currency. `$`, `kr` and `¥` name several: they are taken off, and no currency is said."""
CODES = frozenset(
    "EUR USD GBP CHF SEK NOK DKK PLN CZK HUF RON BGN TRY RUB UAH CAD AUD NZD JPY CNY INR BRL MXN ZAR ISK HRK"
    " AED SAR ILS SGD HKD KRW".split()
)


@dataclass(frozen=True, slots=True)
class Style:
    """What the other values of a column show: which part of a date comes first, which sign begins the decimals."""

    day_first: bool | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is kept, the currency written beside it, and why it could not be normalised."""

    text: str
    currency: str | None = None
    problem: Code | None = None


_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z?)$")
_CLOCK = re.compile(
    r"(?:T|,?\s+(?:um |at |à |a las |alle |om |às )?)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?([AaPp]\.?[Mm]\.?)?\s?(Uhr|uur|Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_NUMBER = re.compile(r"[+-]?\d(?:[\d.,' \u00a0\u202f’]{0,30}\d)?$")
_LONELY = re.compile(r"(\d{1,3})([.,])\d{3}$")
_DASHES = re.compile(r"[.,]\s?[-–—]{1,2}$")


def style(kind: str, texts: Iterable[str]) -> Style:
    """What the values of one column show together. Two that contradict each other show nothing."""
    if kind in ("date", "birth"):
        found = {shown for text in texts if (shown := _shows_order(text)) is not None}
        return Style(day_first=found.pop()) if len(found) == 1 else Style()
    signs = {sign for text in texts if (sign := _shows_decimal(text)) is not None}
    return Style(decimal=signs.pop()) if len(signs) == 1 else Style()


def read(key: str, text: str, known: Style = Style()) -> Value:
    """The value of a canonical key as it is kept."""
    kind = KINDS.get(key)
    if kind is None or len(text) > LONGEST:
        return Value(text)
    if kind in ("date", "birth"):
        return _date(text, known, birth=kind == "birth")
    return _number(text, known, money=kind == "money")


def _shows_order(text: str) -> bool | None:
    match = _SLASHED.match(text.strip())
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if first > 12 >= second:
        return True
    return False if second > 12 >= first else None


def _date(text: str, known: Style, *, birth: bool) -> Value:
    text = " ".join(text.split())
    if match := _COMPACT.match(text):
        clock = time(int(match[4]), int(match[5]), int(match[6] or 0)) if _possible(match) else None
        return _moment(text, (match[1], match[2], match[3]), clock, "Z" if match[7] else "")
    if match := _ISO.match(text):
        parts = (match[1], match[3], match[4])
    elif match := _DOTTED.match(text):
        parts = (match[3], match[2], match[1])
    elif match := _SLASHED.match(text):
        first, second = int(match[1]), int(match[3])
        shown = _shows_order(text)
        day_first = shown if shown is not None else True if first == second else known.day_first
        if day_first is None and first <= 12 and second <= 12:
            return Value(text, problem=Code.AMBIGUOUS_DATE)
        parts = (match[4], match[3], match[1]) if day_first else (match[4], match[1], match[3])
    else:
        return Value((dates.to_iso(text) if any(char.isalpha() for char in text) else None) or text)
    if len(parts[0]) == 2:
        if birth:  # 65 may be 1965 or 2065, 12 may be 1912
            return Value(text, problem=Code.AMBIGUOUS_DATE)
        parts = (f"20{parts[0]}", parts[1], parts[2])
    rest = text[match.end() :]
    clock_match = _CLOCK.match(rest)
    if rest.strip() and clock_match is None:
        return Value(dates.to_iso(text, "en" if "/" in text else None) or text if len(rest) > 3 else text)
    return _moment(text, parts, _clock(clock_match), (clock_match[5] or "") if clock_match else "")


def _possible(match: re.Match[str]) -> bool:
    return bool(match[4]) and int(match[4]) < 24 and int(match[5]) < 60 and int(match[6] or 0) < 60


def _clock(match: re.Match[str] | None) -> time | None:
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4][0] in "Pp" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _moment(text: str, parts: tuple[str, str, str], clock: time | None, zone: str) -> Value:
    try:
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return Value(text, problem=Code.UNREADABLE_VALUE)
    if clock is None:
        return Value(day.isoformat())
    moment = datetime.combine(day, clock)
    if zone in ("Z", "UTC", "GMT"):
        return Value(moment.isoformat() + "+00:00")
    if zone[:1] in ("+", "-") and zone:
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        if minutes < 15 * 60:
            shift = timedelta(minutes=minutes if zone[0] == "+" else -minutes)
            return Value(moment.replace(tzinfo=timezone(shift)).isoformat())
    return Value(moment.isoformat())


def _bare(text: str) -> tuple[str, str | None, bool]:
    """The number without its currency, the currency's code, and whether there was a sign of money."""
    text = text.strip()
    for sign in sorted(CURRENCIES, key=len, reverse=True):
        if text.endswith(sign) or text.startswith(sign):
            rest = text[: -len(sign)] if text.endswith(sign) else text[len(sign) :]
            return _DASHES.sub("", rest.strip()), CURRENCIES[sign], True
    for sign in ("$", "kr.", "kr", "¥"):
        if text.endswith(sign) or text.startswith(sign):
            rest = text[: -len(sign)] if text.endswith(sign) else text[len(sign) :]
            return _DASHES.sub("", rest.strip()), None, True
    for code in (text[:3], text[-3:]):
        if code.upper() in CODES and len(text) > 3:
            rest = text[3:] if code == text[:3] else text[:-3]
            return _DASHES.sub("", rest.strip()), code.upper(), True
    bare = _DASHES.sub("", text)
    return bare, None, bare != text


def _shows_decimal(text: str) -> str | None:
    bare = _bare(text)[0]
    if not _NUMBER.match(bare) or _LONELY.match(bare.lstrip("+-")):
        return None
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return None
    sign, other = bare[last], "," if bare[last] == "." else "."
    if bare.count(sign) > 1:
        return other
    return sign


def _number(text: str, known: Style, *, money: bool) -> Value:
    bare, currency, signed = _bare(text) if money else (text.strip(), None, False)
    if not _NUMBER.match(bare):
        return Value(text)
    minus = "-" if bare[0] == "-" else ""
    digits = re.sub(r"[' \u00a0\u202f’]", "", bare.lstrip("+-"))
    decimal = known.decimal
    if match := _LONELY.match(digits):
        if match[1].startswith("0"):
            decimal = match[2]
        elif decimal is None and money and signed:  # amounts have no three decimals
            decimal = "," if match[2] == "." else "."
        elif decimal is None:
            return Value(text, currency, Code.AMBIGUOUS_NUMBER)
    else:
        decimal = _shows_decimal(digits) or decimal
    plain = _grouped(digits, decimal)
    if plain is None:
        return Value(text, currency, Code.UNREADABLE_VALUE)
    return Value(minus + plain, currency)


def _grouped(digits: str, decimal: str | None) -> str | None:
    """Digits with the decimals behind a point; None where the groups are no thousands."""
    whole, fraction = digits, ""
    if decimal and decimal in digits:
        whole, _, fraction = digits.rpartition(decimal)
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return None
    if decimal and decimal in whole:
        return None
    whole = "".join(groups).lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole
