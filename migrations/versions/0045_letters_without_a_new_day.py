"""A letter of apology may name no new day: it then only says sorry.

Revision: 0045, after 0044
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "apology_letter"
BEFORE = "ck_apology_letter_sent_names_a_new_day"
NOW = "ck_apology_letter_new_day_only_when_sent"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(BEFORE), type_="check")
        batch.create_check_constraint(op.f(NOW), "new_due_on IS NULL OR sent_on IS NOT NULL")


def downgrade() -> None:
    """Take back; a letter without a new day gets the day it was sent, which is all the old table can hold."""
    op.execute("UPDATE apology_letter SET new_due_on = sent_on WHERE sent_on IS NOT NULL AND new_due_on IS NULL")
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(NOW), type_="check")
        batch.create_check_constraint(op.f(BEFORE), "(sent_on IS NULL) = (new_due_on IS NULL)")
