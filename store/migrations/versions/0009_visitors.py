"""Confirmations of forms, allowed and blocked senders, leads that are none, texts of mails that are forgotten."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """To 0009."""
    op.add_column("forms", sa.Column("confirmation", _JSON, nullable=True))
    op.add_column("accounts", sa.Column("allowed_senders", _JSON, nullable=True))
    op.add_column("accounts", sa.Column("blocked_senders", _JSON, nullable=True))
    op.add_column("leads", sa.Column("not_a_lead", sa.Boolean(), nullable=True))
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outgoing_mails_texts",
            ["ended_at"],
            unique=False,
            sqlite_where=sa.text("length(content) > 0"),
            postgresql_where=sa.text("length(content) > 0"),
        )


def downgrade() -> None:
    """There is no way back but a backup: a later version may have written what an earlier one cannot hold."""
    raise NotImplementedError
