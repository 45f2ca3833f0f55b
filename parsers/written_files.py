"""Files written into a text itself, as mail programs did before MIME and some still do: uuencode and yEnc.

`begin 644 name … end` (POSIX) and `=ybegin line=… size=… name=… … =yend` (yEnc 1.3). A block that is not whole, or
holds lines that cannot be of it, stays text. One pass, a bounded number of blocks.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

MOST = 100

_BEGIN = re.compile(
    rb"(?m)^(?:begin [0-7]{3,4} ([^\r\n]{1,255})|=ybegin (?:(?!name=)[^\r\n]){0,200}name=([^\r\n]{1,255}))\r?\n"
)
_UU_LINE = re.compile(rb"[ -`]{1,90}\r?\n")


@dataclass(frozen=True, slots=True)
class Written:
    """One file as it stands in the text: its name as written, and where its whole block is."""

    name: bytes
    encoding: str
    start: int
    end: int


def find(body: bytes) -> list[Written]:
    """The files in a text, in order."""
    if b"begin " not in body:
        return []
    found: list[Written] = []
    at = 0
    for _ in range(MOST):
        match = _BEGIN.search(body, at)
        if match is None:
            break
        whole, at = _uu_end(body, match.end()) if match[1] else _y_end(body, match.end())
        if whole:
            encoding = "x-uuencode" if match[1] else "x-yenc"
            found.append(Written((match[1] or match[2]).strip(), encoding, match.start(), at))
    return found


def _uu_end(body: bytes, at: int) -> tuple[bool, int]:
    """Whether a block is whole, and where it ends; where it is none, up to where it looked like one."""
    lines = 0
    while match := _UU_LINE.match(body, at):
        line, at = match[0].rstrip(b"\r\n"), match.end()
        size = (line[0] - 32) & 63
        if size == 0:
            stop = body[at : at + 5].rstrip()
            return (True, at + 3) if lines and stop == b"end" else (False, at)
        if len(line) - 1 < (size * 4 + 2) // 3 - 2:  # blanks at the end may be gone
            return False, at
        lines += 1
    return False, at


def _y_end(body: bytes, at: int) -> tuple[bool, int]:
    stop = body.find(b"\n=yend ", at - 1)
    if stop < 0:
        return False, len(body)
    end = body.find(b"\n", stop + 1)
    return True, len(body) if end < 0 else end


def without(body: bytes, files: list[Written]) -> bytes:
    """The text without them."""
    pieces, at = [], 0
    for written in files:
        pieces.append(body[at : written.start].rstrip() + b"\n")
        at = written.end
    return b"".join(pieces) + body[at:]


def decode(block: bytes, encoding: str) -> bytes:
    """The bytes of a file; `block` is the whole of it, from its first line to its last."""
    return _y_decode(block) if encoding == "x-yenc" else _uu_decode(block)


def _uu_decode(block: bytes) -> bytes:
    out: list[bytes] = []
    inside = False
    for line in block.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.rstrip() == b"end":
            break
        elif line:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                size = (((line[0] - 32) & 63) * 4 + 5) // 3
                try:
                    out.append(binascii.a2b_uu(line[:size]))
                except binascii.Error:
                    continue
    return b"".join(out) or block


_Y_ESCAPE = re.compile(rb"=(.)", re.DOTALL)
_Y_SHIFT = bytes((code - 42) % 256 for code in range(256))


def _y_decode(block: bytes) -> bytes:
    lines = [line for line in block.split(b"\n") if not line.startswith((b"=ybegin ", b"=ypart ", b"=yend "))]
    packed = b"".join(line.rstrip(b"\r") for line in lines)
    return _Y_ESCAPE.sub(lambda match: bytes([(match[1][0] - 64) % 256]), packed).translate(_Y_SHIFT)
