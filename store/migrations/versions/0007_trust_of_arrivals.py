"""Trust of arrivals."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To 0007."""
    op.add_column("arrivals", sa.Column("trust", sa.Text(), nullable=True))
    op.add_column("inbound_addresses", sa.Column("accepts_unknown", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a later version may have written what an earlier one cannot hold."""
    raise NotImplementedError
