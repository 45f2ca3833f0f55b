"""The fields a condition may name, and the facts as conditions read them.

Facts are one nested mapping, the snapshot of one event; all rules of the event see the same:

    {"lead":    the lead's JSON of product §9, or None,
     "contact": {"id", "name", "emails": [...], "phones": [...], "organisation"} or None,
     "message": {"id", "direction", "trust", "outcome", "reason", "automatic", "subject", "text",
                 "from": {"name", "address"}, "source": {"kind", "name"},
                 "attachments": [{"filename", "content_type", "size"}]} or None,
     "event":   {"type", ...}, "actor": {"kind", "id", "name"}}     taken from the Event where absent

Something that is not there (no message, no owner) reads as *not set*: only `is_not` and `is_set: false` hold
on it. Something of the wrong type cannot be read: CannotEvaluate, which becomes an error in the rule's plan.

Text is compared folded: NFKC, then case-folded. Numbers may be int, float, Decimal or their text; times are
aware datetimes or ISO 8601 texts with offset.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import isfinite
from types import MappingProxyType

from rules.event import Event
from rules.exceptions import CannotEvaluate

STATUSES = frozenset({"todo", "standby", "won", "lost", "cancelled"})
DIRECTIONS = frozenset({"in", "out"})
TRUST = frozenset({"verified", "unknown", "failed"})
KEY_FIELD_PREFIX = "lead.fields."
LONGEST_TEXT = 1_048_576
"""Characters of one text a condition looks at; a longer one is an error, never silently cut."""

Number = int | float | Decimal


class FieldType(StrEnum):
    """What a field holds, which decides the operators it takes."""

    TEXT = "text"
    TEXTS = "texts"  # several texts, each on its own: contains looks into each
    TAGS = "tags"  # a set of words: contains means *has this one*
    NUMBER = "number"
    TIME = "time"
    FLAG = "flag"
    KEY_FIELD = "key field"  # the account's own, typed elsewhere: takes every operator, reads as it asks


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name in rules. `path` leads through the facts; `*` stands for each item of a list."""

    name: str
    type: FieldType
    path: tuple[str, ...]
    choices: frozenset[str] | None = None

    @property
    def change_path(self) -> tuple[str, tuple[str, ...]] | None:
        """The key in `Event.changes` and the way on inside it; None for what is not the lead's."""
        if self.path[0] != "lead":
            return None
        if self.type is FieldType.KEY_FIELD:
            return ".".join(self.path[1:]), ()
        return self.path[1], self.path[2:]


def _field(name: str, kind: FieldType, path: str = "", choices: frozenset[str] | None = None) -> Field:
    return Field(name, kind, tuple((path or name).split(".")), choices)


_TABLE = (
    _field("lead.id", FieldType.TEXT),
    _field("lead.number", FieldType.NUMBER),
    _field("lead.title", FieldType.TEXT),
    _field("lead.status", FieldType.TEXT, choices=STATUSES),
    _field("lead.step", FieldType.TEXT),
    _field("lead.pipeline", FieldType.TEXT),
    _field("lead.amount", FieldType.NUMBER),
    _field("lead.currency", FieldType.TEXT),
    _field("lead.probability", FieldType.NUMBER),
    _field("lead.owner", FieldType.TEXT, "lead.owner.id"),
    _field("lead.owner.id", FieldType.TEXT),
    _field("lead.owner.name", FieldType.TEXT),
    _field("lead.owner.email", FieldType.TEXT),
    _field("lead.tags", FieldType.TAGS),
    _field("lead.starred", FieldType.FLAG),
    _field("lead.sender_unconfirmed", FieldType.FLAG),
    _field("lead.next_action_at", FieldType.TIME),
    _field("lead.created_at", FieldType.TIME),
    _field("lead.updated_at", FieldType.TIME),
    _field("lead.closed_at", FieldType.TIME),
    _field("lead.source", FieldType.TEXT, "lead.source.kind"),
    _field("lead.source.kind", FieldType.TEXT),
    _field("lead.source.name", FieldType.TEXT),
    _field("contact.name", FieldType.TEXT),
    _field("contact.email", FieldType.TEXTS, "contact.emails"),
    _field("contact.phone", FieldType.TEXTS, "contact.phones"),
    _field("contact.organisation", FieldType.TEXT),
    _field("message.direction", FieldType.TEXT, choices=DIRECTIONS),
    _field("message.source", FieldType.TEXT, "message.source.kind"),
    _field("message.source.kind", FieldType.TEXT),
    _field("message.source.name", FieldType.TEXT),
    _field("message.trust", FieldType.TEXT, choices=TRUST),
    _field("message.outcome", FieldType.TEXT),
    _field("message.reason", FieldType.TEXT),
    _field("message.automatic", FieldType.TEXT),
    _field("message.from", FieldType.TEXT, "message.from.address"),
    _field("message.from.address", FieldType.TEXT),
    _field("message.from.name", FieldType.TEXT),
    _field("message.subject", FieldType.TEXT),
    _field("message.text", FieldType.TEXT),
    _field("message.attachments", FieldType.TEXTS, "message.attachments.*.filename"),
    _field("event.type", FieldType.TEXT),
    _field("actor.kind", FieldType.TEXT),
    _field("actor.id", FieldType.TEXT),
    _field("actor.name", FieldType.TEXT),
)
FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _TABLE})


