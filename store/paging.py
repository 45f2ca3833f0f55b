"""Pages of lists: how many rows there are, counted to a limit, and the rows of one page.

Lists are ordered by something that never changes (newest first by id or time of receipt), and a page
begins after the last row of the one before: nothing is skipped or shown twice while rows are added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

COUNT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list in their JSON form. `last`: the key of the last one if more follow, else None."""

    items: Sequence[dict[str, Any]]
    last: tuple[Any, ...] | None
    total: int
    exact: bool


def count_up_to(connection: Connection, rows: Select[Any], limit: int = COUNT_LIMIT) -> tuple[int, bool]:
    """(how many `rows` there are, whether that is exact): counting stops after `limit`."""
    counted = select(func.count()).select_from(rows.order_by(None).limit(limit + 1).subquery())
    found = int(connection.execute(counted).scalar_one())
    return min(found, limit), found <= limit
