"""Dates as mail programs write them into forwarded text, in any of the languages of `locale_dates`, to ISO 8601.

Nothing is guessed: where a date can be read in two ways (04/05/2026 in English, `lis` between Polish and Croatian)
the languages decide, then the weekday that stands beside it, else it is not read; a time without a zone stays without
one. One pass of small, anchored-in-digits expressions over at most 120 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from functools import cache

from parsers.locale_dates import AM, MONTHS, PM, WEEKDAYS, ZONES

LONGEST = 120
BUDDHIST = 543  # years between the Thai calendar and the common one

Languages = str | frozenset[str] | None
Day = tuple[int, int, int]  # year, month, day

_ISO = re.compile(r"(?<!\d)(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_CJK_MONTH_FIRST = re.compile(r"(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?,?\s(\d{4})(?!\d)")
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s(?:tháng|thg)\s(\d{1,2}),?\s(?:năm\s)?(\d{4})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d:])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])")
_TIME = re.compile(
    r"(?:(?<=ב-)|(?<![\d.,/-]))(\d{1,2})\s?(?:[:h]|[時시点时])\s?(\d{2})(?:\s?[分분](?:\s?(\d{2})\s?[秒초])?|:(\d{2})|m)?(?!\d)"
)
_DOT_TIME = re.compile(r"(?<![\d.,/:-])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])")
_HOUR = re.compile(r"(?<![\d.:/+-])(\d{1,2})\s?(?=[ap]\.?\s?m\b)")
_SPACED_MERIDIEM = re.compile(r"(?<![^\W\d_])([ap])\.?\s?m(?:\.|(?![^\W_]))")
_MERIDIEM = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_OFFSET = re.compile(r"(?:(?:gmt|utc|гринуич)\s?|(?<=\s)|\()([+−-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_NAMED_OFFSET = re.compile(r"(?:gmt|utc)\s?[+−-]\d")
# Thai vowel signs are no letters to the expression engine.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])+(?:\.(?:[^\W\d_]|[\u0e31-\u0e4e])+)*\.?")
_YEAR = re.compile(r"(?<![\d.:])((?:19|20|25)\d{2})(?![\d:])")
_DAY = re.compile(r"(?<![\d:.])(\d{1,2})(?![\d:]|h\d|\.\d)")
_DIGITS = {zero + digit: str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}  # Arabic and Persian
_ODD = _DIGITS | {
    0xA0: " ",
    0x202F: " ",
    0x2009: " ",
    0x3000: " ",
    0xFF1A: ":",
    0x200E: None,
    0x200F: None,
    0x200B: None,
}


def to_iso(text: str, languages: Languages = None) -> str | None:
    """ISO 8601 with what is known (date; date and time; with offset), or None where it cannot be read for certain.

    `languages` are those the text may be written in.
    """
    found = _read(text, languages)
    if found is None:
        return None
    day, moment = found
    return moment.isoformat() if moment else day.isoformat()


def parse(text: str, languages: Languages = None) -> datetime | None:
    """The moment, aware where an offset is written; midnight where there is no time. None where it cannot be read."""
    found = _read(text, languages)
    if found is None:
        return None
    day, moment = found
    return moment or datetime(day.year, day.month, day.day)  # noqa: DTZ001 - no zone is written, none is invented


@cache
def months() -> dict[str, dict[str, int]]:
    """Every form of a month's name -> language -> number."""
    return _table(MONTHS)


@cache
def weekdays() -> dict[str, dict[str, int]]:
    """Every form of a weekday's name -> language -> number, Monday 1."""
    return _table(WEEKDAYS)


