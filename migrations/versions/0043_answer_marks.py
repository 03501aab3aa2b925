"""A keyed mark beside each answer, by which repeated answers are found; the job follow-terms marks those of before.

Revision: 0043, after 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "case_reply",
        sa.Column("likeness", sa.LargeBinary(), nullable=True, comment="equal for answers that say the same; keyed"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("case_reply", "likeness")
