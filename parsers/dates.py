"""Dates as mail programs write them into forwarded text, in any of the languages of `locale_dates`, to ISO 8601.

Nothing is guessed: a date whose day and month cannot be told apart (04/05/2026 in English without AM or PM) is not
read, and a time without a zone stays without one. One pass of small, anchored-in-digits expressions over at most
120 characters.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import cache

from parsers.locale_dates import AM, MONTHS, PM, ZONES

LONGEST = 120

_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_NUMERIC = re.compile(r"(?<![\d:])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])")
_TIME = re.compile(
    r"(?<![\d.,/-])(\d{1,2})(?:[:h]|\s?[時시点]\s?)(\d{2})(?:\s?[分분]\s?|[:m]?)(?:(?<=:)(\d{2}))?(?!\d)"
)
_DOT_TIME = re.compile(r"(?<![\d.,/:-])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])")
_OFFSET = re.compile(r"(?:(?:gmt|utc)\s?|(?<=\s)|\()([+−-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_YEAR = re.compile(r"(?<![\d.:])((?:19|20)\d{2})(?![\d:])")
_DAY = re.compile(r"(?<![\d:.])(\d{1,2})(?![\d:]|h\d|\.\d)")


def to_iso(text: str, language: str | None = None) -> str | None:
    """ISO 8601 with what is known (date; date and time; with offset), or None where it cannot be read for certain."""
    found = _read(text, language)
    if found is None:
        return None
    day, moment = found
    return moment.isoformat() if moment else day.isoformat()


def parse(text: str, language: str | None = None) -> datetime | None:
    """The moment, aware where an offset is written; midnight where there is no time. None where it cannot be read."""
    found = _read(text, language)
    if found is None:
        return None
    day, moment = found
    return moment or datetime(day.year, day.month, day.day)  # noqa: DTZ001 - no zone is written, none is invented


@cache
def months() -> dict[str, dict[str, int]]:
    """Every form of a month's name -> language -> number."""
    table: dict[str, dict[str, int]] = {}
    for language, line in MONTHS.items():
        for number, forms in enumerate(line.split(" "), 1):
            for form in forms.split("|"):
                table.setdefault(form, {})[language] = number
    return table


def _read(text: str, language: str | None) -> tuple[date, datetime | None] | None:
    text = text[:LONGEST].replace("\xa0", " ").replace("\u202f", " ").replace("\u200e", "").strip().lower()
    day_found = _date(text, language)
    if day_found is None:
        return None
    year, month, day, rest = day_found
    try:
        whole = date(year, month, day)
    except ValueError:
        return None
    clock = _clock(rest)
    if clock is None:
        return whole, None
    hour, minute, second, after = clock
    try:
        return whole, datetime(year, month, day, hour, minute, second, tzinfo=_zone(after))
    except ValueError:
        return None


def _date(text: str, language: str | None) -> tuple[int, int, int, str] | None:
    for pattern in (_CJK, _ISO):
        if match := pattern.search(text):
            return int(match[1]), int(match[2]), int(match[3]), _without(text, match)
    return _named(text, language) or _numeric(text, language)


def _numeric(text: str, language: str | None) -> tuple[int, int, int, str] | None:
    if match := _NUMERIC.search(text):
        first, second = int(match[1]), int(match[3])
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        rest = _without(text, match)
        if match[2] == "." or second <= 12 < first:
            return year, second, first, rest
        if first <= 12 < second:
            return year, first, second, rest
        if language and language != "en":
            return year, second, first, rest
        if re.search(r"\b[ap]\.?m\b", rest):
            return year, first, second, rest
        return (year, first, second, rest) if first == second else None
    return None


def _named(text: str, language: str | None) -> tuple[int, int, int, str] | None:
    month = None
    for match in _WORD.finditer(text):
        if (meaning := months().get(match[0].rstrip("."))) and (number := _meant(meaning, language)):
            month = number
            text = f"{text[: match.start()]} | {text[match.end() :]}"
            break
    year_match = _YEAR.search(text)
    if month is None or year_match is None:
        return None
    year = int(year_match[1])
    rest = _without(text, year_match)
    bar = rest.find("|")
    days = list(_DAY.finditer(_OFFSET.sub(lambda m: " " * len(m[0]), rest)))
    days = [match for match in days if 1 <= int(match[1]) <= 31]
    if not days:
        return None
    nearest = min(days, key=lambda match: abs(match.start() - bar) - (5 if match.end() <= bar else 0))
    return year, month, int(nearest[1]), _without(rest, nearest)


def _meant(meaning: dict[str, int], language: str | None) -> int | None:
    numbers = set(meaning.values())
    if len(numbers) == 1:
        return numbers.pop()
    return meaning.get((language or "").split("_")[0])


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _clock(text: str) -> tuple[int, int, int, str] | None:
    match = _TIME.search(text) or _DOT_TIME.search(text)
    if match:
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        after = text[match.end() :]
    elif match := re.search(r"(?<![\d.:/+-])(\d{1,2})\s?([ap])\.?m\b", text):
        hour, minute, second, after = int(match[1]), 0, 0, match[2] + "m" + text[match.end() :]
    else:
        return None
    before = text[: match.start()].rstrip().rsplit(" ", 1)[-1]
    behind = after.split(None, 1)[0].strip("(),") if after.strip() else ""
    if (behind in PM or before in PM or before.endswith(("午後", "下午", "오후"))) and hour < 12:
        hour += 12
    elif (behind in AM or before in AM or before.endswith(("午前", "上午", "오전"))) and hour == 12:
        hour = 0
    return hour, minute, min(second, 59), after


def _zone(after: str) -> timezone | None:
    if match := _OFFSET.search(" " + after):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60:
            minutes = int(match[2][:2]) * 60 if len(match[2]) <= 2 and int(match[2]) <= 14 else 0
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
    for match in _WORD.finditer(after):
        if (minutes_east := ZONES.get(match[0].strip("."))) is not None:
            return timezone(timedelta(minutes=minutes_east))
    return None
