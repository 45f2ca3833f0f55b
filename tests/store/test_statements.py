"""Every statement names its account: that the guard sees what it should, and that the store passes it."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from store.accounts import create_user, find_account, list_users
from store.session import ACROSS_ACCOUNTS, Database, across
from store.tables.everything import metadata
from store.tables.leads import leads
from tests.support.accounts import MadeAccount
from tests.support.statements import TENANT, ForgotAccount, Guard, complaint

STORE = Path(__file__).parents[2] / "store"

PASS = [
    "SELECT 1",
    "SELECT version_num FROM alembic_version",
    "SELECT * FROM heartbeats",
    "SELECT * FROM leads WHERE account_id = ?",
    "SELECT * FROM leads WHERE leads.account_id = %(a)s::VARCHAR AND leads.id = %(b)s::VARCHAR",
    "SELECT * FROM leads AS l WHERE l.id = ? AND (l.account_id = ? AND l.status = ?)",
    "SELECT * FROM leads WHERE (account_id = ? AND status = ?) OR (account_id = ? AND owner_id IS NULL)",
    "SELECT * FROM leads WHERE (leads.account_id, leads.id) IN ((?, ?), (?, ?))",
    (
        "SELECT * FROM leads JOIN users ON users.account_id = leads.account_id AND users.id = leads.owner_id "
        "WHERE leads.account_id = ?"
    ),
    "SELECT * FROM users JOIN accounts ON accounts.id = users.account_id WHERE users.account_id = ?",
    "SELECT * FROM accounts WHERE accounts.id = ?",
    (
        "SELECT * FROM leads WHERE account_id = ? AND EXISTS (SELECT * FROM lead_tags "
        "WHERE lead_tags.account_id = leads.account_id AND lead_tags.lead_id = leads.id)"
    ),
    "WITH x AS (SELECT id FROM leads WHERE account_id = ?) SELECT * FROM x",
    (
        "SELECT * FROM (SELECT account_id, id FROM leads WHERE account_id = ?) AS x JOIN users "
        "ON users.account_id = ?"
    ),
    "INSERT INTO leads (account_id, id) VALUES (?, ?), (?, ?)",
    (
        "INSERT INTO source_counters (account_id, source_key, accepted) VALUES (?, ?, ?) "
        "ON CONFLICT (account_id, source_key) DO UPDATE SET accepted = source_counters.accepted + 1"
    ),
    "UPDATE leads SET status = ? WHERE leads.account_id = ? AND leads.id = ? RETURNING leads.id",
    "DELETE FROM leads WHERE account_id = ?",
    "PRAGMA user_version",
    "BEGIN IMMEDIATE",
]
FAIL = [
    "SELECT * FROM leads",
    "SELECT * FROM leads WHERE id = ?",
    "SELECT * FROM leads WHERE account_id = ? OR id = ?",
    "SELECT * FROM leads WHERE NOT (account_id = ?)",
    "SELECT * FROM leads WHERE account_id <> ?",
    "SELECT * FROM leads WHERE account_id = account_id",
    "SELECT * FROM leads JOIN users ON users.id = leads.owner_id WHERE leads.account_id = ?",
    "SELECT * FROM leads JOIN users ON users.account_id = leads.account_id",
    "SELECT * FROM leads, users WHERE leads.account_id = ?",
    "SELECT * FROM users JOIN accounts ON accounts.slug = users.name WHERE users.account_id = ?",
    "SELECT * FROM accounts WHERE slug = ?",
    "SELECT * FROM leads WHERE account_id = ? AND EXISTS (SELECT * FROM lead_tags WHERE lead_tags.lead_id = leads.id)",
    "SELECT (SELECT count(*) FROM leads) AS n",
    "WITH x AS (SELECT id FROM leads) SELECT * FROM x",
    "SELECT id FROM leads WHERE account_id = ? UNION SELECT id FROM contacts",
    "INSERT INTO leads (id) VALUES (?)",
    "INSERT INTO leads VALUES (?, ?)",
    "INSERT INTO lead_tags (account_id, lead_id) SELECT account_id, id FROM leads",
    "UPDATE leads SET status = ? WHERE id = ?",
    "DELETE FROM leads",
    "SELECT * FROM leads WHERE ((",
]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("statement", PASS)
def test_passes(statement: str, dialect: str) -> None:
    assert complaint(statement, dialect) is None


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("statement", FAIL)
def test_is_found(statement: str, dialect: str) -> None:
    assert complaint(statement, dialect) is not None


def test_all_tables_but_the_deployments_own_belong_to_an_account() -> None:
    assert set(metadata.tables) - set(TENANT) == {"heartbeats", "deployment_facts", "deployment_keys"}


def test_the_guard_stops_a_statement_where_it_runs(
    database: Database, account: MadeAccount, statement_guard: Guard
) -> None:
    with database.write() as connection:
        with pytest.raises(ForgotAccount, match="SELECT touches leads"):
            connection.execute(select(leads.c.id))
        with pytest.raises(ForgotAccount, match="UPDATE touches leads"):
            connection.execute(update(leads).values(starred=True).where(leads.c.id == "x"))
        with pytest.raises(ForgotAccount):
            connection.execute(text("SELECT title FROM leads"))
    assert len(statement_guard.seen) == 3, "also where the error is swallowed"
    statement_guard.seen.clear()


def test_a_marked_statement_passes_and_only_for_a_listed_reason(
    database: Database, account: MadeAccount
) -> None:
    with database.read() as connection:
        assert connection.execute(across(select(leads.c.id), "deployment")).all() == []
        with pytest.raises(KeyError):
            across(select(leads.c.id), "because")


def test_the_store_itself_passes(database: Database, account: MadeAccount) -> None:
    with database.write() as connection:
        assert find_account(connection, slug="acme") == account.scope
        create_user(connection, account.scope, email="berta@acme.example")
        assert len(list_users(connection, account.scope)) == 2


def test_every_reason_is_used_and_every_one_used_is_listed() -> None:
    calls = [
        node
        for path in STORE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "across"
    ]
    assert {node.args[1].value for node in calls if isinstance(node.args[1], ast.Constant)} == set(
        ACROSS_ACCOUNTS
    )
    assert all(isinstance(node.args[1], ast.Constant) for node in calls), (
        "a reason is written out where it is given"
    )
