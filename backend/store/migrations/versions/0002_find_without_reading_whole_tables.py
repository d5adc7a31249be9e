"""Find an alert's mails, owned and waiting talks, and a record's readings without reading whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHERE_SET = (
    ("ix_outbound_alert", "outbound", "alert_id"),
    ("ix_conversation_owner", "conversation", "owner_id"),
    ("ix_conversation_waiting", "conversation", "waiting_since"),
)
"""Indexes over the few rows in which a column has a value: name, table, column."""


def upgrade() -> None:
    """Make the indexes."""
    for name, table, column in WHERE_SET:
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=there, postgresql_where=there)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_id", "at"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_audit_entry_subject", "audit_entry")
    for name, table, _column in WHERE_SET:
        op.drop_index(name, table)
