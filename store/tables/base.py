"""How a tenant table is made: account on every row, composite keys.

Every table but `accounts` and the deployment's own carries `account_id` and has the primary key
(account_id, id), which is the UNIQUE(account_id, id) that foreign keys of other tables point to.
Every foreign key between tenant tables is composite, so a row of one account cannot name a row of
another: the database itself refuses it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, MetaData, Table
from sqlalchemy.schema import SchemaItem

from store.types import ID

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def tenant_table(name: str, *items: SchemaItem, keys: Sequence[str] = ("id",)) -> Table:
    """A table whose rows belong to one account; `keys` complete the primary key after account_id."""
    identity = [Column(key, ID, primary_key=True) for key in keys if key == "id"]
    return Table(
        name,
        metadata,
        Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
        *identity,
        *items,
    )


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """The composite foreign key (account_id, `column`) → `table`(account_id, id)."""
    return ForeignKeyConstraint(["account_id", column], [f"{table}.account_id", f"{table}.id"])


def open_work(table: str) -> Index:
    """The small index of rows still to be worked on: what `store.leases` claims from."""
    from sqlalchemy import text

    unfinished = text("state <> 'done'")
    options: dict[str, Any] = {"sqlite_where": unfinished, "postgresql_where": unfinished}
    return Index(f"ix_{table}_open", "account_id", "due_at", **options)
