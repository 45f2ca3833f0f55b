"""Language and time zone of a page: Flask-Babel, English as written in the code, German in `translations/`.

The language is the user's own choice, else what the browser asks for; the zone the user's, else the account's.
`tests/web/test_translations.py` fails for text that is not marked or not translated. After a change of text:

    python -m tests.support.translate        collects texts into messages.po, and compiles messages.mo
"""

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, format_datetime, format_decimal, get_locale

LOCALES = {"en": "English", "de": "Deutsch"}
MOMENTS = {"en": "d MMM y, HH:mm", "de": "dd.MM.y, HH:mm"}
"""English is read in more than one country: the month is a word, the hours are 24."""


def install(app: Flask) -> None:
    """Makes `_` and the filters below known to templates."""
    Babel(app, locale_selector=_locale, timezone_selector=_timezone)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(
        moment=moment, exact=exact, whole=whole, local=local, amount=amount, as_choices=_pairs
    )


def language() -> str:
    """The language of the page being made: en or de."""
    return str(get_locale() or "en")[:2]


@cache  # asking opens each zone's file: most of the page that offers them
def zones() -> tuple[str, ...]:
    """The time zones one may choose from, by IANA name, in order."""
    known = available_timezones()
    return tuple(sorted(z for z in known if z == "UTC" or ("/" in z and not z.startswith("Etc/"))))


def moment(value: str | datetime | None) -> str:
    """A time as the reader writes it, in the reader's zone: to the minute."""
    found = _read(value)
    return "" if found is None else str(format_datetime(found, MOMENTS[language()]))


def exact(value: str | datetime | None) -> str:
    """The same moment whole, for machines."""
    found = _read(value)
    return "" if found is None else found.isoformat()


def whole(value: str | datetime | None) -> str:
    """The same moment to the second, with weekday and zone: for the pointer that hovers."""
    found = _read(value)
    return "" if found is None else str(format_datetime(found, "full"))


def local(value: str | datetime | None) -> str:
    """The same moment as a field for date and time holds it, in the reader's zone."""
    found = _read(value)
    return "" if found is None else found.astimezone(ZoneInfo(_timezone())).strftime("%Y-%m-%dT%H:%M")


def amount(value: float | None) -> str:
    """An amount as the reader writes it: with cents where there are some."""
    return "" if value is None else str(format_decimal(value, "#,##0" if value == int(value) else "#,##0.00"))


def moment_of(text: str) -> datetime:
    """The moment that such a field names in the reader's zone. ValueError for anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(_timezone()))


def _pairs(codes: list[str]) -> list[tuple[str, str]]:
    """Choices whose codes are their own words."""
    return [(code, code) for code in codes]


def _read(value: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _session() -> Any:
    return g.get("session") if has_request_context() else None


def _locale() -> str:
    session = _session()
    if session is not None and session.locale:
        return str(session.locale)
    asked = (value.lower().partition("-")[0] for value in request.accept_languages.values())
    return next((language for language in asked if language in LOCALES), "en")


def _timezone() -> str:
    session = _session()
    return str(session.timezone) if session is not None else "UTC"
