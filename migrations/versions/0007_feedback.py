"""Feedback texts.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "feedback",
        sa.Column("public_number", sa.String(length=40), nullable=False),
        sa.Column("form_id", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_feedback_counter_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_feedback_unit_id"),
        sa.PrimaryKeyConstraint("public_number", name="pk_feedback"),
        sa.UniqueConstraint("form_id", name="uq_feedback_form_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feedback_counter_id", "feedback", ["counter_id"])
    op.create_index("ix_feedback_unit_id", "feedback", ["unit_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_feedback_unit_id", "feedback")
    op.drop_index("ix_feedback_counter_id", "feedback")
    op.drop_table("feedback")
