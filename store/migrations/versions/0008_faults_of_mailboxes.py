"""What is wrong with a mailbox, as a code that has words in every language, and what its server said."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To 0008."""
    op.add_column("mailboxes", sa.Column("error_code", sa.Text(), nullable=True))
    op.add_column("mailboxes", sa.Column("error_said", sa.Text(), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a later version may have written what an earlier one cannot hold."""
    raise NotImplementedError
