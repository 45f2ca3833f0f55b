"""Learning from marks: which place is chosen, and what is said where nothing can be learnt."""

from __future__ import annotations

import pytest

from parsers.message import Forwarded, Message
from parsers.template.apply import apply
from parsers.template.marks import Mark
from parsers.template.propose import propose
from parsers.template.template import Label, Template

TEXT = "Anfrage von Ann Ray am 1.2.2026\nName: Ann Ray\nMail: ann@ray.example\n\nAnn Ray wartet."


def mail(text: str) -> Message:
    return Message(text=text, reply=text)


def codes(message: Message, *marks: Mark) -> list[str]:
    return [str(reason.code) for reason in propose(message, marks).reasons]


def template(message: Message, *marks: Mark) -> Template:
    found = propose(message, marks).template
    assert found is not None
    return found


def test_a_label_of_the_fields_own_name_comes_first() -> None:
    found = template(mail(TEXT), Mark("name", "Ann Ray"), Mark("email", "ann@ray.example"))
    assert found.fields[0].locators[0] == Label("name")
    assert codes(mail(TEXT), Mark("name", "Ann Ray"))[:2] == ["by-label", "several-places"]


def test_the_marked_place_counts_where_it_is_given() -> None:
    found = template(mail(TEXT), Mark("name", "Ann Ray", start=12))
    assert not any(isinstance(locator, Label) for locator in found.fields[0].locators)
    (row,) = apply(found, mail(TEXT.replace("Ann Ray", "Bo Li").replace("Name: Bo Li", "Name: Other"))).rows
    assert row.fields == {"name": "Bo Li"}


def test_what_varies_is_no_surrounding() -> None:
    found = template(mail("Am 24.11.2026 um 14:05 rief Ann Ray an, Vorgang 77."), Mark("name", "Ann Ray"))
    written = str([locator.to_json() for locator in found.fields[0].locators])
    assert not [word for word in ("24", "14", "77") if word in written]
    (row,) = apply(found, mail("Am 1.2.2027 um 9:00 rief Bo Li an, Vorgang 1234.")).rows
    assert row.fields == {"name": "Bo Li"}


def test_half_a_line_is_found_by_the_shape_of_the_whole() -> None:
    marks = (Mark("postcode", "80331"), Mark("city", "Bad Tölz"))
    found = template(mail("PLZ/Ort: 80331 Bad Tölz\nLand: D"), *marks)
    (row,) = apply(found, mail("PLZ/Ort: 94032 Passau\nLand: D")).rows
    assert row.fields == {"postcode": "94032", "city": "Passau"}


def test_a_salutation_is_no_part_of_a_name_where_it_was_not_marked() -> None:
    found = template(mail("Name: Frau Ann Ray\nMail: ann@ray.example"), Mark("name", "Ann Ray"))
    assert apply(found, mail("Name: Herr Dr. Bo Li\nMail: x")).rows[0].fields == {"name": "Dr. Bo Li"}


def test_a_label_that_stands_twice_counts_below_its_heading() -> None:
    text = "Makler\nName: M. Agent\n\nKunde\nName: Ann Ray\nMail: ann@ray.example\n"
    found = template(mail(text), Mark("name", "Ann Ray"), Mark("email", "ann@ray.example"))
    assert found.fields[0].locators[0] == Label("name", "kunde")
    (row,) = apply(found, mail(text.replace("Ann Ray", "Bo Li").replace("M. Agent", "Other"))).rows
    assert row.fields["name"] == "Bo Li"


def test_another_marked_value_is_no_surrounding() -> None:
    text = "Kunde Ann Ray (ann@ray.example) bittet um Rückruf"
    found = template(mail(text), Mark("name", "Ann Ray"), Mark("email", "ann@ray.example"))
    (row,) = apply(found, mail("Kunde Bo Li (bo@li.example) bittet um Rückruf")).rows
    assert row.fields == {"name": "Bo Li", "email": "bo@li.example"}


def test_a_template_holds_nothing_that_was_written() -> None:
    text = "Name: Ann Ray\nMail: ann@ray.example\nStreet: Secret Lane\n\nAnn Ray\nFrau Unmarked Person\n"
    written = str(
        template(mail(text), Mark("name", "Ann Ray"), Mark("email", "ann@ray.example")).to_json()
    ).lower()
    assert not [word for word in ("ray", "secret", "unmarked") if word in written]


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ([], ["nothing-marked"]),
        ([Mark("name", "  ")], ["nothing-marked"]),
        ([Mark("name", "Nobody")], ["not-in-the-message"]),
        (
            [Mark("name", "Ann Ray"), Mark("name", "Ann")],
            ["field-marked-twice", "by-label", "several-places"],
        ),
    ],
)
def test_what_cannot_be_learnt_is_said(marks: list[Mark], said: list[str]) -> None:
    assert codes(mail(TEXT), *marks) == said


def test_a_value_nothing_tells_the_place_of() -> None:
    assert codes(mail("Ann Ray"), Mark("name", "Ann Ray")) == ["no-telling-place"]
    assert propose(mail("Ann Ray"), [Mark("name", "Ann Ray")]).template is None


def test_a_forwarded_example_is_read_as_it_came() -> None:
    forwarded = Forwarded(None, text="Name: Ann Ray\nMail: ann@ray.example", subject="Lead")
    message = Message(text="fyi", reply="fyi", forwarded=forwarded)
    found = template(message, Mark("name", "Ann Ray"), Mark("email", "ann@ray.example"))
    assert apply(found, mail("Name: Bo\nMail: bo@li.example")).rows[0].fields == {
        "name": "Bo",
        "email": "bo@li.example",
    }


def test_the_only_way_to_reach_somebody_is_required() -> None:
    found = template(mail(TEXT), Mark("name", "Ann Ray"), Mark("email", "ann@ray.example"))
    assert {rule.field: rule.required for rule in found.fields} == {"name": False, "email": True}


def test_marks_of_two_leads_make_blocks() -> None:
    text = "Kunde: Ann\nMail: ann@x.example\n\nKunde: Bob\nMail: bob@x.example\n"
    marks = (Mark("name", "Ann"), Mark("email", "ann@x.example"), Mark("name", "Bob", row=2))
    found = template(mail(text), *marks)
    assert found.begins == "kunde"
    rows = apply(found, mail(text + "\nKunde: Cy\nMail: cy@x.example\n")).rows
    assert [row.fields["name"] for row in rows] == ["Ann", "Bob", "Cy"]
    assert len({row.key for row in rows}) == 3
