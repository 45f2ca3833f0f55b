"""Numbers, amounts and dates: what is certain is normalised, what isn't stays as written with a problem."""

from __future__ import annotations

import pytest

from parsers.problems import Code
from parsers.structured.values import Style, Value, read, style


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("31.12.2026", "2026-12-31"),
        ("1. 2. 2026", "2026-02-01"),
        ("12/31/2026", "2026-12-31"),
        ("31/12/2026", "2026-12-31"),
        ("31-12-2026", "2026-12-31"),
        ("04/04/2026", "2026-04-04"),
        ("2026-12-31", "2026-12-31"),
        ("2026/12/31 08:05", "2026-12-31T08:05:00"),
        ("20261231", "2026-12-31"),
        ("20261231T080500Z", "2026-12-31T08:05:00+00:00"),
        ("2026-12-31T08:05:09.123+01:00", "2026-12-31T08:05:09+01:00"),
        ("2026-12-31T08:05:09Z", "2026-12-31T08:05:09+00:00"),
        ("24.11.2026 14:05 Uhr", "2026-11-24T14:05:00"),
        ("24.11.26, 14.05", "2026-11-24T14:05:00"),
        ("11/24/2026 2:05 PM", "2026-11-24T14:05:00"),
        ("11/24/2026 12:05 am", "2026-11-24T00:05:00"),
        ("3 décembre 2026", "2026-12-03"),
        ("as soon as possible", "as soon as possible"),
        ("KW 48", "KW 48"),
    ],
)
def test_certain_dates(written: str, kept: str) -> None:
    assert read("date", written) == Value(kept)


@pytest.mark.parametrize(
    ("key", "written", "problem"),
    [
        ("date", "03/04/2026", Code.AMBIGUOUS_DATE),
        ("date", "03-04-26", Code.AMBIGUOUS_DATE),
        ("birth_date", "12.03.65", Code.AMBIGUOUS_DATE),
        ("date", "31.02.2026", Code.UNREADABLE_VALUE),
        ("date", "45/45/2026", Code.UNREADABLE_VALUE),
        ("amount", "1.234", Code.AMBIGUOUS_NUMBER),
        ("amount", "1,234", Code.AMBIGUOUS_NUMBER),
        ("quantity", "2.500", Code.AMBIGUOUS_NUMBER),
        ("amount", "1.23.4567,89", Code.UNREADABLE_VALUE),
    ],
)
def test_uncertain_values_stay_with_a_problem(key: str, written: str, problem: Code) -> None:
    assert read(key, written) == Value(written, problem=problem)


@pytest.mark.parametrize(
    ("written", "kept", "currency"),
    [
        ("1.234,56", "1234.56", None),
        ("1,234.56", "1234.56", None),
        ("1 234,56 €", "1234.56", "EUR"),
        ("1\u202f234,56 €", "1234.56", "EUR"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("1.234.567", "1234567", None),
        ("1,234,567.8", "1234567.8", None),
        ("€ 289.000,-", "289000", "EUR"),
        ("289.000 EUR", "289000", "EUR"),
        ("£1,250", "1250", "GBP"),
        ("$1,250.00", "1250.00", None),
        ("12 500 kr", "12500", None),
        ("0,125", "0.125", None),
        ("12,5", "12.5", None),
        ("-5,00", "-5.00", None),
        ("007", "7", None),
        ("VB 3000", "VB 3000", None),
        ("5.000 a 10.000", "5.000 a 10.000", None),
        ("", "", None),
    ],
)
def test_amounts(written: str, kept: str, currency: str | None) -> None:
    assert read("amount", written) == Value(kept, currency)


def test_the_rest_of_a_column_tells_what_one_value_does_not() -> None:
    assert style("date", ["03/04/2026", "13/04/2026"]) == Style(day_first=True)
    assert style("date", ["03/04/2026", "04/13/2026"]) == Style(day_first=False)
    assert style("date", ["13/04/2026", "04/13/2026"]) == Style()
    assert style("money", ["1.234", "12,50"]) == Style(decimal=",")
    assert style("money", ["1,234", "12.50", "9,99"]) == Style()
    assert read("date", "03/04/2026", Style(day_first=True)) == Value("2026-04-03")
    assert read("amount", "1.234", Style(decimal=",")) == Value("1234")
    assert read("amount", "1.234", Style(decimal=".")) == Value("1.234")


def test_a_key_without_a_kind_is_text() -> None:
    assert read("postcode", "01.234") == Value("01.234")
    assert read("phone", "03/04/2026") == Value("03/04/2026")
