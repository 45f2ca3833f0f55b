"""Patterns people wrote: RE2 only, with offsets in characters."""

from __future__ import annotations

import pytest

from parsers.patterns import BadPattern, compile_finder


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"nr (\d+)", "Größe ü NR 42", "42"),
        (r"\d+", "äöü 7", "7"),
        (r"(x)?y", "ay", "y"),
        (r"^b$", "a\nb\nc", "b"),
        (r"z", "abc", None),
        (r"a", "\ud800a", "a"),
    ],
)
def test_the_place_is_in_characters(pattern: str, text: str, found: str | None) -> None:
    span = compile_finder(pattern)(text)
    assert (text[span[0] : span[1]] if span else None) == found


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "a" * 501, "\ud800", "a{1000}{1000}"])
def test_what_re2_does_not_take_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_finder(pattern)