def _table(source: dict[str, str]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for language, line in source.items():
        for number, forms in enumerate(line.split(" "), 1):
            for form in forms.replace("_", " ").split("|"):
                table.setdefault(form, {})[language] = number
    return table


def _read(text: str, languages: Languages) -> tuple[date, datetime | None] | None:
    text = text[:LONGEST].translate(_ODD).strip().lower()
    spoken = frozenset((languages,)) if isinstance(languages, str) else languages
    readings, rest = _days(text, spoken)
    days = [day for reading in dict.fromkeys(readings) if (day := _day(*reading))]
    if len(days) > 1:
        named = _weekdays(text, spoken)
        days = [day for day in days if day.isoweekday() in named]
    if len(days) != 1:
        return None
    whole = days[0]
    clock = _clock(rest)
    if clock is None:
        return whole, None
    hour, minute, second, zone = clock
    try:
        return whole, datetime(whole.year, whole.month, whole.day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year - BUDDHIST if year > 2400 else year, month, day)
    except ValueError:
        return None


def _days(text: str, languages: frozenset[str] | None) -> tuple[list[Day], str]:
    """Every day that a text can mean, and the text without it."""
    if match := _CJK.search(text):
        return [(int(match[1]), int(match[2]), int(match[3]))], _without(text, match)
    if match := _ISO.search(text):
        return [(int(match[1]), int(match[3]), int(match[4]))], _without(text, match)
    for pattern, month, day in ((_CJK_MONTH_FIRST, 1, 2), (_VIETNAMESE, 2, 1)):
        if match := pattern.search(text):
            return [(int(match[3]), int(match[month]), int(match[day]))], _without(text, match)
    return _named(text, languages) or _numeric(text, languages)


def _numeric(text: str, languages: frozenset[str] | None) -> tuple[list[Day], str]:
    match = _NUMERIC.search(text)
    if match is None:
        return [], text
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    rest = _without(text, match)
    if match[2] == "." or (languages and "en" not in languages):
        return [(year, second, first)] if second <= 12 else [(year, first, second)], rest
    if second <= 12 and first <= 12 and _SPACED_MERIDIEM.search(rest):
        return [(year, first, second)], rest
    return [(year, second, first), (year, first, second)], rest


def _named(text: str, languages: frozenset[str] | None) -> tuple[list[Day], str] | None:
    year_match = _YEAR.search(text)
    if year_match is None:
        return None
    found = [(match, meaning) for match in _WORD.finditer(text) if (meaning := _month(match[0]))]
    if not found:
        return None
    # "mar. 27 oct. 2026": a word that is a weekday somewhere is the month only where no other is.
    match, meaning = next((pair for pair in found if not _weekday(pair[0][0])), found[0])
    text = f"{text[: match.start()]} | {text[match.end() :]}"
    year_match = _YEAR.search(text)
    if year_match is None:
        return None
    rest = _without(text, year_match)
    bar = rest.find("|")
    days = list(_DAY.finditer(_OFFSET.sub(lambda m: " " * len(m[0]), rest)))
    days = [match for match in days if 1 <= int(match[1]) <= 31]
    if not days:
        return None
    nearest = min(days, key=lambda match: abs(match.start() - bar) - (5 if match.end() <= bar else 0))
    year, day = int(year_match[1]), int(nearest[1])
    return [(year, month, day) for month in sorted(_meant(meaning, languages))], _without(rest, nearest)


def _month(word: str) -> dict[str, int] | None:
    return months().get(word.rstrip(".")) or months().get(word)


def _weekday(word: str) -> dict[str, int] | None:
    return weekdays().get(word.rstrip(".")) or weekdays().get(word)


def _meant(meaning: dict[str, int], languages: Iterable[str] | None) -> set[int]:
    """The numbers a name can mean in the languages; in all where it is of none of them."""
    known = {meaning[language] for language in languages or () if language in meaning}
    return known or set(meaning.values())


def _weekdays(text: str, languages: frozenset[str] | None) -> set[int]:
    """The weekdays that a text names."""
    meanings = [meaning for match in _WORD.finditer(text) if (meaning := _weekday(match[0]))]
    return {number for meaning in meanings for number in _meant(meaning, languages)}


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _clock(text: str) -> tuple[int, int, int, timezone | None] | None:
    match = _TIME.search(text) or _DOT_TIME.search(text)
    if match:
        hour, minute = int(match[1]), int(match[2])
        second = int(next((group for group in match.groups()[2:] if group), 0))
    elif match := _HOUR.search(text):
        hour, minute, second = int(match[1]), 0, 0
    else:
        return None
    before, after = text[: match.start()], text[match.end() :]
    if hour < 13:
        half = _half(before, after)
        hour = hour % 12 + 12 if half == "pm" else 0 if half == "am" and hour == 12 else hour
    zone = _zone(after) or (_zone(before) if _NAMED_OFFSET.search(before) else None)
    return hour, minute, min(second, 59), zone


def _half(before: str, after: str) -> str | None:
    """ "am" or "pm" by the word before or behind a time."""
    if match := _SPACED_MERIDIEM.match(after.lstrip()):
        return f"{match[1]}m"
    behind = _MERIDIEM.match(after.lstrip())
    ahead = before.rstrip().rsplit(" ", 1)[-1].strip("(),")
    for word in (behind[0] if behind else "", ahead, ahead[-2:]):  # 午後 is written without a gap before it
        for name, forms in (("pm", PM), ("am", AM)):
            if word in forms or word.rstrip(".") in forms:
                return name
    return None


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
