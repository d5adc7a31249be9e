"""Keep the pace of each channel and chat, and when a provider's copy is to be blanked."""

import sqlalchemy as sa
from alembic import op

from backend.store.base import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REDACTED = ("attempt", "inbound")
"""Tables of messages that a provider has a copy of."""


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "pace",
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("free_at", Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_pace"),
    )
    op.add_column("contact_point", sa.Column("free_at", Utc(timezone=True), nullable=True))
    there = sa.text("redact_at IS NOT NULL")
    for table in REDACTED:
        op.add_column(table, sa.Column("redact_at", Utc(timezone=True), nullable=True))
        op.create_index(f"ix_{table}_redact", table, ["redact_at"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Take them away."""
    for table in REDACTED:
        op.drop_index(f"ix_{table}_redact", table)
        op.drop_column(table, "redact_at")
    op.drop_column("contact_point", "free_at")
    op.drop_table("pace")
