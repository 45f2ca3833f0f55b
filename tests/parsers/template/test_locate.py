"""One locator at a time: what stands there, in the order of the text."""

from __future__ import annotations

import pytest

from parsers.structured.rows import Row
from parsers.template.locate import Look, candidates, fitting
from parsers.template.template import Around, FieldRule, Label, Locator, Path, Pattern, Template
from parsers.template.view import View


def found(
    locator: Locator, text: str, *, subject: str = "", long: bool = False, stops: tuple[str, ...] = ()
) -> list[str]:
    rule = FieldRule("x", (locator,), long=long)
    row = Row("k", 1, {}, written=(("Full Name", "Ann"), ("a/b", "1"), ("a/b", "2")))
    view = View.of(text, subject, row, "csv")
    return list(candidates(locator, Look(rule, view, Template((rule,), stops=stops))))


@pytest.mark.parametrize(
    "text",
    ["Name: Ann", "NAME : Ann", "*Name:* Ann", "> Name: Ann", "- **Name**: Ann", "Name\tAnn", "Name = Ann",
     "Name | Ann", "Name：Ann", "Name:\nAnn", "Name\n\nAnn\nBob", "Name (required): Ann", "Name:\tAnn\tother"],
)  # fmt: skip
def test_a_label_in_all_its_shapes(text: str) -> None:
    assert found(Label("name"), text) == ["Ann"]


@pytest.mark.parametrize(
    "text", ["", "Name:", "Name:\n\n\n\nAnn", "Surname: Ann", "My name is Ann", "Name:\n----\nAnn"]
)
def test_a_label_without_a_value(text: str) -> None:
    assert found(Label("name"), text) == []


def test_an_empty_value_is_not_taken_from_the_next_label() -> None:
    assert found(Label("name"), "Name:\nOrt: Ulm", stops=("ort",)) == []


def test_a_long_value_goes_on_to_the_next_label_stop_or_footer() -> None:
    text = "Text: one\ntwo\n\nthree: really\n\nOrt: Ulm\n"
    assert found(Label("text"), text, long=True, stops=("ort",)) == ["one\ntwo\n\nthree: really"]
    assert found(Label("text"), "Text:\none\n\ntwo\n-----\nend", long=True) == ["one\n\ntwo"]
    assert found(Label("text"), "Text: one\nKind regards 12", long=True, stops=("kind regards 0",)) == ["one"]


@pytest.mark.parametrize(
    ("before", "after", "text", "values"),
    [
        ("Kunde ", " hat", "Der Kunde Ann Ray hat", ["Ann Ray"]),
        ("Kunde ", " hat", "Der Kunde\n Ann\nRay hat", ["Ann\nRay"]),
        ("Kunde ", "", "Kunde Ann\nsonst", ["Ann"]),
        ("", " hat angefragt", "Hallo\nAnn Ray hat angefragt", ["Ann Ray"]),
        ("a ", " c", "a 1 c a 2 c", ["1", "2"]),
        ("a ", " c", "a 1 d", []),
        ("zz ", " c", "a 1 c", []),
    ],
)
def test_surroundings(before: str, after: str, text: str, values: list[str]) -> None:
    assert found(Around(before, after), text) == values


def test_surroundings_in_the_subject() -> None:
    assert found(Around("von ", " via", "subject"), "von x via", subject="Anruf von Ann via Y") == ["Ann"]


def test_patterns_are_of_lines_and_of_any_case() -> None:
    assert found(Pattern(r"^kunde (\S+)$"), "x\nKunde Jörg\nKunde Ann") == ["Jörg", "Ann"]
    assert found(Pattern(r"\d+", "subject"), "1", subject="Größe 42") == ["42"]
    assert found(Pattern("x*"), "yyy") == []


def test_paths() -> None:
    assert found(Path("csv", "full name"), "") == ["Ann"]
    assert found(Path("csv", "a/b"), "") == ["1", "2"]
    assert found(Path("json", "a/b"), "") == []


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("email", "Ann <ann@ray.example>", "ann@ray.example"),
        ("email", "Ann", None),
        ("phone", "+49 30 1234567", "+49 30 1234567"),
        ("phone", "unknown", None),
        ("phone", "bitte ab 17 Uhr unter 030 1234567 anrufen, danke sehr", "030 1234567"),
        ("url", "see https://x.example/a.", "https://x.example/a"),
        ("url", "none", None),
        ("number", "12", "12"),
        ("number", "many", None),
        ("date", "tomorrow", None),
        ("text", "any", "any"),
    ],
)
def test_a_value_is_of_its_kind(kind: str, value: str, fits: str | None) -> None:
    assert fitting(kind, value) == fits
