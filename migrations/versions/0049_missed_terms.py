"""Terms that ended without an answer, kept when a case is given another term.

Revision: 0049, after 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TABLE = "case_missed_term"
KINDS = ("suggestion", "petition", "complaint", "denunciation")


def upgrade() -> None:
    """Apply. How long a term was missed that another one followed is not known of older cases: nothing is filled in."""
    op.create_table(
        TABLE,
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="held the case when the date passed"),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
            comment="of the case then",
        ),
        sa.CheckConstraint("until_on > due_on", name=op.f("ck_case_missed_term_days_in_order")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_missed_term_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_missed_term_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "due_on", name=op.f("pk_case_missed_term")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back; which cases were late before they were opened again is lost."""
    op.drop_table(TABLE)
