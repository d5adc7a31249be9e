"""Make room for signs of somebody else."""

import sqlalchemy as sa
from alembic import op

import backend.store.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A word of the person's own that leaves (R15), and since when somebody unlike them writes (M4)."""
    op.add_column("conversation", sa.Column("exit_word", sa.LargeBinary(), nullable=True))
    op.add_column("conversation", sa.Column("doubted_at", backend.store.base.Utc(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("conversation", "doubted_at")
    op.drop_column("conversation", "exit_word")
