"""Form notifications: every field of the samples and none besides; labels, values and rows by themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parsers import form_fields, form_labels, form_lines, form_table
from parsers.form_cells import BOLD, BREAK, LIGHT
from parsers.form_fields import Row
from parsers.form_lines import Style
from parsers.locale_forms import KEYS, PERSON, TECHNICAL
from parsers.understand import understand

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "mail" / "form").glob("*.eml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_fields_are_these_and_no_others(path: Path) -> None:
    want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["fields"]
    assert dict(understand(path.read_bytes()).fields) == want


def test_there_are_forms_and_mails_that_are_none() -> None:
    ordinary = [path for path in SAMPLES if path.stem.startswith("no-form-")]
    assert len(ordinary) >= 60
    assert len(SAMPLES) - len(ordinary) >= 90


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("E-Mail-Adresse *", "email"),
        ("Prenom", "first_name"),
        ("PRÉNOM :", "first_name"),
        ("firstName", "first_name"),
        ("et_pb_contact_email_0", "email"),
        ("form_fields[phone]", "phone"),
        ("Handynummer (optional)", "mobile"),
        ("And your last name?", "last_name"),
        ("Wie lautet deine E-Mail-Adresse?", "email"),
        ("PLZ/Ort", "postcode_city"),
        ("Straße & Hausnummer", "street"),
        ("📧 E-Mail", "email"),
        ("Imię i nazwisko", "name"),
        ("Product name", "product"),
        ("Event name", None),
        ("", None),
        ("x" * 500, None),
    ],
)
def test_labels_are_known_however_they_are_written(label: str, key: str | None) -> None:
    assert form_labels.canonical(label) == key


def test_the_tables_name_only_keys_that_there_are() -> None:
    assert set(PERSON) | set(TECHNICAL) <= set(KEYS)


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        ([("Name", "name", "Weiß"), ("Vorname", "first_name", "Anna")], {"last_name": "Weiß", "first_name": "Anna"}),
        ([("Nome", "first_name", "Anna")], {"name": "Anna"}),
        ([("PLZ/Ort", "postcode_city", "50667 Köln")], {"postcode": "50667", "city": "Köln"}),
        ([("PLZ/Ort", "postcode_city", "Köln, 50667")], {"city": "Köln", "postcode": "50667"}),
        ([("Postcode", "postcode_city", "3511 AB Utrecht")], {"postcode": "3511 AB", "city": "Utrecht"}),
        ([("Mobil", "mobile", "0170 5550")], {"phone": "0170 5550"}),
        ([("Mobil", "mobile", "0170 55"), ("Tel", "phone", "030 555")], {"mobile": "0170 55", "phone": "030 555"}),
        ([("E-Mail", "email", "none, please call")], {"E-Mail": "none, please call"}),
        ([("E-Mail", "email", "anna@a.example / b@b.example")], {"email": "anna@a.example", "E-Mail 2": "b@b.example"}),
        ([("N", "name", "A"), ("N", "name", "B"), ("N", "name", "C")], {"name": "A", "N 2": "B", "N 3": "C"}),
        ([("Meal", None, "Fish"), ("Meal", None, "Soup"), ("Meal", None, "Fish")], {"Meal": "Fish, Soup"}),
        ([("Frage", "message", "x"), ("Nachricht", "message", "y")], {"Frage": "x", "message": "y"}),
        ([("Company", "company", "(empty)"), ("Phone", "phone", "")], {}),
        ([("Site", "url", "Pine Studio")], {"Site": "Pine Studio"}),
        ([("From", "from", "Anna Weiß <anna@a.example>")], {"name": "Anna Weiß", "email": "anna@a.example"}),
    ],
)  # fmt: skip
def test_rows_become_fields(rows: list[tuple[str, str | None, str]], fields: dict[str, str]) -> None:
    assert form_fields.collect([Row(label, key, [value]) for label, key, value in rows]) == fields


@pytest.mark.parametrize(
    ("text", "style", "label", "value"),
    [
        ("Name: Anna", Style.COLON, "Name", "Anna"),
        ("Nom : Anna", Style.COLON, "Nom", "Anna"),
        ("姓名：Anna", Style.COLON, "姓名", "Anna"),
        ("Name - Anna", Style.DASH, "Name", "Anna"),
        ("Name = Anna = Weiß", Style.EQUALS, "Name", "Anna = Weiß"),
        ("| Name | Anna |", Style.PIPE, "Name", "Anna"),
        ("Name\tAnna", Style.CELL, "Name", "Anna"),
        ("1\tName\t:\tAnna", Style.CELL, "Name", "Anna"),
        ("*Name:* Anna", Style.BOLD, "Name", "Anna"),
        ("**Name**", Style.HEAD, "Name", ""),
        ("--- Name ---", Style.HEAD, "Name", ""),
        ("## Name", Style.HEAD, "Name", ""),
        ("2. What's your name?", Style.HEAD, "What's your name?", ""),
        ("Name *", Style.ALONE, "Name", ""),
        ("Name Anna", Style.BARE, "Name", "Anna"),
        (f"{BOLD}Name{LIGHT} Anna", Style.BOLD, "Name", "Anna"),
        (f"{BOLD}Name:{LIGHT}", Style.HEAD, "Name", ""),
        ("[x] I agree to the privacy policy", Style.COLON, "consent", "I agree to the privacy policy"),
        ("https://a.example/b", None, "", ""),
        ("See https://a.example/b", None, "", ""),
        ("10:30", None, "", ""),
        ("um 10:30 Uhr", None, "", ""),
        ("+----+----+", None, "", ""),
        ("Hello Anna", None, "", ""),
        (f"{BOLD} {LIGHT}", None, "", ""),
    ],
)
def test_how_a_label_is_written(text: str, style: Style | None, label: str, value: str) -> None:
    (line,) = form_lines.read([text], exact=False)
    assert (line.style, line.label, line.value) == (style, label, value)


def test_a_row_of_labels_over_a_row_of_values() -> None:
    lines = form_lines.read(["Name\tEmail\tSize", "Anna\ta@b.example\t40"], exact=False)
    assert [(line.label, line.value) for line in lines] == [
        ("Name", "Anna"),
        ("Email", "a@b.example"),
        ("Size", "40"),
    ]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<table><tr><td>Name</td><td>A<br>B: c</td></tr></table>", [f"Name\tA{BREAK}B: c"]),
        ("<table><tr><td>Name</td><td></td></tr></table>", [f"Name\t{LIGHT}"]),
        ("<table><tr><td>One<p>two</p></td></tr></table>", ["One", "", "two"]),
        (
            "<table><tr><td>logo</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>",
            ["logo", "a\tb"],
        ),
        ("<tr><td>a<td>b<tr><td>c<td>d", ["a\tb", "c\td"]),
        ("<b>Name</b><br>Anna", [f"{BOLD}Name{LIGHT}", "Anna"]),
        ("<dl><dt>Name</dt><dd>Anna</dd></dl>", [f"{BOLD}Name{LIGHT}", "Anna"]),
        ('<p style="font-weight:600">Name</p>Anna', [f"{BOLD}Name{LIGHT}", "", "Anna"]),
        ("<ul><li><b>Name</b><p>Anna</p></ul>", [f"{BOLD}Name{LIGHT}", "", "Anna"]),
        ("<table><tr><td style='display:none'>x</td><td>a</td><td>b</td></tr></table>", ["a\tb"]),
    ],
)
def test_html_as_lines_with_their_structure(html: str, lines: list[str]) -> None:
    assert form_table.lines(html) == lines
