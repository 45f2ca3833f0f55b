"""One value of a JSON document together with its place in it, so that every refusal can name the place.

A `Node` wraps whatever `json.loads` gave. Each reader returns a checked Python value or raises
`InvalidRule(place, reason)`; no other exception leaves it, whatever the value is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.exceptions import InvalidRule

DURATION_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
LARGEST_NUMBER = 1e15
_SHOWN_KEY = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and its place, like `if.all[1].op`; the empty place is the document itself."""

    value: object
    place: str = ""

    def refuse(self, reason: str) -> InvalidRule:
        """The refusal of this value, for the caller to raise."""
        return InvalidRule(self.place, reason)

    def members(self, known: Collection[str], needed: Collection[str] = ()) -> dict[str, "Node"]:
        """The members of an object that has no others than `known` and all of `needed`."""
        if not isinstance(self.value, dict):
            raise self.refuse("must be an object")
        found: dict[str, Node] = {}
        for key, value in self.value.items():
            name = str(key)
            node = Node(value, f"{self.place}.{_shown(name)}" if self.place else _shown(name))
            if name not in known:
                raise node.refuse(f"is not known here; known are {', '.join(sorted(known))}")
            found[name] = node
        for name in needed:
            if name not in found:
                raise InvalidRule(f"{self.place}.{name}" if self.place else name, "is missing")
        return found

    def items(self, most: int, least: int = 0) -> list["Node"]:
        """The items of a list of `least` to `most`."""
        if not isinstance(self.value, list):
            raise self.refuse("must be a list")
        if len(self.value) > most:
            raise self.refuse(f"has more than {most} entries")
        if len(self.value) < least:
            raise self.refuse("must not be empty" if least == 1 else f"needs at least {least} entries")
        return [Node(value, f"{self.place}[{index}]") for index, value in enumerate(self.value)]

    def text(self, most: int = 200, *, lines: bool = False) -> str:
        """Text of 1 to `most` characters, stripped; control characters only as line ends, if `lines`."""
        if not isinstance(self.value, str):
            raise self.refuse("must be text")
        text = self.value.strip()
        if not text:
            raise self.refuse("must not be empty")
        if len(text) > most:
            raise self.refuse(f"is longer than {most} characters")
        allowed = "\n\r\t" if lines else ""
        if any((ord(char) < 32 or 0x7F <= ord(char) < 0xA0) and char not in allowed for char in text):
            raise self.refuse("contains a control character")
        if any(0xD800 <= ord(char) < 0xE000 for char in text):
            raise self.refuse("contains half a character (a lone surrogate)")
        return text

    def choice(self, choices: Collection[str]) -> str:
        """One of the given words."""
        if not isinstance(self.value, str) or self.value not in choices:
            raise self.refuse(f"must be one of {', '.join(sorted(choices))}")
        return self.value

    def flag(self) -> bool:
        """true or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("must be true or false")
        return self.value

    def number(self) -> int | float:
        """A finite number of at most 10^15."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.refuse("must be a number")
        if not abs(self.value) <= LARGEST_NUMBER:  # NaN is not less or equal either
            raise self.refuse("is not a number of a usable size")
        return self.value

    def duration(self) -> timedelta:
        """A duration like `30m`, `2h`, `7d`, `2w`: 1 to 9999 of minutes, hours, days or weeks."""
        text = self.value if isinstance(self.value, str) else ""
        count, unit = text[:-1], DURATION_UNITS.get(text[-1:])
        if unit is None or not (count.isascii() and count.isdigit() and len(count) <= 4) or int(count) == 0:
            raise self.refuse("must be a duration like 30m, 2h, 7d or 2w")
        return int(count) * unit

    def time(self) -> datetime:
        """An ISO 8601 time with offset, or a date (its start in UTC)."""
        if not isinstance(self.value, str) or len(self.value) > 40:
            raise self.refuse("must be a time like 2026-11-23T08:00:00+01:00 or a date")
        try:
            found = datetime.fromisoformat(self.value)
        except ValueError:
            raise self.refuse("must be a time like 2026-11-23T08:00:00+01:00 or a date") from None
        if found.tzinfo is None:
            if len(self.value) > len("2026-11-23"):
                raise self.refuse("needs an offset, like 2026-11-23T08:00:00+01:00")
            return datetime.fromisoformat(f"{found.date().isoformat()}T00:00:00+00:00")
        return found


def duration_text(span: timedelta) -> str:
    """A duration in the form `Node.duration` reads, in the largest unit that divides it."""
    for unit, size in reversed(DURATION_UNITS.items()):
        if span and not span % size:
            return f"{span // size}{unit}"
    raise ValueError(f"{span} is not a duration of whole minutes")


def _shown(key: str) -> str:
    printable = "".join(char if char.isprintable() else "?" for char in key[:_SHOWN_KEY])
    return printable or "''"
