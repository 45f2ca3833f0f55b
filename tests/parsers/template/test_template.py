"""The JSON of a template: there and back, and an error that names the place for whatever is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.template.template import Around, FieldRule, InvalidTemplate, Label, Path, Pattern, Template

GOOD = Template(
    (
        FieldRule("email", (Label("e mail"), Around("Mail: ", "", "text")), "email", required=True),
        FieldRule("name", (Path("csv", "Name"), Pattern(r"^Herr (\w+)", "subject")), long=True),
    ),
    "anfrage 0",
    ("objekt",),
    ("9f86d081",),
)


def document(**changes: Any) -> dict[str, Any]:
    return {**GOOD.to_json(), **changes}


def field(**changes: Any) -> dict[str, Any]:
    return {"field": "email", "locators": [{"by": "label", "label": "mail"}], **changes}


def locator(**members: Any) -> dict[str, Any]:
    return document(fields=[field(locators=[members])])


def test_there_and_back() -> None:
    assert Template.from_json(GOOD.to_json()) == GOOD


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (None, ""),
        ([], ""),
        ({}, "version"),
        (document(version=2), "version"),
        (document(version=True), "version"),
        (document(colour=1), "colour"),
        (document(fields={}), "fields"),
        (document(fields=[]), "fields"),
        (document(fields=["x"]), "fields[0]"),
        (document(fields=[field()] * 61), "fields"),
        (document(fields=[field(), field()]), "fields[1].field"),
        (document(fields=[field(field=" ")]), "fields[0].field"),
        (document(fields=[field(field=7)]), "fields[0].field"),
        (document(fields=[field(kind="colour")]), "fields[0].kind"),
        (document(fields=[field(required="yes")]), "fields[0].required"),
        (document(fields=[field(long=1)]), "fields[0].long"),
        (document(fields=[field(locators=[])]), "fields[0].locators"),
        (document(fields=[field(locators=[{"by": "label", "label": "x"}] * 7)]), "fields[0].locators"),
        (document(fields=[field(locators=["x"])]), "fields[0].locators[0]"),
        (locator(by="magic"), "fields[0].locators[0].by"),
        (locator(by=["label"]), "fields[0].locators[0].by"),
        (locator(by="label"), "fields[0].locators[0].label"),
        (locator(by="label", label="x" * 201), "fields[0].locators[0].label"),
        (locator(by="around", before=" ", after=""), "fields[0].locators[0]"),
        (locator(by="around", before="x", after="", **{"in": "body"}), "fields[0].locators[0].in"),
        (locator(by="pattern", pattern="(a"), "fields[0].locators[0].pattern"),
        (locator(by="pattern", pattern=r"(a)\1"), "fields[0].locators[0].pattern"),
        (locator(by="pattern", pattern="(?=a)"), "fields[0].locators[0].pattern"),
        (locator(by="pattern", pattern="a" * 501), "fields[0].locators[0].pattern"),
        (locator(by="path", format="xlsx", place="A"), "fields[0].locators[0].format"),
        (document(begins=""), "begins"),
        (document(lines="no"), "lines"),
        (document(stops=["a", 3]), "stops[1]"),
        (document(anchors="x"), "anchors"),
    ],
)
def test_what_is_wrong_is_named(data: Any, place: str) -> None:
    with pytest.raises(InvalidTemplate) as refused:
        Template.from_json(data)
    assert refused.value.place == place
    assert refused.value.reason


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("version", "fields", "field", "locators", "by", "label", "x")), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(_JSON)
@settings(max_examples=200, deadline=None)
def test_any_json_is_taken_or_refused(data: Any) -> None:
    try:
        template = Template.from_json(data)
    except InvalidTemplate:
        return
    assert Template.from_json(template.to_json()) == template
