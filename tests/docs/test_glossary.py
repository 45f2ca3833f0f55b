"""The German pages and receipts use the words of docs/reference/glossary.md, and no other for the same thing."""

import re
from collections.abc import Iterator

import pytest

from store.reasons import REASONS
from tests.docs.pages import ROOT
from tests.support import translate

ROW = re.compile(r"^\| (?P<english>[^|]+) \| (?P<german>[^|]+) \| (?P<sign>[^|]*) \|[^|]*\|$", re.MULTILINE)


def glossary() -> Iterator[tuple[str, list[str]]]:
    """English words, each with the signs of which a German text must hold one."""
    text = (ROOT / "docs" / "reference" / "glossary.md").read_text("utf-8")
    for row in ROW.finditer(text.partition("## ")[0]):
        signs = [sign.strip() for sign in row["sign"].split(",") if sign.strip()]
        for english in row["english"].split(","):
            if signs and english.strip() != "English":
                yield english.strip(), signs


def texts() -> Iterator[tuple[str, str]]:
    """English and German, of pages and of receipts."""
    for message in translate.stored():
        if message.id and isinstance(message.id, str):
            yield message.id, str(message.string)
    for reason in REASONS.values():
        yield reason.en, reason.de


def test_the_page_has_words() -> None:
    assert len(list(glossary())) > 25


@pytest.mark.parametrize(
    ("english", "signs"), list(glossary()), ids=lambda word: word if isinstance(word, str) else ""
)
def test_a_word(english: str, signs: list[str]) -> None:
    word = re.compile(rf"\b{re.escape(english)}s?\b", re.IGNORECASE)
    for told, german in texts():
        if word.search(told):
            assert any(sign in german.lower() for sign in signs), f"{told!r} is {german!r}, without {signs}"
