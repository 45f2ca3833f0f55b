"""Reading a post within its limits, and what of it is stored.

The body is read once, into one piece of memory that is stored as it is. Of files that are too large only the content
is cut out (`form_body.LEFT_OUT` says which); the rest of the post is taken. Text has one limit for all of it, because
a post that is cut in the middle of a sentence is worth less than an error the visitor sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import IO

from parsers import form_body
from parsers.form_body import MULTIPART, Body, PostedFile
from parsers.form_post import visible
from parsers.problems import Code

MIB = 1024 * 1024
MOST_FILES = 10
FILE_BYTES = 10 * MIB
ALL_FILES = 25 * MIB
LARGEST_POST = 64 * MIB
"""As much as is read to find the text beside files that are too large."""
LONGEST_TYPE = 1_000
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file whose content is not taken. `why`: large many all."""

    field: str
    filename: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A post that can be stored: the entity, what stands in it, and which files were left out."""

    raw: bytes = field(repr=False)
    body: Body
    left_out: tuple[LeftOut, ...] = ()

    def digest(self) -> bytes:
        """What was sent, whatever separates its parts: a repeated request is the same."""
        made = sha256(repr(self.body.fields).encode("utf-8", "surrogatepass"))
        for file in self.body.files:
            made.update(f"\n{file.field}\n{file.filename}\n".encode("utf-8", "surrogatepass"))
            made.update(memoryview(self.raw)[file.start : file.end])
        return made.digest()


@dataclass(frozen=True, slots=True)
class Untaken:
    """A post of which nothing is stored; `why` names a text of `words`."""

    status: int
    why: str


def take(stream: IO[bytes], content_type: str) -> Taken | Untaken:
    """Reads the post that `stream` holds."""
    kind = form_body.kind_of(content_type)
    if kind is None or len(content_type) > LONGEST_TYPE:
        return Untaken(415, "kind")
    buffer = BytesIO()
    buffer.write(form_body.entity(content_type))
    whole = _copy(stream, buffer, LARGEST_POST if kind == MULTIPART else form_body.TEXT)
    raw = buffer.getvalue()
    del buffer
    body = form_body.read(raw)
    if body is None or (not body.fields and not body.files):
        if not whole or (body and body.too_long):
            return Untaken(413, "too_long")
        damaged = body is not None and any(code is Code.DOCUMENT_DAMAGED for code, _ in body.problems)
        return Untaken(422, "no_json" if damaged else "empty")
    left = _left_out(body.files, whole)
    if body.too_long or (not whole and not left):
        return Untaken(413, "too_long")
    if not visible(body) and not body.files:
        return Untaken(422, "empty")
    if not left:
        return Taken(raw, body)
    raw = _without(raw, content_type, [file for file, _ in left])
    kept = form_body.read(raw)
    assert kept is not None
    return Taken(raw, kept, tuple(LeftOut(file.field, file.filename, why) for file, why in left))


def _copy(stream: IO[bytes], buffer: BytesIO, most: int) -> bool:
    """Copies at most `most` bytes; whether that was all."""
    left = most
    while piece := stream.read(min(_PIECE, left + 1)):
        buffer.write(piece[:left])
        left -= len(piece)
        if left < 0:
            return False
    return True


def _left_out(files: Sequence[PostedFile], whole: bool) -> list[tuple[PostedFile, str]]:
    """The files that are too large, too many, or too large together; of a post cut short, its last one."""
    left: list[tuple[PostedFile, str]] = []
    kept = total = 0
    for file in files:
        if file.size > FILE_BYTES or (not whole and file is files[-1]):
            left.append((file, "large"))
        elif kept == MOST_FILES:
            left.append((file, "many"))
        elif total + file.size > ALL_FILES:
            left.append((file, "all"))
        else:
            kept, total = kept + 1, total + file.size
    return left


def _without(raw: bytes, content_type: str, files: Sequence[PostedFile]) -> bytes:
    """The entity without the content of these files."""
    view, at = memoryview(raw), len(form_body.entity(content_type))
    pieces: list[bytes | memoryview] = [form_body.entity(content_type, tuple(file.number for file in files))]
    for file in files:
        pieces.append(view[at : file.start])
        at = file.end
    return b"".join([*pieces, view[at:]])
