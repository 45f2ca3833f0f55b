"""Confidence, provenance, verdicts, several templates, fill rates, drift."""

from __future__ import annotations

import pytest

from parsers.message import Message
from parsers.template.apply import apply, fill_rate, first_fit
from parsers.template.drift import Drift, drifted
from parsers.template.marks import Mark
from parsers.template.propose import propose
from parsers.template.reasons import SENTENCES, Why
from parsers.template.template import Around, FieldRule, Label, Template

EXAMPLE = "Hello partner,\n\nhere is a new lead.\nName: Ann Ray\nEmail: ann@ray.example\nPhone: 030 1234567\n\nBye\n"
RULES = Template(
    (
        FieldRule("name", (Label("name"), Around("Kunde ", ","))),
        FieldRule("email", (Label("email"),), "email"),
        FieldRule("phone", (Label("phone"),), "phone"),
    )
)


def mail(text: str) -> Message:
    return Message(text=text, reply=text)


def learnt(text: str = EXAMPLE) -> Template:
    marks = [Mark("name", "Ann Ray"), Mark("email", "ann@ray.example"), Mark("phone", "030 1234567")]
    template = propose(mail(text), marks).template
    assert template is not None
    return template


def test_a_value_tells_by_which_locator_it_was_found() -> None:
    (row,) = apply(RULES, mail("Kunde Ann Ray, neu\nEmail: ann@ray.example")).rows
    by = {value.field: (value.locator, value.by, value.confidence) for value in row.values}
    assert by == {"name": (1, "around", 0.85), "email": (0, "label", 1.0)}
    assert row.fill_rate == pytest.approx(2 / 3)
    assert row.confidence == pytest.approx(0.925)


def test_a_place_with_two_values_is_less_certain() -> None:
    (row,) = apply(RULES, mail("Email: ann@ray.example\nEmail: bob@ray.example")).rows
    assert [(value.value, value.confidence) for value in row.values] == [("ann@ray.example", 0.7)]


def test_a_value_of_another_kind_is_none() -> None:
    applied = apply(RULES, mail("Name: Ann\nEmail: not given\nPhone: 030 1234567"))
    assert applied.fits
    assert applied.rows[0].fields == {"name": "Ann", "phone": "030 1234567"}


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Hello partner,\n\nyour invoice is attached.\n", ["other-layout", "nothing-found"]),
        ("Invoice 7\nEmail: office@portal.example\nTotal: 5\nDue: now\nIBAN: 1", ["other-layout"]),
        (EXAMPLE.replace("Email: ann@ray.example\nPhone: 030 1234567", "Email:\nPhone:"), ["no-contact"]),
        ("", ["other-layout", "nothing-found"]),
    ],
)
def test_what_does_not_fit_says_why(text: str, reasons: list[str]) -> None:
    applied = apply(learnt(), mail(text))
    assert not applied.fits
    assert [str(reason.code) for reason in applied.reasons] == reasons
    assert all(reason.sentence() for reason in applied.reasons)


def test_a_required_field_is_required() -> None:
    template = Template((FieldRule("name", (Label("name"),), required=True), *RULES.fields[1:]))
    applied = apply(template, mail("Email: ann@ray.example"))
    assert [reason.sentence() for reason in applied.reasons] == ["“name” is needed and was not found."]


def test_templates_have_an_order() -> None:
    other = Template((FieldRule("email", (Label("correo"),), "email"),))
    assert first_fit((RULES, other), mail("Correo: ann@ray.example"))[0] == 1
    assert first_fit((other, RULES), mail("Name: Ann"))[0] is None
    number, applied = first_fit((), mail("x"))
    assert number is None
    assert [reason.code for reason in applied.reasons] == [Why.NO_TEMPLATE]


def test_the_fill_rate_of_messages() -> None:
    full = apply(RULES, mail("Name: Ann\nEmail: a@b.example\nPhone: 030 1234567"))
    third = apply(RULES, mail("Email: a@b.example"))
    rate = fill_rate(RULES, [full, third])
    assert rate.messages == 2
    assert rate.overall == pytest.approx(2 / 3)
    assert rate.by_field == {"name": 0.5, "email": 1.0, "phone": 0.5}
    assert fill_rate(RULES, []).overall == 0.0


@pytest.mark.parametrize(
    ("rates", "verdict"),
    [
        ([], False),
        ([1.0] * 50, False),
        ([0.5] * 50, False),
        ([1.0] * 20 + [0.6] * 5, True),
        ([1.0] * 20 + [0.9] * 5, False),
        ([1.0] * 20 + [0.0, 1.0, 1.0, 1.0, 1.0], True),
        ([1.0] * 20 + [0.0] * 3, True),
        ([0.0] * 3, True),
        ([0.0] * 2, False),
        ([1.0] * 5 + [0.5] * 3, True),
        ([1.0] * 4 + [0.5] * 3, False),
    ],
)
def test_drift(rates: list[float], verdict: bool) -> None:
    assert drifted(rates).drifted is verdict


def test_drift_tells_its_means() -> None:
    assert drifted([1.0] * 20 + [0.5] * 5) == Drift(True, 1.0, 0.5)


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Why)
