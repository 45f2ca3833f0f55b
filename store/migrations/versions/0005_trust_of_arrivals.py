"""Trust of arrivals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """To 0005."""
    op.add_column("arrivals", sa.Column("trust", sa.Text(), nullable=True))
    op.add_column("arrivals", sa.Column("junk", sa.Boolean(), nullable=True))
    op.add_column("mailboxes", sa.Column("authserv_id", sa.Text(), nullable=True))
    op.add_column("mailboxes", sa.Column("authserv_hops", sa.Integer(), nullable=True))
    op.add_column("accounts", sa.Column("forwarders", _JSON, nullable=True))
    op.add_column("leads", sa.Column("sender_unconfirmed", sa.Boolean(), nullable=True))
    op.add_column("inbound_addresses", sa.Column("accepts_unknown", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a later version may have written what an earlier one cannot hold."""
    raise NotImplementedError
