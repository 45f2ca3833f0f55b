"""Whatever the bytes: never an exception, always the contract's shape, and the same answer from JSON and back."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers import commands
from parsers.jsonl import answer, line
from parsers.message import Message
from parsers.understand import ParseOptions

OPTIONS = ParseOptions()
MAILS = [path.read_bytes() for path in sorted((Path(__file__).resolve().parents[1] / "mail").glob("*/*.eml"))]
KEYS = ["file", *Message().to_json()]
BITS = (
    b"\n", b"\r\n", b"\r", b"\0", b"--b\n", b"--b--\n", b"=", b"?=", b"=?utf-8?q?", b'"', b"<", b">", b"> ",
    b"From: x\n", b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Transfer-Encoding: base64\n",
    b"\xff\xfe", b"\xc3", b"On 1.1.2026 ",
)  # fmt: skip


def check(raw: bytes) -> None:
    found = answer("x.eml", raw, OPTIONS)
    assert list(found) == KEYS
    assert not [problem for problem in found["problems"] if problem["code"] == "parser-crash"], found[
        "problems"
    ]
    written = line(found)
    assert "\n" not in written
    again = json.loads(written)
    assert again == found
    assert Message.from_json(again).to_json() == {key: value for key, value in found.items() if key != "file"}


@given(st.binary(max_size=2_000))
@settings(max_examples=150, deadline=None)
def test_random_bytes(raw: bytes) -> None:
    check(raw)


@given(st.text(max_size=1_000))
@settings(max_examples=100, deadline=None)
def test_random_text_as_body(text: str) -> None:
    check(
        b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n"
        + text.encode("utf-8", "surrogatepass")
    )


@given(st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_mails(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(MAILS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        match data.draw(st.sampled_from(("insert", "cut", "flip", "repeat"))):
            case "insert":
                raw[at:at] = data.draw(st.sampled_from(BITS))
            case "cut":
                del raw[at : at + data.draw(st.integers(1, 200))]
            case "flip":
                raw[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
            case _:
                raw[at:at] = raw[at : at + data.draw(st.integers(1, 100))] * data.draw(st.integers(1, 20))
    check(bytes(raw))


@given(st.sampled_from(MAILS), st.sampled_from(MAILS))
@settings(max_examples=50, deadline=None)
def test_two_mails_in_one(first: bytes, second: bytes) -> None:
    check(first + second)


@given(st.sampled_from(MAILS), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_mails_cut_at_either_end(raw: bytes, first: float, last: float) -> None:
    check(raw[int(first * len(raw)) : int(last * len(raw))])


@given(st.sampled_from(MAILS), st.sampled_from((b"\r", b"\r\n", b"\n\n", b"\r\r\n", b"\x85", b" \n")))
@settings(max_examples=80, deadline=None)
def test_any_line_ends(raw: bytes, line_end: bytes) -> None:
    check(raw.replace(b"\r\n", b"\n").replace(b"\n", line_end))


@given(st.sampled_from(MAILS), st.sampled_from(("utf-16", "utf-7", "cp037", "utf-32", "koi8_r", "shift_jis")))
@settings(max_examples=80, deadline=None)
def test_any_charset(raw: bytes, charset: str) -> None:
    check(raw.decode("latin-1").encode(charset, "replace"))


@given(st.text(alphabet="#@!/a1 \n,.", max_size=60), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_commands_take_any_note(note: str, subject: str) -> None:
    found = commands.read(note, subject)
    assert len(found.note) <= len(note)
