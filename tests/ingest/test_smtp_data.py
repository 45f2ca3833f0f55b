"""The end of DATA, without a network: every way to write it, cut in every way."""

import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.listening.data import DataReader, Fate, has_longer_line

# What some servers have taken for an end of data (SMTP smuggling, 2023), and near relatives. None is one.
NO_ENDS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\r\n.\r",
    b"\n.\r",
    b"\r.\n",
    b"\n\r.\r\n",
    b"\r\n\x00.\r\n",
    b"\r\n.\x00\r\n",
    b"\r\r\n.\r\r\n",
]
INJECTED = b"MAIL FROM:<evil@x.test>\r\nRCPT TO:<leads@acme.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nb\r\n"

CHUNKINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "whole": lambda data: iter([data]),
    "bytes": lambda data: (data[i : i + 1] for i in range(len(data))),
    "threes": lambda data: (data[i : i + 3] for i in range(0, len(data), 3)),
    "lines": lambda data: iter(data.splitlines(keepends=True)),
    "before-dots": lambda data: (
        (part for piece in data.split(b".") for part in (piece, b"."))
        if data.endswith(b".")
        else _before_dots(data)
    ),
}


def _before_dots(data: bytes) -> Iterator[bytes]:
    *pieces, last = data.split(b".")
    for piece in pieces:
        yield piece
        yield b"."
    yield last


def unstuffed(data: bytes) -> bytes:
    """RFC 5321 §4.5.2, the slow and obvious way."""
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in data.split(b"\r\n"))


def read(chunks: Iterator[bytes], limit: int = 10**6, line_limit: int = 10**6) -> tuple[bytes, Fate, bytes]:
    reader = DataReader(limit, line_limit, lambda total: True)
    for chunk in chunks:
        rest = reader.feed(chunk)
        if rest is not None:
            rest += b"".join(chunks)
            raw = reader.finish()
            return raw, reader.fate, rest
    raise AssertionError("no end found")


@pytest.mark.parametrize("chunking", CHUNKINGS)
@pytest.mark.parametrize("no_end", NO_ENDS)
def test_only_crlf_dot_crlf_ends_data(no_end: bytes, chunking: str) -> None:
    data = b"Subject: one\r\n\r\none" + no_end + INJECTED
    raw, fate, rest = read(CHUNKINGS[chunking](data + b".\r\nQUIT\r\n"))
    assert (raw, fate, rest) == (unstuffed(data), Fate.KEPT, b"QUIT\r\n")


@pytest.mark.parametrize("chunking", CHUNKINGS)
@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (b"", b""),
        (b"\r\n", b"\r\n"),
        (b"..\r\n", b".\r\n"),
        (b".a\r\n", b"a\r\n"),
        (b"a\r\n..\r\n...\r\n", b"a\r\n.\r\n..\r\n"),
        (b"a\n..b\r..c\r\n", b"a\n..b\r..c\r\n"),
        (b"nul \x00 and \xff\r\n", b"nul \x00 and \xff\r\n"),
        (b"\r\r\n\n\r\n", b"\r\r\n\n\r\n"),
    ],
)
def test_the_message_is_byte_exact(sent: bytes, stored: bytes, chunking: str) -> None:
    assert read(CHUNKINGS[chunking](sent + b".\r\n")) == (stored, Fate.KEPT, b"")


@given(
    st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"a", b"\x00", b"\r\n."]), max_size=40),
    st.lists(st.integers(1, 7), min_size=1, max_size=5),
)
def test_any_text_in_any_cut(pieces: list[bytes], sizes: list[int]) -> None:
    text = b"".join(pieces)
    stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in text.split(b"\r\n"))
    sent = stuffed + b"\r\n.\r\nNOOP\r\n.\r\n"
    end = sent.index(b"\r\n.\r\n") if not sent.startswith(b".\r\n") else -2

    def cut() -> Iterator[bytes]:
        at = turn = 0
        while at < len(sent):
            yield sent[at : at + sizes[turn % len(sizes)]]
            at += sizes[turn % len(sizes)]
            turn += 1

    raw, fate, rest = read(cut())
    assert (raw, fate, rest) == (text + b"\r\n", Fate.KEPT, sent[end + 5 :])


@pytest.mark.parametrize("chunking", ["whole", "threes"])
def test_the_size_is_that_of_the_stored_message(chunking: str) -> None:
    fits = b".." * 5 + b"\r\n" + b"..\r\n" * 4  # 11 + 4 x 3 bytes stored
    assert read(CHUNKINGS[chunking](fits + b".\r\n"), limit=23)[:2] == (unstuffed(fits), Fate.KEPT)
    assert read(CHUNKINGS[chunking](fits + b".\r\n"), limit=22) == (b"", Fate.TOO_LARGE, b"")


def test_a_message_that_is_too_large_is_not_held() -> None:
    reader = DataReader(1000, 1000, lambda total: True)
    for _ in range(1000):
        assert reader.feed(b"a" * 998 + b"\r\n") is None
    assert len(reader._buffer) < 10
    assert reader.feed(b".\r\nrest") == b"rest"
    assert (reader.finish(), reader.fate) == (b"", Fate.TOO_LARGE)


def test_without_room_the_message_is_read_to_its_end_but_dropped() -> None:
    asked: list[int] = []

    def room(total: int) -> bool:
        asked.append(total)
        return total <= 10

    reader = DataReader(1000, 1000, room)
    for chunk in (b"12345", b"67890", b"x\r", b"\n", b".\r"):
        assert reader.feed(chunk) is None
    assert asked == [5, 10, 12]
    assert reader.feed(b"\n") == b""
    assert (reader.finish(), reader.fate) == (b"", Fate.NO_ROOM)


@pytest.mark.parametrize(
    ("raw", "longer"),
    [
        (b"", False),
        (b"12345\r\n", False),
        (b"12345", False),
        (b"123456\r\n", True),
        (b"123456", True),
        (b"1\r\n" * 100 + b"12345\r\n", False),
        (b"1\r\n" * 100 + b"123456\r\n" + b"1\r\n" * 100, True),
        (b"12\n45\n78\r\n", False),  # a bare LF ends a line, though no message
        (b"12\r45\r78\r\n", False),
        (b"1234\n678901\n", True),
        (b"1234\r\r\n", False),
    ],
)
def test_longest_line(raw: bytes, longer: bool) -> None:
    assert has_longer_line(raw, 5) is longer


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"aa", b"a"]), max_size=60), st.integers(1, 9))
def test_longest_line_as_counted_line_by_line(pieces: list[bytes], limit: int) -> None:
    raw = b"".join(pieces)
    assert has_longer_line(raw, limit) is any(
        len(line) > limit for line in raw.replace(b"\r", b"\n").split(b"\n")
    )


def test_the_cost_is_linear() -> None:
    def seconds(text: bytes) -> float:
        data = text * (4 * 2**20 // len(text))
        began = time.perf_counter()
        reader = DataReader(10**9, 10**9, lambda total: True)
        for at in range(0, len(data), 4096):
            reader.feed(data[at : at + 4096])
        reader.feed(b"\r\n.\r\n")
        reader.finish()
        return time.perf_counter() - began

    plain = seconds(b"a" * 70 + b"\r\n")
    for hostile in (b"\r\n.\r", b"\r", b"\r\n..", b"\r\n"):
        assert seconds(hostile) < 50 * plain + 0.5
