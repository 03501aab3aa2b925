"""What units say to findings of re-checks.

Revision: 0040, after 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "recheck_answer"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("draw_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_recheck_answer_case_id")),
        sa.ForeignKeyConstraint(
            ["draw_id", "case_id"],
            ["recheck_case.draw_id", "recheck_case.case_id"],
            name=op.f("fk_recheck_answer_draw_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["written_by"], ["officer.id"], name=op.f("fk_recheck_answer_written_by")),
        sa.PrimaryKeyConstraint("draw_id", "case_id", "number", name=op.f("pk_recheck_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recheck_answer_case_id", TABLE, ["case_id"], unique=False)


def downgrade() -> None:
    """Take back; refused while answers would be lost."""
    rows = sa.select(sa.literal(1)).select_from(sa.table(TABLE)).limit(1)
    if op.get_bind().execute(rows).first() is not None:
        raise RuntimeError(f"{TABLE} holds what units said. Restore a backup.")
    op.drop_index("ix_recheck_answer_case_id", TABLE)
    op.drop_table(TABLE)
