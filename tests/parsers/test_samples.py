"""One mail per situation: `tests/mail/<kind>/<situation>.eml`, what must be understood of it in the `.json` beside
it.

Objects are compared by the keys that are named, lists as a whole, texts with white space folded (but never their
words). `commands` is what the note above a forward, else the newest text, and the subject order. Every mail is read
with LF and with CRLF line ends.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers import commands
from parsers.message import Message
from parsers.understand import understand

MAILS = Path(__file__).resolve().parents[1] / "mail"
SAMPLES = sorted(MAILS.glob("*/*.eml"))


def agrees(want: Any, got: Any) -> bool:
    if isinstance(want, dict) and isinstance(got, dict):
        return all(agrees(value, got.get(key)) for key, value in want.items()) and (bool(want) or not got)
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(agrees(w, g) for w, g in zip(want, got, strict=True))
    if isinstance(want, str) and isinstance(got, str):
        return want.split() == got.split()
    return bool(want == got)


def ordered(message: Message) -> dict[str, Any]:
    note = message.forwarded.note if message.forwarded else message.reply
    found = commands.read(note, message.subject)
    words = [
        " ".join(
            str(word)
            for word in (one.kind, one.value, one.wait and f"for {one.wait.amount} {one.wait.unit}")
            if word
        )
        for one in found.commands
    ]
    return {"do": words, "unknown": list(found.unknown), "note": found.note, "subject": found.subject}


def test_there_are_samples() -> None:
    assert len(SAMPLES) > 100


@pytest.mark.parametrize("line_end", ["LF", "CRLF"])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample(path: Path, line_end: str) -> None:
    raw = path.read_bytes()
    if line_end == "CRLF":
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    message = understand(raw)
    got = {**message.to_json(), "commands": ordered(message)}
    for key, value in want.items():
        assert agrees(value, got[key]), f"{key}:\n want {value!r}\n got  {got[key]!r}"
