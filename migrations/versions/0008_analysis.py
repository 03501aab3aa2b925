"""Rollups and closed days.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "closed_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_closed_day"),
    )
    op.create_table(
        "rollup_cell",
        sa.Column(
            "ledger",
            sa.Enum("live", "pending", "released", name="ledger", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "all",
                "channel",
                "respondent_kind",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("from_month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_rollup_cell_round_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_rollup_cell_unit_id"),
        sa.PrimaryKeyConstraint(
            "ledger",
            "round_id",
            "dimension",
            "category",
            "from_month",
            "to_month",
            "unit_id",
            "counter_id",
            name="pk_rollup_cell",
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("rollup_cell")
    op.drop_table("closed_day")
