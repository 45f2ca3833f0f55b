"""What PostgreSQL's planner knows of tables that grow fast.

A session keeps the plans of its statements, those that check foreign keys too, until a table's statistics change. Made
for an empty table, such a plan takes any index: all of them begin with the account, so for no rows they cost the same.
Then every check walks through the account's rows, and a new deployment that is sent a few thousand mails at once takes
each of them ten times as slowly. autovacuum mends that, once a minute where nobody has slowed it down; the scheduler
asks every few seconds. ANALYZE reads a sample and blocks nobody. SQLite plans by its indices' order and needs none.
"""

from sqlalchemy import text

from store.session import Database, across

FEW = 500
"""Rows that may change before anybody asks."""

_OUTGROWN = text(
    """
    SELECT format('%I.%I', stat.schemaname, stat.relname)
    FROM pg_stat_user_tables AS stat JOIN pg_class ON pg_class.oid = stat.relid
    WHERE stat.schemaname = current_schema()
      AND stat.n_mod_since_analyze > :few + greatest(pg_class.reltuples, 0)
    ORDER BY 1
    """
)


def analyze_outgrown(database: Database, few: int = FEW) -> list[str]:
    """Has PostgreSQL look at the tables of which more rows changed than it knew; their names. Nothing on SQLite."""
    if database.is_sqlite:
        return []
    with database.write() as connection:
        outgrown = list(connection.execute(across(_OUTGROWN, "deployment"), {"few": few}).scalars())
        for table in outgrown:
            connection.exec_driver_sql(f"ANALYZE {table}")  # the name is quoted by format()
    return outgrown
