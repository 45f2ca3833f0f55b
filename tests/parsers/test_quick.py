"""Quick tests that spare a slow look never miss anything: both ways over all sample mails and damaged ones."""

from __future__ import annotations

import pytest

from parsers import attribution_words, boundaries, form_labels, textlines
from parsers.understand import understand
from tests.parsers import mutate

SHARES = 8


def texts(share: int) -> list[str]:
    """The texts of an eighth of all mails, and of as many damaged ones."""
    originals = mutate.mails()
    mails = originals[share::SHARES] + [
        mutate.mutated(originals, seed) for seed in range(50_000 + share, 50_800, SHARES)
    ]
    return [understand(raw).text for raw in mails]


@pytest.mark.parametrize("share", range(SHARES))
def test_no_older_mail_begins_on_a_line_that_is_passed_by(share: int) -> None:
    passed = 0
    for text in texts(share):
        lines = textlines.read(text)
        every = textlines.read(text)
        every._marks = [b":0<@"] * len(every)
        passed += boundaries._candidates(lines).count(False)
        assert list(boundaries.all_from(lines)) == list(boundaries.all_from(every))
    assert passed > 100


@pytest.mark.parametrize("share", range(SHARES))
def test_no_verb_stands_in_a_line_that_has_the_first_word_of_none(share: int) -> None:
    lines = {line for text in texts(share) for line in text[:20_000].split("\n")}
    without = [line for line in lines if not attribution_words.may_have_verb(line)]
    assert len(without) > 100
    assert [line for line in without if attribution_words.verbs().search(line.casefold())] == []


def test_a_line_has_the_marks_that_stand_in_it() -> None:
    text = "On 5.1. at 9:30 <a@b.example>\nno mark — but a dash\nsur la façade\n\n>> 10：30\n٣"
    lines = textlines.read(text)
    marks = lines.marks()
    assert marks[0] == b"519:30<@"
    assert marks[1]  # a character beyond Latin-1
    assert marks[2:4] == [b"", b""]
    assert all(marks[4:])


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("what is your name", "name"),
        ("wie lautet ihre e mail", "e mail"),
        ("your name", None),
        ("who is your", None),
        ("a " * 31 + "your name", None),
    ],
)
def test_what_a_question_asks_for(question: str, asked: str | None) -> None:
    assert form_labels._asked(question) == asked
