"""Keep what became of each reminder, and the keyed hashes of calendar links."""

import sqlalchemy as sa
from alembic import op

from backend.store.base import Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_reminder_appointment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_appointment_id", "reminder", ["appointment_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("token_index", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("ended_at", Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_calendar_feed_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feed"),
        sa.UniqueConstraint("token_index", name="uq_calendar_feed_token_index"),
    )
    op.create_index("ix_calendar_feed_staff_id", "calendar_feed", ["staff_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("calendar_feed", "reminder"):
        op.drop_table(table)
