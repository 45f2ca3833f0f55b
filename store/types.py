"""Column types that mean the same on SQLite and PostgreSQL.

`Instant`: an aware datetime, kept as BIGINT microseconds since 1970-01-01 UTC. SQLite has no time
type and PostgreSQL's would come back in the session's zone; a number sorts, compares and adds alike
on both and cannot lose its zone.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, String
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


ID = String(26)
"""An id of `store.ids`."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON text on SQLite, jsonb on PostgreSQL."""
