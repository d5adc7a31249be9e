"""Keep the answers to check-ins, and the minutes in which a worker was awake."""

import sqlalchemy as sa
from alembic import op

from backend.store.base import Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "check_in_answer",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_due_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_check_in_answer_conversation_id"),
        sa.ForeignKeyConstraint(["plan_due_id"], ["plan_due.id"], name="fk_check_in_answer_plan_due_id"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_answer"),
        sa.UniqueConstraint("plan_due_id", name="uq_check_in_answer_plan_due_id"),
    )
    op.create_index("ix_check_in_answer_conversation_id", "check_in_answer", ["conversation_id"])
    op.create_table(
        "heartbeat",
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("at", name="pk_heartbeat"),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("heartbeat", "check_in_answer"):
        op.drop_table(table)
