"""Writes a migration from the difference between the steps so far and store.tables: for developers.

    python -m tests.support.revise 0002 "what it does"     a new step, to be read and corrected by hand
    python -m tests.support.revise 0001 "initial schema"   makes the first step anew, while nothing is released

A step must not change when our types do, so they are written as what they are to the database.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from sqlalchemy import JSON

import store.migrate
from store.session import Database
from store.types import Instant, String

MIGRATIONS = Path(store.migrate.__file__).parent / "migrations"
TEMPLATE = '''"""${message}."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To ${up_revision}."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """There is no way back but a backup: a later version may have written what an earlier one cannot hold."""
    raise NotImplementedError
'''


def plain_type(kind: str, item: Any, context: AutogenContext) -> str | bool:
    """How a type of ours is written in a step; False: as Alembic does it."""
    del context
    if kind == "type":
        if isinstance(item, Instant):
            return "sa.BigInteger()"
        if isinstance(item, String):
            return "sa.Text()"
        if isinstance(item, JSON):
            return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def revise(number: str, message: str, directory: Path) -> Path:
    """Writes the step `number` into `directory` and returns its file."""
    (directory / "script.py.mako").write_text(TEMPLATE)
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/database.sqlite3")
        with database.write() as connection:
            options = {"render_item": plain_type}
            config = Config(attributes={"connection": connection, "options": options})
            config.set_main_option("script_location", str(directory))
            config.set_main_option("path_separator", "os")
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            if number != "0001":
                command.upgrade(config, "head")
            made: Any = command.revision(config, message, autogenerate=True, rev_id=number)
        database.close()
    (directory / "script.py.mako").unlink()
    file = Path(made.path)
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("# ###")]
    file.write_text("\n".join(lines).rstrip() + "\n")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", file], check=True)
    return file


if __name__ == "__main__":
    if sys.argv[1] == "0001":
        for old in (MIGRATIONS / "versions").glob("0001_*.py"):
            old.unlink()
    print(revise(sys.argv[1], sys.argv[2], MIGRATIONS))