def find_field(name: str) -> Field | None:
    """The field of this name, or None. `lead.fields.<key>` is the account's key field of that name."""
    known = FIELDS.get(name)
    if known is None and name.startswith(KEY_FIELD_PREFIX) and len(name) > len(KEY_FIELD_PREFIX):
        key = name.removeprefix(KEY_FIELD_PREFIX)
        return Field(name, FieldType.KEY_FIELD, ("lead", "fields", key))
    return known


def fold(text: str) -> str:
    """Text as conditions compare it."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


class Facts:
    """The facts of one event as conditions read them. Each field is read and folded once, then remembered."""

    __slots__ = ("_facts", "_numbers", "_raw", "_texts", "_times", "changes", "now")

    def __init__(self, event: Event, facts: Mapping[str, object]) -> None:
        own: dict[str, object] = {} if "event" in facts else {"event": {"type": event.type}}
        if "actor" not in facts:
            own["actor"] = event.actor.to_json()
        self._facts: Mapping[str, object] = {**own, **facts} if own else facts
        self.changes = event.changes
        self.now = event.at
        self._raw: dict[str, object] = {}
        self._texts: dict[str, tuple[str, ...]] = {}
        self._numbers: dict[str, Number | None] = {}
        self._times: dict[str, datetime | None] = {}

    def raw(self, field: Field) -> object:
        """The value as it stands in the facts; None where there is nothing."""
        try:
            return self._raw[field.name]
        except KeyError:
            found = self._raw[field.name] = _walk(self._facts, field.path, field.name)
            return found

    def texts(self, field: Field) -> tuple[str, ...]:
        """The folded texts of the field; empty where it is not set."""
        found = self._texts.get(field.name)
        if found is None:
            found = self._texts[field.name] = tuple(map(fold, texts_of(self.raw(field), field.name)))
        return found

    def number(self, field: Field) -> Number | None:
        """The number of the field, or None where it is not set."""
        if field.name not in self._numbers:
            self._numbers[field.name] = number_of(self.raw(field), field.name)
        return self._numbers[field.name]

    def time(self, field: Field) -> datetime | None:
        """The time of the field, or None where it is not set."""
        if field.name not in self._times:
            self._times[field.name] = time_of(self.raw(field), field.name)
        return self._times[field.name]

    def change(self, field: Field) -> tuple[object, object] | None:
        """The field's old and new value, or None if the event did not change it."""
        path = field.change_path
        found = self.changes.get(path[0]) if path else None
        if path is None or found is None:
            return None
        if not isinstance(found, list) or len(found) != 2:
            raise CannotEvaluate(f"the change of {field.name} is not [old, new]")
        old, new = (_walk(side, path[1], field.name) if isinstance(side, dict) else side for side in found)
        return old, new


def texts_of(value: object, name: str) -> tuple[str, ...]:
    """A raw value as texts, not folded; empty texts and None are left out."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise CannotEvaluate(f"{name} is longer than {LONGEST_TEXT} characters")
        return (value,)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, int | float | Decimal):
        return (str(value),)
    if isinstance(value, list | tuple):
        return tuple(text for item in value for text in texts_of(item, name))
    raise CannotEvaluate(f"{name} is not text but {type(value).__name__}")


def number_of(value: object, name: str) -> Number | None:
    """A raw value as a number; text counts if it is one."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = Decimal(value)
        except InvalidOperation:
            raise CannotEvaluate(f"{name} is not a number") from None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise CannotEvaluate(f"{name} is not a number")
    if not (value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or isfinite(value)):
        raise CannotEvaluate(f"{name} is not a number")
    return value


def time_of(value: object, name: str) -> datetime | None:
    """A raw value as an aware time."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise CannotEvaluate(f"{name} is not a time") from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise CannotEvaluate(f"{name} is not a time with an offset")
    return value


def _walk(value: object, path: tuple[str, ...], name: str) -> object:
    for index, key in enumerate(path):
        if value is None:
            return None
        if key == "*":
            if not isinstance(value, list | tuple):
                raise CannotEvaluate(f"{name}: a list was expected")
            return [_walk(item, path[index + 1 :], name) for item in value]
        if not isinstance(value, Mapping):
            raise CannotEvaluate(f"{name}: {type(value).__name__} has no {key}")
        value = value.get(key)
    return value
