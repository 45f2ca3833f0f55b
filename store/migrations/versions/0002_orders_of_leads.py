"""orders of leads."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To 0002."""
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.create_index("ix_leads_amount", ["account_id", "amount_cents", "id"], unique=False)
        batch_op.create_index("ix_leads_next_action", ["account_id", "next_action_at", "id"], unique=False)
        batch_op.create_index("ix_leads_title", ["account_id", "title_folded", "id"], unique=False)
