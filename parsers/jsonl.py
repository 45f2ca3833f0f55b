"""One file -> one answer for `leadgate parse --jsonl`, whatever happens (product page, section 4).

The command line opens files and prints; this room only answers. It never raises: an error nobody foresaw is the
problem `parser-crash` on an otherwise complete answer.
"""

from __future__ import annotations

import json

from parsers.message import Json, Message, Problem
from parsers.problems import Code
from parsers.understand import ParseOptions, understand


def answer(name: str, raw: bytes, options: ParseOptions) -> Json:
    """The contract's JSON for one file, `file` first."""
    try:
        understood = understand(raw, options).to_json()
    except Exception as error:  # noqa: BLE001 - the shape is owed for every file
        understood = Message(
            problems=(Problem(Code.PARSER_CRASH, f"{type(error).__name__}: {error}"[:200]),)
        ).to_json()
    return {"file": name, **understood}


def unreadable(name: str, reason: str) -> Json:
    """The answer for a file that could not be opened."""
    return {"file": name, **Message(problems=(Problem(Code.UNREADABLE, reason),)).to_json()}


def line(found: Json) -> str:
    """One answer as one line: ASCII only, since U+2028, U+0085 and their like end a line for some readers."""
    return json.dumps(found, ensure_ascii=True, separators=(",", ":"))
