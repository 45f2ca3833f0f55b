"""Forwards in every language of the tables: header blocks of every shape, glued headers, attributions."""

from __future__ import annotations

import pytest

from parsers import forward, textlines
from parsers.boundaries import Boundaries
from parsers.forward import subject_says
from parsers.locale_phrases import FORWARDED, ORIGINAL
from parsers.locale_tables import LABELS
from parsers.message import Forwarded, Mailbox

JOHN = Mailbox("John Doe", "john@doe.example")


def find(text: str, subject: str, *, answers: bool = False) -> Forwarded | None:
    lines = textlines.read(text)
    found = forward.find(lines, Boundaries(lines), subject, answers=answers)
    return found[0] if found else None


def first(language: str, field: str) -> str:
    return LABELS[language][field].split("|")[0]


@pytest.mark.parametrize("shape", ["plain", "quoted", "bold", "tabs"])
@pytest.mark.parametrize("language", LABELS)
def test_header_block(language: str, shape: str) -> None:
    rows = [
        (first(language, "from"), "John Doe <john@doe.example>"), (first(language, "date"), "28/10/2026 12:46"),
        (first(language, "to"), "Bessie <b@acme.example>; c@acme.example"), ("Cc", '"Doe, Jane" <jane@doe.example>'),
        (first(language, "subject"), "A roof: two sides"),
    ]  # fmt: skip
    text = {
        "plain": "\n".join(f"{label}: {value}" for label, value in rows) + "\nHello",
        "quoted": "> " + "\n> ".join(f"{label}: {value}" for label, value in rows) + "\n>\n> Hello",
        "bold": "\n".join(f"*{label}:* {value}" for label, value in rows) + "\n\nHello",
        "tabs": "\n".join(f"{label} :\t{value}" for label, value in reversed(rows)) + "\n\n\nHello",
    }[shape]
    found = find(f"A note\n\n{text}", "FW: roof")
    assert found is not None
    assert found.sender == JOHN
    assert [person.address for person in found.to] == ["b@acme.example", "c@acme.example"]
    assert found.cc == (Mailbox("Doe, Jane", "jane@doe.example"),)
    assert (found.subject, found.note, found.text) == ("A roof: two sides", "A note", "Hello")
    assert find(f"A note\n\n{text}", "Re: roof") is None


@pytest.mark.parametrize(
    ("language", "phrase"), [(k, p) for k, line in FORWARDED.items() for p in line.split("|")]
)
def test_separator(language: str, phrase: str) -> None:
    block = (
        f"{first(language, 'from')}: John Doe <john@doe.example>\n{first(language, 'subject')}: Roof\n\nHello"
    )
    for separator in (f"---------- {phrase} ---------", f"{phrase}:"):
        found = find(f"Note\n\n{separator}\n\n{block}", "whatever")
        assert found is not None, separator
        assert (found.sender, found.subject, found.text, found.note) == (JOHN, "Roof", "Hello", "Note")


@pytest.mark.parametrize("phrase", [p for line in ORIGINAL.values() for p in line.split("|")])
def test_an_original_message_is_what_the_subject_says(phrase: str) -> None:
    text = f"Ok\n\n-----{phrase}-----\nFrom: John Doe <john@doe.example>\nTo: x@y.example\nSubject: Roof\n\nHello"
    found = find(text, "WG: Roof")
    assert found is not None
    assert found.sender == JOHN
    assert find(text, "AW: Roof") is None
    assert find(text, "Roof", answers=True) is None


GLUED = [
    (
        "Forwarded Message",
        "From",
        "To",
        "Cc",
        "Sent",
        "Subject",
        "Tuesday, November 3, 2026, 09:26:50 AM GMT+1",
    ),
    (
        "Weitergeleitete Nachricht",
        "Von",
        "An",
        "CC",
        "Gesendet",
        "Betreff",
        "Dienstag, 3. November 2026, 09:26:50 MEZ",
    ),
    ("Message transmis", "De", "À", "Cc", "Envoyé", "Objet", "mardi 3 novembre 2026 à 09:26:50 UTC+1"),
    ("Przekazana wiadomość", "Od", "Do", "Dw", "Wysłano", "Temat", "wtorek, 3 listopada 2026, 09:26:50 CET"),
    (
        "Пересылаемое сообщение",
        "От",
        "Кому",
        "Копия",
        "Отправлено",
        "Тема",
        "3 ноября 2026 г., 09:26:50 GMT+1",
    ),
]


@pytest.mark.parametrize("case", GLUED, ids=lambda case: case[0])
@pytest.mark.parametrize("shape", ["one line", "no colon", "broken"])
def test_headers_on_one_line(case: tuple[str, ...], shape: str) -> None:
    phrase, sender, to, cc, date, subject, written = case
    line = (
        f'   ----- {phrase} ----- {sender}: John Doe <john@doe.example>{to}: "b@acme.example" <b@acme.example>'
        f"{cc}: Jane <jane@doe.example>; Nick <nick@doe.example>{date}: {written}{subject}: Roof"
    )
    if shape == "no colon":
        line = line.replace(f"{subject}: ", f"{subject} ").replace("Dw: ", "Dw ")
    elif shape == "broken":
        line = line.replace("Doe <", "Doe\n <")
    found = find(f"{line}\n Hello\nyou", "x")
    assert found is not None
    assert found.sender == JOHN
    assert found.to == (Mailbox(None, "b@acme.example"),)
    assert [person.address for person in found.cc] == ["jane@doe.example", "nick@doe.example"]
    assert found.subject == "Roof"
    assert (found.date or "").startswith("2026-11-03T09:26:50+0")
    assert found.text == "Hello\nyou"


