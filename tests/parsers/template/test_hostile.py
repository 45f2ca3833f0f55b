"""Crafted texts and random ones: learning and applying end soon, and never raise."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.message import Message
from parsers.template.apply import apply
from parsers.template.marks import Mark
from parsers.template.propose import propose
from parsers.template.template import Around, FieldRule, Label, Pattern, Template

SECONDS = 5.0
TEMPLATE = Template(
    (
        FieldRule("name", (Label("name"), Around("a", "zz"), Around("", "zz")), long=True),
        FieldRule("email", (Label("mail"), Pattern("((a*)*)*b")), "email"),
        FieldRule("phone", (Around(" ", "x"), Pattern("(a|b|ab)*(bc)")), "phone"),
    ),
    "name",
)
TEXTS: dict[str, Callable[[], str]] = {
    "labels": lambda: "Name: a\n" * 100_000,
    "labels without values": lambda: "Name:\n" * 100_000,
    "one line": lambda: "a " * 1_000_000,
    "blank lines": lambda: "Name:\n" + "\n" * 1_000_000,
    "colons": lambda: ":" * 1_000_000,
    "spaces": lambda: "Name" + " " * 1_000_000 + ":",
    "stars": lambda: "*" * 1_000_000,
    "a and b": lambda: "ab" * 500_000,
    "addresses": lambda: "a@" * 500_000,
    "digits": lambda: "1 " * 500_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_crafted_texts(name: str) -> None:
    text = TEXTS[name]()
    message = Message(text=text, reply=text)
    started = time.process_time()
    apply(TEMPLATE, message)
    apply(replace(TEMPLATE, begins=None, lines=True), message)
    propose(message, [Mark("name", "a"), Mark("email", text[1_000:3_000]), Mark("phone", "1 1", row=2)])
    assert time.process_time() - started < SECONDS


_TEXT = st.text(alphabet="Name: ab@\n\t1.|*=-", max_size=200)


@given(
    _TEXT,
    st.lists(st.tuples(st.sampled_from(("name", "email", "phone", "x")), st.integers(0, 150)), max_size=4),
)
@settings(max_examples=300, deadline=None)
def test_what_is_learnt_reads_its_example(text: str, marks: list[tuple[str, int]]) -> None:
    message = Message(text=text, reply=text)
    found = propose(message, [Mark(field, text[at : at + 9], at) for field, at in marks])
    for reason in found.reasons:
        assert reason.sentence()
    if found.template is None:
        return
    assert Template.from_json(found.template.to_json()) == found.template
    apply(found.template, message)


@given(_TEXT)
@settings(max_examples=200, deadline=None)
def test_any_text_has_an_answer(text: str) -> None:
    applied = apply(TEMPLATE, Message(text=text, reply=text, subject=text))
    assert 0.0 <= applied.confidence <= 1.0
    assert 0.0 <= applied.fill_rate <= 1.0
    assert applied.reasons
