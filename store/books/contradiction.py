"""What every proof of the books shares: a contradiction, and reading rows of all accounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable

from store.session import across

FILED = ("lead_created", "history_added")
LARGEST_REPORT = 20
"""Sentences per proof; a broken machine should not print a million lines."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two records that contradict each other. `proof` is the letter of product §3."""

    proof: str
    account_id: str
    sentence: str


def rows(connection: Connection, statement: Any) -> Iterator[Any]:
    """The rows of a statement over all accounts, one more than is reported."""
    marked: Executable = across(statement.limit(LARGEST_REPORT + 1), "deployment")
    yield from connection.execute(marked)
