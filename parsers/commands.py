"""Mail commands: `#tag @owner !standby 2w /lead 123 /private` (product page, section 3).

Read at the start of a note, over as many lines as hold nothing else, and in a subject only behind `//`. The first
ordinary word ends them, and so does a blank line. What looks like a command and is none stays in the text and is
named. `#` before digits only is no tag. How long `!standby` waits stands behind it: `2w`, `3d`, `14 Tage`. Whether a
sender may give commands at all is not decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a command does."""

    TAG = "tag"
    OWNER = "owner"
    STATUS = "status"
    LEAD = "lead"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long `!standby` waits: `unit` is one of day, week, month, year."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `value` is a tag, an owner (name or address), a status, a lead number, or None."""

    kind: Kind
    value: str | None = None
    wait: Wait | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The commands of a message, the words that looked like one, and note and subject without the commands."""

    commands: tuple[Command, ...]
    unknown: tuple[str, ...]
    note: str
    subject: str


STATUSES = {
    "todo": "todo", "standby": "standby", "won": "won", "lost": "lost", "cancelled": "cancelled",
    "canceled": "cancelled", "offen": "todo", "zuerledigen": "todo", "warten": "standby", "wartend": "standby",
    "gewonnen": "won", "verloren": "lost", "abgebrochen": "cancelled",
}  # fmt: skip
UNITS = {
    "d": "day", "day": "day", "days": "day", "t": "day", "tag": "day", "tage": "day", "tagen": "day",
    "w": "week", "wk": "week", "week": "week", "weeks": "week", "woche": "week", "wochen": "week",
    "m": "month", "month": "month", "months": "month", "monat": "month", "monate": "month", "monaten": "month",
    "y": "year", "year": "year", "years": "year", "j": "year", "jahr": "year", "jahre": "year", "jahren": "year",
}  # fmt: skip
LEAD_WORDS = frozenset(("lead",))
PRIVATE_WORDS = frozenset(("private", "privat"))
LINES = 20
MOST = 50

_TOKEN = re.compile(r"\S+")
_TAG = re.compile(r"#(?=[\w-]*[^\W\d])([\w][\w-]{0,63})$")
_OWNER = re.compile(r"@([\w][\w.+-]{0,63}(?:@[\w.-]{1,190})?)$")
_WORD = re.compile(r"([!/])([^\W\d_]{1,30})$")
_WAIT = re.compile(r"(\d{1,3})([a-z]{1,7})?$")
_JUNK = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))  # nothing one could see
_NUMBER = re.compile(r"#?(\d{1,12})$")
_SUBJECT = re.compile(r"(?:^|(?<=\s))//(?=\s|[#@!/])")


def read(note: str, subject: str | None) -> Read:
    """The commands in a note and in its subject."""
    found: list[Command] = []
    unknown: list[str] = []
    cleaned = _from_note(note, found, unknown)
    title = _from_subject(subject or "", found, unknown)
    return Read(tuple(found), tuple(unknown), cleaned, title)


def _from_note(note: str, found: list[Command], unknown: list[str]) -> str:
    lines = (note if note.isascii() else note.translate(_JUNK)).split("\n")
    kept: list[str] = []
    started = False
    for index, line in enumerate(lines[:LINES]):
        if not line.strip():
            if started:
                return "\n".join([*kept, *lines[index + 1 :]]).strip("\n")
            continue
        rest, whole = _line(line, found, unknown)
        started = True
        if rest.strip():
            kept.append(rest)
        if not whole:
            return "\n".join([*kept, *lines[index + 1 :]]).strip("\n")
    return "\n".join([*kept, *lines[LINES:]]).strip("\n")


def _from_subject(subject: str, found: list[Command], unknown: list[str]) -> str:
    places = list(_SUBJECT.finditer(subject))
    if not places:
        return subject
    head, tail = subject[: places[-1].start()], subject[places[-1].end() :]
    got: list[Command] = []
    rest, _ = _line(tail, got, unknown)
    if not got:
        return subject
    found.extend(got)
    return " ".join(f"{head} {rest}".split())


def _line(line: str, found: list[Command], unknown: list[str]) -> tuple[str, bool]:
    """What is left of a line without its commands, and whether it held nothing but commands and unknown ones."""
    tokens = list(_TOKEN.finditer(line))
    left: list[str] = []
    index = 0
    while index < len(tokens) and len(found) < MOST:
        token = tokens[index][0].rstrip(",;")
        following = [one[0].rstrip(",;.") for one in tokens[index + 1 : index + 3]]
        command, used = _command(token.rstrip("."), following)
        if command is not None:
            found.append(command)
            index += used
        elif _WORD.match(token.rstrip(".")):
            unknown.append(token)
            left.append(token)
            index += 1
        else:
            return " ".join([*left, line[tokens[index].start() :]]), False
    return " ".join(left), True


def _command(token: str, following: list[str]) -> tuple[Command | None, int]:
    """The command a token is with the two that follow it, and how many tokens it takes."""
    if match := _TAG.match(token):
        return Command(Kind.TAG, match[1]), 1
    if match := _OWNER.match(token):
        return Command(Kind.OWNER, match[1].rstrip(".-")), 1
    match = _WORD.match(token)
    if match is None:
        return None, 0
    word = match[2].casefold()
    if match[1] == "!" and word in STATUSES:
        status = STATUSES[word]
        wait, used = _wait(following) if status == "standby" else (None, 0)
        return Command(Kind.STATUS, status, wait), 1 + used
    if match[1] == "/" and word in LEAD_WORDS and following and (number := _NUMBER.match(following[0])):
        return Command(Kind.LEAD, number[1]), 2
    if match[1] == "/" and word in PRIVATE_WORDS:
        return Command(Kind.PRIVATE), 1
    return None, 0


def _wait(following: list[str]) -> tuple[Wait | None, int]:
    """How long to wait, and how many of the tokens say so: `2w`, or `14 Tage`."""
    found = _WAIT.match(following[0].casefold()) if following else None
    if found is None or int(found[1]) == 0:
        return None, 0
    unit = found[2] or (following[1].casefold() if len(following) > 1 else "")
    return (Wait(int(found[1]), UNITS[unit]), 1 if found[2] else 2) if unit in UNITS else (None, 0)
