"""Whatever the document: never an exception, always the same answer from JSON and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.structured import adf, csv_rows, json_leads, vcard, xml_leads
from parsers.structured.rows import Structured, build, fingerprint
from tests.parsers.test_random import check

READERS = (adf.read, csv_rows.read, json_leads.read, vcard.read, xml_leads.read)
SEEDS = (
    "<?xml version='1.0'?><adf><prospect><customer><contact><name part='first'>A</name><email>a@b.example</email>",
    "Name;E-Mail;Datum\nAnn;ann@b.example;03/04/2026\n",
    '{"leads":[{"name":"Ann","email":"ann@b.example"},{"name":"Bob","phone":"+49 30 1234567"}]}',
    "BEGIN:VCARD\nFN:Ann\nEMAIL:ann@b.example\nN;ENCODING=QUOTED-PRINTABLE:=C3=A4;x\nEND:VCARD\n",
    "<leads><lead id='1'><email>a@b.example</email></lead><lead><email>b@b.example</email></lead></leads>",
)
BITS = ("<", ">", "</", "&", ";", ",", "\n", '"', "'", "{", "}", "[", "]", "=", "\\", "<adf>", "<!DOCTYPE [", "]]>",
        "<![CDATA[", ":", "\t", "0/1/2", "1.234", "\ud800", "\0", "END:VCARD\n")  # fmt: skip


def whole(text: str) -> None:
    for read in READERS:
        document = read(text)
        rows = build([document])
        layout, labels = fingerprint([document])
        found = Structured(document.format, rows, layout, labels=labels)
        assert len({row.key for row in rows}) == len(rows)
        again = Structured.from_json(json.loads(json.dumps(found.to_json())))
        assert again == found


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_random_text(text: str) -> None:
    whole(text)


@given(st.lists(st.sampled_from(BITS), max_size=60))
@settings(max_examples=300, deadline=None)
def test_random_marks(bits: list[str]) -> None:
    whole("".join(bits))


@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_documents(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        match data.draw(st.sampled_from(("insert", "cut", "repeat"))):
            case "insert":
                text = text[:at] + data.draw(st.sampled_from(BITS)) + text[at:]
            case "cut":
                text = text[:at] + text[at + data.draw(st.integers(1, 40)) :]
            case _:
                text = text[:at] + text[at : at + 30] * data.draw(st.integers(1, 10)) + text[at:]
    whole(text)


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.xml", "x.vcf", "x.adf", "x.txt"])
@given(data=st.binary(max_size=300))
@settings(max_examples=30, deadline=None)
def test_random_bytes_attached(name: str, data: bytes) -> None:
    top = f'From: no-reply@x.example\nContent-Type: application/octet-stream; name="{name}"\n\n'
    check(top.encode() + data)
