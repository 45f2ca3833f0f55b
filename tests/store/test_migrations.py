"""The steps lead to the schema of store.tables, from nothing, once, however many start at the same time."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from store import migrate
from store.session import Database
from store.tables.everything import metadata
from tests.support.accounts import make_account
from tests.support.revise import MIGRATIONS


def differences(database: Database) -> list[Any]:
    with database.read() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def schema(database: Database) -> dict[str, Any]:
    """Everything the database knows about its tables, for comparing."""
    with database.read() as connection:
        look = inspect(connection)
        return {
            name: {
                "columns": [
                    (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(name)
                ],
                "primary key": look.get_pk_constraint(name),
                "foreign keys": sorted(look.get_foreign_keys(name), key=str),
                "unique": sorted(look.get_unique_constraints(name), key=str),
                "indexes": sorted(_plain(index) for index in look.get_indexes(name)),
            }
            for name in look.get_table_names()
            if name != "alembic_version"
        }


def _plain(index: Any) -> str:
    """An index as text; conditions of partial ones too, which come as objects."""
    options = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def test_the_steps_make_the_schema_of_the_tables(empty_database: Database) -> None:
    assert not migrate.is_current(empty_database)
    migrate.upgrade(empty_database)
    assert migrate.is_current(empty_database)
    assert differences(empty_database) == [], "python -m tests.support.revise 0001 'initial schema'"


def test_steps_and_create_all_make_the_same(empty_database: Database, databases: Any) -> None:
    migrate.upgrade(empty_database)
    made = databases.sqlite() if empty_database.is_sqlite else databases.postgresql()
    with made as database:
        assert schema(empty_database) == schema(database)


def test_the_comparison_would_see_a_difference(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("ALTER TABLE leads ADD COLUMN colour TEXT"))
        connection.execute(text("DROP INDEX ix_messages_open"))
    kinds = {difference[0] for difference in differences(database)}
    assert kinds >= {"remove_column", "add_index"}


def test_again_changes_nothing(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    account = make_account(empty_database)
    migrate.upgrade(empty_database)
    with empty_database.read() as connection:
        assert account.scope.account_id
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_head_is_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_a_newer_database_is_refused_in_a_sentence(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    with empty_database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not migrate.is_current(empty_database)
    with pytest.raises(migrate.NewerDatabase, match="newer leadgate; this one knows up to"):
        migrate.upgrade(empty_database)


def test_a_step_that_fails_leaves_nothing_behind(empty_database: Database) -> None:
    with empty_database.write() as connection:  # stands in the way of a table late in the step
        connection.execute(text("CREATE TABLE delivery_attempts (id TEXT)"))
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(empty_database)
    with empty_database.read() as connection:
        assert inspect(connection).get_table_names() == ["delivery_attempts"]


def test_many_starters_at_once_in_one_process(empty_database: Database) -> None:
    failed: list[Exception] = []

    def starter() -> None:
        database = Database(empty_database.url)
        try:
            migrate.upgrade(database)
        except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
            failed.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=starter) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert migrate.is_current(empty_database)
    assert differences(empty_database) == []


def test_processes_that_start_at_once_on_a_database_that_does_not_exist(empty_database: Database) -> None:
    """Also SQLite's switch to WAL in a new file, which takes a lock that no patience waits for."""
    program = "import sys; from store import migrate, session; migrate.upgrade(session.Database(sys.argv[1]))"
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/new.sqlite3" if empty_database.is_sqlite else empty_database.url
        starters = [
            subprocess.Popen(
                [sys.executable, "-c", program, url], cwd=MIGRATIONS.parents[1], stderr=subprocess.PIPE
            )
            for _ in range(4)
        ]
        said = [starter.communicate()[1].decode() for starter in starters]
        assert [starter.returncode for starter in starters] == [0, 0, 0, 0], "\n".join(said)
        database = Database(url)
        assert migrate.is_current(database)
        database.close()


def test_asking_whether_it_is_current_does_not_load_alembic(tmp_path: Path) -> None:
    program = (
        "import sys; from store import migrate, session\n"
        f"assert not migrate.is_current(session.Database('sqlite:///{tmp_path}/x.sqlite3'))\n"
        "assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=MIGRATIONS.parents[1], check=True)
