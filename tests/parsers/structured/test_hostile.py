"""Crafted documents: each is answered soon, without an exception, and what was cut is said.

Times are of the processor, and generous.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from parsers.understand import understand
from tests.parsers.test_hostile import SECONDS

HEAD = b"From: no-reply@x.example\r\nTo: p@acme.example\r\nMIME-Version: 1.0\r\n"
LEAD = b"<email>a@b.example</email>"
ROW = b"Name;Email;Phone\n"


def attached(data: bytes, name: bytes) -> bytes:
    return (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: application/octet-stream\r\n'
        b'Content-Disposition: attachment; filename="' + name + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(data) + b"--b--\r\n"
    )  # fmt: skip


def csv(data: bytes) -> bytes:
    return attached(ROW + data, b"x.csv")


def json(data: bytes) -> bytes:
    return attached(data, b"x.json")


def xml(data: bytes) -> bytes:
    return attached(data, b"x.xml")


def card(data: bytes) -> bytes:
    return attached(b"BEGIN:VCARD\nEMAIL:a@b.example\n" + data, b"x.vcf")


def body(data: bytes) -> bytes:
    return HEAD + b"Content-Type: text/plain\r\n\r\n" + data


CASES: dict[str, Callable[[], bytes]] = {
    "100,000 columns": lambda: attached(b";".join([b"Name"] * 100_000) + b"\n" + b"x;" * 100_000, b"x.csv"),
    "one line of 10 MB": lambda: csv(b"a" * 10_000_000),
    "10 MB of separators": lambda: csv(b";" * 10_000_000),
    "quotes": lambda: csv(b'"' * 5_000_000),
    "quotes that do not close": lambda: csv(b'"a;\n' * 1_000_000),
    "quotes and spaces": lambda: csv((b'"' + b" " * 1_000) * 4_000),
    "blank lines": lambda: csv(b"\n" * 4_000_000),
    "300,000 rows": lambda: csv(b"a;a@b.example;1\n" * 300_000),
    "rows in the body": lambda: body(ROW + b"a;a@b.example;1\n" * 200_000),
    "arrays in arrays": lambda: json(b"[" * 5_000_000),
    "objects in objects": lambda: json(b'{"a":' * 10_000 + b'"a@b.example"' + b"}" * 10_000),
    "a million objects": lambda: json(b"[" + b"{}," * 1_300_000 + b"0]"),
    "strings that do not close": lambda: json(b'["' * 2_000_000),
    "escapes": lambda: json(b'{"a":"' + b'\\"' * 2_000_000),
    "commas": lambda: json(b"[" + (b"," + b" " * 199) * 20_000 + b"]"),
    "a number of 3 MB": lambda: json(b'{"email":"a@b.example","n":' + b"9" * 3_000_000 + b"}"),
    "objects in the text": lambda: body(b'{"a":1}\n' * 100_000),
    "elements in elements": lambda: xml(b"<a>" * 10_000 + LEAD + b"</a>" * 10_000),
    "a million elements": lambda: xml(b"<a>" * 1_300_000),
    "end tags": lambda: xml(b"<r>" + LEAD + b"</b>" * 700_000),
    "less than": lambda: xml(b"<r>" + LEAD + b"<" * 3_900_000),
    "comments": lambda: xml(b"<r>" + LEAD + b"<!--" * 900_000),
    "CDATA": lambda: xml(b"<r>" + LEAD + b"<![CDATA[" * 400_000),
    "document types": lambda: xml(b"<r>" + LEAD + b"<!DOCTYPE a [" * 250_000),
    "attributes that do not close": lambda: xml((b'<r a="' + b" " * 3_000) * 1_300 + LEAD),
    "attributes": lambda: xml(b"<r " + b"a=1 " * 900_000 + b">" + LEAD),
    "names": lambda: xml(b"<r>" + b"".join(b"<l%d>x</l%d>" % (i, i) for i in range(60_000)) + LEAD),
    "records": lambda: xml(b"<r>" + (b"<l>" + LEAD + b"</l>") * 110_000),
    "ADF begins": lambda: body(b"<adf><prospect>" * 200_000),
    "escaped ADF begins": lambda: body(b"&lt;adf&gt;" * 200_000),
    "tags in the text": lambda: body(b"<a\n" * 500_000),
    "folded lines": lambda: card(b"NOTE:x\n" + b" y\n" * 1_000_000),
    "soft breaks": lambda: card(b"NOTE;QUOTED-PRINTABLE:x=\n" + b"y=\n" * 1_000_000),
    "parameters": lambda: card(b"NOTE" + b";a" * 1_900_000 + b":x\n"),
    "backslashes": lambda: card(b"N:" + b"\\" * 3_900_000),
}


@pytest.mark.parametrize("name", CASES)
def test_a_crafted_document_is_answered_soon(name: str) -> None:
    raw = CASES[name]()
    started = time.process_time()
    message = understand(raw)
    assert time.process_time() - started < SECONDS
    assert all(problem.code != "parser-crash" for problem in message.problems), message.problems


def test_entities_are_never_expanded() -> None:
    bomb = b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (i, i - 1, i - 1) for i in range(1, 200))
    raw = xml(b"<!DOCTYPE a [" + bomb + b"]><leads><lead>" + LEAD + b"<note>&e199;</note></lead></leads>")
    structured = understand(raw).structured
    assert structured is not None
    assert structured.rows[0].fields["message"] == "&e199;"
    assert "entities-ignored" in dict(structured.problems)


def test_what_is_cut_is_said() -> None:
    structured = understand(CASES["300,000 rows"]()).structured
    assert structured is not None
    assert len(structured.rows) == 2_000
    assert "document-cut" in dict(structured.problems)
