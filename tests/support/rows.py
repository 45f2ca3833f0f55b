"""Looking into tables from a test, across accounts: the statement guard lets these through."""

from typing import Any

from sqlalchemy import Executable, Select, Table, func, select

from store.session import Database
from tests.support.statements import IN_A_TEST


def everything(statement: Any) -> Any:
    """`statement`, marked as a test's own, which may touch all accounts."""
    assert isinstance(statement, Executable)
    return statement.execution_options(across_accounts=IN_A_TEST)


def rows(database: Database, what: Table | Select[Any]) -> list[dict[str, Any]]:
    """All rows of a table or statement, as dictionaries."""
    statement = select(what) if isinstance(what, Table) else what
    with database.read() as connection:
        return [dict(row._mapping) for row in connection.execute(everything(statement))]


def count(database: Database, table: Table, *conditions: Any) -> int:
    """How many rows of a table fulfil the conditions."""
    with database.read() as connection:
        statement = select(func.count()).select_from(table).where(*conditions)
        return int(connection.execute(everything(statement)).scalar_one())
