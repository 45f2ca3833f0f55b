"""What signatures say: piece by piece, and never without being sure whose they are."""

from __future__ import annotations

import time

import pytest

from parsers import contact_lines
from parsers.message import Message
from parsers.person import Contact, Phone
from parsers.understand import understand


def understood(body: str, sender: str = "Anna Weiss <anna@weiss.example>", head: str = "") -> Message:
    return understand(
        f"From: {sender}\nTo: rep@acme.example\nSubject: Roof\n{head}Content-Type: text/plain; charset=utf-8\n\n"
        f"{body}".encode()
    )


SIGNED = "Hello,\n\nplease call.\n\nKind regards,\nAnna Weiss\nWeiss Ltd\n+44 20 7946 0022\n"


def test_a_contact_and_where_it_was_found() -> None:
    assert understood(SIGNED).contact == Contact(
        of="anna@weiss.example",
        found="Kind regards,",
        name="Anna Weiss",
        company="Weiss Ltd",
        phones=(Phone("phone", "+44 20 7946 0022", "+442079460022"),),
        lines=("Anna Weiss", "Weiss Ltd", "+44 20 7946 0022"),
    )


@pytest.mark.parametrize(
    ("sender", "head"),
    [
        ("Tom Rep <tom@acme.example>", ""),
        ("Anna Weiss <anna@weiss.example>", "Auto-Submitted: auto-replied\n"),
        ("Anna Weiss <anna@weiss.example>", "List-Id: <l.example>\n"),
    ],
)
def test_none_of_somebody_else_or_a_machine(sender: str, head: str) -> None:
    assert understood(SIGNED, sender, head).contact is None


def test_none_of_a_quoted_mail() -> None:
    quoted = "".join(f"> {line}\n" for line in SIGNED.split("\n"))
    assert (
        understood(f"Fine.\n\nOn 1 Nov 2026, Anna Weiss <anna@weiss.example> wrote:\n{quoted}").contact
        is None
    )


def test_none_of_a_form() -> None:
    body = "Name: Anna Weiss\nEmail: anna@weiss.example\nMessage: Hello\n\nKind regards,\nAnna Weiss\nWeiss Ltd\n"
    message = understood(body, "Site <wordpress@site.example>", "X-Form: contact form\n")
    assert message.fields
    assert message.contact is None


def test_the_way_through_json() -> None:
    message = understood(SIGNED)
    assert Message.from_json(message.to_json()).contact == message.contact


@pytest.mark.parametrize(
    ("line", "phones"),
    [
        ("Tel. 030 123456", [("phone", "030 123456", None)]),
        ("Tel.: 030 123456 Fax: 030 123457", [("phone", "030 123456", None), ("fax", "030 123457", None)]),
        ("T +49 30 123456 / M +49 170 1234567",
         [("phone", "+49 30 123456", "+4930123456"), ("mobile", "+49 170 1234567", "+491701234567")]),
        ("0041 44 555 01 23", [("phone", "0041 44 555 01 23", "+41445550123")]),
        ("(212) 555-0140", [("phone", "(212) 555-0140", None)]),
        ("GSM: 0475 12 34 56", [("mobile", "0475 12 34 56", None)]),
        ("+999 1", []),
        ("+49 1", []),
        ("23.11.2026", []),
        ("10115 Berlin", []),
        ("IBAN DE02 1203 0000 0000 2020 51", []),
        ("HRB 123456", []),
        ("USt-IdNr.: 123456789", []),
        ("Room 123456", []),
        ("0" * 150, []),
    ],
)  # fmt: skip
def test_numbers(line: str, phones: list[tuple[str, str, str | None]]) -> None:
    found = contact_lines.read([line], "")
    assert [(kind, number, contact_lines.e164(number)) for kind, number in found.phones] == phones


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Weiß GmbH", True),
        ("Holz & Söhne GmbH & Co. KG", True),
        ("Neri S.r.l.", True),
        ("Visser B.V.", True),
        ("Costa & Filhos, Lda.", True),
        ("Lis Okna Sp. z o.o.", True),
        ("Martin SAS", True),
        ("Lind AB", True),
        ("Nova s.r.o.", True),
        ("weissdach", True),
        ("Weiss Dach", True),
        ("GmbH", False),
        ("Anna Weiß", False),
        ("such as", False),
        ("see you in the group", False),
        ("mail@weiss.example GmbH", False),
    ],
)
def test_companies(text: str, company: bool) -> None:
    assert contact_lines.is_company(text, "weissdach") is company


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sales Manager", True),
        ("Head of Purchasing EMEA", True),
        ("Vertriebsleiterin", True),
        ("Regionalverkaufsleiter", True),
        ("Chargée de clientèle", True),
        ("Jefe de compras", True),
        ("Responsabile acquisti", True),
        ("Kierownik działu", True),
        ("Anna Weiß", False),
        ("Hauptstr. 1", False),
        ("I am the manager of it all.", False),
    ],
)
def test_titles(text: str, title: bool) -> None:
    assert contact_lines.is_title(text) is title


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna Weiß", "Anna Weiß"),
        ("i. A. Anna Weiß", "Anna Weiß"),
        ("Dr. Anna Weiß", "Dr. Anna Weiß"),
        ("Els de Visser (she/her)", "Els de Visser"),
        ("Jean-Luc O’Brien", "Jean-Luc O’Brien"),
        ("anna weiss", None),
        ("Bitte anrufen", None),
        ("Sales Manager", None),
        ("Weiß GmbH", None),
        ("Anna 2", None),
        ("", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert contact_lines.person(text) == name


def test_accounts_elsewhere_are_no_website() -> None:
    found = contact_lines.read(["https://www.linkedin.com/in/anna", "Web: weiss.example"], "")
    assert found.website == "weiss.example"


@pytest.mark.parametrize(
    "below",
    [
        "Kind regards,\n" * 50_000,
        "Kind regards,\nAnna Weiss\n" + "+49 30 123456 " * 50_000,
        "Kind regards,\nAnna Weiss\n" + "| " * 100_000,
        "Kind regards,\nAnna Weiss\n" + "0 (" * 100_000,
        "-- \n" + "Anna Weiss GmbH, " * 50_000,
        "-- \n" + "Tel.: 030 123456\n" * 50_000,
        "-- \n" + " " * 200_000 + "x",
    ],
)
def test_a_crafted_signature_is_read_soon(below: str) -> None:
    started = time.process_time()
    message = understood(f"Hello\n\n{below}")
    assert time.process_time() - started < 2.0
    assert all(problem.code != "parser-crash" for problem in message.problems)
    assert message.contact is None or len(message.contact.phones) <= contact_lines.PHONES
