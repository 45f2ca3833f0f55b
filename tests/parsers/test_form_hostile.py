"""Crafted form mails: whatever stands in them, their fields are read soon and linear in the size. Times are of
the processor, and generous."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from parsers.understand import understand

TOP = (
    b"From: a@example.com\r\nTo: leads@acme.example\r\nSubject: New form submission\r\nMIME-Version: 1.0\r\n"
)
PLAIN = TOP + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = TOP + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
SECONDS = 2.0

CASES: dict[str, Callable[[], bytes]] = {
    "labels": lambda: PLAIN + b"a: b\r\n" * 100_000,
    "known labels": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\nMessage: b\r\n" * 30_000,
    "messages": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\n" + b"Message: b\r\n\r\nIP: x\r\n" * 30_000,
    "colons": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\n" + b":" * 20_000,
    "colons on lines": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\n" + b"x::::\r\n" * 20_000,
    "one long label": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\n" + b"label " * 50_000 + b": b\r\n",
    "stars": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\n" + b"*" * 100_000 + b"\r\n" + b"*a* " * 50_000,
    "frames": lambda: PLAIN + b"Email: a@b.c\r\n" + b"--- a\r\n=== a\r\n# \r\n[[[[\r\n" * 20_000,
    "rules": lambda: PLAIN + b"Email: a@b.c\r\nMessage: b\r\n" + b"--\r\nx\r\n" * 40_000,
    "tabs": lambda: PLAIN + b"Email: a@b.c\r\n" + b"\ta\t\t" * 40_000 + b"\r\n" + b"Name\tEmail\r\n" * 20_000,
    "pipes": lambda: PLAIN + b"Email: a@b.c\r\n" + b"|" * 100_000 + b"\r\n" + b"| a | b |\r\n" * 20_000,
    "questions": lambda: PLAIN + b"1. What is your name?\r\n" * 40_000,
    "addresses in a field": lambda: PLAIN + b"Name: a\r\nEmail: " + b"a@b.c, " * 40_000,
    "spaces in a town": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\nPLZ Ort: a" + b" " * 60_000 + b"1\r\n",
    "footers": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\n" + b"\r\nThis e-mail was sent from\r\n" * 20_000,
    "tables in tables": lambda: HTML + b"<table><tr><td>Name" * 20_000 + b"</td></tr></table>" * 20_000,
    "tables never closed": lambda: HTML + b"a@b.c<table><td>x<td>y<table>" * 15_000,
    "rows of tables": lambda: HTML + b"a@b.c" + b"<tr><td>Name<td>x<td>y" * 15_000,
    "bold in bold": lambda: HTML + b"a@b.c" + b"<b><br>" * 25_000,
    "cells of lines": lambda: HTML + b"a@b.c<table><tr><td>Name<td>" + b"x<br>" * 40_000,
    "heavy spans": lambda: HTML + b'a@b.c<span style="font-weight:bold">Name<br>' * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_crafted_form_is_answered_soon(name: str) -> None:
    raw = CASES[name]()
    started = time.process_time()
    message = understand(raw)
    assert time.process_time() - started < SECONDS
    assert all(problem.code != "parser-crash" for problem in message.problems), message.problems
    assert len(message.fields) <= 400
    assert all(len(value) <= 20_100 for value in message.fields.values())
