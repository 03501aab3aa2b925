"""Stored sums of sampled rounds.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sampled_sums",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.SmallInteger(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_sampled_sums_round_id"),
        sa.PrimaryKeyConstraint("round_id", name="pk_sampled_sums"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("sampled_sums")