@pytest.mark.parametrize(
    "line",
    [
        'On 28/10/2026, 12:46, "John Doe" <john@doe.example> wrote:',
        'Am 28.10.2026, 12:46 schrieb "John Doe" <john@doe.example>:',
        "Le 28/10/2026 12:46, « John Doe » <john@doe.example> a écrit :",
        'El 28/10/2026 12:46, "John Doe" <john@doe.example> escribió:',
        'Il giorno 28/10/2026, 12:46 "John Doe" <john@doe.example> ha scritto:',
        "Op 28/10/2026 12:46 heeft John Doe <john@doe.example> geschreven:",
        'Em 28/10/2026, 12:46, "John Doe" <john@doe.example> escreveu:',
        "Dnia 28/10/2026, 12:46 „John Doe” <john@doe.example> napisał:",
        "Dne 28/10/2026 12:46, John Doe <john@doe.example> napsal(a):",
        "28/10/2026 12:46 používateľ John Doe (<john@doe.example>) napísal:",
        'Den 28/10/2026 12.46 skrev "John Doe" <john@doe.example>:',
        'Den 28/10/2026 12:46 skrev "John Doe" <john@doe.example> följande:',
        "John Doe <john@doe.example> skrev følgende den 28.10.2026, 12:46:",
        "John Doe <john@doe.example> kirjoitti 28.10.2026 kello 12.46:",
        "28/10/2026 12:46 időpontban John Doe (john@doe.example) ezt írta:",
        '28.10.2026, 12:46 пользователь "John Doe" <john@doe.example> написал:',
        '"John Doe" <john@doe.example>, 28.10.2026 12:46 tarihinde şunu yazdı:',
        "John Doe <john@doe.example> 于2026年10月28日周三 12:46写道：",
        "2026年10月28日(水) 12:46 John Doe <john@doe.example>:",
        "2026년 10월 28일 (수) 오후 12:46, John Doe <john@doe.example>님이 작성:",
        "Στις 28 Οκτ 2026 στις 12:46, ο χρήστης John Doe <john@doe.example> έγραψε:",
    ],
)
def test_attribution(line: str) -> None:
    found = find(f"{line}\n\n    Hello\n", "FW: Roof")
    assert found is not None
    assert found.sender == JOHN
    assert (found.date or "").startswith("2026-10-28T12:46")
    assert (found.subject, found.text) == ("Roof", "Hello")
    assert find(f"{line}\n\n    Hello\n", "Roof") is None


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("Fwd: x", "forward"),
        ("WG: AW: x", "forward"),
        ("İLT: x", "forward"),
        ("Re: Fwd: x", "reply"),
        ("Tr : x", "forward"),
        ("AW[2]: x", "reply"),
        ("転送: x", "forward"),
        ("Roof: two sides", None),
        ("", None),
        (None, None),
        ("10:30", None),
    ],
)
def test_subject_prefixes(subject: str | None, says: str | None) -> None:
    assert subject_says(subject) == says


FOUR = "From: John Doe <john@doe.example>\nDate: Wed, 28 Oct 2026 09:31:00 +0100\nTo: <b@acme.example>\nSubject: Roof"
OUTLOOK = FOUR.replace(
    "Date: Wed, 28 Oct 2026 09:31:00 +0100", "Sent: Wednesday, October 28, 2026 9:31:00 AM"
)
CLIENTS = {
    "Zoho": f"============ Forwarded message ============\n{FOUR}\n\nHello",
    "MailMate": "Forwarded message:\n\n> " + FOUR.replace("\n", "\n> ") + "\n>\n> Hello",
    "Proton": f"------- Forwarded Message -------\n{FOUR}\n\nHello",
    "Fastmail": f"----- Original message -----\n{FOUR}\n\nHello",
    "Zimbra": f"----- Forwarded Message -----\n{OUTLOOK}\n\nHello",
    "BlackBerry": f"-----Original Message-----\n{FOUR}\nReply-To: b@acme.example\n\nHello",
    "Spark": f"---------- Forwarded message ----------\n{FOUR}\n\n> Hello",
    "KMail": f"----------  Forwarded Message  ----------\n\n{FOUR}\n\nHello\n{'-' * 55}",
    "Mutt": (
        f"----- Forwarded message from x@y.example -----\n\n{FOUR}\n\nHello\n\n"
        "----- End forwarded message -----"
    ),
    "Outlook, mobile": f"________________________________\n{OUTLOOK}\n\nHello",
    "Outlook, new": f"{OUTLOOK}\nHello",
    "labels and blank lines": "-----Original-Nachricht-----\n\n"
    + FOUR.replace("\n", "\n\n")
    + "\n\n\n\nHello",
    "labels above values": FOUR.replace(": ", ":\n") + "\n\nHello",
}


@pytest.mark.parametrize("client", CLIENTS)
def test_clients(client: str) -> None:
    found = find(f"Note\n\n{CLIENTS[client]}\n", "Fwd: x")
    assert found is not None
    assert found.sender == JOHN
    assert found.to == (Mailbox(None, "b@acme.example"),)
    assert (found.date or "").startswith("2026-10-28T09:31:00")
    assert (found.subject, found.text, found.note) == ("Roof", "Hello", "Note")


@pytest.mark.parametrize("separator", [", ", "; "])
def test_two_hundred_recipients_over_many_lines(separator: str) -> None:
    people = [f"Person {number} <p{number}@acme.example>" for number in range(200)]
    listed = separator.join(people).replace(f"{separator}Person", f"{separator.strip()}\nPerson")
    block = FOUR.replace("To: <b@acme.example>", f"To: {listed}")
    found = find(f"Note\n\n{block}\n\nHello", "Fwd: x")
    assert found is not None
    assert [person.address for person in found.to] == [f"p{number}@acme.example" for number in range(200)]
    assert (found.subject, found.text) == ("Roof", "Hello")
