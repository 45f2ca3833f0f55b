"""The samples of forwards and replies in other clothes: encodings, HTML of several kinds, folding, odd white space.

Whatever carries the same words must be understood the same.
"""

from __future__ import annotations

import base64
import html
import json
import quopri
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.understand import understand
from tests.parsers.test_samples import MAILS, agrees

PLAIN = 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n'
SAMPLES = [
    path
    for path in sorted([*MAILS.glob("forward/*.eml"), *MAILS.glob("reply/*.eml")])
    if PLAIN.encode() in path.read_bytes() and b"multipart" not in path.read_bytes()
]
# What their indentation alone tells is lost in HTML, and where all lines are indented.
BY_INDENTATION = frozenset(("not-headers-shown-as-an-example", "stays-headers-shown-as-an-example"))


def body(head: str, text: str, kind: str = "plain", encoding: str = "8bit", charset: str = "utf-8") -> bytes:
    data = text.encode(charset)
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    declared = f'Content-Type: text/{kind}; charset="{charset}"\nContent-Transfer-Encoding: {encoding}\n'
    return head.replace(PLAIN, declared).encode() + b"\n" + data


def lines(change: Callable[[str], str]) -> Callable[[str, str], bytes]:
    return lambda head, text: body(head, "\n".join(change(line) for line in text.split("\n")))


def markup(line: Callable[[str], str], around: str = "{}") -> Callable[[str, str], bytes]:
    def wrap(head: str, text: str) -> bytes:
        pieces = [line(html.escape(piece, quote=False)) for piece in text.split("\n")]
        return body(head, f"<html><body>{around.format(''.join(pieces))}</body></html>", "html")

    return wrap


def folded(line: str) -> str:
    if line[:1] in ">|" or len(line) < 77:
        return line
    return textwrap.fill(line, 76, break_long_words=False, break_on_hyphens=False)


WRAPS: dict[str, Callable[[str, str], bytes]] = {
    "base64": lambda head, text: body(head, text, encoding="base64"),
    "quoted-printable": lambda head, text: body(head, text, encoding="quoted-printable"),
    "utf-16": lambda head, text: body(head, text, encoding="base64", charset="utf-16"),
    "div": markup(lambda line: f"<div>{line or '<br>'}</div>\n"),
    "br": markup(lambda line: f"{line}<br>\n", "<p>{}</p>"),
    "pre": markup(lambda line: f"{line}\n", "<pre>{}</pre>"),
    "spaces behind": lines(lambda line: f"{line}   "),
    "a space before": lines(lambda line: f" {line}" if line and line[0] != ">" else line),
    "no-break spaces": lambda head, text: body(head, re.sub("(?<=[:,]) ", "\xa0", text)),
    "byte order mark": lambda head, text: body(head, f"\ufeff{text}"),
    "folded": lines(folded),
}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_wrapped(path: Path) -> None:
    head, text = path.read_text(encoding="utf-8").split("\n\n", 1)
    want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for name, wrap in WRAPS.items():
        if path.stem in BY_INDENTATION and name in ("div", "br", "a space before"):
            continue
        got = understand(wrap(f"{head}\n", text)).to_json()
        for key, value in want.items():
            assert agrees(value, got[key]), f"{name}: {key}:\n want {value!r}\n got  {got[key]!r}"


def test_there_are_samples() -> None:
    assert len(SAMPLES) > 300


def test_links_behind_addresses() -> None:
    """Where a mail program writes each address a second time as a link, people stay who they are."""
    for path in SAMPLES:
        head, text = path.read_text(encoding="utf-8").split("\n\n", 1)
        want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8")).get("forwarded")
        linked = re.sub(r"<([^<>@\s]+@[^<>@\s]+)>(?!>)", r"<\1<mailto:\1>>", text)
        got = understand(body(f"{head}\n", linked)).to_json()["forwarded"]
        assert agrees(want and {k: want[k] for k in ("from", "to", "cc") if k in want}, got), path.stem
