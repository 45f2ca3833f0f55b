"""Rows that a transaction has decided to write, kept back and written together: one statement for many rows.

Going through SQLAlchemy and the driver costs more than the row itself; fifty rows in one statement cost little more
than one. Nothing is written before `write`, so whoever reads what may be waiting here writes first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable


class PendingRows:
    """Rows by the statement that writes them. Statements run in the order in which they were first used."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[Executable, tuple[str, ...]], list[Mapping[str, Any]]] = {}

    def add(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keeps `rows` for `statement` (a module constant: it is told apart from others by identity)."""
        for row in rows:
            self._waiting.setdefault((statement, tuple(row)), []).append(row)

    def of(self, statement: Executable) -> list[Mapping[str, Any]]:
        """The rows that wait for `statement`, in the order in which they were added."""
        return [row for (other, _), rows in self._waiting.items() if other is statement for row in rows]

    def write(self, connection: Connection) -> None:
        """Writes everything that waits."""
        waiting, self._waiting = self._waiting, {}
        for (statement, _), rows in waiting.items():
            connection.execute(statement, rows)
