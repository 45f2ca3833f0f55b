"""Forms of websites."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To 0003."""
    op.create_table(
        "form_prints",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("address_id", sa.String(length=26), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("whole", sa.LargeBinary(), nullable=True),
        sa.Column("enquiry", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "address_id"],
            ["inbound_addresses.account_id", "inbound_addresses.id"],
            name=op.f("fk_form_prints_account_id_address_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "message_id"],
            ["messages.account_id", "messages.id"],
            name=op.f("fk_form_prints_account_id_message_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_form_prints_account_id")),
        sa.PrimaryKeyConstraint("account_id", "message_id", name=op.f("pk_form_prints")),
    )
    with op.batch_alter_table("form_prints", schema=None) as batch_op:
        batch_op.create_index("ix_form_prints_address", ["account_id", "address_id", "at"], unique=False)

    op.create_table(
        "forms",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("address_id", sa.String(length=26), nullable=False),
        sa.Column("origins", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("redirect", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "address_id"],
            ["inbound_addresses.account_id", "inbound_addresses.id"],
            name=op.f("fk_forms_account_id_address_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "owner_id"],
            ["users.account_id", "users.id"],
            name=op.f("fk_forms_account_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_forms_account_id")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_forms")),
        sa.UniqueConstraint("token", name=op.f("uq_forms_token")),
    )
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.create_index("ix_forms_address", ["account_id", "address_id"], unique=False)


def downgrade() -> None:
    """There is no way back but a backup: a later version may have written what an earlier one cannot hold."""
    raise NotImplementedError
