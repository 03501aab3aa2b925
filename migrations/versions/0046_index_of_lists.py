"""One index with all that lists of cases are narrowed, counted and ordered by, in place of a narrower one.

Revision: 0046, after 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "feedback_case"
NEW, OLD = "ix_feedback_case_lists", "ix_feedback_case_unit_id_state_due_on"
COLUMNS = ["unit_id", "state", "due_on", "is_private", "assignee_id", "closed_on", "received_on", "public_number", "id"]


def upgrade() -> None:
    """Apply."""
    op.create_index(NEW, TABLE, COLUMNS)
    op.drop_index(OLD, TABLE)


def downgrade() -> None:
    """Take back."""
    op.create_index(OLD, TABLE, ["unit_id", "state", "due_on"])
    op.drop_index(NEW, TABLE)
