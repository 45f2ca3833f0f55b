"""Mail commands: where they are read, what they become, what is left."""

from __future__ import annotations

import pytest

from parsers.commands import Command, Kind, Wait, read


def test_a_line_of_commands_before_the_note() -> None:
    found = read("#messe @anna !standby 2w /lead 123 /private\nBitte anrufen.\n#kein tag", "Fwd: Anfrage")
    assert found.commands == (
        Command(Kind.TAG, "messe"),
        Command(Kind.OWNER, "anna"),
        Command(Kind.STATUS, "standby", Wait(2, "week")),
        Command(Kind.LEAD, "123"),
        Command(Kind.PRIVATE),
    )
    assert found.note == "Bitte anrufen.\n#kein tag"
    assert found.subject == "Fwd: Anfrage"
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("!todo", "todo"),
        ("!won", "won"),
        ("!lost", "lost"),
        ("!cancelled", "cancelled"),
        ("!gewonnen", "won"),
        ("!Verloren", "lost"),
        ("!abgebrochen", "cancelled"),
        ("!offen", "todo"),
        ("!warten", "standby"),
    ],
)
def test_states_in_english_and_german(word: str, status: str) -> None:
    assert read(f"{word}\nText", None).commands == (Command(Kind.STATUS, status),)


def test_german_waiting() -> None:
    assert read("!warten 10t", "").commands == (Command(Kind.STATUS, "standby", Wait(10, "day")),)


@pytest.mark.parametrize(
    ("written", "wait", "left"),
    [
        ("!standby 2w", Wait(2, "week"), ""),
        ("!standby 3d ask again", Wait(3, "day"), "ask again"),
        ("!warten 14 Tage", Wait(14, "day"), ""),
        ("!warten 2 Wochen, dann anrufen", Wait(2, "week"), "dann anrufen"),
        ("!Standby 1 Month.", Wait(1, "month"), ""),
        ("!standby 0w", None, "0w"),
        ("!standby 14 chairs", None, "14 chairs"),
        ("!standby 14", None, "14"),
        ("!standby", None, ""),
        ("!won 2w", None, "2w"),
    ],
)
def test_how_long_to_wait(written: str, wait: Wait | None, left: str) -> None:
    found = read(written, "")
    assert [command.wait for command in found.commands] == [wait]
    assert found.note == left


def test_what_cannot_be_seen_is_no_word() -> None:
    assert read("\ufeff#messe\u200b hallo", "").commands == (Command(Kind.TAG, "messe"),)


def test_commands_and_text_on_one_line() -> None:
    found = read("#solar #dach-neu Ruf bitte an, #wichtig!", "")
    assert [command.value for command in found.commands] == ["solar", "dach-neu"]
    assert found.note == "Ruf bitte an, #wichtig!"


def test_digits_alone_are_no_tag() -> None:
    found = read("#123 ist die Bestellnummer", "")
    assert found.commands == ()
    assert found.note == "#123 ist die Bestellnummer"


def test_an_unknown_word_stays_and_is_named() -> None:
    found = read("!urgent #messe\nHallo", "")
    assert found.commands == (Command(Kind.TAG, "messe"),)
    assert found.unknown == ("!urgent",)
    assert found.note == "!urgent\nHallo"


@pytest.mark.parametrize(
    "note", ["Hallo #messe", "https://a.example //x", "", "/usr/bin/python", "5 > 3 !won"]
)
def test_an_ordinary_note_is_left_alone(note: str) -> None:
    assert read(note, "Angebot").note == note
    assert read(note, "Angebot").commands == ()


def test_the_subject_only_behind_two_slashes() -> None:
    found = read("", "Anfrage Dach // #messe !standby 2w")
    assert found.subject == "Anfrage Dach"
    assert [command.kind for command in found.commands] == [Kind.TAG, Kind.STATUS]
    assert read("", "Anfrage #messe !won").commands == ()
    assert read("", "See http://x.example/ #1").subject == "See http://x.example/ #1"


def test_an_owner_may_be_an_address() -> None:
    assert read("@anna.weiss@acme.example hallo", "").commands == (
        Command(Kind.OWNER, "anna.weiss@acme.example"),
    )
