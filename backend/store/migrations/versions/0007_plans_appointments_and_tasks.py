"""Keep plans and what became of each of their times, appointments, and tasks."""

import sqlalchemy as sa
from alembic import op

from backend.store.base import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("done_at IS NULL")
ABOUT = sa.text("about_id IS NOT NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("rule", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_plan_conversation_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_plan_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )
    op.create_index("ix_plan_conversation_id", "plan", ["conversation_id"])
    op.create_table(
        "plan_due",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", Utc(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("outbound_id", sa.BigInteger(), nullable=True),
        sa.Column("steps", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_due_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_due"),
        sa.UniqueConstraint("plan_id", "due_at", name="uq_plan_due_plan_id_due_at"),
    )
    op.create_index("ix_plan_due_outbound_id", "plan_due", ["outbound_id"])
    op.create_table(
        "appointment",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("starts_at", Utc(timezone=True), nullable=False),
        sa.Column("ends_at", Utc(timezone=True), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("reminders", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_appointment_conversation_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_appointment_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    op.create_index("ix_appointment_conversation_id", "appointment", ["conversation_id"])
    op.create_index("ix_appointment_staff", "appointment", ["staff_id", "starts_at"])
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("due_at", Utc(timezone=True), nullable=False),
        sa.Column("made_at", Utc(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("escalated_at", Utc(timezone=True), nullable=True),
        sa.Column("done_at", Utc(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_task_conversation_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_task_staff_id"),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name="fk_task_done_by"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    for name, column in (("open", "due_at"), ("open_talk", "conversation_id")):
        op.create_index(f"ix_task_{name}", "task", [column], sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("outbound", sa.Column("about_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_outbound_about", "outbound", ["about_id"], sqlite_where=ABOUT, postgresql_where=ABOUT)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_outbound_about", "outbound")
    op.drop_column("outbound", "about_id")
    for table in ("task", "appointment", "plan_due", "plan"):
        op.drop_table(table)
