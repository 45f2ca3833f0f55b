"""Crafted mail: every reading ends soon, in the contract's shape, with what could be read. Times are generous
bounds."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable

import pytest

from parsers import limits
from parsers.html_text import to_text
from parsers.understand import understand

TOP = b"From: a@example.com\r\nTo: leads@acme.example\r\nSubject: hello\r\nMIME-Version: 1.0\r\n"
PLAIN = TOP + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
MIXED = TOP + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
SECONDS = 5.0


def head(line: str) -> bytes:
    return b"From: a@example.com\r\n" + line.encode() + b"\r\n\r\nbody\r\n"


def encoded(encoding: bytes) -> bytes:
    return PLAIN[:-2] + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n"


def nested(count: int) -> bytes:
    parts = [f'Content-Type: multipart/mixed; boundary="b{i}"\r\n\r\n--b{i}\r\n' for i in range(count)]
    return TOP + "".join(parts).encode() + b"\r\ndeep\r\n"


CASES: dict[str, Callable[[], bytes]] = {
    "quotes": lambda: head("To: " + '"' * 20_000),
    "brackets": lambda: head("To: " + "<(" * 20_000),
    "addresses": lambda: head("To: " + ", ".join(f"u{i}@example.com" for i in range(20_000))),
    "encoded words": lambda: head("Subject: " + "\r\n ".join(["=?utf-8?q?=C3=A4?="] * 8_000)),
    "unfinished encoded words": lambda: head("Subject: " + "=?utf-8?q?" * 8_000),
    "headers": lambda: head("\r\n".join(f"X-H{i}: v" for i in range(10_000))),
    "one long header": lambda: head("X-Big: " + "y" * 5_000_000),
    "references": lambda: head("References: " + "\r\n ".join(f"<{i}@x>" for i in range(50_000))),
    "parameters": lambda: head("Content-Type: text/plain; " + '"; a="' * 5_000),
    "odd header lines": lambda: b"A: b\r\n" + b"no field\r\nB: c\r\n" * 20_000 + b"\r\nx",
    "flat parts": lambda: MIXED + b"--b\r\n\r\nx\r\n" * 100_000 + b"--b--\r\n",
    "delimiters of nothing": lambda: MIXED + b"--c\r\n" * 200_000,
    "nesting": lambda: nested(20_000),
    "embedded messages": lambda: TOP + b"Content-Type: message/rfc822\r\n\r\n" * 20_000 + b"\r\nx",
    "spaces": lambda: PLAIN + b"hello" + b" " * 60_000 + b"x\r\n",
    "blank lines": lambda: PLAIN + b"hello" + b"\r\n" * 40_000 + b"x\r\n",
    "dashes": lambda: PLAIN + b"hello\r\n" + b"-" * 100_000 + b"\r\nx\r\n",
    "lines of dashes": lambda: PLAIN + b"-----\r\n" * 50_000,
    "dashes with words": lambda: PLAIN + b"-- - --a-- -\r\n" * 50_000,
    "On On On": lambda: PLAIN + b"On " * 20_000 + b"\r\n",
    "On x, x": lambda: PLAIN + b"On " + b"x, " * 130_000 + b"\r\n",
    "attributions": lambda: PLAIN + b"On 1.1.2026 10:00, a <a@b.c> wrote\r\n" * 20_000,
    "From lines": lambda: PLAIN + b"From: x\r\n" * 20_000,
    "header blocks": lambda: PLAIN + b"From: a@b.c\r\nDate: x\r\n\r\n" * 20_000,
    "quote marks": lambda: PLAIN + b">" * 100_000 + b" hi\r\n",
    "deep quotes": lambda: PLAIN + b"".join(b">" * (i % 400) + b" t\r\n" for i in range(20_000)),
    "labels": lambda: PLAIN + b"a: b\r\n" * 50_000,
    "form labels": lambda: PLAIN + b"Name: a\r\nEmail: a@b.c\r\nMessage: contact form\r\n" * 10_000,
    "rows behind a message": lambda: PLAIN + b"New message of your contact form\r\nName: a\r\nEmail: a@b.example\r\n"
    + b"Message: x\r\n" + b"".join(b"label %d: y\r\n\r\n" % i for i in range(600)),
    "one word": lambda: PLAIN + b"w" * 2_000_000,
    "pipes": lambda: PLAIN + b"_|" * 60_000,
    "divs": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000,
    "quotes in HTML": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 20_000,
    "table": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b"<tr><td>Name:</td><td>x</td></tr>" * 20_000,
    "open attributes": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b'<a "' * 250_000,
    "less than": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b"<" * 500_000,
    "comments": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000,
    "joiners that join nothing": lambda: TOP + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    + b"<p>" + "\u200c".encode() * 500_000 + b"x</p>",
    "files that never end": lambda: PLAIN + (b"begin 644 x\r\n" + b"#AAAA\r\n" * 3) * 40_000,
    "files without a name": lambda: PLAIN + b"begin \r\n" + (b"=ybegin " + b"name=" * 90 + b"\r\n") * 8_000,
    "delimiters of no part": lambda: MIXED + (b"--b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"--x" + b" " * 300 + b"\r\n") * 2_000,
    "blanks at line ends": lambda: encoded(b"quoted-printable") + b"= \t" * 500_000,
    "raw names of parts": lambda: MIXED + (b'--b\r\nContent-Disposition: attachment; filename="' + b"\xc4\xe5 " * 900
    + b'"\r\n\r\nx\r\n') * 900 + b"--b--",
    "encoded words in one another": lambda: head("Subject: " + "=?utf-8?q??=AB" * 3_000),
    "padded base64": lambda: encoded(b"base64") + b"QQ==" * 300_000,
    "lists in lists": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b"<ul><li>x" * 20_000,
    "cells in cells": lambda: TOP + b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td><p>x</p>" * 15_000,
    "bounce words": lambda: b"From: MAILER-DAEMON@x.y\r\nSubject: failed\r\n\r\n" + b"a@b.example failed\r\n" * 20_000,
    "delivery status": lambda: b"From: MAILER-DAEMON@x.y\r\n" + MIXED[len(TOP) - 20 :] * 0 + TOP
    + b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
    + b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n" * 20_000 + b"--b--\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_crafted_mail_is_answered_soon(name: str) -> None:
    raw = CASES[name]()
    started = time.process_time()
    message = understand(raw)
    assert time.process_time() - started < SECONDS
    assert all(problem.code != "parser-crash" for problem in message.problems), message.problems
    assert len(message.to_json()) == 20


def test_limits_are_counted_before_a_parser_sees_anything() -> None:
    trimmed = limits.trim(CASES["flat parts"]())
    assert 1_000 <= trimmed.data.count(b"\n--" + limits.MARK.encode()) <= 1_002
    assert any(code == "parts-cut" for code, _ in trimmed.problems)
    assert len(limits.trim(CASES["one long header"]()).data) < 1_000
    assert limits.trim(CASES["nesting"]()).data.count(b"multipart/mixed") < 100


def test_a_large_attachment_never_reaches_the_parser() -> None:
    content = os.urandom(3_000_000)
    raw = (
        MIXED
        + b"--b\r\nContent-Type: text/plain\r\n\r\nsee\r\n--b\r\nContent-Type: application/zip; name=z.zip\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content) + b"--b--\r\n"
    )
    assert len(limits.trim(raw).data) < 2_000
    (attachment,) = understand(raw).attachments
    assert attachment.size == len(content)


def test_file_names_are_safe_and_the_original_is_kept() -> None:
    raw = (
        MIXED
        + b'--b\r\nContent-Disposition: attachment; filename="../../etc/pass\x01wd"\r\n\r\nx\r\n--b--\r\n'
    )
    message = understand(raw)
    (attachment,) = message.attachments
    assert attachment.filename == "passwd"
    assert "unsafe-filename" in {problem.code for problem in message.problems}


def test_html_beyond_its_limits_is_read_without_structure() -> None:
    text, cut = to_text("<p>word</p>" * 40_000 + "the end")
    assert text.endswith("the end")
    assert cut
