"""Column types that mean the same on SQLite and PostgreSQL.

`Instant`: an aware datetime, kept as BIGINT microseconds since 1970-01-01 UTC. SQLite has no time
type and PostgreSQL's would come back in the session's zone; a number sorts, compares and adds alike
on both and cannot lose its zone.

`String` and `Json`: text as it comes from mails. NUL (which PostgreSQL refuses) and lone surrogates
(which no database takes) become U+FFFD, so that no crafted header can make a row unwritable.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy
from sqlalchemy import JSON, BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """`moment` (aware) as microseconds since the epoch. ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(number: int) -> datetime:
    """The aware UTC datetime of `number` microseconds since the epoch."""
    return _EPOCH + timedelta(microseconds=number)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as BIGINT microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        del dialect
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else from_microseconds(int(value))

    @property
    def python_type(self) -> type[datetime]:
        return datetime


_AS_IT_IS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_ENCODER = json.JSONEncoder(separators=(",", ":"))
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """`text` with NUL and lone surrogates replaced by U+FFFD."""
    if "\0" not in text:
        try:
            text.encode()  # a surrogate is what it cannot say; much quicker than the search below
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNSTORABLE.sub("\ufffd", text)


def dump_json(value: Any) -> str:
    """JSON text that every database takes; for the engines' `json_serializer`. TypeError for what is not JSON."""
    try:
        text = orjson.dumps(value, option=_AS_IT_IS)
    except (
        TypeError
    ):  # a lone surrogate, a number past 64 bits, a key that is no text: what the slower one can say
        return _ENCODER.encode(_storable_json(value))
    if b"\\u0000" in text:
        text = orjson.dumps(_storable_json(value), option=_AS_IT_IS)
    return text.decode()


def as_stored(value: Any) -> Any:
    """A JSON value as it will be read back from a `Json` column."""
    return value if _is_storable(value) else _storable_json(value)


def _is_storable(value: Any) -> bool:
    if isinstance(value, str):
        return storable(value) is value
    if isinstance(value, dict):
        return all(
            type(key) is str and _is_storable(key) and _is_storable(item) for key, item in value.items()
        )
    return not isinstance(value, list | tuple) or all(map(_is_storable, value))


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_json(item) for item in value]
    return value


class String(TypeDecorator[str]):
    """Text of any length; see the module's docstring."""

    impl = sqlalchemy.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else storable(value)

    @property
    def python_type(self) -> type[str]:
        return str


ID = sqlalchemy.String(26)
"""An id of `store.ids`."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON text on SQLite, jsonb on PostgreSQL."""
