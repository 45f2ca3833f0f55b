"""Canonical forms of header fields and bodies (RFC 6376 §3.4), and the digest of a body.

A body is hashed piece by piece, each ending with a line, so 35 MiB need no second 35 MiB, and in linear time.
"""

import hashlib
import re
from collections.abc import Iterator

PIECE = 256 * 1024
_WHITE = re.compile(rb"[ \t]+")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")


def relaxed_field(field: bytes) -> bytes:
    """A header field with its line end: name in lower case, on one line, white space shortened (§3.4.2)."""
    name, _, value = field.partition(b":")
    value = _WHITE.sub(b" ", _FOLDS.sub(b"", value.removesuffix(b"\r\n")))
    return name.strip(b" \t").lower() + b":" + value.strip(b" ") + b"\r\n"


def simple_field(field: bytes) -> bytes:
    """A header field as it is (§3.4.1)."""
    return field


def body_digest(raw: bytes, at: int, *, relaxed: bool) -> bytes:
    """SHA-256 of the canonical form of the body that begins at `at` (§3.4.3, §3.4.4)."""
    digest, empty_lines, anything = hashlib.sha256(), 0, False
    for piece in _pieces(raw, at):
        lines = _shortened(piece) if relaxed else piece
        end = _end_of_text(lines)
        if end == 0:
            empty_lines += len(lines) // 2
            continue
        digest.update(b"\r\n" * empty_lines)
        digest.update(lines[:end] if end < len(lines) else lines)
        empty_lines, anything = (len(lines) - end) // 2, True
    if anything or not relaxed:
        digest.update(b"\r\n")  # of trailing empty lines, the end of the last line that is not empty
    return digest.digest()


def _shortened(lines: bytes) -> bytes:
    """White space within lines shortened to one blank, at their ends taken off; halving runs beats a pattern by far."""
    lines = lines.replace(b"\t", b" ")
    while b"  " in lines:
        lines = lines.replace(b"  ", b" ")
    return lines.replace(b" \r\n", b"\r\n")


def _end_of_text(lines: bytes) -> int:
    """Where the line ends begin that nothing follows."""
    tail = len(lines) - len(lines.rstrip(b"\r\n"))
    least, most = 0, tail // 2
    while least < most:  # how many of them are whole: CR and LF may also stand alone
        middle = (least + most + 1) // 2
        if lines.endswith(b"\r\n" * middle):
            least = middle
        else:
            most = middle - 1
    return len(lines) - 2 * least


def _pieces(raw: bytes, at: int) -> Iterator[bytes]:
    """The body in pieces of whole lines; a last line without its end is given one."""
    while at < len(raw):
        end = raw.rfind(b"\r\n", at, at + PIECE)
        if end < 0:
            end = raw.find(b"\r\n", at + PIECE - 1)
        if end < 0:
            yield raw[at:] + b"\r\n"
            return
        yield raw[at : end + 2]
        at = end + 2
