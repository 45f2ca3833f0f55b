"""Sources: partners, what leads of an address begin with, offers to teams, alarms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To 0007."""
    op.create_table(
        "source_alarms",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.BigInteger(), nullable=False),
        sa.Column("after_seconds", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_source_alarms_account_id")),
        sa.PrimaryKeyConstraint(
            "account_id", "source_key", "kind", "occurrence", name=op.f("pk_source_alarms")
        ),
    )
    op.create_table(
        "address_details",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("address_id", sa.String(length=26), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=True),
        sa.Column("team_id", sa.String(length=26), nullable=True),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("replaced_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "address_id"],
            ["inbound_addresses.account_id", "inbound_addresses.id"],
            name=op.f("fk_address_details_account_id_address_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "owner_id"],
            ["users.account_id", "users.id"],
            name=op.f("fk_address_details_account_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "replaced_by"],
            ["inbound_addresses.account_id", "inbound_addresses.id"],
            name=op.f("fk_address_details_account_id_replaced_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "team_id"],
            ["teams.account_id", "teams.id"],
            name=op.f("fk_address_details_account_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_address_details_account_id")),
        sa.PrimaryKeyConstraint("account_id", "address_id", name=op.f("pk_address_details")),
    )
    op.create_table(
        "partners",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address_id", sa.String(length=26), nullable=False),
        sa.Column("senders", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "address_id"],
            ["inbound_addresses.account_id", "inbound_addresses.id"],
            name=op.f("fk_partners_account_id_address_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_partners_account_id")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_partners")),
    )
    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.create_index("ix_partners_address", ["account_id", "address_id"], unique=False)

    op.create_table(
        "lead_offers",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("lead_id", sa.String(length=26), nullable=False),
        sa.Column("team_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "lead_id"],
            ["leads.account_id", "leads.id"],
            name=op.f("fk_lead_offers_account_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "team_id"],
            ["teams.account_id", "teams.id"],
            name=op.f("fk_lead_offers_account_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_lead_offers_account_id")),
        sa.PrimaryKeyConstraint("account_id", "lead_id", name=op.f("pk_lead_offers")),
    )
    with op.batch_alter_table("lead_offers", schema=None) as batch_op:
        batch_op.create_index("ix_lead_offers_team", ["account_id", "team_id"], unique=False)

    _across(  # what a form gave its leads is its address's from now on
        "INSERT INTO address_details (account_id, address_id, owner_id, tags) "
        "SELECT account_id, address_id, owner_id, tags FROM forms"
    )
    if op.get_bind().dialect.name == "sqlite":
        _forms_anew()
    else:
        op.drop_constraint(op.f("fk_forms_account_id_owner_id"), "forms", type_="foreignkey")
        op.drop_column("forms", "owner_id")
        op.drop_column("forms", "tags")


def _across(statement: str) -> None:
    """Runs a statement that is for the whole deployment."""
    op.get_bind().execute(sa.text(statement).execution_options(across_accounts="deployment"))


def _forms_anew() -> None:
    """SQLite drops no column that a foreign key names, so the table is copied; nothing points to it."""
    op.create_table(
        "forms_copy",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("address_id", sa.String(length=26), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("redirect", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "address_id"],
            ["inbound_addresses.account_id", "inbound_addresses.id"],
            name=op.f("fk_forms_account_id_address_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_forms_account_id")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_forms")),
        sa.UniqueConstraint("token", name=op.f("uq_forms_token")),
    )
    columns = "account_id, id, name, token, address_id, origins, redirect, created_at, deleted_at"
    _across(f"INSERT INTO forms_copy ({columns}) SELECT {columns} FROM forms")  # noqa: S608  literal names
    op.drop_table("forms")
    op.rename_table("forms_copy", "forms")
    op.create_index("ix_forms_address", "forms", ["account_id", "address_id"], unique=False)


def downgrade() -> None:
    """There is no way back but a backup: a later version may have written what an earlier one cannot hold."""
    raise NotImplementedError
