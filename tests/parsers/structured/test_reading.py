"""Which documents of a mail are read, whether they count, and what the mail's fields become."""

from __future__ import annotations

import base64
import json

import pytest

from parsers.message import Message
from parsers.structured import table
from parsers.understand import understand

CSV = "Name;E-Mail\nAnn Ray;ann@ray.example\n"


def mail(sender: str, text: str, *attached: tuple[str, str, str], header: str = "") -> Message:
    top = f"From: {sender}\nTo: p@acme.example\nSubject: Liste\n{header}"
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"]
    for name, kind, data in attached:
        body = base64.encodebytes(data.encode()).decode()
        parts.append(
            f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n'
            f"Content-Transfer-Encoding: base64\n\n{body}"
        )
    joined = "".join(f"--b\n{part}\n" for part in parts)
    return understand(
        f'{top}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n{joined}--b--\n'.encode()
    )


@pytest.mark.parametrize(
    ("sender", "text", "header", "counts"),
    [
        ("no-reply@x.example", "Guten Tag, anbei Ihre Liste. Viele Grüße", "", True),
        ("lead-export@x.example", "Guten Tag", "", True),
        ("ann.reply@x.example", "Guten Tag", "", False),
        ("rolf@x.example", "", "", True),
        ("rolf@x.example", "Ihre neuen Anfragen: 3 neue Anfragen", "", True),
        ("rolf@x.example", "Hallo, anbei die Liste", "", False),
        ("rolf@x.example", "Hallo, anbei die Liste", "Auto-Submitted: auto-generated\n", True),
        ("rolf@x.example", "", "References: <1@x.example>\n", False),
    ],
)
def test_what_a_mail_is_for(sender: str, text: str, header: str, counts: bool) -> None:
    message = mail(sender, text, ("liste.csv", "text/csv", CSV), header=header)
    assert message.structured is not None
    assert message.structured.counts is counts
    assert message.fields == ({"name": "Ann Ray", "email": "ann@ray.example"} if counts else {})


def test_an_auto_reply_with_a_list_brings_no_leads() -> None:
    message = mail(
        "no-reply@x.example", "", ("l.csv", "text/csv", CSV), header="Auto-Submitted: auto-replied\n"
    )
    assert message.structured is None


def test_two_documents_of_one_format_are_one_list() -> None:
    other = "Name;E-Mail\nBob Fox;bob@fox.example\n"
    message = mail("no-reply@x.example", "", ("1.csv", "text/csv", CSV), ("2.csv", "text/csv", other))
    assert message.structured is not None
    assert [row.fields["name"] for row in message.structured.rows] == ["Ann Ray", "Bob Fox"]
    assert message.fields == {}


def test_fields_of_a_form_stay_those_of_the_form() -> None:
    text = "New submission from your contact form\n\nName: Eva Korn\nEmail: eva@korn.example\nMessage: Hi"
    message = mail("no-reply@x.example", text, ("entry.csv", "text/csv", CSV))
    assert message.fields["name"] == "Eva Korn"
    assert message.structured is not None


def test_the_layout_is_of_the_columns_not_of_the_rows() -> None:
    def layout(text: str) -> str:
        found = mail("no-reply@x.example", "", ("l.csv", "text/csv", text)).structured
        assert found is not None
        return found.layout

    assert layout(CSV) == layout("E-Mail;Name\nbob@fox.example;Bob\ncat@fox.example;Cat\n")
    assert layout(CSV) != layout("Name;E-Mail;Ort\nAnn;ann@ray.example;Ulm\n")


@pytest.mark.parametrize(
    ("kind", "name", "claim"),
    [
        ("text/csv", "a.csv", "csv"),
        ("application/vnd.ms-excel", "a.csv", "csv"),
        ("application/vnd.ms-excel", "a.xls", None),
        ("application/octet-stream", "a.JSON", "json"),
        ("application/octet-stream", "a.bin", None),
        ("application/octet-stream", None, ""),
        ("text/plain", "lead.txt", ""),
        ("application/xml", None, "xml"),
        ("image/svg+xml", "a.svg", None),
        ("text/x-vcard", "a", "vcard"),
        ("application/pdf", "a.pdf", None),
    ],
)
def test_what_type_and_name_claim(kind: str, name: str | None, claim: str | None) -> None:
    assert table.claimed(kind, name) == claim


def test_what_it_looks_like_wins_over_what_it_claims() -> None:
    message = mail(
        "no-reply@x.example", "", ("lead.csv", "text/csv", '{"name":"Ann","email":"ann@ray.example"}')
    )
    assert message.structured is not None
    assert message.structured.format == "json"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.json", '{"email":"a@b.example","name":"A\\u0000n\\ud800n","\\ud83d\\ude00\\udc00":"x"}'),
        ("x.vcf", "BEGIN:VCARD\nEMAIL:a@b.example\nFN;ENCODING=QUOTED-PRINTABLE:A=00nn\nEND:VCARD\n"),
        ("x.xml", "<l><email>a@b.example</email><name>A&#0;&#xD800;nn</name></l>"),
    ],
)
def test_what_escapes_bring_can_be_stored(name: str, data: str) -> None:
    structured = mail("no-reply@x.example", "", (name, "application/octet-stream", data)).structured
    assert structured is not None
    written = json.dumps(structured.to_json(), ensure_ascii=False)
    assert written.encode()
    assert "\\u0000" not in written
