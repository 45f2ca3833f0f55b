"""Quick tests that spare a slow look never miss anything: both ways over all sample mails and damaged ones."""

from __future__ import annotations

import pytest

from parsers import (
    attribution_words,
    bounce_words,
    boundaries,
    contact,
    contact_lines,
    form_labels,
    textlines,
)
from parsers.locale_automatic import ABSENT_TEXTS, DELAYS, FAILURES, LEADS, LIKELY_SUBJECTS, SURE_TEXTS
from parsers.understand import understand
from tests.parsers import mutate

SHARES = 8


def texts(share: int) -> list[str]:
    """The texts of an eighth of all mails, and of as many damaged ones."""
    originals = mutate.mails()
    mails = originals[share::SHARES] + [
        mutate.mutated(originals, seed) for seed in range(50_000 + share, 50_400, SHARES)
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


@pytest.mark.parametrize(
    "words",
    [ABSENT_TEXTS, DELAYS, FAILURES, LEADS, LIKELY_SUBJECTS, SURE_TEXTS],
    ids=lambda words: words[:20],
)
def test_words_are_found_by_re2_as_by_the_expression(words: str) -> None:
    shown: list[str] = []
    for raw in mutate.mails(mutate.MAILS / "automatic"):
        message = understand(raw)
        shown += [message.subject or "", message.text[:300]]
    found = [bounce_words.finder(words)(text) for text in shown]
    assert found == [bounce_words.pattern(words).search(text) is not None for text in shown]
    assert any(found)


@pytest.mark.parametrize("share", range(SHARES))
def test_the_name_of_the_sender_is_found_as_by_looking_at_every_line(share: int) -> None:
    found = 0
    for raw in mutate.mails()[share::SHARES]:
        message = understand(raw)
        lines = message.text.split("\n")
        for name in (message.sender and message.sender.name, *(line.strip() for line in lines[-6:])):
            if not name or len(name.split()) < 2:
                continue
            every = [
                index
                for index in range(1, len(lines))
                if (line := lines[index].strip(" *_\t"))
                and not lines[index - 1].strip()
                and len(line) <= contact_lines.NAME
                and contact._words(line) == contact._words(name)
            ]
            want = ("name", lines[every[-1] :]) if every else None
            assert contact._below_name(lines, name) == want
            found += want is not None
    assert found


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
