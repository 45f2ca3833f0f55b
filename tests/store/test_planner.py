"""PostgreSQL hears of tables that grow faster than autovacuum looks."""

from datetime import UTC, datetime

from sqlalchemy import insert, text

from store.ids import new_id
from store.planner import analyze_outgrown
from store.session import Database
from store.tables.mail import messages
from tests.support.accounts import MadeAccount

CHECK = "SELECT 1 FROM ONLY messages WHERE account_id = $1 AND id = $2 FOR KEY SHARE"
"""How a foreign key of a message is checked."""


def add_messages(database: Database, account: MadeAccount, number: int) -> None:
    moment = datetime.now(UTC)
    made = [
        {
            "account_id": account.id,
            "id": new_id(),
            "raw_key": str(n).encode() + moment.isoformat().encode(),
            "size": 1,
            "received_at": moment,
            "state": "done",
            "due_at": moment,
            "attempts": 0,
            "arrivals": 1,
        }
        for n in range(number)
    ]
    with database.write() as connection:
        connection.execute(insert(messages), made)


def index_of_the_check(database: Database) -> str:
    with database.read() as connection:
        lines = connection.execute(text(f"EXPLAIN (GENERIC_PLAN) {CHECK}")).scalars()
        (found,) = [line.split("using ")[1].split()[0] for line in lines if "using " in line]
    return str(found)


def test_a_table_that_grew_is_looked_at_once(database: Database, account: MadeAccount) -> None:
    add_messages(database, account, 600)
    if database.is_sqlite:
        assert analyze_outgrown(database) == []
        return
    with database.read() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    before = index_of_the_check(database)
    assert analyze_outgrown(database) == ["public.messages"]
    assert index_of_the_check(database) == "pk_messages", f"it was {before}"
    assert analyze_outgrown(database) == [], "nothing has changed since"
    add_messages(database, account, 600)
    with database.read() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    assert analyze_outgrown(database) == [], "autovacuum will see to the rest"
    add_messages(database, account, 600)
    with database.read() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    assert analyze_outgrown(database) == ["public.messages"]
