"""Find a channel's last success and its failures without reading whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_outbound_sent", "outbound", ["channel", "sent_at"], "sent_at IS NOT NULL"),
    ("ix_attempt_troubled", "attempt", ["started_at"], "state IN ('failed', 'unknown')"),
)
"""Name, table, columns, and the rows that are in it."""


def upgrade() -> None:
    """Make the indexes."""
    for name, table, columns, rows in INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def downgrade() -> None:
    """Take them away."""
    for name, table, _columns, _rows in INDEXES:
        op.drop_index(name, table)
