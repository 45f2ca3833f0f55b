"""Cells, separators, headers, titles and totals."""

from __future__ import annotations

import pytest

from parsers.structured import csv_rows
from parsers.structured.csv_cells import split
from parsers.structured.rows import build


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\nc;d", [["a", "b"], ["c", "d"]]),
        ("a;b;\n", [["a", "b", ""]]),
        (' "a;b" ; "c""d" \n', [["a;b", 'c"d']]),
        ('"a\nb";c', [["a\nb", "c"]]),
        ('"a "b" c";d', [['a "b" c', "d"]]),
        ('"open;b\nc;d', [['"open', "b"], ["c", "d"]]),
        ('5";6', [['5"', "6"]]),
        ("\n\n;\na", [["a"]]),
        ("", []),
    ],
)
def test_cells(text: str, rows: list[list[str]]) -> None:
    assert split(text, ";").rows == rows


def test_rows_are_counted_as_people_count_them() -> None:
    assert split("a\n\nb\n", ";").numbers == [1, 3]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_the_one_that_makes_a_header(separator: str) -> None:
    text = separator.join(("Name", "E-Mail", "Notes")) + "\n" + separator.join(("Ann", "ann@x.example", "1"))
    (row,) = build([csv_rows.read(text)])
    assert row.fields == {"name": "Ann", "email": "ann@x.example", "message": "1"}


def test_a_comma_in_the_values_does_not_make_it_the_separator() -> None:
    (row,) = build([csv_rows.read("Name;E-Mail\nRay, Ann, Dr.;ann@x.example\n")])
    assert row.fields["name"] == "Ray, Ann, Dr."


def test_a_repeated_header_is_no_row() -> None:
    document = csv_rows.read("Name;E-Mail\nAnn;ann@x.example\nName;E-Mail\nBob;bob@x.example\n")
    assert [row.fields["name"] for row in build([document])] == ["Ann", "Bob"]
    assert ("lines-skipped", "row 3 repeats the header") in document.problems


def test_a_row_without_a_contact_stays_and_says_so() -> None:
    rows = build([csv_rows.read("Name;E-Mail;Ort\nAnn;ann@x.example;Ulm\n;;Bonn\nBob;bob@x.example;Ulm\n")])
    assert [dict(row.problems) for row in rows] == [{}, {"row-without-contact": ""}, {}]


@pytest.mark.parametrize("text", ["", "\n", "a", "a;b", "Artikel;Preis\nx;1\n", ";;;\n;;;", "Name\nAnn"])
def test_what_is_no_list_of_leads_has_no_rows(text: str) -> None:
    assert csv_rows.read(text).records == []


def test_keys_stay_the_same_whatever_stands_around_a_row() -> None:
    first = build([csv_rows.read("Name;E-Mail\nAnn;ann@x.example\n")])
    second = build([csv_rows.read("Title\n\nName;E-Mail\nBob;bob@x.example\nAnn ; ann@x.example\n")])
    assert first[0].key == second[1].key
    assert second[0].key != second[1].key


def test_equal_rows_have_keys_of_their_own() -> None:
    rows = build([csv_rows.read("Name;E-Mail\nAnn;ann@x.example\nAnn;ann@x.example\n")])
    assert rows[1].key == rows[0].key + "-2"


def test_a_document_that_comes_twice_brings_its_rows_once() -> None:
    text = "Name;E-Mail\nAnn;ann@x.example\n"
    assert len(build([csv_rows.read(text), csv_rows.read(text)])) == 1


def test_a_header_in_a_language_not_known_is_a_header_all_the_same() -> None:
    document = csv_rows.read("Ism;Pochta;Shahar\nAnna;anna@x.example;Nukus\nBek;bek@x.example;Xiva\n")
    rows = build([document])
    assert [dict(row.fields) for row in rows] == [{"email": "anna@x.example"}, {"email": "bek@x.example"}]
    assert rows[0].extra == {"Ism": "Anna", "Shahar": "Nukus"}
    assert document.problems == [("unknown-labels", "3 columns")]


def test_a_text_a_spreadsheet_wrapped_is_that_text() -> None:
    (row,) = build(
        [csv_rows.read('Name;E-Mail;Telefon;PLZ;Ort\nAnn;ann@x.example;="0171 55";"=""01067""";=A1\n')]
    )
    assert (row.fields["phone"], row.fields["postcode"], row.fields["city"]) == ("0171 55", "01067", "=A1")
