"""Make room for pending changes and checks."""

import sqlalchemy as sa
from alembic import op

import backend.store.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITS = sa.text("state = 'pending'")


def upgrade() -> None:
    """Changes that wait for a second route (R14); what was found out about a contact point (R6, R10)."""
    op.create_table(
        "pending_change",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("asked_at", backend.store.base.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", backend.store.base.Utc(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("ended_at", backend.store.base.Utc(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_in", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_pending_change_conversation_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name="fk_pending_change_ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_pending_change"),
    )
    op.create_index(
        "ix_pending_change_waits", "pending_change", ["conversation_id"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_index("ix_pending_change_conversation", "pending_change", ["conversation_id"])
    op.create_table(
        "contact_check",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_point_id", sa.BigInteger(), nullable=False),
        sa.Column("at", backend.store.base.Utc(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("how", sa.String(length=24), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["contact_point_id"], ["contact_point.id"], name="fk_contact_check_contact_point_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_contact_check_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_check"),
    )
    op.create_index("ix_contact_check_point", "contact_check", ["contact_point_id", "id"])


def downgrade() -> None:
    """Take both away."""
    op.drop_index("ix_contact_check_point", "contact_check")
    op.drop_table("contact_check")
    op.drop_index("ix_pending_change_conversation", "pending_change")
    op.drop_index("ix_pending_change_waits", "pending_change")
    op.drop_table("pending_change")
