"""Random samples of closed cases to look at again, their strata and what was found.

Revision: 0038, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)
OUTCOMES = ["solved", "partly_solved", "not_accepted", "not_competent", "withdrawn", "partly_withdrawn", "discontinued"]
_OUTCOME = sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "recheck_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", CODE, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False, comment="of the days on which the cases were closed"),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("drawn >= 1 AND drawn <= population", name=op.f("ck_recheck_draw_drawn_from_the_whole")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_recheck_draw_days_in_order")),
        sa.ForeignKeyConstraint(["drawn_by"], ["officer.id"], name=op.f("fk_recheck_draw_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck_draw")),
    )
    op.create_table(
        "recheck_stratum",
        sa.Column("draw_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", _OUTCOME, nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.CheckConstraint("drawn >= 0 AND drawn <= population", name=op.f("ck_recheck_stratum_drawn_from_the_whole")),
        sa.ForeignKeyConstraint(["draw_id"], ["recheck_draw.id"], name=op.f("fk_recheck_stratum_draw_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_recheck_stratum_unit_id")),
        sa.PrimaryKeyConstraint("draw_id", "unit_id", "outcome", name=op.f("pk_recheck_stratum")),
    )
    op.create_table(
        "recheck_case",
        sa.Column("draw_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("outcome", _OUTCOME, nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("found_by", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(is_good IS NULL) = (found_at IS NULL)", name=op.f("ck_recheck_case_found_at_a_time")),
        sa.CheckConstraint("(is_good IS NULL) = (found_by IS NULL)", name=op.f("ck_recheck_case_found_by_somebody")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_recheck_case_case_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["recheck_draw.id"], name=op.f("fk_recheck_case_draw_id")),
        sa.ForeignKeyConstraint(["found_by"], ["officer.id"], name=op.f("fk_recheck_case_found_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_recheck_case_unit_id")),
        sa.PrimaryKeyConstraint("draw_id", "case_id", name=op.f("pk_recheck_case")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recheck_case_case_id", "recheck_case", ["case_id"], unique=False)


def downgrade() -> None:
    """Take back; refused while findings would be lost."""
    is_good = sa.column("is_good", sa.Boolean)
    rows = sa.select(sa.literal(1)).select_from(sa.table("recheck_case", is_good)).where(is_good.is_not(None)).limit(1)
    if op.get_bind().execute(rows).first() is not None:
        raise RuntimeError("recheck_case holds findings. Restore a backup.")
    op.drop_index("ix_recheck_case_case_id", "recheck_case")
    op.drop_table("recheck_case")
    op.drop_table("recheck_stratum")
    op.drop_table("recheck_draw")
