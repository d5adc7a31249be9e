"""Keep how far mailboxes are read, which chats are to be cleared, and what kind of thing a person sent."""

import sqlalchemy as sa
from alembic import op

from backend.store.base import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "bookmark",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=True),
        sa.Column("held_until", Utc(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_bookmark"),
    )
    op.create_table(
        "clearing",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", Utc(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_clearing_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clearing"),
    )
    op.create_index("ix_clearing_conversation_id", "clearing", ["conversation_id"])
    op.create_index("ix_clearing_due_at", "clearing", ["due_at"])
    op.add_column("inbound", sa.Column("kind", sa.String(16), nullable=False, server_default="message"))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("inbound", "kind")
    op.drop_table("clearing")
    op.drop_table("bookmark")
